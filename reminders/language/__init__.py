"""A reminder in a sentence, and what it means: pure, no database, no clock."""

from .model import Part, Understood
from .understand import understand

__all__ = ["Part", "Understood", "understand"]
