"""The API of teams, of who is in them, and of how people come in."""

from ninja import Router

from . import entrance, everybody, mine, offers, outside, people

router = Router()
for part in (people, everybody, entrance, outside, offers, mine):
    router.add_router("", part.router)

__all__ = ["router"]
