"""Reminder, Occurrence, Delivery."""

from .delivery import Delivery, WhyNot
from .occurrence import Occurrence, OccurrenceState
from .reminder import Audience, Completion, Reminder

__all__ = ["Audience", "Completion", "Delivery", "Occurrence", "OccurrenceState", "Reminder", "WhyNot"]
