"""The line of quick-add: what it hears, what it sets, and what it refuses; with htmx and without."""

import re
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from reminders.models import Audience, Reminder
from reminders.tests.pages import HTMX, NOW, outsider, person_in, signed_in
from teams.models import Role, Team
from teams.tests.factories import MembershipFactory, TeamFactory

pytestmark = pytest.mark.django_db

TIMESHEETS = "Submit timesheets every Friday at 16:00"
TOKEN = "5d8a3f0e-6d0a-4a8e-9d38-6d5f3b1c7a01"


def line(team: Team, text: str = TIMESHEETS, **more: str) -> dict[str, str]:
    return {"team": str(team.uuid), "text": text, "token": TOKEN, **more}


def words(answer: HttpResponse) -> str:
    """What one reads of a piece of HTML."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", answer.content.decode())).replace("&quot;", '"')


def heard(client: Client, team: Team, text: str = TIMESHEETS, **more: str) -> HttpResponse:
    answer = client.post("/reminders/quick/heard/", line(team, text, **more), headers=HTMX)
    assert answer.status_code == 200
    return answer


def send(client: Client, team: Team, text: str = TIMESHEETS, **more: Any) -> HttpResponse:
    return client.post("/reminders/quick/", line(team, text, **more), headers=HTMX)


def seen(answer: HttpResponse) -> str:
    return re.search(r'name="seen" value="([^"]+)"', answer.content.decode())[1].replace("&#x27;", "'")


def test_it_says_what_was_heard_and_saves_nothing(team: Team, client: Client) -> None:
    said = words(heard(client, team, TIMESHEETS + ", remind 1 day and 1 hour before"))
    assert "every Friday repeat" in said and "at 16:00 time" in said
    assert "Submit timesheets, every Friday at 16:00, Berlin time, and 1 day and 1 hour before." in said
    assert said.partition("Show more")[0].count("Berlin · 10:00 for you") == 5 and said.count("for you") == 20
    assert "The first comes in 3 days. Reaches 1 person in Operations." in said
    assert not Reminder.objects.exists()


@pytest.mark.parametrize("sign", ["\x1b", "\x7f", "\u202e", "\u2066"])
def test_what_it_is_about_is_one_line(team: Team, client: Client, sign: str) -> None:
    text = f"Submit{sign}timesheets every Friday at 16:00"
    assert "in one line" in words(heard(client, team, text))
    assert "/reminders/new/" in send(client, team, text, seen=seen(heard(client, team, text)))["HX-Redirect"]
    assert not Reminder.objects.exists()


def test_it_names_the_people_who_were_called(team: Team, client: Client) -> None:
    person_in(team, name="Bob Ross")
    assert "Reaches Bob Ross and Ana Lopez in Operations." in words(heard(client, team, "Lunch @bob @ana tomorrow"))


def test_it_marks_what_is_not_understood_and_says_why(team: Team, client: Client) -> None:
    said = words(heard(client, team, "Pay rent 03/04 @eve"))
    assert "03/04 not understood" in said and "03/04 may be 3 April or 4 March" in said
    assert "@eve not understood" in said and "@eve is not in this team." in said
    assert "the form opens" in said
    assert "Say when as well" in words(heard(client, team, "Buy milk"))


def test_it_warns_where_days_off_matter_and_the_team_has_no_holidays(team: Team, client: Client) -> None:
    text = "Clean every Friday except holidays"
    assert "Operations has no public holidays set" in words(heard(client, team, text))
    assert "Set them" not in words(heard(client, team, text))
    assert "Set them" in words(heard(signed_in(person_in(team, Role.ADMIN)), team, text))
    Team.objects.update(country="DE", region="BE")
    said = words(heard(client, team, text))
    assert "public holidays" not in said and "Left out: Fri 25 Dec" in said


def test_it_says_from_where_a_day_off_was_moved(team: Team, client: Client) -> None:
    Team.objects.update(country="DE", region="BE")
    said = words(heard(client, team, "Pay every month on the 25th or the next working day"))
    assert "Mon 28 Dec, 09:00 Berlin · 03:00 for you" in said and "moved from Fri 25 Dec" in said


def test_an_empty_line_hears_nothing(team: Team, client: Client) -> None:
    assert heard(client, team, " ").content.decode().strip() == ""


def test_enter_sets_exactly_what_was_shown_and_offers_to_undo_it(team: Team, ana: User, client: Client) -> None:
    answer = send(client, team, seen=seen(heard(client, team)))
    reminder = Reminder.objects.get()
    assert (reminder.title, reminder.author, reminder.audience) == ("Submit timesheets", ana, Audience.TEAM)
    assert reminder.occurrences.get().due_at == datetime(2026, 11, 27, 15, tzinfo=timezone.utc)
    page = answer.content.decode()
    assert (
        f'“<a href="/reminders/{reminder.uuid}/">Submit timesheets</a>” is set: every Friday at 16:00, Berlin time.'
        in page
    )
    assert f'action="/reminders/{reminder.uuid}/delete/"' in page
    assert re.search(r'name="text" value=""[^>]* data-focus', page) and "<html" not in page
    assert TOKEN not in page
    assert "reminder:added" in answer["HX-Trigger"] and "reminder:changed" in answer["HX-Trigger"]
    client.post(f"/reminders/{reminder.uuid}/delete/")
    assert not Reminder.objects.visible_to(ana).exists()


def test_an_instant_stays_the_one_that_was_shown(team: Team, client: Client, clock: Any) -> None:
    shown = seen(heard(client, team, "Tea in 20 minutes"))
    clock.shift(timedelta(minutes=3))
    send(client, team, "Tea in 20 minutes", seen=shown)
    assert Reminder.objects.get().occurrences.get().due_at == NOW + timedelta(minutes=20)


def test_what_has_become_something_else_is_shown_again_before_it_is_set(team: Team, client: Client, clock: Any) -> None:
    shown = seen(heard(client, team, "Tea in 20 minutes"))
    clock.shift(timedelta(minutes=15))
    answer = send(client, team, "Tea in 20 minutes", seen=shown)
    assert answer.status_code == 422
    assert "Time has gone on since this was shown" in words(answer) and "14:55 Berlin" in words(answer)
    assert 'value="Tea in 20 minutes"' in answer.content.decode()
    assert not Reminder.objects.exists()
    send(client, team, "Tea in 20 minutes", seen=seen(answer))
    assert Reminder.objects.get().occurrences.get().due_at == NOW + timedelta(minutes=35)


def test_enter_twice_sets_one_reminder_and_other_words_another(team: Team, client: Client) -> None:
    assert send(client, team).status_code == send(client, team).status_code == 200
    assert Reminder.objects.count() == 1
    send(client, team, "Water the plants tomorrow")
    assert Reminder.objects.count() == 2


def test_what_was_undone_can_be_set_again(team: Team, ana: User, client: Client) -> None:
    send(client, team)
    Reminder.objects.get().discard(NOW)
    send(client, team)
    assert Reminder.objects.visible_to(ana).count() == 1


@pytest.mark.parametrize("text", ["Buy milk", "Pay rent 03/04", "every Friday", "Lunch tomorrow @eve"])
def test_what_is_not_understood_opens_the_form_with_the_words(team: Team, client: Client, text: str) -> None:
    answer = send(client, team, text)
    assert answer["HX-Redirect"].startswith(f"/teams/{team.uuid}/reminders/new/?said=")
    assert client.get(answer["HX-Redirect"]).status_code == 200
    assert client.get(answer["HX-Redirect"]).wsgi_request.GET["said"] == text
    assert not Reminder.objects.exists()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param(" ", "Write what to remember, and when.", id="nothing"),
        pytest.param("every Friday " + "x" * 500, "Use 500 characters at most; these are 513.", id="too long"),
        pytest.param("Tea\x00 tomorrow", "cannot be stored", id="a character that PostgreSQL refuses"),
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_words_that_cannot_be_stored_are_422_and_kept(
    team: Team, client: Client, text: str, problem: str, headers: dict[str, str]
) -> None:
    answer = client.post("/reminders/quick/", line(team, text), headers=headers)
    assert answer.status_code == 422
    assert problem in words(answer) and 'aria-invalid="true"' in answer.content.decode()
    assert ("<html" in answer.content.decode()) is (not headers)


HOSTILE = [
    "<script>alert(1)</script> tomorrow",
    "%(words)s %s {title} every day",
    "@" * 500,
    "@a" * 250,
    "RRULE:FREQ=YEARLY;BYDAY=MO;BYSETPOS=366;BYMONTHDAY=31 x",
    "x cron: */5 * * * *",
    "every 1 every 2 " * 31,
    "in 99999999999999999999 minutes",
    "tomorrow at 9, remind " + "9" * 400 + " days before",
    "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16") + " on 5 December",
    "a\r\nb\ttomorrow",
    "on 31 December 9999",
    "every day starting 1 January 0001",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_breaks_it_or_becomes_html(team: Team, client: Client, text: str) -> None:
    assert "<script>alert" not in heard(client, team, text).content.decode()
    answer = send(client, team, text)
    assert answer.status_code in {200, 422}
    assert "<script>alert" not in answer.content.decode()


@pytest.mark.parametrize("path", ["/reminders/quick/", "/reminders/quick/heard/"])
def test_it_is_for_those_who_write_for_the_team(team: Team, ana: User, path: str) -> None:
    assert signed_in(outsider()).post(path, line(team)).status_code == 404
    assert signed_in(person_in(team, Role.VIEWER)).post(path, line(team)).status_code == 403
    assert signed_in(ana).post(path, line(team) | {"team": "nonsense"}).status_code == 404
    assert signed_in(ana).post(path, {}).status_code == 404
    assert signed_in(ana).get(path).status_code == 405
    assert not Reminder.objects.exists()


def test_nobody_reaches_anothers_reminder_by_its_token(team: Team, client: Client) -> None:
    send(client, team)
    elsewhere = TeamFactory()
    send(signed_in(person_in(elsewhere)), elsewhere)
    assert Reminder.objects.count() == 2


def test_without_scripts_enter_sets_it_and_preview_shows_it_first(team: Team, client: Client) -> None:
    page = client.post("/reminders/quick/heard/", line(team))
    assert "<html" in page.content.decode() and "every Friday at 16:00" in words(page)
    assert "Set the reminder" in words(page) and f'value="{TIMESHEETS}"' in page.content.decode()
    answer = client.post("/reminders/quick/", line(team, seen=seen(page)))
    assert answer["Location"] == f"/reminders/{Reminder.objects.get().uuid}/"
    assert "is set: every Friday at 16:00, Berlin time." in words(client.get(answer["Location"]))


def test_without_scripts_what_is_not_understood_leads_to_the_form(team: Team, client: Client) -> None:
    answer = client.post("/reminders/quick/", line(team, "Buy milk"))
    assert answer["Location"] == f"/teams/{team.uuid}/reminders/new/?said=Buy+milk"


def test_today_offers_the_teams_one_writes_for_the_last_used_first(team: Team, ana: User, client: Client) -> None:
    assert f'<input type="hidden" name="team" value="{team.uuid}">' in client.get("/today/").content.decode()
    choir = MembershipFactory(user=ana, team=TeamFactory(name="Choir"), role=Role.MEMBER).team
    MembershipFactory(user=ana, team=TeamFactory(name="Audience"), role=Role.VIEWER)
    page = client.get("/today/").content.decode()
    assert re.findall(r'<option value="([^"]+)"', page) == [str(choir.uuid), str(team.uuid)]
    assert f'<option value="{choir.uuid}" selected>' in page
    answer = send(client, team).content.decode()
    for again in (answer, client.get("/today/").content.decode()):
        assert f'<option value="{team.uuid}" selected>' in again


def test_a_teams_page_sets_for_that_team_and_stays_so(team: Team, ana: User, client: Client) -> None:
    MembershipFactory(user=ana, role=Role.MEMBER)
    page = client.get(f"/teams/{team.uuid}/").content.decode()
    assert 'name="fixed" value="1"' in page and 'id="quick-team"' not in page
    assert 'id="quick-team"' not in send(client, team, fixed="1").content.decode()


def test_viewers_have_no_line(team: Team) -> None:
    viewer = signed_in(person_in(team, Role.VIEWER))
    assert all('id="quick"' not in viewer.get(path).content.decode() for path in ("/today/", f"/teams/{team.uuid}/"))


def test_the_line_is_not_part_of_what_today_replaces_by_itself(team: Team, client: Client) -> None:
    assert 'id="quick"' not in client.get("/today/", headers=HTMX).content.decode()
