"""The API of reminders and of their occurrences, and of how teams and people end."""

from ninja import Router

from . import endings  # noqa: F401  (its operations are on the routers of teams and of people)
from .occurrences import router as occurrences
from .reminders import router as reminders
from .series import router as series

router = Router()
for part in (reminders, series, occurrences):
    router.add_router("", part)

__all__ = ["router"]
