"""What a sentence comes to."""

from dataclasses import dataclass
from datetime import timedelta

from reminders.schedule import Schedule


@dataclass(frozen=True)
class Part:
    """Words that were used, and for what; `start` and `end` are offsets into the text.

    `kind` is one of date, time, repeat, start, end, days off, zone, person, lead, unknown. Words of kind "unknown" look
    like a schedule but could not be understood: they stay in the title too, and a problem says why.
    """

    start: int
    end: int
    kind: str
    words: str


@dataclass(frozen=True)
class Understood:
    """A sentence taken apart.

    `schedule` is complete, accepted by `check` and has a slot to come; it is None when no time was said, or what was
    said cannot be. `people` are names as given to `understand`. `lead_times` are the longest first. `problems` are
    sentences for the person who wrote the text; there are none where nothing looked like a schedule.
    """

    title: str
    schedule: Schedule | None = None
    people: tuple[str, ...] = ()
    lead_times: tuple[timedelta, ...] = ()
    parts: tuple[Part, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def lead_minutes(self) -> list[int]:
        """`lead_times` in whole minutes."""
        return [lead // timedelta(minutes=1) for lead in self.lead_times]
