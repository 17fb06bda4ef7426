"""Reminder, Occurrence, Delivery; Label, BulkAct; DataExport, Import."""

from .bulk import BulkAct
from .choices import Audience, Completion, Lateness, OccurrenceState, ZoneMode
from .chosen import Chosen, ChosenLabel, ChosenOutside
from .data_export import DataExport, ExportState
from .delivery import Delivery, WhyNot
from .file_import import Import, ImportKind
from .label import Label
from .occurrence import Occurrence
from .reminder import Reminder

__all__ = [
    "Audience",
    "BulkAct",
    "Chosen",
    "ChosenLabel",
    "ChosenOutside",
    "Completion",
    "DataExport",
    "Delivery",
    "ExportState",
    "Import",
    "ImportKind",
    "Label",
    "Lateness",
    "Occurrence",
    "OccurrenceState",
    "Reminder",
    "WhyNot",
    "ZoneMode",
]
