"""What comes and what happened, day by day, on one person's calendar.

`found` reads and computes the entries between two instants within a budget, `page_of` puts those of a month into days.
"""

from .entries import Entry, Found, found
from .month import Month, first_weekday, read_day, read_month
from .page import CalendarPage, Day, page_of

__all__ = [
    "CalendarPage",
    "Day",
    "Entry",
    "Found",
    "Month",
    "first_weekday",
    "found",
    "page_of",
    "read_day",
    "read_month",
]
