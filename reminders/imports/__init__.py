"""Bringing reminders in from a file: ours (docs/export.md) or a calendar.

A file becomes drafts; drafts are compared with what the team has (which is the dry run), and what differs is written.
"""

from .carrying_out import carry_out, import_drafts
from .draft import Draft, Unreadable
from .files import kind_of, read
from .lines import Line, Outcome, compare, counts_of

__all__ = [
    "Draft",
    "Line",
    "Outcome",
    "Unreadable",
    "carry_out",
    "compare",
    "counts_of",
    "import_drafts",
    "kind_of",
    "read",
]
