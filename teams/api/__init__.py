"""The API of teams, of who is in them, and of how people come in."""

from ninja import Router

from .entrance import router as entrance
from .offers import router as offers
from .outside import router as outside
from .people import router as people

router = Router()
for part in (people, entrance, outside, offers):
    router.add_router("", part)

__all__ = ["router"]
