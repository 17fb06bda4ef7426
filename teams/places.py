"""Countries and their regions, as the lists of public holidays know them: by ISO 3166-1, and 3166-2 after its dash."""

import unicodedata
from functools import lru_cache
from importlib.resources import files

from holidays import country_holidays
from holidays.registry import EntityLoader

# Not in the ISO list, so the tz database has no name for it.
UNLISTED = {"XK": "Kosovo"}


@lru_cache(maxsize=1)
def country_names() -> dict[str, str]:
    """By their names; these are English and come from the tz database, which the time zones need anyway."""
    lines = (files("tzdata") / "zoneinfo" / "iso3166.tab").read_text("utf-8").splitlines()
    names = UNLISTED | dict(line.split("\t") for line in lines if line and not line.startswith("#"))
    known = [(code, names.get(code, code)) for code in EntityLoader.get_country_codes(include_aliases=False)]
    return dict(sorted(known, key=_by_name))


@lru_cache(maxsize=256)
def region_names(country: str) -> dict[str, str]:
    """The regions with holidays of their own, by their names in the country's language; none for a country unknown."""
    if country not in country_names():
        return {}
    names = country_holidays(country).get_subdivision_aliases()
    known = [
        (code, next((name for name in also if not name.isupper()), code))  # "GUA" is another code
        for code, also in names.items()
    ]
    return dict(sorted(known, key=_by_name))


def place_name(country: str, region: str = "") -> str:
    """ "Germany (Bayern)"; codes that are unknown stand for themselves."""
    name = country_names().get(country, country)
    return f"{name} ({region_names(country).get(region, region)})" if region else name


def _by_name(place: tuple[str, str]) -> str:
    """Åland stands with A."""
    return unicodedata.normalize("NFKD", place[1]).encode("ascii", "ignore").decode().casefold()
