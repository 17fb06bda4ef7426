"""What people fill in: a reminder, in whichever way it is said, and what a list shows."""

from .filling import Way
from .lists import ListForm
from .reminder import ReminderForm, first_form

__all__ = ["ListForm", "ReminderForm", "Way", "first_form"]
