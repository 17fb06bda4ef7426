"""What programs send, as the form of the page has it: one set of rules for both."""

from collections.abc import Iterable, Mapping, Set
from datetime import datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.models import User
from teamreminders.problems import Problem, pointer
from teams.models import Team

from .forms import ReminderForm
from .forms.fields import lead_times_text
from .forms.filling import END_OF_RULE, says_times
from .forms.values import end_values
from .models import Reminder
from .schedule import Repeat, Schedule, ScheduleError, import_rule
from .schedule.resolve import local_of
from .schedule.rule import split
from .schemas import AudienceWrite, ReminderCreate, ReminderUpdate, ScheduleWrite

# Where in the JSON a field of the form is.
PLACES = {
    "at": ("schedule", "times"),
    "recurrence": ("schedule", "rule"),
    **{name: ("schedule", name) for name in ("zone", "start", "cron", "until", "count", "month_end", "day_off")},
    **dict.fromkeys(("repeat", "interval", "weekdays", "months", "month_days", "places", "ends"), ("schedule",)),
    **{name: ("audience", name) for name in ("people", "roles", "outside")},
    "new_outside": ("audience", "outside"),
    "new_labels": ("labels",),
    "late_hours": ("lateness", "hours"),
}
Sent = dict[str, Any]


def form_for(reminder: Reminder, team: Team, sent: ReminderCreate | ReminderUpdate, now: datetime) -> ReminderForm:
    """Bound to what was sent over what is stored. Raises Problem for people and labels that the team has not."""
    stored = ReminderForm(instance=reminder, team=team, now=now)
    values = {name: stored[name].value() for name in stored.fields} | {"stored_at": stored.stored_at}
    values |= {"audience": values["audience"] or "team", "completion": values["completion"] or "anyone"}
    changes = sent.model_dump(exclude_unset=True, include={"title", "notes", "completion", "said"})
    values |= {name: value for name, value in changes.items() if value is not None}
    if sent.schedule:
        values |= _schedule(sent.schedule, team, now)
    if sent.audience:
        values |= _audience(sent.audience, team)
    if sent.labels is not None:
        values["labels"] = _labels(sent.labels, team)
    if sent.lateness:
        values |= {"lateness": sent.lateness.if_late, "late_hours": sent.lateness.hours}
    if sent.lead_times is not None:
        values["lead_times"] = lead_times_text(sorted(set(sent.lead_times), reverse=True))
    return ReminderForm(_as_sent(values), instance=reminder, team=team, now=now)


def check_written(form: ReminderForm) -> None:
    """Raises Problem, with the places where programs look for them.

    Words that are not understood leave the form's other fields empty, which the program did not send.
    """
    if form.is_valid():
        return
    blamed = [name for name in form.errors if "said" not in form.errors or not _is_said(name)]
    found = [
        (pointer(*PLACES.get(name, (name,))) if name in form.fields else "", wrong)
        for name in blamed
        for wrong in form.errors[name]
    ]
    raise Problem(422, _("This reminder cannot be set like that."), errors=found)


def _is_said(name: str) -> bool:
    """Whether words say this, where there are any."""
    return name == "title" or PLACES.get(name, ("",))[0] == "schedule"


def _schedule(schedule: ScheduleWrite, team: Team, now: datetime) -> Sent:
    rule = _parts(schedule.rule)
    _check_said_once(schedule, rule)
    zone = schedule.zone or team.zone
    start = schedule.start or local_of(now, ZoneInfo(zone)).date()
    sent = {
        "repeat": (Repeat.CRON if schedule.cron else Repeat.ONCE).value,
        "zone": zone,
        "start": start.isoformat(),
        "at": _listed(schedule.times),
        "recurrence": "",
        "cron": schedule.cron or "",
        "ends": "count" if schedule.count else "date" if schedule.until else "",
        "until": schedule.until.isoformat() if schedule.until else "",
        "count": schedule.count or "",
        "last": "",
        "month_end": schedule.month_end,
        "day_off": schedule.day_off,
        "holidays_only": schedule.holidays_only,
        "zone_mode": schedule.clock,
    }
    return sent | (_by_rule(schedule, rule, Schedule(zone, start, tuple(schedule.times) or (time(),))) if rule else {})


def _by_rule(schedule: ScheduleWrite, parts: Mapping[str, str], anchor: Schedule) -> Sent:
    """The rule, with the times and the end that are in it.

    Read here and not by the form, which takes one for a rule from elsewhere: there shorter months have no 31st.
    """
    try:
        read = import_rule(schedule.rule or "", anchor, whole_day=True)
    except ScheduleError as error:
        raise _refused(("rule", str(error))) from None
    sent = {"repeat": Repeat.RULE.value, "recurrence": read.rule, "recurrence_filled": read.rule}
    at = {"at": _listed(read.times)} if says_times(parts) else {}
    return sent | at | (end_values(read) if END_OF_RULE & set(parts) else {})


def _parts(rule: str | None) -> Mapping[str, str]:
    try:
        return split(rule) if rule else {}
    except ScheduleError as error:
        raise _refused(("rule", str(error))) from None


def _check_said_once(schedule: ScheduleWrite, rule: Mapping[str, str]) -> None:
    """Raises Problem where two parts say the same: one of them would be lost. And where none says at what time."""
    timed = says_times(rule)
    repeats, ends = schedule.rule or schedule.cron, END_OF_RULE & set(rule)
    wrong = {
        "cron": schedule.rule and schedule.cron and _("Send either “rule” or “cron”."),
        "times": (schedule.times and schedule.cron and _("A cron expression has its own times."))
        or (schedule.times and timed and _("The rule has its own times."))
        or (not (schedule.times or schedule.cron or timed) and _("Say at what time.")),
        "rule": timed and not (schedule.times or _says_hours(rule)) and _("Say in BYHOUR of which hours."),
        "until": schedule.until and _ends_wrongly(repeats, ends),
        "count": schedule.count
        and (_ends_wrongly(repeats, ends) or (schedule.until and _("Send either “until” or “count”."))),
    }
    if found := [(name, str(words)) for name, words in wrong.items() if words]:
        raise _refused(*found)


def _says_hours(rule: Mapping[str, str]) -> bool:
    return "BYHOUR" in rule or rule.get("FREQ") == "HOURLY"


def _ends_wrongly(repeats: str | None, ends: Set[str]) -> str:
    if not repeats:
        return _("What happens once has no end: send a “rule” too.")
    return _("The rule has its own end.") if ends else ""


def _refused(*wrong: tuple[str, str]) -> Problem:
    words = wrong[0][1] if len(wrong) == 1 else _("This reminder cannot be set like that.")
    return Problem(422, words, errors=[(pointer("schedule", name), said) for name, said in wrong])


def _listed(times: Iterable[time]) -> str:
    return ", ".join(at.isoformat() for at in times)


def _audience(audience: AudienceWrite, team: Team) -> Sent:
    people = dict(User.objects.filter(uuid__in=audience.people, teams=team).values_list("uuid", "pk"))
    strangers = [n for n, uuid in enumerate(audience.people) if uuid not in people]
    if strangers:
        wrong = [(pointer("audience", "people", n), _("This person does not belong to the team.")) for n in strangers]
        raise Problem(422, _("This reminder cannot be set like that."), errors=wrong)
    emails = list(dict.fromkeys(email.lower() for email in audience.outside))
    known = dict(team.outside_addresses.listed().filter(email__in=emails).values_list("email", "pk"))
    return {
        "audience": audience.kind,
        "roles": audience.roles,
        "people": list(people.values()),
        "outside": list(known.values()),
        "new_outside": ", ".join(email for email in emails if email not in known),
    }


def _labels(uuids: list[UUID], team: Team) -> list[int]:
    known = dict(team.labels.listed().filter(uuid__in=uuids).values_list("uuid", "pk"))
    unknown = [n for n, uuid in enumerate(uuids) if uuid not in known]
    if unknown:
        wrong = [(pointer("labels", n), _("The team has no such label.")) for n in unknown]
        raise Problem(422, _("This reminder cannot be set like that."), errors=wrong)
    return list(known.values())


def _as_sent(values: Mapping[str, Any]) -> QueryDict:
    """As a browser would send it."""
    data = QueryDict(mutable=True)
    for name, value in values.items():
        if isinstance(value, Iterable) and not isinstance(value, str):
            data.setlist(name, [str(each) for each in value])
        elif value is True:
            data[name] = "on"
        elif value is not None and value is not False:
            data[name] = str(value)
    return data
