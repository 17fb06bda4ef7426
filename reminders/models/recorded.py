"""What of a reminder its history tells, written down by triggers. What the engine changes is not among it."""

import pgtrigger

from teams.models import Action, Kind
from teams.models.change import OPEN, added, changed, of_open_team, record

# Said as one phrase, so all of them are kept where one was changed.
SCHEDULE = ("start", "times", "rule", "cron", "until", "count", "last", "month_end", "day_off", "holidays_only")
# Another column that a person changes needs its name here and a migration; its field says what it is called.
COLUMNS = (
    *("title", "notes", "zone", "zone_mode", "skipped", "moved", "lead_times", "lateness", "late_hours"),
    *("audience", "roles", "completion", "paused_at", "paused_until", "deleted_at"),
)

OF_REMINDER = [
    added(Kind.REMINDER, subject="id", told=["title", *SCHEDULE]),
    changed(Kind.REMINDER, COLUMNS, together=SCHEDULE, subject="id"),
    # To somebody else only: nobody is its author any more when an account is deleted, which is no act on the reminder.
    record(
        Action.HANDED,
        Kind.REMINDER,
        pgtrigger.UpdateOf("author_id"),
        subject="id",
        changes="jsonb_build_object('author_id', jsonb_build_array(OLD.author_id, NEW.author_id))",
        condition="OLD.author_id IS DISTINCT FROM NEW.author_id AND NEW.author_id IS NOT NULL",
    ),
    of_open_team(),
]


# Of members only: who has left is no longer reached, and taking their row away says nothing new.
MEMBER = "EXISTS (SELECT FROM teams_membership WHERE team_id = team.id AND user_id = {row}.user_id)"


def _chosen(key: str, column: str, only: str) -> list[pgtrigger.Trigger]:
    """Rows of a many-to-many field. `key`: what the id in `column` is of."""
    return [
        record(
            action,
            Kind.REMINDER,
            operation,
            subject="reminder_id",
            team="(SELECT team_id FROM reminders_reminder WHERE id = {row}.reminder_id)",
            changes=f"jsonb_build_object('{key}', {row}.{column})",
            only=only,
        )
        for action, operation, row in (
            (Action.CHOSEN, pgtrigger.Insert, "NEW"),
            (Action.NOT_CHOSEN, pgtrigger.Delete, "OLD"),
        )
    ]


OF_CHOICE = _chosen("person", "user_id", f"{OPEN} AND {MEMBER}")
OF_OUTSIDE = _chosen("outside", "outsideaddress_id", OPEN)
OF_LABEL = _chosen("label", "label_id", OPEN)
