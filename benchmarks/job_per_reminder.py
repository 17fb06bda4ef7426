"""What people build first: rq-scheduler holds one job for each reminder, and rq's own SimpleWorkers run them.

Each job reads its rows, renders the templates and opens a connection for its mail. It keeps no ledger and claims
nothing: killed, it loses or doubles. `python -m benchmarks.job_per_reminder` is rq-scheduler's own scheduler.
"""

import os
from datetime import datetime

import django

django.setup()  # it is a process of its own; once more elsewhere does nothing

from django.core.mail import EmailMultiAlternatives  # noqa: E402
from django.template.loader import render_to_string  # noqa: E402
from django.utils import timezone  # noqa: E402
from redis import Redis  # noqa: E402
from rq_scheduler import Scheduler  # noqa: E402

from reminders.links import done_url, reminder_url  # noqa: E402
from reminders.models import Occurrence  # noqa: E402


def remind(occurrence_id: int) -> None:
    """The job."""
    occurrence = Occurrence.objects.select_related("reminder__team").get(pk=occurrence_id)
    reminder = occurrence.reminder
    for person in reminder.team.members.all():
        context = {
            "title": reminder.title,
            "team": reminder.team.name,
            "notes": reminder.notes,
            "day": timezone.localdate(occurrence.due_at),
            "at": timezone.localtime(occurrence.due_at).strftime("%H:%M:%S"),
            "place": "UTC",
            "reason": "team",
            "url": reminder_url(reminder),
            "done_url": done_url(occurrence),
        }
        text, html = (render_to_string(f"mail/reminder.{kind}", context) for kind in ("txt", "html"))
        message = EmailMultiAlternatives(reminder.title, text, to=[person.email])
        message.attach_alternative(html, "text/html")
        message.send()


def schedule_all(at: datetime, redis: Redis) -> None:
    """One entry of rq-scheduler for each occurrence there is."""
    scheduler = Scheduler(queue_name="default", connection=redis)
    for pk in Occurrence.objects.values_list("pk", flat=True):
        scheduler.enqueue_at(at, remind, pk)


if __name__ == "__main__":
    Scheduler(queue_name="default", connection=Redis.from_url(os.environ["REDIS_URL"]), interval=1).run()
