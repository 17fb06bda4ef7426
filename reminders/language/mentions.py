"""The people that a text names by "@"."""

import re
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from .facts import Opening, Person, Unclear
from .scan import Found

MENTION = re.compile(r"(?<![\w@.])@(?=\w)")
UNKNOWN = re.compile(r"@\w+(?:[.-]\w+)*(?![\w'])")


def of_names(text: str, plain: str, names: Sequence[str], links: str) -> Iterator[Found]:
    """Each mention with the words (a pattern, `links`) that belong to it; a name may have several words.

    A link in the group "opening" is one like "Remind", which says nothing by itself.
    """
    for mention in MENTION.finditer(plain):
        start = mention.start()
        link = re.search(rf"\b{links}$", plain[:start])
        begin = link.start() if link else start
        opening = (Opening(),) if link and link["opening"] else ()
        matches = [name for name in names if name and _stands(name, text, start + 1)]
        longest = [name for name in matches if len(name) == max(map(len, matches))]
        exact = [name for name in longest if text.startswith(name, start + 1)] or longest
        unknown = UNKNOWN.match(plain, start)
        if len(exact) == 1:
            yield Found(begin, start + 1 + len(exact[0]), "person", (Person(exact[0]), *opening))
        elif exact:
            several = Unclear(_("Several people are called %(words)s."))
            yield Found(start, start + 1 + len(exact[0]), "unknown", (several,))
        elif unknown:
            yield Found(start, unknown.end(), "unknown", (Unclear(_("%(words)s is not in this team.")),))


def _stands(name: str, text: str, start: int) -> bool:
    end = start + len(name)
    return text[start:end].casefold() == name.casefold() and not re.match(r"[\w']|[.@-]\w", text[end : end + 2])
