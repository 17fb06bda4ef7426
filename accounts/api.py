"""The API of people."""

from ninja import Router

from .access import READS, WRITES, ApiRequest
from .models import User
from .schemas import Me, MeUpdate

router = Router()


@router.get("/me", response=Me, auth=READS, tags=["me"], operation_id="readMe")
def read_me(request: ApiRequest) -> User:
    """Who the token is of."""
    return request.auth.user


@router.patch("/me", response=Me, auth=WRITES, tags=["me"], operation_id="updateMe")
def update_me(request: ApiRequest, changes: MeUpdate) -> User:
    """Name and zone; what is left out stays. Not with a token for some teams: others go by them too."""
    request.auth.check_all_teams()
    person = request.auth.user
    for name, value in changes.model_dump(exclude_none=True).items():
        setattr(person, name, value)
    person.save(update_fields=["name", "zone"])
    return person
