"""Pages of reminders, by what they show or change."""

from .teams import team
from .today import today

__all__ = ["team", "today"]
