"""Which days a team works."""

import warnings
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import holidays

# A team that closes for longer than this keeps its due dates where they are.
LONGEST_CLOSURE = timedelta(days=31)


@dataclass(frozen=True)
class WorkCalendar:
    """Weekdays that are worked (0 is Monday), less the public holidays of a country or region, less the team's own.

    `country` is ISO 3166-1 alpha-2, `region` ISO 3166-2 without the country; both may be empty.
    """

    weekdays: frozenset[int] = frozenset(range(5))
    country: str = ""
    region: str = ""
    days_off: frozenset[date] = frozenset()

    def works(self, day: date) -> bool:
        return day.weekday() in self.weekdays and not self.holiday(day)

    def holiday(self, day: date) -> str:
        """What the day is called that keeps a weekday from being worked; empty on any other."""
        if day in self.days_off:
            return "-"
        return _holidays(self.country, self.region).get(day, "") if self.country else ""

    def next_working(self, day: date, step: int) -> date | None:
        """The day itself, or the nearest working day after (`step` 1) or before it (-1); None when all is closed."""
        for distance in range(LONGEST_CLOSURE.days + 1):
            candidate = day + timedelta(days=step * distance)
            if self.works(candidate):
                return candidate
        return None


def countries() -> dict[str, list[str]]:
    """The countries whose public holidays are known, each with its regions."""
    return holidays.list_supported_countries()


@lru_cache(maxsize=256)
def _holidays(country: str, region: str) -> holidays.HolidayBase:
    """Filled year by year as it is asked, and kept; a country's data may end, and then no day is a holiday."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return holidays.country_holidays(country, subdiv=region or None)
