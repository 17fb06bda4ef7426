"""What people fill in: a reminder, in whichever way it is said, labels, and what a list shows and does."""

from .bulk import BulkForm
from .copying import copied_form
from .filling import Way
from .label import LabelForm
from .lists import ListForm
from .reminder import ReminderForm, first_form

__all__ = ["BulkForm", "LabelForm", "ListForm", "ReminderForm", "Way", "copied_form", "first_form"]
