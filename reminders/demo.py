"""A believable pair of teams to look at: what they are reminded of, and what became of it so far."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from teams.models import Role

from .models import Completion, ZoneMode
from .schedule import DayOff, MonthEnd, Repeat, Schedule, rule_for

# Local time of the team -> the local date-time at which a reminder starts.
When = Callable[[datetime], datetime]

# Stands for the person who asked for the demo.
YOU = "you"


@dataclass(frozen=True)
class Person:
    name: str
    zone: str


PEOPLE: Mapping[str, Person] = {
    "ada": Person("Ada Okafor", "Europe/Berlin"),
    "bjorn": Person("Bjørn Lindqvist", "Europe/Stockholm"),
    "chiara": Person("Chiara Romano", "America/New_York"),
    "dev": Person("Dev Patel", "Asia/Kolkata"),
    "elena": Person("Elena Petrova", "America/New_York"),
    "felix": Person("Felix Brandt", "Europe/Berlin"),
}


def on(days: int, at: str) -> When:
    """That many days from today."""
    return lambda here: datetime.combine(here.date() + timedelta(days=days), time.fromisoformat(at))


def earlier_today(hours: int) -> When:
    """A time that has passed, though not before midnight."""
    return lambda here: max(_five_minutes(here - timedelta(hours=hours)), datetime.combine(here.date(), time()))


def later_today(hours: int) -> When:
    """A time to come, though not after midnight where that can be helped."""
    return lambda here: max(
        min(_five_minutes(here + timedelta(hours=hours)), on(0, "23:55")(here)), in_two_minutes(here)
    )


def in_two_minutes(here: datetime) -> datetime:
    return (here + timedelta(seconds=150)).replace(second=0, microsecond=0)


def since_the_31st(here: datetime) -> datetime:
    return datetime.combine(date(here.year - 1, 12, 31), time(17))


def _five_minutes(local: datetime) -> datetime:
    return local.replace(minute=local.minute // 5 * 5, second=0, microsecond=0)


@dataclass(frozen=True)
class Sketch:
    """A reminder, and what became of its last occurrences, the newest first.

    `past` holds "open", "missed", "told", or the key of the person who was done. `trouble` says how the newest one's
    mail went to whom: "refused" or "late".
    """

    title: str
    when: When
    notes: str = ""
    author: str = "ada"
    repeat: Repeat = Repeat.ONCE
    weekdays: tuple[int, ...] = ()
    cron: str = ""
    people: tuple[str, ...] = ()
    completion: Completion = Completion.ANYONE
    past: tuple[str, ...] = ()
    trouble: Mapping[str, str] = field(default_factory=dict)
    paused: bool = False
    lead_times: tuple[int, ...] = ()  # minutes
    day_off: DayOff = DayOff.STAY
    zone_mode: ZoneMode = ZoneMode.FIXED

    def schedule(self, zone: str, here: datetime) -> Schedule:
        start = self.when(here)
        rule = rule_for(self.repeat, start.date(), self.weekdays)
        times = () if self.cron else (start.time(),)
        return Schedule(zone, start.date(), times, rule, self.cron, month_end=MonthEnd.LAST, day_off=self.day_off)


@dataclass(frozen=True)
class TeamSketch:
    name: str
    zone: str
    country: str
    roles: Mapping[str, Role]
    reminders: tuple[Sketch, ...]


OPERATIONS = TeamSketch(
    "Operations",
    "Europe/Berlin",
    "DE",
    {YOU: Role.OWNER, "ada": Role.ADMIN, "bjorn": Role.MEMBER, "dev": Role.MEMBER, "elena": Role.VIEWER},
    (
        Sketch(
            "Renew the certificate of the shop",
            on(-1, "15:00"),
            notes="The order is under “Certificates” in the provider's console. Restart both web servers afterwards.",
            author="bjorn",
            past=("open",),
        ),
        Sketch(
            "Check last night's backups",
            earlier_today(2),
            repeat=Repeat.DAILY,
            notes="Look at the size as well as at the colour.",
            past=("ada",),
        ),
        Sketch("Hand over the on-call phone", in_two_minutes, author=YOU, notes="To Dev, until Monday."),
        Sketch("Restart the mail relay", later_today(3), author="dev", people=(YOU, "dev")),
        Sketch(
            "Write down what we did today",
            on(-20, "16:30"),
            repeat=Repeat.WEEKDAYS,
            past=("bjorn", "ada", YOU, "missed", "dev", "bjorn"),
        ),
        Sketch(
            "Invoices to accounting",
            on(-60, "10:00"),
            repeat=Repeat.WEEKLY,
            weekdays=(4,),
            author=YOU,
            past=("bjorn", "missed", YOU, "ada"),
            trouble={"dev": "refused", "bjorn": "late"},
            day_off=DayOff.PREVIOUS,
        ),
        Sketch("Close the month in the ledger", since_the_31st, repeat=Repeat.MONTHLY, past=(YOU, "ada")),
        Sketch(
            "See which domain names expire",
            on(-200, "10:00"),
            repeat=Repeat.CRON,
            cron="0 10 1 */3 *",
            author="dev",
            past=("dev",),
            lead_times=(7 * 24 * 60, 24 * 60),
        ),
        Sketch(
            "Say where you work next week",
            on(3, "09:30"),
            repeat=Repeat.WEEKLY,
            completion=Completion.NOBODY,
            zone_mode=ZoneMode.RECIPIENT,
        ),
        Sketch("Order toner", on(-40, "09:00"), repeat=Repeat.WEEKLY, author="bjorn", past=("bjorn",), paused=True),
        Sketch("Sign the lease of the storage room", on(-9, "11:00"), author=YOU, past=("bjorn",)),
    ),
)

CHOIR = TeamSketch(
    "Choir committee",
    "America/New_York",
    "US",
    {YOU: Role.OWNER, "chiara": Role.ADMIN, "felix": Role.MEMBER, "elena": Role.MEMBER},
    (
        Sketch(
            "Order the programme booklets",
            earlier_today(1),
            author="chiara",
            people=(YOU, "chiara"),
            notes="120 copies, the printer closes at six.",
            past=("open",),
        ),
        Sketch("Ask for the keys of the hall", on(1, "09:00"), author="elena"),
        Sketch(
            "Rehearsal: bring the new scores",
            on(-19, "19:00"),
            repeat=Repeat.WEEKLY,
            author="chiara",
            completion=Completion.NOBODY,
            past=("open", "told"),
        ),
        Sketch(
            "Felix has his birthday",
            on(12, "08:00"),
            repeat=Repeat.YEARLY,
            author="elena",
            people=(YOU, "chiara", "elena"),
            completion=Completion.NOBODY,
        ),
        Sketch(
            "Pay the accompanist", on(-75, "12:00"), repeat=Repeat.MONTHLY, author="chiara", past=("felix", "chiara")
        ),
    ),
)

TEAMS = (OPERATIONS, CHOIR)
