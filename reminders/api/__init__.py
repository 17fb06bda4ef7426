"""The API of reminders and of their occurrences, and of how teams and people end."""

from ninja import Router

from . import bulk, calendar, endings, exports, imports, labels, occurrences, reminders, series

router = Router()
for part in (reminders, series, bulk, labels, occurrences, calendar, exports, imports):
    router.add_router("", part.router)

__all__ = ["endings", "router"]  # the operations of `endings` are on the routers of teams and of people
