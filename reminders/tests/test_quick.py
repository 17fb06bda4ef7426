"""From a line of quick-add to a draft, and when what was shown may be written."""

from datetime import datetime, time, timedelta, timezone

import pytest

from reminders.models import Audience, Reminder
from reminders.quick import FRESH, Draft, as_seen, read
from reminders.schedule import next_after
from reminders.tests.sentences import NOT_UNDERSTOOD, NOW, SENTENCES
from teams.models import Team
from teams.tests.factories import MembershipFactory, TeamFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> Team:
    """In Berlin, with Ada Okafor and Bob Ross."""
    team = TeamFactory(name="Operations", zone="Europe/Berlin")
    MembershipFactory(team=team, user__name="Ada Okafor", user__email="ada@example.org")
    MembershipFactory(team=team, user__name="Bob Ross", user__email="b.ross@example.org")
    return team


def heard(text: str, team: Team, now: datetime = NOW) -> Draft:
    return read(text, team, now)


@pytest.mark.parametrize("text", [each.values[0] for each in SENTENCES])
def test_each_sentence_can_be_written_and_is_stored_as_it_was_understood(team: Team, text: str) -> None:
    draft = heard(text, team)
    assert draft.schedule
    assert "".join(words for words, _kind, _label in draft.pieces) == text
    if not draft.title:
        assert draft.problems == ["Say also what it is about."]
        return
    assert draft.is_complete, draft.problems
    author = team.members.first()
    draft.write(draft.reminder(author), NOW)
    stored = Reminder.objects.get()
    assert stored.schedule == draft.schedule
    assert stored.occurrences.order_by("due_at").first().due_at == next_after(draft.schedule, NOW).at


@pytest.mark.parametrize(("text", "marked", "problem"), [each.values[:3] for each in NOT_UNDERSTOOD])
def test_what_is_not_understood_is_marked_and_not_complete(
    team: Team, text: str, marked: list[str], problem: str
) -> None:
    draft = heard(text, team)
    assert not draft.is_complete
    assert problem in draft.problems
    assert [words for words, kind, _label in draft.pieces if kind == "unknown"] == marked


def test_a_line_without_a_time_is_a_title_and_no_reminder_yet(team: Team) -> None:
    draft = heard("Buy milk", team)
    assert (draft.title, draft.problems, draft.is_complete) == ("Buy milk", [], False)


@pytest.mark.parametrize("name", ["Bob Ross", "bob", "BOB ROSS", "b.ross", "b.ross@example.org"])
def test_people_are_called_by_name_first_name_or_address(team: Team, name: str) -> None:
    draft = heard(f"Lunch with @{name} tomorrow", team)
    assert (draft.title, [str(person) for person in draft.people]) == ("Lunch", ["Bob Ross"])
    reminder = draft.write(draft.reminder(draft.people[0]), NOW)
    assert (reminder.audience, list(reminder.people.all())) == (Audience.PEOPLE, draft.people)


@pytest.mark.parametrize("name", ["everyone", "Everybody", "all", "team"])
def test_the_whole_team_is_called_by_what_it_is(team: Team, name: str) -> None:
    draft = heard(f"Lunch with @{name} tomorrow", team)
    assert (draft.title, draft.people, draft.problems) == ("Lunch", [], [])
    assert draft.reminder(team.members.first()).audience == Audience.TEAM


@pytest.mark.parametrize("other", [{"user__name": "Bob Marley"}, {"user__name": "Robert", "user__email": "bob@x.test"}])
def test_a_name_of_two_people_is_a_problem_and_never_a_guess(team: Team, other: dict[str, str]) -> None:
    MembershipFactory(team=team, **other)
    draft = heard("Lunch with @bob tomorrow", team)
    assert draft.problems == ["Several people are called @bob."]
    assert heard("Lunch with @Bob Ross tomorrow", team).is_complete


def test_nobody_of_another_team_and_nobody_who_is_inactive_can_be_called(team: Team) -> None:
    MembershipFactory(user__name="Eve", user__email="eve@x.test")
    MembershipFactory(team=team, user__name="Gone", user__is_active=False)
    assert heard("Lunch with @eve tomorrow", team).problems == ["@eve is not in this team."]
    assert heard("Lunch with @gone tomorrow", team).problems == ["@gone is not in this team."]


def test_one_person_called_twice_is_reached_once(team: Team) -> None:
    assert len(heard("Lunch with @ada and @Ada Okafor tomorrow", team).people) == 1


def test_days_off_are_the_teams(team: Team) -> None:
    team.country, team.region = "DE", "BE"
    draft = heard("Standup every working day at 9", team, datetime(2026, 12, 24, 12, tzinfo=timezone.utc))
    assert draft.schedule.calendar.country == "DE"
    assert next_after(draft.schedule, draft.now).local == datetime(2026, 12, 28, 9)


def test_a_team_that_works_on_sundays_begins_with_the_next_of_its_own_days(team: Team) -> None:
    team.working_days = [6, 0, 1, 2, 3]
    saturday = datetime(2026, 11, 28, 12, tzinfo=timezone.utc)
    assert next_after(heard("Standup every working day at 9", team, saturday).schedule, saturday).local.weekday() == 6
    assert heard("Standup every working day starting 5 February", team, saturday).schedule.start.month == 2


def test_what_never_comes_for_this_team_is_said(team: Team) -> None:
    assert heard("Clean every Sunday on working days", team).problems


def test_limits_are_said_and_nothing_is_cut_off(team: Team) -> None:
    assert heard("every Friday", team).problems == ["Say also what it is about."]
    long = heard("x" * 201 + " every Friday", team)
    assert (long.title, long.is_complete) == ("x" * 201, False)
    assert not heard("Pay on 5 December, remind 1 minute before", team).is_complete
    assert not heard("Pay on 5 December, remind 99 weeks before", team).is_complete
    assert not heard(
        "Pay on 5 Dec, remind 1 hour, 2 hours, 3 hours, 4 hours, 5 hours and 6 hours before", team
    ).is_complete


def test_lead_times_are_stored_in_minutes_the_longest_first(team: Team) -> None:
    draft = heard("Pay on 5 December, remind 15 minutes and 1 week before", team)
    assert draft.reminder(team.members.first()).lead_times == [10080, 15]


def seen_at(text: str, team: Team, shown: datetime, sent: datetime) -> tuple[Draft, bool]:
    return as_seen(text, team, read(text, team, shown).seen, sent)


def test_what_was_shown_is_written_although_time_has_gone_on(team: Team) -> None:
    draft, may = seen_at("Tea in 20 minutes", team, NOW, NOW + timedelta(minutes=4))
    assert may and draft.schedule.times == (time(12, 20),)


def test_what_would_be_something_else_by_now_is_shown_again(team: Team) -> None:
    sent = NOW + FRESH + timedelta(seconds=1)
    draft, may = seen_at("Tea in 20 minutes", team, NOW, sent)
    assert not may and draft.now == sent and draft.schedule.times == (time(12, 31),)


def test_what_would_still_be_the_same_is_written_also_hours_later(team: Team) -> None:
    assert seen_at("Retro every Friday at 16:00", team, NOW, NOW + timedelta(hours=5))[1]


def test_what_has_passed_since_it_was_shown_is_shown_again(team: Team) -> None:
    assert not seen_at("Pill every day at 12:01", team, NOW, NOW + timedelta(minutes=2))[1]
    draft, may = seen_at("Tea in 1 minute", team, NOW, NOW + timedelta(minutes=2))
    assert not may and next_after(draft.schedule, draft.now)


def test_a_preview_from_the_future_counts_for_nothing(team: Team) -> None:
    draft, may = seen_at("Tea in 20 minutes", team, NOW + timedelta(hours=1), NOW)
    assert not may and draft.now == NOW


def test_a_change_of_the_team_between_preview_and_enter_is_shown_again(team: Team) -> None:
    seen = heard("Lunch with @bob tomorrow", team).seen
    MembershipFactory(team=team, user__name="Bob Marley")
    draft, may = as_seen("Lunch with @bob tomorrow", team, seen, NOW)
    assert not may and not draft.is_complete


def test_words_that_were_not_shown_yet_are_understood_now(team: Team) -> None:
    seen = heard("Tea in 2", team).seen
    draft, may = as_seen("Tea in 20 minutes", team, seen, NOW)
    assert may and draft.now == NOW
    assert as_seen("Tea in 20 minutes", team, "", NOW)[1]


@pytest.mark.parametrize("moment", ["", "x", "2026-11-24", "2026-11-24T11:00", "9999-99-99T00:00+00:00", "\x00"])
def test_a_moment_that_makes_no_sense_means_that_nothing_was_shown(team: Team, moment: str) -> None:
    words = heard("Tea in 20 minutes", team).seen.split(" ")[1]
    draft, may = as_seen("Tea in 20 minutes", team, f"{moment} {words} nonsense", NOW)
    assert not may and draft.now == NOW


def test_two_processes_name_the_same_draft_alike(team: Team) -> None:
    team.days_off = [datetime(2027, 1, day).date() for day in range(1, 9)]
    one = heard("Standup every working day", team).effect
    team.days_off = list(reversed(team.days_off))
    assert heard("Standup every working day", team).effect == one
