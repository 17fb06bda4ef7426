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
        if day.weekday() not in self.weekdays or day in self.days_off:
            return False
        return not self.country or day not in _holidays(self.country, self.region)

    def next_working(self, day: date, step: int) -> date | None:
        """The day itself, or the nearest working day after (`step` 1) or before it (-1); None when all is closed."""
        for distance in range(LONGEST_CLOSURE.days + 1):
            candidate = day + timedelta(days=step * distance)
            if self.works(candidate):
                return candidate
        return None


@lru_cache(maxsize=256)
def _holidays(country: str, region: str) -> holidays.HolidayBase:
    """Filled year by year as it is asked, and kept; a country's data may end, and then no day is a holiday."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return holidays.country_holidays(country, subdiv=region or None)
