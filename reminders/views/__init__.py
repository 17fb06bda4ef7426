"""Pages of reminders, by what they show or change."""

from .search import search
from .team_list import team
from .today import today

__all__ = ["search", "team", "today"]
