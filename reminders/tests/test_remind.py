"""`manage.py remind`: a reminder in one line, in somebody's name."""

from datetime import datetime, timezone
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command

from accounts.models import User
from accounts.tests.factories import UserFactory
from reminders.models import Audience, Reminder
from teams.models import Change, Role, Team
from teams.tests.factories import MembershipFactory, TeamFactory

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 10, 20, 12, tzinfo=timezone.utc)  # a Tuesday
STAND_UP = "every weekday at 9 stand-up"


@pytest.fixture
def team() -> Team:
    return TeamFactory(name="Operations", zone="Europe/Berlin")


@pytest.fixture
def ana(team: Team) -> User:
    return MembershipFactory(
        team=team, user__name="Ana", user__email="ana@example.org", user__zone="Europe/Berlin"
    ).user


def remind(text: str, *options: str, team: str = "Operations", email: str = "ana@example.org") -> list[str]:
    said = StringIO()
    with time_machine.travel(NOON, tick=False):
        call_command("remind", text, "--team", team, "--as", email, *options, stdout=said)
    return said.getvalue().splitlines()


def refused(text: str, *options: str, **who: str) -> str:
    """Why; nothing is set."""
    with pytest.raises(CommandError) as error:
        remind(text, *options, **who)
    assert not Reminder.objects.exists()
    return str(error.value)


def test_it_sets_what_it_says(ana: User, settings: object) -> None:
    said = remind(STAND_UP)
    reminder = Reminder.objects.get()
    assert said == [
        "“stand-up”: every weekday at 09:00, Berlin time.",
        "For everybody in Operations.",
        "Next:",
        "  Wed 21 October 2026 at 09:00",
        "  Thu 22 October 2026 at 09:00",
        "  Fri 23 October 2026 at 09:00",
        "  Mon 26 October 2026 at 09:00",
        "  Tue 27 October 2026 at 09:00",
        f"It is set: {settings.SITE_URL}/reminders/{reminder.uuid}/",  # type: ignore[attr-defined]
    ]
    assert (reminder.author, reminder.title, reminder.audience) == (ana, "stand-up", Audience.TEAM)
    first = reminder.occurrences.earliest("due_at")
    assert first.due_at == datetime(2026, 10, 21, 7, tzinfo=timezone.utc)


def test_it_is_written_down_as_an_act_of_that_person_by_a_command(team: Team, ana: User) -> None:
    remind(STAND_UP)
    written = Change.objects.get(team=team, kind="reminder", action="added")
    assert (written.who_id, written.channel) == (ana.pk, "command")


def test_a_dry_run_only_says(ana: User) -> None:
    assert remind(STAND_UP, "--dry-run")[-1] == "Nothing is set: this was a dry run."
    assert not Reminder.objects.exists()


def test_people_and_notices_are_said_and_set(team: Team, ana: User) -> None:
    bo = MembershipFactory(team=team, user__name="Bo").user
    said = remind("Call the bank tomorrow at 10 @Bo, remind 1 hour before")
    assert said[1:3] == ["Notices come 1 hour before.", "For Bo in Operations."]
    reminder = Reminder.objects.get()
    assert (list(reminder.people.all()), reminder.lead_times) == ([bo], [60])


def test_whoever_lives_by_another_clock_is_told_both(ana: User) -> None:
    User.objects.update(zone="America/New_York")
    line = "  Wed 21 October 2026 at 03:00 (Tue 20 October 2026 at 21:00 in New York)"
    assert line in remind("Back up tomorrow at 3am")


def test_the_team_may_be_named_by_its_uuid_and_the_person_in_capitals(team: Team, ana: User) -> None:
    remind(STAND_UP, team=str(team.uuid), email="ANA@Example.org")
    assert Reminder.objects.get().team == team


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "Write what to remember, and when."),
        ("x" * 501, "Use 500 characters at most"),
        ("Buy milk", "Say when as well"),
        ("every Friday at 16:00", "Say also what it is about."),
        ("Pay yesterday", "“yesterday” is in the past."),
        ("Party today at 8", "This lies in the past."),
        ("Meet tomorrow at 25:00", "25:00 is not a time."),
        ("Lunch with @eve tomorrow", "@eve is not in this team."),
    ],
)
def test_what_cannot_be_set_is_refused_with_the_reason(ana: User, text: str, why: str) -> None:
    assert why in refused(text)
    assert why in refused(text, "--dry-run")


def test_it_wants_a_person_who_can_sign_in(ana: User) -> None:
    assert refused(STAND_UP, email="bo@example.org") == "Nobody has an account with bo@example.org."
    User.objects.update(is_active=False)
    assert refused(STAND_UP) == "The account of ana@example.org is switched off."


def test_a_team_of_others_is_none(ana: User) -> None:
    other = TeamFactory(name="Choir", owner=UserFactory())
    for team in ("Choir", str(other.uuid), "Nobody's"):
        assert refused(STAND_UP, team=team) == f"ana@example.org belongs to no team {team}."


def test_who_only_looks_at_a_team_sets_nothing(team: Team) -> None:
    MembershipFactory(team=team, role=Role.VIEWER, user__email="vic@example.org")
    said = refused(STAND_UP, email="vic@example.org")
    assert said == "vic@example.org may look at Operations, but writes no reminders there."


def test_of_two_teams_with_one_name_it_wants_the_uuid(team: Team, ana: User) -> None:
    TeamFactory(name="Operations")  # of others
    assert remind(STAND_UP, "--dry-run")
    second = MembershipFactory(team=TeamFactory(name="Operations"), user=ana).team
    said = refused(STAND_UP)
    assert "several teams named Operations" in said
    assert str(team.uuid) in said
    assert str(second.uuid) in said
    remind(STAND_UP, team=str(second.uuid))
    assert Reminder.objects.get().team == second
