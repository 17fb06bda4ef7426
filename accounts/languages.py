"""Which language somebody reads."""

from django.conf import settings
from django.utils.translation import get_language, get_supported_language_variant


def languages() -> list[tuple[str, str]]:
    """Those that are installed, each by its own name."""
    return list(settings.LANGUAGES)


def chosen_or_present(chosen: str | None) -> str:
    """The language that somebody chose; the present one where they chose none, or one that is no longer installed."""
    try:
        return get_supported_language_variant(chosen or "")
    except LookupError:
        return get_language() or settings.LANGUAGE_CODE
