"""The API of reminders and of their occurrences."""

from .reminders import router

__all__ = ["router"]
