"""What is left of a text as a title."""

import re
from collections.abc import Sequence

from .scan import Found, joined


def title_of(text: str, letters: str, used: Sequence[Found], links: tuple[str, ...] = ()) -> str:
    """The words of no phrase, with the spaces and the punctuation between them tidied.

    `links` are words left at the beginning that belonged to an opening ("to"). A capital at the beginning of the text
    stays at the beginning.
    """
    pieces: list[str] = []
    position = 0
    for each in used:
        if not (pieces and joined(letters, position, each.start)):
            pieces.append(text[position : each.start])
        position = each.end
    pieces.append(text[position:])
    title = " ".join(filter(None, (_trimmed(piece) for piece in pieces)))
    title = re.sub(r"\s+([,;:.!?])", r"\1", title)
    for link in links:
        title = title.removeprefix(link)
    if len(title) > 1 and re.fullmatch(r'"[^"]+"', title):
        title = title[1:-1]
    if used and used[0].start == 0 and text[:1].isupper() and title[:1].islower():
        title = title[0].upper() + title[1:]
    return title


def _trimmed(piece: str) -> str:
    """Without punctuation that stood between this piece and a phrase."""
    words = " ".join(piece.split()).rstrip("( ").lstrip(") ").strip(" ,;:-\N{EN DASH}\N{EM DASH}")
    return "" if re.fullmatch(r"[.!?()\s]*", words) else words
