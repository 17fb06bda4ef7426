"""One of a series, and a series that pauses or ends, on the reminder's page; putting off on Today."""

import re
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from reminders.dispatch import dispatch_due
from reminders.models import Occurrence, Reminder
from reminders.tests.factories import OccurrenceFactory, ReminderFactory
from reminders.tests.pages import HTMX, NOW, outsider, person_in, signed_in
from teams.models import Role, Team

from .test_reminders import page_of, read

pytestmark = pytest.mark.django_db

FRIDAYS = [datetime(2026, 11, 27, 16), datetime(2026, 12, 4, 16), datetime(2026, 12, 11, 16)]


@pytest.fixture
def reminder(team: Team, ana: User) -> Reminder:
    """Every Friday at 16:00 in Berlin; Ana, who wrote it, reads in New York."""
    rule, due = "FREQ=WEEKLY;BYDAY=FR", datetime.fromisoformat("2026-11-27T16:00+01:00")
    return ReminderFactory(team=team, author=ana, title="Submit timesheets", rule=rule, due=due, now=NOW)


def act(client: Client, reminder: Reminder, verb: str, slot: datetime | None = None, **fields: str) -> str:
    """Press the button; returns the message that the next page shows, with where its Undo leads."""
    form = fields | ({"slot": slot.isoformat()} if slot else {})
    answer = client.post(f"{page_of(reminder)}{verb}/", form)
    assert answer.status_code == 302
    html = client.get(answer["Location"]).content.decode()
    message = html[html.index('id="messages"') :]
    undo = re.search(r'action="([^"]+)"', message[: message.index("</div>\n")] if "</form>" in message else "")
    client.undo = unescape(undo[1]) if undo else ""  # type: ignore[attr-defined]
    return re.sub(r"<[^>]+>", "", message)


def next_times(client: Client, reminder: Reminder) -> list[str]:
    seen = read(client, page_of(reminder))
    return re.findall(r"(\w{3} \d+ \w{3}(?: \d{4})?, \d\d:\d\d) Berlin", seen[seen.index(" Next ") :])


def test_one_is_left_out_and_brought_back(client: Client, reminder: Reminder) -> None:
    assert "Left out: Fri 4 December, 16:00." in act(client, reminder, "skip", FRIDAYS[1])
    assert next_times(client, reminder)[:2] == ["Fri 27 Nov, 16:00", "Fri 11 Dec, 16:00"]
    assert "left out: Fri 4 Dec, 16:00 Bring back" in read(client, page_of(reminder))
    client.post(client.undo)  # type: ignore[attr-defined]
    assert next_times(client, reminder)[1] == "Fri 4 Dec, 16:00"


def test_the_next_one_that_is_left_out_goes_to_nobody(client: Client, reminder: Reminder) -> None:
    act(client, reminder, "skip", FRIDAYS[0])
    assert next_times(client, reminder)[0] == "Fri 4 Dec, 16:00"
    assert list(reminder.occurrences.order_by("slot").values_list("slot", "state")) == [
        (FRIDAYS[0], "skipped"),
        (FRIDAYS[1], "upcoming"),
    ]
    assert "It comes on Fri 27 November" in act(client, reminder, "unskip", FRIDAYS[0])
    assert next_times(client, reminder)[0] == "Fri 27 Nov, 16:00"


def test_one_is_moved_and_moved_back_and_the_others_stay(client: Client, reminder: Reminder) -> None:
    assert "it comes on Mon 30 November, 10:30" in act(client, reminder, "move", FRIDAYS[0], to="2026-11-30T10:30")
    assert next_times(client, reminder)[:2] == ["Mon 30 Nov, 10:30", "Fri 4 Dec, 16:00"]
    upcoming = reminder.occurrences.get(state="upcoming")
    assert (upcoming.slot, upcoming.due_at.isoformat()) == (FRIDAYS[0], "2026-11-30T09:30:00+00:00")
    client.post(client.undo)  # type: ignore[attr-defined]
    assert next_times(client, reminder)[0] == "Fri 27 Nov, 16:00"
    assert reminder.__class__.objects.get(pk=reminder.pk).moved == {}


@pytest.mark.parametrize("to", ["", "tomorrow", "2026-11-20T09:00", "99999-01-01T00:00", "2026-12-01T09:00+01:00"])
def test_one_is_moved_only_to_a_time_to_come(client: Client, reminder: Reminder, to: str) -> None:
    assert "Choose a date and a time to come." in act(client, reminder, "move", FRIDAYS[0], to=to)
    assert next_times(client, reminder)[0] == "Fri 27 Nov, 16:00"


def test_a_day_that_is_not_of_the_series_is_said_to_be_none(client: Client, reminder: Reminder) -> None:
    for verb in ("skip", "unskip"):
        assert "cannot be changed any more" in act(client, reminder, verb, datetime(2026, 11, 26, 16))
    assert client.post(f"{page_of(reminder)}skip/", {"slot": "soon"}).status_code == 404


def test_a_pause_may_end_by_itself(client: Client, reminder: Reminder) -> None:
    assert "goes on by itself on Fri 4 December 2026." in act(client, reminder, "pause", until="2026-12-04")
    assert next_times(client, reminder)[0] == "Fri 4 Dec, 16:00"
    assert "Paused until Fri 4 Dec" in read(client, page_of(reminder))
    assert reminder.occurrences.get(state="upcoming").slot == FRIDAYS[1]
    assert "Resumed" in act(client, reminder, "resume")
    assert next_times(client, reminder)[0] == "Fri 27 Nov, 16:00"


@pytest.mark.parametrize("until", ["2026-11-24", "2026-02-30", "soon", "0001-01-01", "9999-12-31T00:00"])
def test_a_pause_ends_on_a_day_to_come(client: Client, reminder: Reminder, until: str) -> None:
    assert "Choose a day to come." in act(client, reminder, "pause", until=until)
    assert not Reminder.objects.paused(NOW).exists()


def test_a_series_ends_and_goes_on_by_undo(client: Client, team: Team, ana: User) -> None:
    daily = ReminderFactory(team=team, author=ana, daily=True, now=NOW - timedelta(days=3), count=30)
    daily.refresh_from_db()
    while dispatch_due(NOW):
        pass
    assert "The series has ended." in act(client, daily, "end")
    assert "Nothing more: it waits for an answer" in read(client, page_of(daily))
    assert not daily.occurrences.filter(state="upcoming")
    client.post(client.undo)  # type: ignore[attr-defined]
    daily.refresh_from_db()
    assert daily.count == 30 and daily.occurrences.filter(state="upcoming")
    assert client.post(f"{page_of(daily)}reopen/?ends=made-up").status_code == 404


def test_the_end_of_a_series_that_was_edited_since_is_not_taken_back(client: Client, team: Team, ana: User) -> None:
    daily = ReminderFactory(team=team, author=ana, daily=True, now=NOW - timedelta(days=3))
    act(client, daily, "end")
    undo = client.undo  # type: ignore[attr-defined]
    Reminder.objects.filter(pk=daily.pk).update(until="2026-12-31", last=None)
    client.post(undo)
    daily.refresh_from_db()
    assert str(daily.until) == "2026-12-31"


def test_what_was_left_out_stays_so_in_what_follows(client: Client, reminder: Reminder) -> None:
    Reminder.objects.filter(pk=reminder.pk).update(lead_times=[20 * 24 * 60])  # which has several booked
    reminder.refresh_from_db()
    reminder.arrange(NOW)
    act(client, reminder, "skip", FRIDAYS[2])
    form = filled(client, f"{page_of(reminder)}edit/?from={FRIDAYS[1].isoformat()}")
    client.post(f"{page_of(reminder)}edit/", form)
    assert next_times(client, Reminder.objects.get(continues=reminder))[:2] == ["Fri 4 Dec, 16:00", "Fri 18 Dec, 16:00"]


def test_what_has_not_begun_is_deleted_rather_than_ended(client: Client, reminder: Reminder) -> None:
    assert "delete it if nothing of it shall come" in act(client, reminder, "end")
    assert reminder.occurrences.filter(state="upcoming").exists()


def filled(client: Client, url: str) -> dict[str, Any]:
    """What a browser would send of the form at this address."""
    shown = client.get(url)
    form = shown.context["form"]
    sent = {bound.name: bound.value() for bound in form if bound.value() not in (None, False)}
    return sent | {"stored_at": form.stored_at, "from": shown.context["following"].isoformat()}


def test_this_and_following_become_a_reminder_of_their_own(client: Client, reminder: Reminder) -> None:
    url = f"{page_of(reminder)}edit/?from={FRIDAYS[1].isoformat()}"
    form = filled(client, url)
    assert form["start"] == "2026-12-04"
    answer = client.post(f"{page_of(reminder)}edit/", form | {"at": "09:30", "title": "Submit timesheets early"})
    reminder.refresh_from_db()
    after = Reminder.objects.get(continues=reminder)
    assert answer["Location"] == page_of(after)
    assert next_times(client, reminder) == ["Fri 27 Nov, 16:00"]
    assert next_times(client, after)[:2] == ["Fri 4 Dec, 09:30", "Fri 11 Dec, 09:30"]
    assert (reminder.title, after.title, after.author) == (
        "Submit timesheets",
        "Submit timesheets early",
        reminder.author,
    )
    assert "Goes on as Submit timesheets early" in read(client, page_of(reminder))
    assert "Continues Submit timesheets" in read(client, page_of(after))
    again = client.post(f"{page_of(reminder)}edit/", form)
    assert again["Location"] == page_of(reminder) and Reminder.objects.count() == 2


def test_all_from_the_first_one_on_is_the_whole_series(client: Client, reminder: Reminder) -> None:
    form = filled(client, f"{page_of(reminder)}edit/?from={FRIDAYS[0].isoformat()}")
    client.post(f"{page_of(reminder)}edit/", form | {"at": "09:30"})
    assert Reminder.objects.get().occurrences.get(state="upcoming").slot == FRIDAYS[0].replace(hour=9, minute=30)


def test_an_edit_that_is_refused_leaves_the_series_whole(client: Client, reminder: Reminder) -> None:
    form = filled(client, f"{page_of(reminder)}edit/?from={FRIDAYS[1].isoformat()}")
    answer = client.post(f"{page_of(reminder)}edit/", form | {"title": ""})
    assert answer.status_code == 422 and FRIDAYS[1].isoformat() in answer.content.decode()
    assert next_times(client, reminder)[1] == "Fri 4 Dec, 16:00"


@pytest.mark.parametrize("slot", ["2026-11-20T16:00", "2026-12-03T16:00"])
def test_a_series_is_cut_only_at_one_of_its_dates_to_come(client: Client, reminder: Reminder, slot: str) -> None:
    answer = client.get(f"{page_of(reminder)}edit/?from={slot}")
    assert answer["Location"] == page_of(reminder)
    assert "not of this series any more" in read(client, answer["Location"])


def test_others_change_nothing_of_the_series(team: Team, reminder: Reminder) -> None:
    for verb in ("skip", "unskip", "move", "end", "reopen"):
        form = {"slot": FRIDAYS[0].isoformat(), "to": "2026-12-01T09:00"}
        assert signed_in(outsider()).post(f"{page_of(reminder)}{verb}/", form).status_code == 404
        assert signed_in(person_in(team, Role.MEMBER)).post(f"{page_of(reminder)}{verb}/", form).status_code == 403
    assert reminder.occurrences.get(state="upcoming").slot == FRIDAYS[0]


@pytest.fixture
def waiting(team: Team, ana: User) -> Occurrence:
    due = NOW - timedelta(hours=2)
    return OccurrenceFactory(reminder=ReminderFactory(team=team, author=ana, due=due, now=NOW), due_at=due)


def answer_to(client: Client, occurrence: Occurrence, verb: str, **form: str) -> str:
    answer = client.post(f"/occurrences/{occurrence.uuid}/{verb}/", form, headers=HTMX)
    assert answer.status_code == 200
    occurrence.refresh_from_db()
    return re.sub(r"<[^>]+>|\s+", " ", answer.content.decode())


@pytest.mark.parametrize(
    ("choice", "until"),
    [
        ({"for": "hour"}, "2026-11-24T14:20+00:00"),
        ({"for": "tomorrow"}, "2026-11-25T09:00-05:00"),  # on Ana's clock
        ({"for": "workday"}, "2026-11-25T09:00-05:00"),
        ({"until": "2026-11-26T08:15"}, "2026-11-26T08:15-05:00"),
    ],
)
def test_what_waits_is_put_off_and_back(client: Client, waiting: Occurrence, choice: dict, until: str) -> None:
    assert "is put off until" in answer_to(client, waiting, "snooze", **choice)
    assert waiting.snoozed_until == datetime.fromisoformat(until)
    assert "Nothing needs you now." in read(client, "/today/") and "put off: Ana" in read(client, "/today/")
    assert "Ana Lopez put it off until" in read(client, page_of(waiting.reminder))
    assert "waits for an answer again" in answer_to(client, waiting, "wake")
    assert waiting.snoozed_until is None and "1 needs you now." in read(client, "/today/")


@pytest.mark.parametrize("choice", [{}, {"for": "ever"}, {"until": "2026-11-24T08:00"}, {"until": "2028-01-01T08:00"}])
def test_it_is_put_off_only_to_a_time_soon_to_come(client: Client, waiting: Occurrence, choice: dict) -> None:
    assert "Choose a time within the next 30 days." in answer_to(client, waiting, "snooze", **choice)
    assert waiting.snoozed_until is None


def test_what_was_put_off_is_sent_again_then(client: Client, waiting: Occurrence) -> None:
    answer_to(client, waiting, "snooze", **{"for": "hour"})
    assert dispatch_due(NOW + timedelta(minutes=59, seconds=59)) == 0
    dispatch_due(NOW + timedelta(hours=1))
    delivery = waiting.deliveries.get()
    assert (delivery.planned_for, delivery.round) == (NOW + timedelta(hours=1), 1)


def test_what_waits_is_left_out_and_taken_back(client: Client, waiting: Occurrence) -> None:
    assert "is left out this time" in answer_to(client, waiting, "skip")
    assert waiting.state == "skipped"
    assert "Ana Lopez left it out" in read(client, page_of(waiting.reminder))
    answer_to(client, waiting, "undo")
    assert waiting.state == "open"
    assert "not possible now: it is open" in answer_to(client, waiting, "wake")
