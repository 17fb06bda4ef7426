"""The API of reminders and of their occurrences."""

from ninja import Router

from .occurrences import router as occurrences
from .reminders import router as reminders

router = Router()
router.add_router("", reminders)
router.add_router("", occurrences)

__all__ = ["router"]
