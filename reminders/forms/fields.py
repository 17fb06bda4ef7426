"""Fields that take a list in one line."""

import re
from datetime import datetime, time, timezone
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from reminders.ladder import DAY, HOUR, WEEK, lead_in_words
from reminders.language import understand

COMMA = re.compile(r"[,;]")
AND = re.compile(r"[,;]|\band\b")
CLOCK = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?")
ANY_DAY = datetime(2026, 1, 1, tzinfo=timezone.utc)
UNITS = {  # minutes
    **dict.fromkeys(("w", "week", "weeks"), WEEK),
    **dict.fromkeys(("d", "day", "days"), DAY),
    **dict.fromkeys(("h", "hour", "hours"), HOUR),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), 1),
}


def _words(text: Any) -> list[str]:
    return [word.strip() for word in COMMA.split(str(text or "")) if word.strip()]


class TimesInput(forms.TextInput):
    """The browser's clock for one time of day. A line of text for a list, and for what is no time: it stays in sight.

    `several` asks for the line of text from the start.
    """

    several = False

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:
        return ", ".join(filter(None, data.getlist(name)))

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        widget, value = context["widget"], str(value or "")
        widget["type"] = "text" if self.is_text(value) else "time"
        if self.is_text(value):
            widget["attrs"]["placeholder"] = "09:00, 13:30"
        elif value.count(":") == 2:
            widget["attrs"]["step"] = "1"
        return context

    def is_text(self, value: Any) -> bool:
        return self.several or bool(value and not CLOCK.fullmatch(str(value)))


class TimesField(forms.Field):
    """One time of day, several with commas between, or "every 45 minutes between 8 and 17"; cleans to a sorted list."""

    widget = TimesInput

    def to_python(self, value: Any) -> list[time]:
        text = str(value or "").strip()
        said = _said_times(text)
        return said or sorted({at for word in re.split(AND, text) if word.strip() for at in self._times(word.strip())})

    @staticmethod
    def _times(word: str) -> list[time]:
        one = forms.TimeField(error_messages={"invalid": _("Write times such as 09:00 or 16:30.")})
        return _said_times(word) or [one.clean(word).replace(microsecond=0)]


def _said_times(text: str) -> list[time]:
    """The times of a phrase that says nothing else; none where it is no phrase."""
    if not re.search(r"[^\W\d]", text):
        return []
    understood = understand(f"x {text}", zone="UTC", now=ANY_DAY)
    schedule, kinds = understood.schedule, {part.kind for part in understood.parts}
    if not schedule or understood.problems or understood.title != "x" or not kinds <= {"time", "repeat"}:
        return []
    return list(schedule.times) if schedule.rule in {"", "FREQ=DAILY"} else []


class MonthDaysField(forms.Field):
    """Days of the month such as "1, 15, last"; cleans to numbers, the last being -1."""

    def to_python(self, value: Any) -> tuple[int, ...]:
        return tuple(self._day(word) for word in _words(value))

    @staticmethod
    def _day(word: str) -> int:
        if word.casefold() in {"last", _last().casefold()}:
            return -1
        match = re.fullmatch(r"(-?\d{1,2})(?:st|nd|rd|th|\.)?", word)
        if not match or not 1 <= abs(int(match[1])) <= 31:
            raise ValidationError(_("Write days such as 1, 15 or last."))
        return int(match[1])


class LocalMomentField(forms.Field):
    """A local date-time as we wrote it into a hidden field; None for anything else."""

    def to_python(self, value: Any) -> datetime | None:
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            return None
        return moment.replace(tzinfo=None)


def month_days_text(days: tuple[int, ...]) -> str:
    return ", ".join(_last() if day == -1 else str(day) for day in days)


def _last() -> str:
    return pgettext("day of the month, as one writes it into a field", "last")


class LeadTimesField(forms.Field):
    """How long before, such as "1 day, 1 hour"; cleans to minutes, the longest first."""

    def to_python(self, value: Any) -> list[int]:
        return sorted({self._length(word) for word in _words(value)}, reverse=True)

    @staticmethod
    def _length(word: str) -> int:
        match = re.fullmatch(r"(\d{1,6})\s*([^\W\d]+)(?:\s+before)?", word)
        unit = _units().get(match[2].casefold()) if match else None
        if not match or not unit:
            raise ValidationError(_("Write lengths of time such as 1 day, 2 hours or 30 minutes."))
        return int(match[1]) * unit


def _units() -> dict[str, int]:
    """Words for units, English and the reader's."""
    return UNITS | {
        lead_in_words(n * unit).partition(" ")[2].casefold(): unit for unit in (WEEK, DAY, HOUR, 1) for n in (1, 2)
    }


def lead_times_text(minutes: list[int]) -> str:
    return ", ".join(lead_in_words(n) for n in minutes)
