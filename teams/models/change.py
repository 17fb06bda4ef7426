"""What people changed of a team and of what belongs to it: written by triggers, in the transaction of the change."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from teamreminders.acting import PARAMETER, Channel
from teamreminders.triggers import PlainTrigger

if TYPE_CHECKING:
    from .team import Team

# Whether a team is still there for anybody; with a closed one everything goes, and nobody can look any more.
OPEN = "team.closed_at IS NULL"


class Kind(models.TextChoices):
    """What a change is about; `Change.subject` is the id of one."""

    TEAM = "team", _("team")
    MEMBER = "member", _("member")  # of the person
    INVITATION = "invitation", _("invitation")
    LINK = "link", _("join link")
    OUTSIDE = "outside", _("outside address")
    OFFER = "offer", _("offer of the team")  # of the person who is to own it
    REMINDER = "reminder", _("reminder")


class Action(models.TextChoices):
    ADDED = "added", _("added")
    CHANGED = "changed", _("changed")
    REMOVED = "removed", _("removed")
    RENEWED = "renewed", _("renewed")
    HANDED = "handed", _("handed over")  # a reminder, to another author
    CHOSEN = "chosen", _("chosen")  # a person, an outside address or a label, for a reminder
    NOT_CHOSEN = "unchosen", _("no longer chosen")


class ChangeQuerySet(models.QuerySet["Change"]):
    def before(self, at: datetime | None) -> Self:
        """The newest first. Rows of one transaction have one `created_at`, and stand together."""
        earlier = self.filter(created_at__lt=at) if at else self
        return earlier.order_by("-created_at", "-pk")

    def people(self, team: "Team") -> set[int]:
        """Ids of those who belong to the team or changed something of it, so that one may ask what they did."""
        members = team.memberships.values_list("user", flat=True)
        acted = self.filter(team=team, who__isnull=False).order_by().values_list("who", flat=True).distinct()
        return {*members, *acted}


class Change(models.Model):
    """One row of some table, changed in one statement.

    Keeps neither names nor addresses: those are looked up when it is shown, and go with the rows that have them. The
    columns name rows that may be gone, so no foreign key holds them; a team takes its changes along by a trigger.
    """

    Kind = Kind
    Action = Action

    created_at = models.DateTimeField()  # when the transaction began
    team = models.ForeignKey("Team", models.DO_NOTHING, related_name="changes", db_constraint=False, db_index=False)
    kind = models.CharField(max_length=10, choices=Kind)
    subject = models.BigIntegerField()
    action = models.CharField(max_length=8, choices=Action)
    changes = models.JSONField()  # column -> [before, after]
    who = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, null=True, related_name="+", db_constraint=False, db_index=False
    )
    channel = models.CharField(max_length=7, choices=Channel)  # empty where nobody acted
    act = models.UUIDField(null=True)  # what was changed by one request has the same

    objects = ChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        indexes = [
            models.Index(fields=["team", "-created_at", "-id"], name="change_of_team"),
            models.Index(fields=["team", "who", "-created_at", "-id"], name="change_by_person"),
            models.Index(
                fields=["subject", "-created_at", "-id"], name="change_of_reminder", condition=Q(kind="reminder")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} {self.action}"


_WRITE = """
    INSERT INTO teams_change (created_at, team_id, kind, subject, action, changes, who_id, channel, act)
    SELECT now(), team.id, '{kind}', {subject}, '{action}', {changes},
           nullif(split_part(act.said, ' ', 2), '')::bigint, split_part(act.said, ' ', 3),
           nullif(split_part(act.said, ' ', 1), '')::uuid
      FROM teams_team AS team, (SELECT coalesce(current_setting('{parameter}', true), '')) AS act(said)
     WHERE team.id = {team} AND {only};
    RETURN NULL;
"""


def record(
    action: Action,
    kind: Kind,
    operation: pgtrigger.Operation,
    *,
    subject: str,
    team: str = "team_id",
    changes: str = "'{}'::jsonb",
    condition: str = "",
    only: str = OPEN,
) -> pgtrigger.Trigger:
    """A trigger that writes a `Change`. `subject` and `team` are expressions over the row, as `{row}.id`."""
    row = "OLD" if operation is pgtrigger.Delete else "NEW"
    subject, team = (text if "{row}" in text else f"{{row}}.{text}" for text in (subject, team))
    rows = {"subject": subject.format(row=row), "team": team.format(row=row), "only": only.format(row=row)}
    sql = _WRITE.format(kind=kind.value, action=action.value, changes=changes, parameter=PARAMETER, **rows)
    return PlainTrigger(
        name=f"record_{action.value}",
        operation=operation,
        condition=pgtrigger.Condition(condition) if condition else None,
        func=" ".join(sql.split()),
    )


def added(kind: Kind, *, told: Sequence[str] = (), **where: str) -> pgtrigger.Trigger:
    """`told`: columns that say what it is like."""
    pairs = ", ".join(f"'{column}', jsonb_build_array(NULL, NEW.{column})" for column in told)
    return record(Action.ADDED, kind, pgtrigger.Insert, changes=f"jsonb_build_object({pairs})", **where)


def changed(
    kind: Kind, columns: Sequence[str], *, together: Sequence[str] = (), only: str = OPEN, **where: str
) -> pgtrigger.Trigger:
    """Keeps what was changed of these columns, before and after; of those `together` all, if one of them was.

    A statement that sets none of them, as the engine's do, pays nothing.
    """
    one = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in together)
    differs = {column: f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns}
    differs |= dict.fromkeys(together, one)
    values = ", ".join(
        f"('{column}', to_jsonb(OLD.{column}), to_jsonb(NEW.{column}), {condition})"
        for column, condition in differs.items()
    )
    pairs = f"""(SELECT jsonb_object_agg(name, jsonb_build_array(before, after))
        FROM (VALUES {values}) AS compared(name, before, after, differs) WHERE differs)"""  # noqa: S608  (names of ours)
    return record(
        Action.CHANGED,
        kind,
        pgtrigger.UpdateOf(*differs),
        changes=pairs,
        condition=" OR ".join(dict.fromkeys(differs.values())),
        only=only,
        **where,
    )


def renewed(kind: Kind, column: str, **where: str) -> pgtrigger.Trigger:
    """That a column was changed whose value nobody may see."""
    condition = f"OLD.{column} IS DISTINCT FROM NEW.{column}"
    return record(Action.RENEWED, kind, pgtrigger.UpdateOf(column), condition=condition, **where)


def removed(kind: Kind, **where: str) -> pgtrigger.Trigger:
    return record(Action.REMOVED, kind, pgtrigger.Delete, **where)


def of_open_team() -> pgtrigger.Trigger:
    """No row for a closed team; one for a team that is just being closed waits for that, and is refused then."""
    return PlainTrigger(
        name="team_is_open",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func=(
            "PERFORM FROM teams_team WHERE id = NEW.team_id AND closed_at IS NULL FOR KEY SHARE; "
            "IF NOT FOUND THEN RAISE foreign_key_violation USING MESSAGE = 'the team is closed'; END IF; RETURN NEW;"
        ),
    )


def forgotten() -> pgtrigger.Trigger:
    """A team takes its changes along, whoever removes it."""
    return PlainTrigger(
        name="forget_changes",
        operation=pgtrigger.Delete,
        func="DELETE FROM teams_change WHERE team_id = OLD.id; RETURN NULL;",
    )
