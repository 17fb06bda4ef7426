"""Writing a reminder, changing it, and the preview; with htmx and without."""

import re
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from reminders.models import Audience, OccurrenceState, Reminder
from reminders.reach import reach
from reminders.tests.factories import ReminderFactory
from reminders.tests.pages import HTMX, NOW, filled_in, outsider, person_in, signed_in
from teamreminders.testing.texts import NOT_ONE_LINE, ONE_LINE
from teams.models import Role, Team
from teams.tests.factories import TeamFactory

pytestmark = pytest.mark.django_db


def new(team: Team) -> str:
    return f"/teams/{team.uuid}/reminders/new/"


def test_the_same_form_sent_twice_at_once_sets_one_reminder_whichever_wins(client: Client, team: Team) -> None:
    client.post(new(team), filled_in(team))
    first = Reminder.objects.get()
    client.post(new(team), filled_in(team))
    assert Reminder.objects.get() == first
    first.discard(NOW)
    client.post(new(team), filled_in(team))
    client.post(new(team), filled_in(team))
    assert Reminder.objects.filter(deleted_at=None).count() == 1


def test_a_used_form_with_other_words_asks_before_it_sets_a_second_reminder(client: Client, team: Team) -> None:
    client.post(new(team), filled_in(team))
    answer = client.post(new(team), filled_in(team, title="Water the plants"))
    page = answer.content.decode()
    assert (
        answer.status_code == 422 and "You set a reminder with this form before" in page and "Water the plants" in page
    )
    token = re.search(r'name="token" value="([^"]+)"', page)[1]
    client.post(new(team), filled_in(team, title="Water the plants", token=token))
    assert set(Reminder.objects.values_list("title", flat=True)) == {"Renew the certificate", "Water the plants"}


@pytest.mark.parametrize("title", NOT_ONE_LINE)
def test_a_title_is_one_line(client: Client, team: Team, title: str) -> None:
    answer = client.post(new(team), filled_in(team, title=title))
    assert answer.status_code == 422 and "in one line" in answer.content.decode()
    client.post(new(team), filled_in(team))
    reminder = Reminder.objects.get()
    assert client.post(f"/reminders/{reminder.uuid}/edit/", filled_in(team, title=title)).status_code == 422
    reminder.refresh_from_db()
    assert reminder.title == "Renew the certificate"


@pytest.mark.parametrize("title", ONE_LINE)
def test_a_title_is_in_any_script(client: Client, team: Team, title: str) -> None:
    client.post(new(team), filled_in(team, title=title))
    assert Reminder.objects.get().title == title


@pytest.mark.parametrize("text", NOT_ONE_LINE)
def test_rows_that_are_older_than_the_rule_have_pages(client: Client, ana: User, team: Team, text: str) -> None:
    client.post(new(team), filled_in(team))
    for rows, field in ((Reminder.objects, "title"), (Team.objects, "name"), (User.objects, "name")):
        rows.update(**{field: text})
    reminder = f"/reminders/{Reminder.objects.get().uuid}/"
    for url in ("/today/", f"/teams/{team.uuid}/", f"/teams/{team.uuid}/members/", reminder, f"{reminder}edit/"):
        assert client.get(url).status_code == 200
    for url in (f"/teams/{team.uuid}/activity/", f"{reminder}history/", "/me/", "/me/mail/"):
        assert client.get(url).status_code == 200


def preview_of(client: Client, team: Team, **changes: Any) -> str:
    answer = client.post("/reminders/preview/", filled_in(team, **changes), headers=HTMX)
    assert answer.status_code == 200
    return words(answer)


def words(answer: HttpResponse) -> str:
    """What one reads of a piece of HTML."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", answer.content.decode()))


def edit_form(reminder: Reminder, **changes: Any) -> dict[str, Any]:
    form = filled_in(reminder.team, stored_at=reminder.changed_at.isoformat(), reminder=str(reminder.uuid))
    return form | {"title": reminder.title, **changes}


def test_a_new_reminder_is_planned_at_once_and_shown(team: Team, ana: User, client: Client) -> None:
    answer = client.post(new(team), filled_in(team))
    reminder = Reminder.objects.get()
    assert answer["Location"] == f"/reminders/{reminder.uuid}/"
    assert (reminder.author, reminder.team) == (ana, team)
    assert reminder.occurrences.get().due_at == datetime(2026, 11, 25, 8, tzinfo=timezone.utc)
    assert "The reminder is set." in client.get(answer["Location"]).content.decode()


def test_htmx_is_sent_to_the_new_page_with_the_whole_window(team: Team, client: Client) -> None:
    answer = client.post(new(team), filled_in(team), headers=HTMX)
    assert answer["HX-Redirect"] == f"/reminders/{Reminder.objects.get().uuid}/"


def test_the_form_begins_with_the_next_full_hour_of_the_team(team: Team, client: Client) -> None:
    page = client.get(new(team)).content.decode()
    assert 'name="at" value="15:00"' in page
    assert 'name="start" value="2026-11-24"' in page
    assert '<option value="Europe/Berlin" selected>' in page


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_an_invalid_form_is_422_and_keeps_what_was_typed(team: Team, client: Client, headers: dict[str, str]) -> None:
    answer = client.post(
        new(team), filled_in(team, title="", notes="Ask first.", at="00:01", start="2026-11-24"), headers=headers
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Ask first." in page and 'value="00:01"' in page
    assert '<a href="#id_title">' in page and "This time has passed" in page
    assert ("<html" in page) is (not headers)
    assert not Reminder.objects.exists()


def test_the_same_form_sent_twice_writes_one_reminder(team: Team, client: Client) -> None:
    first = client.post(new(team), filled_in(team))
    second = client.post(new(team), filled_in(team))
    assert first["Location"] == second["Location"]
    assert Reminder.objects.count() == 1


def test_a_second_sending_counts_as_the_first_also_when_its_time_has_passed_meanwhile(
    team: Team, client: Client, clock: Any
) -> None:
    soon = filled_in(team, start="2026-11-24", at="14:20:10")
    first = client.post(new(team), soon)
    clock.shift(timedelta(seconds=20))
    assert client.post(new(team), soon)["Location"] == first["Location"]


def test_a_form_sent_again_after_its_reminder_was_deleted_writes_it_anew(team: Team, client: Client) -> None:
    client.post(new(team), filled_in(team))
    Reminder.objects.get().discard(NOW)
    client.post(new(team), filled_in(team))
    assert Reminder.objects.active().count() == 1


def test_nobody_reaches_anothers_reminder_by_its_token(team: Team, client: Client) -> None:
    client.post(new(team), filled_in(team))
    elsewhere = TeamFactory()
    stranger = signed_in(person_in(elsewhere))
    assert stranger.post(new(elsewhere), filled_in(elsewhere)).status_code == 404
    assert Reminder.objects.count() == 1


def test_an_outsider_finds_no_form_and_a_viewer_may_not_write(team: Team) -> None:
    for method in ("get", "post"):
        assert getattr(signed_in(outsider()), method)(new(team)).status_code == 404
        assert getattr(signed_in(person_in(team, Role.VIEWER)), method)(new(team)).status_code == 403


def test_an_edit_moves_what_is_upcoming(team: Team, ana: User, client: Client) -> None:
    reminder = ReminderFactory(team=team, author=ana, now=NOW)
    answer = client.post(f"/reminders/{reminder.uuid}/edit/", edit_form(reminder, title="Renew both"))
    assert answer["Location"] == f"/reminders/{reminder.uuid}/"
    upcoming = reminder.occurrences.get(state=OccurrenceState.UPCOMING)
    assert upcoming.due_at == datetime(2026, 11, 25, 8, tzinfo=timezone.utc)
    assert Reminder.objects.get().title == "Renew both"


def test_an_edit_of_a_paused_reminder_leaves_it_paused(team: Team, ana: User, client: Client) -> None:
    reminder = ReminderFactory(team=team, author=ana, now=NOW, paused=True)
    client.post(f"/reminders/{reminder.uuid}/edit/", edit_form(reminder))
    assert Reminder.objects.get().paused_at
    assert not reminder.occurrences.unsettled().exists()


def test_an_edit_changes_who_gets_it(team: Team, ana: User, client: Client) -> None:
    reminder, bo = ReminderFactory(team=team, author=ana, now=NOW), person_in(team)
    url = f"/reminders/{reminder.uuid}/edit/"
    client.post(url, edit_form(reminder, audience="people", people=[bo.pk]))
    reminder.refresh_from_db()
    assert (reminder.audience, list(reminder.people.all())) == (Audience.PEOPLE, [bo])
    client.post(url, edit_form(reminder, audience="team", people=[bo.pk]))
    assert not Reminder.objects.get().people.exists()
    assert len(reach(Reminder.objects.get())) == 2


def test_two_tabs_do_not_overwrite_each_other_silently(team: Team, ana: User, client: Client) -> None:
    reminder = ReminderFactory(team=team, author=ana, now=NOW)
    first, second = edit_form(reminder, title="First tab"), edit_form(reminder, title="Second tab")
    url = f"/reminders/{reminder.uuid}/edit/"
    with time_machine.travel(NOW + timedelta(seconds=5), tick=False):
        client.post(url, first)
    answer = client.post(url, second)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "changed this reminder after you opened it" in page and 'value="Second tab"' in page
    assert Reminder.objects.get().title == "First tab"
    stored_at = re.search(r'name="stored_at" value="([^"]+)"', page)
    assert stored_at
    client.post(url, second | {"stored_at": stored_at[1]})
    assert Reminder.objects.get().title == "Second tab"


def test_members_edit_their_own_and_admins_all(team: Team, ana: User) -> None:
    reminder = ReminderFactory(team=team, author=ana, now=NOW)
    url = f"/reminders/{reminder.uuid}/edit/"
    statuses = {
        "author": signed_in(ana).get(url).status_code,
        "member": signed_in(person_in(team)).get(url).status_code,
        "viewer": signed_in(person_in(team, Role.VIEWER)).get(url).status_code,
        "admin": signed_in(person_in(team, Role.ADMIN)).get(url).status_code,
        "outsider": signed_in(outsider()).get(url).status_code,
    }
    assert statuses == {"author": 200, "member": 403, "viewer": 403, "admin": 200, "outsider": 404}


def test_the_preview_says_it_in_words_with_the_next_five_times_in_both_zones(team: Team, client: Client) -> None:
    seen = preview_of(client, team, repeat="weekly", weekdays=["4"], at="16:00")
    assert "Every Friday at 16:00, Berlin time." in seen
    assert "Fri 27 Nov, 16:00 Berlin · 10:00 for you" in seen
    assert seen.partition("Show more")[0].count("for you") == 5 and seen.count("for you") == 20
    assert "The first comes in 3 days." in seen
    assert "Reaches 1 person in Operations." in seen


def test_the_preview_says_the_notices(team: Team, client: Client) -> None:
    assert "Once, on Wed 25 November 2026 at 09:00, Berlin time, and 1 day and 1 hour before." in preview_of(
        client, team, lead_times="1 hour, 1 day"
    )


def test_the_preview_counts_who_is_reached(team: Team, client: Client) -> None:
    bo, chidi = person_in(team), person_in(team)
    person_in(team, is_active=False)
    assert "Reaches 3 people in Operations." in preview_of(client, team)
    assert "Reaches 2 people" in preview_of(client, team, audience="people", people=[bo.pk, chidi.pk])


def test_the_preview_warns_of_times_that_the_clocks_skip_or_repeat(team: Team, client: Client) -> None:
    daily = {"repeat": "daily", "at": "02:30"}
    assert "the clocks skip 02:30 that day" in preview_of(client, team, start="2027-03-27", **daily)
    assert "02:30 happens twice that day" in preview_of(client, team, start="2027-10-30", **daily)


def test_the_preview_says_what_becomes_of_the_31st(team: Team, client: Client) -> None:
    seen = preview_of(client, team, repeat="monthly", start="2026-12-31")
    assert "the last day of a shorter month" in seen
    assert "Sun 28 Feb 2027, 09:00 Berlin · 03:00 for you" in seen
    assert "a shorter month: its last day" in seen


def test_the_preview_says_what_is_wrong_instead_of_guessing(team: Team, client: Client) -> None:
    assert "This time has passed." in preview_of(client, team, start="2026-11-23")
    assert "five fields" in preview_of(client, team, repeat="cron", cron="tomorrow")
    assert "required" not in preview_of(client, team, title="")


def test_without_scripts_the_preview_is_the_page_with_everything_typed(team: Team, client: Client) -> None:
    answer = client.post("/reminders/preview/", filled_in(team, notes="Ask first.", repeat="daily"))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "<html" in page and "Ask first." in page and "Every day at 09:00" in page
    assert f'action="{new(team)}"' in page
    assert not Reminder.objects.exists()


def test_a_preview_of_an_edit_saves_nothing(team: Team, ana: User, client: Client) -> None:
    reminder = ReminderFactory(team=team, author=ana, now=NOW, title="As it was")
    before = Reminder.objects.values().get()
    client.post("/reminders/preview/", edit_form(reminder, title="Another", repeat="daily"), headers=HTMX)
    assert Reminder.objects.values().get() == before
    assert reminder.occurrences.count() == 1


def test_a_preview_is_for_those_who_may_write(team: Team, ana: User) -> None:
    reminder = ReminderFactory(team=team, author=ana, now=NOW)
    for form in (filled_in(team), edit_form(reminder)):
        assert signed_in(outsider()).post("/reminders/preview/", form).status_code == 404
        assert signed_in(person_in(team, Role.VIEWER)).post("/reminders/preview/", form).status_code == 403
    assert signed_in(ana).post("/reminders/preview/", {"team": "nonsense"}).status_code == 404
    assert signed_in(ana).get("/reminders/preview/").status_code == 405


def test_a_title_is_shown_as_text_and_never_as_html(team: Team, client: Client) -> None:
    client.post(
        new(team), filled_in(team, title="<script>alert(1)</script>", notes="<b>bold</b> https://example.org/a")
    )
    page = client.get(f"/reminders/{Reminder.objects.get().uuid}/").content.decode()
    assert "<script>alert" not in page and "<b>bold" not in page
    assert 'href="https://example.org/a"' in page


def field(page: str, name: str) -> str:
    """The first input of that name that is chosen, or the only one, as HTML."""
    inputs = re.findall(rf'<(?:input|select)[^>]*name="{name}"[^>]*>', page)
    return next((each for each in inputs if "checked" in each), inputs[0])


def filled_by(client: Client, team: Team, **changes: Any) -> str:
    answer = client.post("/reminders/preview/", filled_in(team, **changes), headers=HTMX)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_sentence_in_a_link_fills_the_form(team: Team, client: Client) -> None:
    said = {"said": "Water the plants every other Friday at 9, 10 times, remind 1 day before"}
    page = client.get(new(team), said).content.decode()
    assert 'value="Water the plants"' in field(page, "title")
    assert 'value="weekly"' in field(page, "repeat") and 'value="4"' in field(page, "weekdays")
    assert 'value="2"' in field(page, "interval") and 'value="10"' in field(page, "count")
    assert 'value="1 day"' in field(page, "lead_times")
    assert "Not all of it was understood" not in page


def test_what_a_link_says_and_is_not_understood_is_said_with_the_title_kept(team: Team, client: Client) -> None:
    page = client.get(new(team), {"said": "Party on Christmas at 9"}).content.decode()
    assert 'value="Party on Christmas"' in field(page, "title")
    assert "“on Christmas” is not one day: say which." in page


def test_a_link_fills_in_single_fields(team: Team, client: Client) -> None:
    page = client.get(new(team), {"title": "Rent", "repeat": "monthly", "start": "2026-12-01", "at": "07:30"})
    page = page.content.decode()
    assert 'value="Rent"' in field(page, "title") and 'value="monthly"' in field(page, "repeat")
    assert 'value="2026-12-01"' in field(page, "start") and 'value="07:30"' in field(page, "at")


def test_hostile_words_in_a_link_are_no_error_of_ours(team: Team, client: Client) -> None:
    for said in ("\x00", "<script>", "@" * 600, "every day at 9 " * 40, "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"):
        assert client.get(new(team), {"said": said, "start": "9999-99-99"}).status_code == 200
        assert client.post("/reminders/preview/", filled_in(team, said=said), headers=HTMX).status_code == 200


def test_a_change_of_the_controls_writes_the_rule_and_leaves_the_controls_alone(team: Team, client: Client) -> None:
    answer = filled_by(client, team, repeat="weekly", weekdays=["4"], interval="2")
    assert 'value="FREQ=WEEKLY;INTERVAL=2;BYDAY=FR"' in field(answer, "recurrence")
    assert 'id="written-rule" hx-swap-oob' in answer and 'id="when"' not in answer


def test_a_rule_fills_the_controls_and_is_left_alone_itself(team: Team, client: Client) -> None:
    answer = filled_by(client, team, recurrence="FREQ=MONTHLY;BYDAY=-1FR")
    assert 'value="monthly"' in field(answer, "repeat") and 'value="-1"' in field(answer, "places")
    assert 'id="written-rule"' not in answer
    assert 'value="FREQ=MONTHLY;BYDAY=-1FR"' in field(answer, "recurrence_filled")
    assert "Every month on the last Friday at 09:00" in answer


def test_what_is_filled_in_while_somebody_writes_is_not_called_wrong_yet(team: Team, client: Client) -> None:
    answer = filled_by(client, team, said="every Friday at 9", title="")
    assert "This field is required" not in answer and "aria-invalid" not in answer
    assert "autofocus" not in answer


def test_a_sentence_that_was_never_previewed_counts_when_the_form_is_sent(team: Team, client: Client) -> None:
    client.post(new(team), filled_in(team, title="", said="Pay the rent every month on the 1st at 10"))
    reminder = Reminder.objects.get()
    assert (reminder.title, reminder.in_words) == ("Pay the rent", "every month on the 1st at 10:00")


def test_a_sentence_that_is_not_understood_is_not_saved_as_something_else(team: Team, client: Client) -> None:
    sent = filled_in(team, said="Party on Christmas at 9")
    answer = client.post(new(team), sent)
    assert answer.status_code == 422 and "is not one day" in answer.content.decode()
    assert not Reminder.objects.exists()


def test_several_times_are_asked_for_in_a_line_of_text(team: Team, client: Client) -> None:
    for headers in ({}, HTMX):
        answer = client.post("/reminders/preview/", filled_in(team, by="times"), headers=headers).content.decode()
        assert re.search(r'<input type="text" name="at" value="09:00"[^>]*autofocus', answer)


def test_everything_is_stored(team: Team, client: Client) -> None:
    client.post(
        new(team),
        filled_in(
            team,
            repeat="daily",
            at="9:00, 17:30",
            day_off="skip",
            holidays_only="on",
            lead_times="1 hour, 2 days",
            zone_mode="recipient",
            lateness="late",
            late_hours="3",
        ),
    )
    reminder = Reminder.objects.get()
    assert (reminder.day_off, reminder.holidays_only, reminder.lead_times) == ("skip", True, [2880, 60])
    assert (reminder.zone_mode, reminder.lateness, reminder.late_hours) == ("recipient", "late", 3)
    assert len(reminder.times) == 2


def test_who_manages_the_team_is_led_to_its_days_off(team: Team, ana: User) -> None:
    answers = {
        role: signed_in(person_in(team, role)).get(new(team)).content.decode() for role in (Role.MEMBER, Role.ADMIN)
    }
    assert "Its admins can choose one." in answers[Role.MEMBER]
    assert all("This team has no holiday calendar yet" in page for page in answers.values())
    team.country = "DE"
    team.save()
    assert "no holiday calendar" not in signed_in(ana).get(new(team)).content.decode()


def test_the_preview_by_own_clocks_shows_the_readers(client: Client, team: Team) -> None:
    form = filled_in(team, repeat="daily", zone_mode="recipient")
    piece = client.post("/reminders/preview/", form, headers=HTMX).content.decode()
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", piece))
    assert "Every day at 09:00 at each person's own local time." in re.sub(r"\s+\.", ".", words)
    assert "Wed 25 Nov, 09:00" in words and "for you" not in words


def test_a_time_that_was_said_beside_a_day_that_is_unclear_is_filled_in(client: Client, team: Team) -> None:
    form = client.get(f"{new(team)}?said=Dentist+12/5+at+2:30pm").context["form"]
    assert (form["at"].value(), form["title"].value()) == ("14:30", "Dentist 12/5")
    assert form.notices


def test_a_cron_expression_that_never_comes_is_said_where_it_stands(client: Client, team: Team) -> None:
    answer = client.post(new(team), filled_in(team, repeat="cron", cron="0 0 30 2 *", ends="count", count="5"))
    assert list(answer.context["form"].errors) == ["cron"]
