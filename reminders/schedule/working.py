"""Which days a team works."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from django.utils.translation import get_language
from holidays import country_holidays
from holidays.registry import EntityLoader

# A team that closes for longer than this keeps its due dates where they are.
LONGEST_CLOSURE = timedelta(days=31)
EVERY_DAY = frozenset(range(7))
WORKING_WEEK = frozenset(range(5))
COUNTRIES = frozenset(EntityLoader.get_country_codes(include_aliases=False))


@dataclass(frozen=True)
class WorkCalendar:
    """Weekdays that are worked (0 is Monday), less the public holidays of a country or region, less the team's own.

    `country` is ISO 3166-1 alpha-2, `region` ISO 3166-2 without the country; both may be empty, and a place that the
    data do not know has no holidays. With EVERY_DAY as `weekdays` only holidays and own days are days off; what is then
    moved off one still lands on one of `lands_on`.
    """

    weekdays: frozenset[int] = WORKING_WEEK
    country: str = ""
    region: str = ""
    days_off: frozenset[date] = frozenset()
    lands_on: frozenset[int] = EVERY_DAY

    @property
    def is_for_holidays_only(self) -> bool:
        """Whether a weekend is a day like any other, and only holidays and own days are off."""
        return self.weekdays == EVERY_DAY

    def works(self, day: date) -> bool:
        return day.weekday() in self.weekdays and not self.is_closed(day)

    def is_closed(self, day: date) -> bool:
        """Whether it is a holiday or one of the team's own days off, on whatever weekday."""
        return day in self.days_off or day in _holidays(self.country, self.region, day.year)

    def next_working(self, day: date, step: int) -> date | None:
        """The nearest working day after a day off (`step` 1) or before it (-1); None when all is closed."""
        for distance in range(1, LONGEST_CLOSURE.days + 1):
            candidate = day + timedelta(days=step * distance)
            if self.works(candidate) and candidate.weekday() in self.lands_on:
                return candidate
        return None

    def holiday_name(self, day: date) -> str:
        """What a public holiday is called, in the reader's language or else the country's; empty for another day."""
        return _names(self.country, self.region, day.year, get_language() or "").get(day, "")

    def closed_days(self, start: date, end: date) -> Iterator[date]:
        """Holidays and own days off from `start` to `end`, both included."""
        days = (start + timedelta(days=n) for n in range((end - start).days + 1))
        return (day for day in days if self.is_closed(day))


# "Except on holidays", for whoever has no calendar: a weekend is a day like any other, but nothing is moved to it.
HOLIDAYS_ONLY = WorkCalendar(weekdays=EVERY_DAY, lands_on=WORKING_WEEK)


def is_known(country: str, region: str = "") -> bool:
    """Whether there are holidays for this place; codes stored long ago may have been dropped."""
    try:
        return country in COUNTRIES and country_holidays(country, subdiv=region or None) is not None
    except NotImplementedError:
        return False


@lru_cache(maxsize=2048)
def _holidays(country: str, region: str, year: int) -> frozenset[date]:
    """Complete when it is made and never changed, so that threads may share it."""
    return frozenset(_names(country, region, year, ""))


@lru_cache(maxsize=256)
def _names(country: str, region: str, year: int, language: str) -> dict[date, str]:
    """Years that the data do not reach have no holidays."""
    if not is_known(country, region):
        return {}
    found = country_holidays(country, region or None, year, expand=False, language=_offered(country, language))
    return {day: name for day, name in found.items() if day.year == year}


def _offered(country: str, language: str) -> str:
    """The country's variant of the language: "en" -> "en_US"; without one, the language it writes its laws in."""
    entity = country_holidays(country)
    variants = [each for each in entity.supported_languages if each.partition("_")[0] == language[:2]]
    return variants[0] if variants else entity.default_language or ""
