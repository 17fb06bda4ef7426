"""Finding the phrases of a grammar in a text, in no language of its own."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from .facts import Fact

# A phrase ends where a word ends; "Friday-ish", "9:00/10:00" and "5%" are words of their own.
END_OF_WORD = r"(?![\w%€$£°]|['\-./:@]\w)"
BEGIN_OF_WORD = re.compile(r"(?<![\w'@#./:+$€£=*\-])(?=\w)")
QUOTED = re.compile(r'(?<!\w)"[^"]*"')
ODD = {
    **dict.fromkeys("\u2018\u2019\u02bc", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb", '"'),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"),
}
BETWEEN = re.compile(r"[\s,;:.()!?-]*")
F = TypeVar("F")


@dataclass(frozen=True)
class Phrase:
    """One way of saying something. `read` gives what a match says, and nothing where it is none after all.

    `weak`: may be a word of the title ("Friday report"), and yields to what is said more clearly. `needs` is what must
    stand beside it: "end" after it the end, punctuation or another phrase; "more" after it another phrase; "near"
    before it another phrase.
    """

    kind: str
    pattern: re.Pattern[str]
    read: Callable[[re.Match[str]], Sequence[Fact]]
    weak: bool = False
    needs: str = ""


@dataclass(frozen=True)
class Found:
    """A phrase in the text and what it says."""

    start: int
    end: int
    kind: str
    facts: tuple[Fact, ...]
    weak: bool = False
    needs: str = ""

    def of(self, kind: type[F]) -> list[F]:
        """Its facts of a kind."""
        return [fact for fact in self.facts if isinstance(fact, kind)]


def plain(text: str) -> str:
    """The text as patterns read it, of the same length: small ASCII letters, one kind of quote, dash and space.

    Letters that are not ASCII, and everything within quotes, become "_": part of a word, but of none that is known.
    """
    letters = "".join(_plain(letter) for letter in text)
    return QUOTED.sub(lambda match: "_" * len(match[0]), letters)


def _plain(letter: str) -> str:
    if letter.isascii():
        return " " if letter.isspace() else letter.lower()
    if letter in ODD:
        return ODD[letter]
    if letter.isspace():
        return " "
    return "_" if letter.isalnum() or unicodedata.category(letter).startswith("M") else letter


def scan(text: str, phrases: Iterable[Phrase], taken: Sequence[Found] = ()) -> list[Found]:
    """The phrases in a plain text from left to right, at each word the longest, around those already taken."""
    found: list[Found] = []
    taken = sorted(taken, key=lambda each: each.start)
    phrases = list(phrases)
    position = 0
    for word in BEGIN_OF_WORD.finditer(text):
        while taken and taken[0].end <= word.start():
            taken = taken[1:]
        limit = taken[0].start if taken else len(text)
        if position <= word.start() < limit:
            best = _longest(text, word.start(), limit, phrases)
            if best:
                found.append(best)
                position = best.end
    return found


def _longest(text: str, start: int, limit: int, phrases: list[Phrase]) -> Found | None:
    best: Found | None = None
    for phrase in phrases:
        match = phrase.pattern.match(text, start, limit)
        if match and match.end() > (best.end if best else start):
            facts = tuple(phrase.read(match))
            if facts:
                best = Found(start, match.end(), phrase.kind, facts, phrase.weak, phrase.needs)
    return best


def standing(text: str, found: Iterable[Found]) -> list[Found]:
    """Those that have beside them what they need."""
    kept: list[Found] = []
    for each in sorted(found, key=lambda each: each.start, reverse=True):
        follower = kept[-1].start if kept else None
        gap = BETWEEN.match(text, each.end)
        assert gap  # matches the empty text too
        closed = gap.end() in {len(text), follower} or gap[0].strip() != "" or joined(text, each.end, follower)
        if each.needs == "end" and not closed:
            continue
        if each.needs == "more" and (follower is None or text[each.end : follower].strip(" ,")):
            continue
        kept.append(each)
    kept.reverse()
    return [
        each
        for before, each in zip([None, *kept], kept, strict=False)
        if each.needs != "near" or (before and not text[before.end : each.start].strip(" ,("))
    ]


def joined(text: str, end: int, start: int | None) -> bool:
    """Whether nothing but punctuation and an "and" stands between two places."""
    return start is not None and text[end:start].strip(" ,;:.()!?-") in {"", "and"}


def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern for plain text; it must not be followed by the rest of a word."""
    return re.compile(rf"(?:{pattern}){END_OF_WORD}", re.ASCII)
