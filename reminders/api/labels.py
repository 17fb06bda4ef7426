"""The API of a team's labels."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import Router, Status
from ninja.decorators import decorate_view

from accounts.access import READS, WRITES, ApiRequest
from accounts.once import keep_answer, once
from reminders.access import managed_label
from reminders.forms import LabelForm
from reminders.models import Label as Row
from reminders.schemas import Label, LabelCreate, LabelUpdate
from teamreminders.problems import check
from teams.access import visible_team, writable_team
from teams.models import Team

router = Router(tags=["labels"])


@router.get("/teams/{uuid:team_id}/labels", response=list[Label], auth=READS, operation_id="listLabels")
def list_labels(request: ApiRequest, team_id: UUID) -> list[Row]:
    """All of a team, by name."""
    return list(visible_team(request, team_id).labels.listed())


@router.post("/teams/{uuid:team_id}/labels", response={201: Label}, auth=WRITES, operation_id="createLabel")
@decorate_view(keep_answer)
@once(writable_team)
def create_label(request: ApiRequest, team_id: UUID, sent: LabelCreate) -> Status:
    """Without a hue it gets the next one."""
    return Status(201, _save(writable_team(request, team_id), sent))


@router.patch("/labels/{uuid:label_id}", response=Label, auth=WRITES, operation_id="updateLabel")
def update_label(request: ApiRequest, label_id: UUID, sent: LabelUpdate) -> Row:
    """Another name or colour, on all its reminders; for those who manage the team."""
    label = managed_label(request, label_id)
    return _save(label.team, sent, label)


@router.delete("/labels/{uuid:label_id}", response={204: None}, auth=WRITES, operation_id="deleteLabel")
def delete_label(request: ApiRequest, label_id: UUID) -> HttpResponse:
    """Take it off all reminders; for those who manage the team."""
    managed_label(request, label_id).discard(timezone.now())
    return HttpResponse(status=204)


def _save(team: Team, sent: LabelCreate | LabelUpdate, label: Row | None = None) -> Any:
    stored = {"name": label.name, "hue": label.hue} if label else {}
    form = LabelForm(stored | sent.model_dump(exclude_none=True), team=team, instance=label)
    check(form)
    return form.save()
