"""What the API says of reminders, and takes."""

from datetime import date, time
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints, WithJsonSchema

from accounts.schemas import Day, Email, Flag, Moment, Strict, Told, Whole, Zone, left_out
from teams.schemas import Person, RoleName

Title = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
Notes = Annotated[str, StringConstraints(max_length=10_000)]
RuleText = Annotated[str, StringConstraints(max_length=500)]


def _of_a_clock(at: time) -> time:
    if at.tzinfo or at.microsecond:
        raise ValueError("Write a time of day such as 09:00, without an offset.")
    return at


# JSON Schema's "time" has an offset (RFC 3339), which a time of day has not.
ON_A_CLOCK = {"type": "string", "pattern": r"^\d{2}:\d{2}(:\d{2})?$"}
ClockTime = Annotated[time, AfterValidator(_of_a_clock), WithJsonSchema(ON_A_CLOCK)]
SlotName = Annotated[
    str,
    Field(
        description="The local date-time that the schedule yields, by the reminder's clock: its name. It stays the same"
        " where it is moved."
    ),
]
Completion = Literal["anyone", "nobody"]
MonthEndName = Literal["last", "skip"]
DayOffName = Literal["stay", "next", "previous", "skip"]
Clock = Literal["fixed", "recipient"]
IfLate = Literal["late", "skip"]


class Ends(Told):
    until: date | None
    count: int | None
    last: str | None


class Moved(Told):
    slot: str
    to: str


class Schedule(Told):
    """As stored; docs/export.md describes each part."""

    kind: Literal["once", "rule", "cron"]
    zone: str
    clock: Clock
    start: date
    times: list[ClockTime]
    rule: str | None
    cron: str | None
    ends: Ends
    month_end: MonthEndName
    day_off: DayOffName
    holidays_only: bool
    skipped: list[str]
    moved: list[Moved]


class ScheduleWrite(Strict):
    """Once, unless there is a rule or a cron expression."""

    zone: Zone | None = Field(None, description="The team's, where it is left out.")
    start: Day | None = Field(None, description="The first day that counts; today in the zone, where it is left out.")
    times: list[ClockTime] = Field([], max_length=288, description="Of each day; cron has its own.")
    rule: RuleText | None = Field(None, description="RFC 5545, of days: `FREQ=WEEKLY;BYDAY=MO`.")
    cron: RuleText | None = Field(None, description="Five fields: `30 8 * * MON-FRI`.")
    until: Day | None = Field(None, description="The last day.")
    count: Annotated[Whole, Field(ge=1, le=1000)] | None = None
    month_end: MonthEndName = "last"
    day_off: DayOffName = "stay"
    holidays_only: Flag = False
    clock: Clock = "fixed"


class Label(Told):
    """A word of a team for what its reminders are about."""

    id: UUID = Field(alias="uuid")
    name: str
    hue: int = Field(description="1 to 6: which colour it is shown in.")


LabelName = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=r"^[^,]*$", strip_whitespace=True)]
Hue = Annotated[Whole, Field(ge=1, le=6)]


class LabelCreate(Strict):
    name: LabelName
    hue: Hue | None = None


class LabelUpdate(Strict):
    """What is left out stays."""

    name: LabelName = left_out()
    hue: Hue = left_out()


class BulkWrite(Strict):
    """What to do to which reminders."""

    act: Literal["pause", "resume", "label", "unlabel", "hand-over", "delete"]
    reminders: Annotated[list[UUID], Field(min_length=1, max_length=1000)]
    label: UUID | None = Field(None, description="Of `label` and `unlabel`: which one.")
    person: UUID | None = Field(None, description="Of `hand-over`: who writes it from now on.")


class BulkDone(Told):
    id: UUID = Field(description="To take it back, within ten minutes.")
    changed: int
    left_out: int = Field(description="How many of them you see and may not change.")


class Undone(Told):
    changed: int = Field(description="How many are as they were; not those that somebody has changed since.")


class Audience(Told):
    kind: Literal["team", "roles", "people"]
    roles: list[RoleName]
    people: list[Person]
    outside: list[str] = Field(description="Addresses outside the team, whether they have agreed or not.")


class AudienceWrite(Strict):
    kind: Literal["team", "roles", "people"] = "team"
    roles: Annotated[list[RoleName], Field(max_length=10)] = []
    people: Annotated[list[UUID], Field(max_length=1000)] = []
    outside: Annotated[list[Email], Field(max_length=20)] = Field(
        [], description="Each that is new is asked by mail first."
    )


class Lateness(Told):
    if_late: IfLate
    hours: int


class LatenessWrite(Strict):
    if_late: IfLate = "late"
    hours: Annotated[Whole, Field(ge=1, le=168)] = 24


class Reminder(Told):
    """A reminder as its team sees it."""

    id: UUID
    team: UUID
    title: str
    notes: str
    labels: list[Label]
    author: str | None
    schedule: Schedule
    in_words: str
    audience: Audience
    completion: Completion
    lateness: Lateness
    lead_times: list[int] = Field(description="Notices in advance, in minutes before.")
    state: Literal["active", "paused", "ended"]
    paused_until: Moment | None
    next: Moment | None
    open_since: Moment | None = Field(description="When the occurrence was due that waits for an answer.")
    muted: bool = Field(description="Whether you get no mail of it.")
    created: Moment
    changed: Moment


class _Write(Strict):
    title: Title = left_out()
    notes: Notes = left_out()
    labels: Annotated[list[UUID], Field(max_length=200)] = left_out("Ids of the team's labels.")
    schedule: ScheduleWrite = left_out()
    audience: AudienceWrite = left_out()
    completion: Completion = left_out()
    lateness: LatenessWrite = left_out()
    lead_times: Annotated[list[Annotated[Whole, Field(ge=1, le=525_600)]], Field(max_length=5)] = left_out()


class ReminderCreate(_Write):
    """With a title and a schedule, or with `said`, which has both."""

    said: Annotated[str, StringConstraints(min_length=1, max_length=500)] = left_out(
        "In words: `Submit timesheets every Friday at 16:00`."
    )


class ReminderUpdate(_Write):
    """What is left out stays; a schedule or an audience is replaced as a whole."""


class ReminderPage(Told):
    items: list[Reminder]
    next: str | None = Field(description="The cursor of the page that follows.")


class PauseWrite(Strict):
    until: Day | None = Field(None, description="Go on by itself at the begin of this day, by the reminder's clock.")


class NextTimes(Told):
    """What a reminder would do."""

    in_words: str
    times: list[Moment] = Field(description="The next, 20 at most.")
    reaches: int = Field(description="To how many its mail would go now.")
