"""`team-reminders/1`, as docs/export.md describes it, read again."""

from datetime import datetime
from typing import Annotated, Any, Literal, get_args

from django.utils.translation import gettext as _
from pydantic import AfterValidator, BaseModel, Field, StringConstraints, ValidationError

from accounts.schemas import AsWritten, Day, Email, Flag, Instant, Whole, in_one_line
from reminders.models.label import LABELS_AT_MOST
from reminders.models.scheduled import work_calendar
from reminders.models.series import EXCEPTIONS_AT_MOST
from reminders.schedule import DayOff, MonthEnd, Schedule, ScheduleError, bounded
from reminders.schemas import (
    Clock,
    ClockTime,
    Completion,
    DayOffName,
    IfLate,
    LabelName,
    MonthEndName,
    Notes,
    RuleText,
    Title,
)
from teamreminders.problems import pointer
from teamreminders.strict_json import parse
from teamreminders.text import one_line
from teams.models import Team
from teams.models.outside import AT_MOST as OUTSIDE_AT_MOST
from teams.schemas import RoleName

from .draft import Draft, Pause, Unreadable, check_zone, key_of

# Reminders of one file.
AT_MOST = 1_000
MOST_ERRORS = 50
Format = Literal["team-reminders/1"]


def _on_the_wall(at: datetime) -> datetime:
    """The offset of a slot only says what holds there then."""
    return at.replace(tzinfo=None, microsecond=0)


SlotTime = Annotated[datetime, AsWritten, AfterValidator(_on_the_wall)]


class EndsRecord(BaseModel):
    until: Day | None = None
    count: Annotated[Whole, Field(ge=1, le=1000)] | None = None
    last: SlotTime | None = None


class MovedRecord(BaseModel):
    slot: SlotTime
    to: SlotTime


class ScheduleRecord(BaseModel):
    """Once, unless there is a rule or a cron expression."""

    zone: Annotated[str, Field(max_length=64)]
    clock: Clock = "fixed"
    start: Day
    times: list[ClockTime] = Field([], max_length=288)
    rule: RuleText | None = None
    cron: RuleText | None = None
    ends: EndsRecord = EndsRecord()
    month_end: MonthEndName = "last"
    day_off: DayOffName = "stay"
    holidays_only: Flag = False
    skipped: list[SlotTime] = Field([], max_length=EXCEPTIONS_AT_MOST)
    moved: list[MovedRecord] = Field([], max_length=EXCEPTIONS_AT_MOST)

    def as_schedule(self, team: Team) -> Schedule:
        """By the working days of the team it comes into. Raises ScheduleError."""
        check_zone(self.zone)
        if self.rule and self.cron:
            raise ScheduleError(_("It has a rule and a cron expression: one of the two, not both."))
        day_off, kept = DayOff(self.day_off), {}
        if day_off != DayOff.STAY:
            kept["calendar"] = work_calendar(team, holidays_only=self.holidays_only)
        return bounded(
            Schedule(
                zone=self.zone,
                start=self.start,
                times=tuple(sorted(set(self.times))),
                rule=self.rule or "",
                cron=self.cron or "",
                until=self.ends.until,
                count=self.ends.count,
                last=self.ends.last,
                month_end=MonthEnd(self.month_end),
                day_off=day_off,
                skipped=frozenset(self.skipped),
                moved=tuple(sorted((each.slot, each.to) for each in self.moved)),
                **kept,
            )
        )


class AudienceRecord(BaseModel):
    kind: Literal["team", "roles", "people"] = "team"
    roles: Annotated[list[RoleName], Field(max_length=10)] = []
    people: Annotated[list[Email], Field(max_length=1000)] = []
    outside: Annotated[list[Email], Field(max_length=OUTSIDE_AT_MOST)] = []


class LatenessRecord(BaseModel):
    if_late: IfLate = "late"
    hours: Annotated[Whole, Field(ge=1, le=168)] = 24


class MomentRecord(BaseModel):
    at: Instant


class PausedRecord(BaseModel):
    since: MomentRecord | None = None
    until: MomentRecord | None = None


class ReminderRecord(BaseModel):
    """Keys that are for people only, such as `text` and `next`, are not looked at."""

    key: Annotated[
        str, StringConstraints(min_length=1, max_length=1000, strip_whitespace=True), AfterValidator(in_one_line)
    ] = Field(description="The same in every file.")
    title: Title
    notes: Notes = ""
    schedule: ScheduleRecord
    audience: AudienceRecord = AudienceRecord()
    completion: Completion = "anyone"
    lateness: LatenessRecord = LatenessRecord()
    lead_times: Annotated[list[Annotated[Whole, Field(ge=1, le=525_600)]], Field(max_length=5)] = []
    paused: PausedRecord | None = None
    labels: Annotated[list[LabelName], Field(max_length=LABELS_AT_MOST)] | None = None


class TeamDocument(BaseModel):
    """What an export of a team as JSON has; of its team nothing is needed."""

    format: Format
    reminders: list[ReminderRecord] = Field(max_length=AT_MOST)


def read_document(content: bytes, team: Team) -> list[Draft]:
    """Raises Unreadable."""
    try:
        document = parse(content)
    except (ValueError, RecursionError):
        raise Unreadable(_("This is no JSON in UTF-8.")) from None
    if not isinstance(document, dict) or document.get("format") not in get_args(Format):
        raise Unreadable(_("This is no export of a team: its “format” is not “team-reminders/1”."))
    try:
        found = TeamDocument.model_validate(document)
    except ValidationError as error:
        wrong = [(pointer(*each["loc"]), each["msg"]) for each in error.errors(include_input=False)[:MOST_ERRORS]]
        raise Unreadable(_("Something in this file is not as it has to be."), wrong) from None
    return [_draft(record, team) for record in found.reminders]


def _draft(record: ReminderRecord, team: Team) -> Draft:
    audience, title, key = record.audience, one_line(record.title), key_of(record.key)
    try:
        schedule = record.schedule.as_schedule(team)
    except ScheduleError as error:
        return Draft(key, title, why_not=str(error), refused=True)
    fields: dict[str, Any] = {
        "title": title,
        "notes": record.notes,
        "zone_mode": record.schedule.clock,
        "lead_times": sorted(set(record.lead_times), reverse=True),
        "lateness": record.lateness.if_late,
        "late_hours": record.lateness.hours,
        "audience": audience.kind,
        "roles": sorted(set(audience.roles)) if audience.kind == "roles" else [],
        "completion": record.completion,
    }
    return Draft(
        key=key,
        title=title,
        schedule=schedule,
        fields=fields,
        people=frozenset(email.lower() for email in audience.people) if audience.kind == "people" else frozenset(),
        outside=frozenset(email.lower() for email in audience.outside),
        pause=_pause(record.paused),
        labels=None if record.labels is None else frozenset(map(one_line, record.labels)),
    )


def _pause(paused: PausedRecord | None) -> Pause:
    if paused is None:
        return Pause()
    return Pause(endless=paused.until is None, until=paused.until.at if paused.until else None)
