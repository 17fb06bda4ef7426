"""Reminder, Occurrence, Delivery; DataExport, Import."""

from .choices import Audience, Completion, Lateness, OccurrenceState, ZoneMode
from .chosen import Chosen, ChosenOutside
from .data_export import DataExport, ExportState
from .delivery import Delivery, WhyNot
from .file_import import Import, ImportKind
from .occurrence import Occurrence
from .reminder import Reminder

__all__ = [
    "Audience",
    "Chosen",
    "ChosenOutside",
    "Completion",
    "DataExport",
    "Delivery",
    "ExportState",
    "Import",
    "ImportKind",
    "Lateness",
    "Occurrence",
    "OccurrenceState",
    "Reminder",
    "WhyNot",
    "ZoneMode",
]
