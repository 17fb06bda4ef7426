"""Who changed what of a team and of its reminders, as pages tell it."""

from .page import Activity, Chosen, activity_of, history_of

__all__ = ["Activity", "Chosen", "activity_of", "history_of"]
