"""The notification e-mail."""

from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.html import urlize
from django.utils.safestring import mark_safe
from django.utils.text import normalize_newlines
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from accounts.languages import chosen_or_present
from reminders.ladder import DUE, lead_in_words, lead_time
from reminders.links import done_url, outside_url, reminder_url, stop_url
from reminders.models import Delivery, Occurrence
from reminders.schedule.resolve import local_of
from reminders.schedule.words import clock_face
from teamreminders.clock import zone_or_utc
from teamreminders.dates import dated
from teamreminders.letter import Letter
from teamreminders.mould import fill
from teamreminders.templatetags.page import place, span
from teamreminders.text import one_line

# Said in the mail once it is this late.
WORTH_SAYING = timedelta(minutes=2)

Words = dict[str, str]


class Draft(NamedTuple):
    subject: str
    text: str
    html: str


class Drafts:
    """The mails of one round. Recipients of one step who read the same words share a draft; it is forgotten with the
    round, so that an edit is in the next one."""

    def __init__(self) -> None:
        self._drafts: dict[tuple[Any, ...], Draft] = {}

    def letter(self, delivery: Delivery, now: datetime) -> Letter:
        """The Message-ID is the delivery's, the same at every try."""
        host = settings.SITE.hostname
        draft = self._draft(delivery, now)
        headers = {
            "Message-ID": f"<delivery-{delivery.uuid}@{host}>",
            "Auto-Submitted": "auto-generated",
        }
        if not delivery.is_test:  # one thread an occurrence
            headers["References"] = f"<occurrence-{delivery.occurrence.uuid}@{host}>"
        if delivery.outside:
            headers["List-Unsubscribe"] = f"<{stop_url(delivery.outside)}>"
            headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        return Letter(subject=draft.subject, text=draft.text, html=draft.html, to=delivery.address, headers=headers)

    def _draft(self, delivery: Delivery, now: datetime) -> Draft:
        late = now - delivery.planned_for
        zone = delivery.reader_zone or delivery.occurrence.zone
        language = delivery.reader_language or ""
        of_step = delivery.occurrence_id, delivery.round, delivery.step, delivery.planned_for
        of_reader = delivery.reason, delivery.outside_id, zone, language
        key = *of_step, *of_reader, span(late) if late >= WORTH_SAYING else ""
        if key not in self._drafts:
            self._drafts[key] = _draft_in(language, delivery, zone_or_utc(zone), now)
        return self._drafts[key]


def _draft_in(chosen: str, delivery: Delivery, zone: ZoneInfo, now: datetime) -> Draft:
    """In the language that the recipient chose."""
    if not chosen or (language := chosen_or_present(chosen)) == get_language():
        return _draft(delivery, zone, now)
    with override(language):
        return _draft(delivery, zone, now)


def _draft(delivery: Delivery, zone: ZoneInfo, now: datetime) -> Draft:
    """Text and HTML in the recipient's zone."""
    words = _words(delivery, zone, now)
    missed = 0 if words["lead"] or words["test"] else delivery.occurrence.missed_before
    facts = (("missed", missed), ("reason", delivery.reason))
    text = fill("mail/reminder.txt", words, facts)
    html = fill("mail/reminder.html", words | {"notes": _notes_in_html(words["notes"])}, facts)
    return Draft(_subject(words, delivery.occurrence.reminder.team.subject_prefix), text, html)


def _words(delivery: Delivery, zone: ZoneInfo, now: datetime) -> Words:
    """What the templates print; empty where it is not to be said."""
    occurrence = delivery.occurrence
    reminder = occurrence.reminder
    late, lead = now - delivery.planned_for, lead_time(delivery.step)
    return {
        "title": reminder.title,
        "team": reminder.team.name,
        "notes": reminder.notes,
        "lead": lead_in_words(lead) if lead else "",
        "test": "yes" if delivery.is_test else "",
        "late": span(late) if late >= WORTH_SAYING else "",
        "schedule": reminder.in_words if reminder.repeats else "",
        **_links(delivery),
        **_when(occurrence, zone),
        **_put_off(delivery),
    }


def _links(delivery: Delivery) -> Words:
    """Pages are for members; an outside address has one where it can stop this. A test is nothing to be done."""
    if delivery.outside:
        return {"url": "", "done_url": "", "outside_url": outside_url(delivery.outside)}
    occurrence = delivery.occurrence
    asks = occurrence.reminder.asks and not delivery.is_test
    return {
        "url": reminder_url(occurrence.reminder),
        "done_url": done_url(occurrence) if asks else "",
        "outside_url": "",
    }


def _when(occurrence: Occurrence, zone: ZoneInfo) -> Words:
    """When it is due, on the reminder's clock, and on the reader's where that shows something else."""
    there, here = local_of(occurrence.due_at, zone_or_utc(occurrence.zone)), local_of(occurrence.due_at, zone)
    moved = occurrence.slot if occurrence.is_moved else None
    return {
        "day": _day(there, "l j F Y"),
        "at": clock_face(there),
        "place": place(occurrence.zone),
        "my_day": _day(here, "D j M") if here != there else "",
        "my_at": clock_face(here) if here != there else "",
        "slot_day": _day(moved, "l j F") if moved else "",
        "slot_at": clock_face(moved) if moved else "",
    }


def _put_off(delivery: Delivery) -> Words:
    """Whether it was snoozed, and who did."""
    occurrence = delivery.occurrence
    snoozed = delivery.step == DUE and delivery.planned_for != occurrence.due_at
    by = str(occurrence.snoozed_by) if snoozed and occurrence.snoozed_by else ""
    return {"snoozed_by": by, "snoozed": "yes" if snoozed else ""}


def _day(day: datetime, form: str) -> str:
    return _day_in(day.date(), form, get_language() or "")


@lru_cache(maxsize=200)
def _day_in(day: date, form: str, language: str) -> str:
    return dated(day, form)


@lru_cache(maxsize=200)
def _notes_in_html(notes: str) -> str:
    """With its lines kept and its addresses as links; nothing else of it is HTML."""
    return mark_safe(urlize(normalize_newlines(notes), autoescape=True).replace("\n", "<br>"))  # noqa: S308


def _subject(words: Words, prefix: str) -> str:
    """The title in one line; before it how long there is still, or that it is a test, and first the team's prefix."""
    title = one_line(words["title"])
    subject = _("In %(time)s: %(title)s") % {"time": words["lead"], "title": title} if words["lead"] else title
    subject = _("Test: %(title)s") % {"title": title} if words["test"] else subject
    return f"[{one_line(prefix)}] {subject}" if prefix else subject
