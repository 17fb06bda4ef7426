"""What people write: what a name or a title may hold, and what of any text goes into headers and files."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Controls, halves of pairs, separators of lines and paragraphs, and what turns the direction of all that follows. Not
# the marks that right-to-left text needs (U+200E, U+200F), nor joiners, with which emoji and some scripts are made.
NOT_IN_A_LINE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029\u202a-\u202e\u2066-\u2069]")
LINE_BREAK = re.compile("\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")
CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def validate_one_line(text: str) -> None:
    """Refuse what is no sign to be seen: line breaks, controls, and marks that turn the direction of what follows."""
    if NOT_IN_A_LINE.search(text):
        raise ValidationError(_("Letters, digits and signs only, in one line."), code="unseen")


def one_line(text: str) -> str:
    """As `validate_one_line` would have it, for a header or a file: rows may be older than the rule."""
    return " ".join(NOT_IN_A_LINE.sub(" ", text).split())


def plain_lines(text: str) -> str:
    """Lines that end with \\n, and no control but the tabulator."""
    return CONTROL.sub("", LINE_BREAK.sub("\n", text))
