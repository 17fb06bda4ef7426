"""Days as people say them: one pattern of English, and what it is in the reader's language."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import pgettext, pgettext_lazy

# Every pattern that `dated` is asked for, so that translators find it (letters: Django's filter `date`).
PATTERNS = (
    pgettext_lazy("pattern of a date", "D j M"),
    pgettext_lazy("pattern of a date", "D j M Y"),
    pgettext_lazy("pattern of a date", "D j F"),
    pgettext_lazy("pattern of a date", "D j F Y"),
    pgettext_lazy("pattern of a date", "l j F"),
    pgettext_lazy("pattern of a date", "l, j F"),
    pgettext_lazy("pattern of a date", "l j F Y"),
    pgettext_lazy("pattern of a date", "j F"),
    pgettext_lazy("pattern of a date", "j F Y"),
    pgettext_lazy("pattern of a date", "F Y"),
)


def dated(day: date, pattern: str) -> str:
    """ "Fri 4 December" for "D j F" where English is read; in German "Fr, 4. Dezember"."""
    return date_format(day, pgettext("pattern of a date", pattern))
