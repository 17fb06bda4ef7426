"""`manage.py simulate` and the engine say the same."""

from datetime import datetime, timedelta, timezone
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db.models import Min

from reminders.dispatch import dispatch_due
from reminders.models import Delivery, Lateness, Occurrence, Reminder, ZoneMode
from reminders.simulation import simulate
from teams.models import Team
from teams.tests.factories import MembershipFactory

from .scenes import opened, reminder_due, team_of

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 10, 20, 12, 0, tzinfo=timezone.utc)  # the clocks of Berlin go back on the 25th
WEEK = timedelta(days=7)

Sent = list[tuple[datetime, str, str, str]]


@pytest.fixture
def team() -> Team:
    """Four people on three clocks, closed on weekends and on Austria's public holidays (26 October)."""
    team = team_of(2, zone="Europe/Vienna", country="AT")
    for zone in ("America/New_York", "Asia/Kathmandu"):
        MembershipFactory(team=team, user__zone=zone)
    return team


@pytest.fixture
def reminders(team: Team) -> list[Reminder]:
    """One for each thing that the engine knows, written at noon."""
    ahead = NOON + timedelta(minutes=20)
    several = {"team": team, "at": ahead, "planned_at": NOON}
    written = [
        reminder_due(**several),
        reminder_due(**several, rule="FREQ=DAILY", lead_times=[2 * 24 * 60, 24 * 60, 60]),
        reminder_due(**several, cron="*/45 8-17 * * 1-5"),
        reminder_due(**several, rule="FREQ=DAILY", zone_mode=ZoneMode.RECIPIENT, lead_times=[90]),
        reminder_due(**several, rule="FREQ=DAILY", day_off="next"),
        reminder_due(**several, rule="FREQ=DAILY", day_off="skip", lateness=Lateness.SKIP),
        reminder_due(**several, rule="FREQ=DAILY"),
        reminder_due(**several, rule="FREQ=DAILY"),
        reminder_due(**several, rule="FREQ=DAILY"),
        opened(team, NOON - timedelta(hours=2), rule="FREQ=DAILY").reminder,
    ]
    skipped, moved, until, snoozed = written[-4:]
    author = team.members.first()
    slot = datetime.combine((ahead + timedelta(days=2)).date(), ahead.time())
    assert skipped.skip_slot(slot, author, NOON)
    assert moved.move_slot(slot, slot + timedelta(days=1, hours=5), NOON)
    assert until.pause(NOON, until=NOON + timedelta(days=3))
    assert snoozed.occurrences.get(state="open").snooze(NOON + timedelta(hours=3), author, NOON)
    for reminder in written[3:5]:
        Reminder.objects.filter(pk=reminder.pk).update(zone="Europe/Vienna")
        reminder.refresh_from_db()
        reminder.arrange(NOON)
    return written


def foretold(reminders: list[Reminder], begin: datetime, end: datetime) -> Sent:
    found = [each for reminder in reminders for each in simulate(reminder, begin, end, NOON)]
    return sorted((each.at, each.title, each.step, each.address) for each in found)


def sent_by_the_engine(end: datetime) -> Sent:
    """All is dispatched when its time comes, and goes out at once."""
    known = set(Delivery.objects.values_list("pk", flat=True))
    while (at := Occurrence.objects.filter(next_step_at__lte=end).aggregate(at=Min("next_step_at"))["at"]) is not None:
        dispatch_due(at)
        Delivery.objects.filter(state="queued").update(state="sent", sent_at=at, next_try_at=None)
    rows = Delivery.objects.exclude(pk__in=known).filter(state="sent")
    return sorted(rows.values_list("sent_at", "occurrence__reminder__title", "step", "address"))


def test_what_is_simulated_is_what_the_engine_sends(reminders: list[Reminder]) -> None:
    told = foretold(reminders, NOON, NOON + WEEK)
    assert told == sent_by_the_engine(NOON + WEEK)
    assert len(told) > 200
    assert {step for _, _, step, _ in told} == {"due", "advance-1d", "advance-2d", "advance-1h", "advance-90m"}


def test_simulating_changes_nothing(reminders: list[Reminder]) -> None:
    def all_rows() -> list[object]:
        tables = (Reminder, Occurrence, Delivery)
        return [list(table.objects.order_by("pk").values()) for table in tables]

    before = all_rows()
    foretold(reminders, NOON, NOON + WEEK)
    assert all_rows() == before


def test_only_the_span_that_was_asked_for_is_told(reminders: list[Reminder]) -> None:
    begin, end = NOON + timedelta(days=2), NOON + timedelta(days=3)
    everything = foretold(reminders, NOON, NOON + WEEK)
    assert foretold(reminders, begin, end) == [each for each in everything if begin <= each[0] <= end]


def run(*arguments: str) -> list[str]:
    out = StringIO()
    with time_machine.travel(NOON, tick=False):
        call_command("simulate", *arguments, stdout=out)
    return out.getvalue().splitlines()


def test_the_command_prints_when_on_whose_clock_what_and_to_whom(team: Team) -> None:
    person = MembershipFactory(team=(small := team_of(0, name="Ops")), user__email="ana@example.org").user
    reminder_due(small, NOON + timedelta(days=1), planned_at=NOON, lead_times=[60])
    assert run("--team", "Ops", "--to", "2026-10-22") == [
        f"2026-10-21 11:00:00Z\tWed 11:00 UTC\tOps\tRenew the certificate (1 hour before)\t{person.email}",
        f"2026-10-21 12:00:00Z\tWed 12:00 UTC\tOps\tRenew the certificate\t{person.email}",
        "2 messages from 2026-10-20 12:00 to 2026-10-23 00:00 UTC.",
    ]
    assert run("--team", str(team.uuid))[-1].startswith("0 messages")


def test_a_schedule_that_cannot_be_read_does_not_hide_the_others(capsys: pytest.CaptureFixture[str]) -> None:
    good = reminder_due(team_of(1), NOON + timedelta(days=1), planned_at=NOON)
    bad = reminder_due(team_of(1), NOON + timedelta(days=1), planned_at=NOON)
    Reminder.objects.filter(pk=bad.pk).update(rule="nonsense")
    assert [line for line in run() if good.title in line]
    assert f"Reminder {bad.uuid} cannot be read" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--from", "yesterday"], "--from must be a date or a time"),
        (["--from", "2026-13-01"], "--from must be a date or a time"),
        (["--from", "2026-10-19"], "lies in the past"),
        (["--from", "2026-11-02", "--to", "2026-11-01T00:00"], "--to must lie after --from"),
        (["--to", "2027-12-01"], "a year ahead at most"),
        (["--from", "2090-01-01"], "a year ahead at most"),
        (["--team", "Nobody"], "There is no team Nobody"),
    ],
)
def test_the_command_says_what_is_wrong_with_what_was_asked(arguments: list[str], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        run(*arguments)


def test_the_begin_of_today_means_now(team: Team) -> None:
    assert run("--from", "2026-10-20", "--to", "2026-10-20T13:00")[-1].endswith(
        "from 2026-10-20 12:00 to 2026-10-20 13:00 UTC."
    )


def test_two_teams_of_one_name_are_told_apart_by_their_uuid() -> None:
    first, _second = team_of(1, name="Ops"), team_of(1, name="Ops")
    with pytest.raises(CommandError, match="several teams named Ops"):
        run("--team", "Ops")
    assert run("--team", str(first.uuid))
