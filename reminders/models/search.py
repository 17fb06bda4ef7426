"""Finding reminders by words of their title and notes: PostgreSQL's full text, of whole words and of how they begin."""

from django.contrib.postgres.search import SearchQuery, SearchVector, SearchVectorField
from django.db.models import F, GeneratedField, TextField, Value
from django.db.models.expressions import Combinable, Func
from django.db.models.functions import Concat

# Separates words, for the stored text as for what is looked for: PostgreSQL's own parser would keep addresses, paths
# and words with a hyphen in one piece, which the first letters of their second part do not find.
BETWEEN_WORDS = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~„“”‚‘’«»‹›–—…·•"  # noqa: RUF001  (as people type them)
BLANKS = " " * len(BETWEEN_WORDS)
TO_BLANKS = str.maketrans(BETWEEN_WORDS, BLANKS)
# No stems and no stop words: reminders are in any language, and "will" may be a person.
CONFIG = "simple"
# What somebody types in a row; the rest of a pasted page would only cost time.
WORDS_AT_MOST = 20


def searched(*fields: str) -> GeneratedField:
    """A stored column of the words of these fields."""
    text: Combinable = F(fields[0])
    for field in fields[1:]:
        text = Concat(text, Value(" "), F(field), output_field=TextField())
    words = Func(text, Value(BETWEEN_WORDS), Value(BLANKS), function="translate", output_field=TextField())
    return GeneratedField(
        expression=SearchVector(words, config=CONFIG), output_field=SearchVectorField(), db_persist=True
    )


def words_query(text: str) -> SearchQuery | None:
    """Each of these words, or one that begins with it; None where there are none."""
    words = text.translate(TO_BLANKS).split()[:WORDS_AT_MOST]
    if not words:
        return None
    return SearchQuery(" & ".join(map(_beginning, words)), config=CONFIG, search_type="raw")


def _beginning(word: str) -> str:
    """However it is spelt: where the database's locale is C, it knows the small letters of ASCII only."""
    spelt = dict.fromkeys([word] if word.isascii() else [word.lower(), word.capitalize(), word.upper()])
    either = " | ".join(f"'{each}':*" for each in spelt)
    return f"({either})"
