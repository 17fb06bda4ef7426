"""The API of the people of all one's teams."""

from typing import Annotated, Any

from django.db.models import Exists, OuterRef, Prefetch
from ninja import Query, Router, Schema
from pydantic import Field

from accounts.access import READS, ApiRequest
from accounts.models import User
from teamreminders.cursor import Cursor, page_after
from teams.access import teams_of
from teams.models import Membership
from teams.schemas import PeoplePage

router = Router(tags=["people"])
A_PAGE, MOST = 50, 200


class OfPeople(Schema):
    """Which page."""

    cursor: Cursor = ""
    size: Annotated[int, Field(ge=1, le=MOST)] = A_PAGE


@router.get("/people", response=PeoplePage, auth=READS, operation_id="listPeople")
def list_people(request: ApiRequest, asked: Query[OfPeople]) -> dict[str, Any]:
    """The people of your teams, you among them, by name; with a token for some teams only, the people of those."""
    shared = Membership.objects.filter(team__in=teams_of(request))
    people = User.objects.filter(Exists(shared.filter(user=OuterRef("pk"))))
    told = shared.select_related("team").order_by("team__name", "pk")
    people = people.prefetch_related(Prefetch("memberships", told, to_attr="shared"))
    found, following = page_after(people, ("name", "uuid"), asked.cursor, asked.size)
    return {"items": [_person(person) for person in found], "next": following}


def _person(person: Any) -> dict[str, Any]:
    return {
        "id": person.uuid,
        "name": person.name,
        "email": person.email,
        "zone": person.zone,
        "teams": [{"id": each.team.uuid, "name": each.team.name, "role": each.role} for each in person.shared],
    }
