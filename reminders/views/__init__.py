"""Pages of reminders, by what they show or change."""

from .search import search
from .teams import team
from .today import today

__all__ = ["search", "team", "today"]
