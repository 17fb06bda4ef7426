"""What is done to big tables: each verb of the engine, of a person, and each page, as the code itself does it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from accounts.models import User
from reminders.bulk import carry_out, undo
from reminders.delivery import deliver
from reminders.dispatch import dispatch_due
from reminders.hand_over import hand_over
from reminders.models import BulkAct, Delivery, Label, Occurrence, Reminder
from reminders.pruning import LOOKED_THROUGH, prune_history
from reminders.reconciler import COUNTED, look
from teamreminders.history import MOST

from .big import OF_A_TEAM, Big

HOUR = timedelta(hours=1)
Path = Callable[[Big, Client], Any]


def idle_pass(big: Big, client: Client) -> None:
    assert dispatch_due(timezone.now()) == 0
    assert hand_over(timezone.now()) == 0


def dispatch(big: Big, client: Client) -> None:
    assert dispatch_due(big.begin + timedelta(minutes=60)) == 61


def dispatch_after_an_outage(big: Big, client: Client) -> None:
    assert dispatch_due(big.begin + timedelta(hours=20)) == 100


def hand_over_and_deliver(big: Big, client: Client) -> None:
    now = timezone.now()
    queued = list(Delivery.objects.order_by("-pk").values_list("pk", flat=True)[:60])
    Delivery.objects.filter(pk__in=queued).update(state="queued", next_try_at=now, sent_at=None, tries=0)
    assert hand_over(now)
    deliver(queued[:25])


def new_clocks(big: Big, client: Client) -> None:
    some, _last = Reminder.objects.some_by_own_clocks(after=0)
    assert some.with_new_zones().recompute(timezone.now()) == 0


def a_new_clock(big: Big, client: Client) -> None:
    User.objects.filter(email="person2@big.example").update(zone="Asia/Tokyo")
    first = Reminder.objects.filter(team=big.team).order_by("pk")[0]
    some, _last = Reminder.objects.some_by_own_clocks(after=first.pk - 1)
    assert some.with_new_zones().recompute(timezone.now()) > 0


def create(big: Big, client: Client) -> None:
    reminder = big.reminder
    fields = {name: getattr(reminder, name) for name in ("team", "zone", "start", "times", "rule")}
    Reminder.objects.create(title="Another", author=big.operator, **fields).arrange(timezone.now())


def edit(big: Big, client: Client) -> None:
    reminder = Reminder.objects.lock(big.reminder.pk)
    reminder.times = [(datetime.combine(reminder.start, reminder.times[0]) + HOUR).time()]
    reminder.save()
    reminder.arrange(timezone.now())


def stop_and_go_on(big: Big, client: Client) -> None:
    now, reminder = timezone.now(), big.reminder
    assert reminder.pause(now) and reminder.resume(now)
    assert reminder.pause(now, now + timedelta(days=9)) and reminder.resume(now)
    assert reminder.discard(now) and reminder.restore(now)


def answer(big: Big, client: Client) -> None:
    now, occurrence = timezone.now(), open_one(big)
    assert occurrence.snooze(now + HOUR, big.operator, now) and occurrence.wake(now)
    assert occurrence.finish(big.operator, now) and occurrence.undo(now)
    assert occurrence.skip(big.operator, now)


def change_the_series(big: Big, client: Client) -> None:
    now, reminder = timezone.now(), big.reminder
    slot = reminder.occurrences.get(state="upcoming").slot
    assert reminder.move_slot(slot + timedelta(days=10), slot + timedelta(days=10, hours=1), now)
    assert reminder.skip_slot(slot + timedelta(days=5), big.operator, now)
    assert reminder.skip_slot(slot, big.operator, now) and reminder.unskip_slot(slot, now)
    assert reminder.end(now)


def prune(days: int) -> Path:
    """One transaction, of what is that old; it is the ids that it walks over."""

    def first(big: Big, client: Client) -> None:
        assert next(iter(prune_history(big.begin - timedelta(days=days)))).occurrences

    return first


def compare(big: Big, client: Client) -> None:
    look(timezone.now())


def open_one(big: Big) -> Occurrence:
    return big.reminder.occurrences.get(state="open")


def page(path: str) -> Path:
    def get(big: Big, client: Client) -> None:
        rows = {"team": big.team, "reminder": big.reminder, "occurrence": open_one(big), "person": big.operator}
        answer = client.get(path.format(**{name: row.uuid for name, row in rows.items()}))
        assert answer.status_code == 200, f"{path}: {answer.status_code}"

    return get


def bulk(verb: str) -> Path:
    def act(big: Big, client: Client) -> None:
        label = Label.objects.create(team=big.team, name="ops")
        done = BulkAct(team=big.team, by=big.operator, verb=verb, label=label, at=timezone.now())
        rows = Reminder.objects.visible_to(big.operator).filter(team=big.team)
        assert carry_out(done, rows).act.changed == undo(done, timezone.now()) == OF_A_TEAM

    return act


ENGINE: dict[str, Path] = {
    "an idle pass": idle_pass,
    "a dispatch": dispatch,
    "a dispatch after an outage": dispatch_after_an_outage,
    "hand-over and delivery": hand_over_and_deliver,
    "looking for new clocks": new_clocks,
    "planning for a new clock": a_new_clock,
}
PEOPLE: dict[str, Path] = {
    "create": create,
    "edit": edit,
    "pause, resume, delete, restore": stop_and_go_on,
    "snooze, done, undo, skip": answer,
    "moving, skipping and ending in a series": change_the_series,
    "Today": page("/today/"),
    "a team": page("/teams/{team}/"),
    "a team, searched": page("/teams/{team}/?q=reminder 7&mine=1"),
    "the calendar": page("/calendar/"),
    "the calendar of what is for me, as a list": page("/calendar/?mine=1&view=agenda"),
    "a team's calendar, a month on": page("/teams/{team}/calendar/?month=2099-01"),
    "the palette": page("/search/?q=big reminder 7"),
    "a team, by a word that all have": page("/teams/{team}/?q=reminder"),
    "a team, what has ended": page("/teams/{team}/?state=ended&for_me=1"),
    "a team, by title": page("/teams/{team}/?sort=title&state=paused"),
    "a team, changed last": page("/teams/{team}/?sort=changed&page=2"),
    "the API's search": page("/api/v1/reminders?q=reminder 77&sort=changed"),
    "pausing all of a team, and back": bulk("pause"),
    "deleting all of a team, and back": bulk("delete"),
    "labelling all of a team, and back": bulk("label"),
    "a reminder with its receipt": page("/reminders/{reminder}/"),
    "the receipt's second page": page("/reminders/{reminder}/?page=2"),
    "a reminder's history": page("/reminders/{reminder}/history/"),
    "a team's activity": page("/teams/{team}/activity/"),
    "a team's activity, by one person": page("/teams/{team}/activity/?kind=reminders&by={person}"),
    "the form": page("/reminders/{reminder}/edit/"),
    "Done, from the mail": page("/occurrences/{occurrence}/done/"),
    "the API's reminders": page("/api/v1/reminders"),
    "the API's reminders, searched": page("/api/v1/reminders?team={team}&q=reminder 7&for_me=true&sort=created"),
    "the API's occurrences": page("/api/v1/occurrences"),
    "deliveries of a person": page("/admin/reminders/delivery/?q=person7@"),
    "dispatches that failed": page("/admin/reminders/occurrence/?trouble=set-aside"),
    "a reminder by its UUID": page("/admin/reminders/reminder/?q={reminder}"),
    "an occurrence by its UUID": page("/admin/reminders/occurrence/?q={occurrence}"),
}
# What counts rows, or walks over them, up to a limit.
COUNTS: dict[str, tuple[Path, int]] = {
    "pruning a little": (prune(days=42), LOOKED_THROUGH),
    "pruning most": (prune(days=15), LOOKED_THROUGH),
    "the reconciler": (compare, COUNTED),
    "the admin's reminders": (page("/admin/reminders/reminder/"), MOST),
    "the admin's occurrences": (page("/admin/reminders/occurrence/"), MOST),
    "the admin's deliveries": (page("/admin/reminders/delivery/"), MOST),
    "the admin's changes": (page("/admin/teams/change/"), MOST),
}
# Rows of big tables that one statement may touch else. A person has 100 reminders, a transaction takes 100 occurrences.
TOUCHED_AT_MOST = 2500
PATHS: dict[str, tuple[Path, int]] = {
    **{name: (path, TOUCHED_AT_MOST) for name, path in (ENGINE | PEOPLE).items()},
    **{name: (path, counted + 500) for name, (path, counted) in COUNTS.items()},
}
