"""Some days in a form: a row for each period, "from" and, where it is longer than a day, "to"."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import zip_longest
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _

DAY = timedelta(days=1)
MOST = 200
FIRST_YEAR, LAST_YEAR = 2000, 2099

Row = tuple[str, str]


class PeriodsInput(forms.Widget):
    """Reads the rows that templates/teams/_periods.html shows; "Remove" and "Add" are buttons of the same form."""

    use_fieldset = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Row]:
        """The rows that say something, without the one whose "Remove" was pressed."""
        rows = zip_longest(data.getlist(f"{name}_from"), data.getlist(f"{name}_to"), fillvalue="")
        removed = data.get(f"{name}_remove", "")
        kept = [(first.strip(), last.strip()) for n, (first, last) in enumerate(rows) if str(n) != removed]
        return [row for row in kept if any(row)]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Never: no row at all says that there are no days."""
        return False

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        return f"{id_}_0"  # of the first row; each has labels of its own


class PeriodsField(forms.Field):
    """The days of all the periods, sorted, each once."""

    widget = PeriodsInput

    def prepare_value(self, value: Any) -> list[Row]:
        """Rows as they were typed, or the periods that days make up; and an empty one for what comes next."""
        rows = list(value or [])
        if rows and isinstance(rows[0], date):
            rows = [(f"{first}", "" if first == last else f"{last}") for first, last in periods(rows)]
        return [*rows, ("", "")]

    def clean(self, value: list[Row]) -> list[date]:
        days: set[date] = set()
        for row in value:
            first, last = self._period(row)
            days.update(first + DAY * n for n in range((last - first).days + 1))
        if len(days) > MOST:
            raise ValidationError(_("Choose %(most)d days at most.") % {"most": MOST})
        return sorted(days)

    def _period(self, row: Row) -> tuple[date, date]:
        if not row[0]:
            raise ValidationError(_("A period until %(day)s has no beginning.") % {"day": row[1]})
        first = _day(row[0])
        last = _day(row[1]) if row[1] else first
        if last < first:
            words = {"first": date_format(first), "last": date_format(last)}
            raise ValidationError(_("A period ends on %(last)s, before it begins on %(first)s.") % words)
        return first, last


def periods(days: Iterable[date]) -> list[tuple[date, date]]:
    """Days in a row as their first and last."""
    found: list[tuple[date, date]] = []
    for day in sorted(set(days)):
        if found and found[-1][1] == day - DAY:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise ValidationError(_("“%(text)s” is not a date: write it as 2026-12-24.") % {"text": text}) from error
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValidationError(
            _("Choose dates between %(first)d and %(last)d.") % {"first": FIRST_YEAR, "last": LAST_YEAR}
        )
    return day
