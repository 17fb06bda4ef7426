"""Reminder, Occurrence, Delivery."""

from .choices import Audience, Completion, Lateness, OccurrenceState, ZoneMode
from .chosen import Chosen, ChosenOutside
from .delivery import Delivery, WhyNot
from .occurrence import Occurrence
from .reminder import Reminder

__all__ = [
    "Audience",
    "Chosen",
    "ChosenOutside",
    "Completion",
    "Delivery",
    "Lateness",
    "Occurrence",
    "OccurrenceState",
    "Reminder",
    "WhyNot",
    "ZoneMode",
]
