"""A month of the calendar, as an address names it, and the weeks that a page shows of it."""

import re
from calendar import Calendar
from dataclasses import dataclass
from datetime import date

from django.utils.formats import get_format

FIRST_YEAR, LAST_YEAR = 2000, 2099


@dataclass(frozen=True)
class Month:
    year: int
    number: int  # 1 is January

    @classmethod
    def of(cls, day: date) -> "Month":
        return cls(day.year, day.month)

    def __str__(self) -> str:
        return f"{self.year}-{self.number:02}"

    @property
    def first(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def previous(self) -> "Month | None":
        """None where the calendar begins."""
        before = Month(self.year, self.number - 1) if self.number > 1 else Month(self.year - 1, 12)
        return before if before.year >= FIRST_YEAR else None

    @property
    def following(self) -> "Month | None":
        """None where the calendar ends."""
        after = Month(self.year, self.number + 1) if self.number < 12 else Month(self.year + 1, 1)
        return after if after.year <= LAST_YEAR else None

    def weeks(self, begin: int) -> list[list[date]]:
        """Whole weeks that begin with that weekday (0 is Monday), with days of the months before and after."""
        return Calendar(begin).monthdatescalendar(self.year, self.number)


def first_weekday() -> int:
    """With which weekday a week begins in the reader's language: 0 is Monday."""
    return (int(get_format("FIRST_DAY_OF_WEEK")) - 1) % 7  # Django counts from Sunday


def read_month(text: str) -> Month | None:
    """Of "2026-12"; None for what names no month that there is a page of."""
    day = read_day(f"{text}-01")
    return Month.of(day) if day else None


def read_day(text: str) -> date | None:
    """Of "2026-12-24"; None for what names no day that there is a page of."""
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None
