"""The API of changing many reminders at once."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router
from ninja.decorators import decorate_view

from accounts.access import WRITES, ApiRequest
from accounts.once import keep_answer, once
from reminders.access import reminders_of
from reminders.bulk import carry_out, undo
from reminders.forms.bulk import OF_A_LABEL, may_write
from reminders.models import BulkAct, Label
from reminders.schemas import BulkDone, BulkWrite, Undone
from teamreminders.problems import Problem
from teams.access import writable_team
from teams.models import Team

router = Router(tags=["reminders"])


@router.post("/teams/{uuid:team_id}/reminders/bulk", response=BulkDone, auth=WRITES, operation_id="changeReminders")
@decorate_view(keep_answer)
@once(writable_team)
def change_reminders(request: ApiRequest, team_id: UUID, sent: BulkWrite) -> dict[str, Any]:
    """Change many at once, all or none, but for those that you may not change, and those that are not there."""
    now, team = timezone.now(), writable_team(request, team_id)
    label, person = _label(team, sent), _person(team, sent)
    act = BulkAct(team=team, by=request.user, verb=sent.act, label=label, person=person, at=now)
    outcome = carry_out(act, reminders_of(request).filter(team=team, uuid__in=sent.reminders))
    return {"id": act.uuid, "changed": act.changed, "left_out": outcome.left_out}


@router.post(
    "/teams/{uuid:team_id}/reminders/bulk/{uuid:act_id}/undo",
    response=Undone, auth=WRITES, operation_id="undoChangeOfReminders",
)  # fmt: skip
def undo_change(request: ApiRequest, team_id: UUID, act_id: UUID) -> dict[str, Any]:
    """Take back what you did by `changeReminders` in the last ten minutes."""
    now, team = timezone.now(), writable_team(request, team_id)
    act = get_object_or_404(BulkAct.objects.done_by(request.user), team=team, uuid=act_id)
    if not act.is_fresh(now):
        raise Problem(409, _("It is too late to take that back."))
    return {"changed": undo(act, now)}


def _label(team: Team, sent: BulkWrite) -> Label | None:
    if sent.act not in OF_A_LABEL:
        return None
    found = team.labels.listed().filter(uuid=sent.label).first() if sent.label else None
    if not found:
        raise Problem(422, errors=[("/label", _("The team has no such label."))])
    return found


def _person(team: Team, sent: BulkWrite) -> Any:
    if sent.act != BulkAct.Verb.HAND_OVER:
        return None
    found = may_write(team).filter(uuid=sent.person).first() if sent.person else None
    if not found:
        raise Problem(422, errors=[("/person", _("Choose somebody of the team who writes reminders."))])
    return found
