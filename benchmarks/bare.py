"""The plainest list of reminders in Django: what the API's list is measured beside.

Bare means: one view behind `login_required`; one query for 50 rows of the same table, with team and author beside them,
by the same right to see them and in the same order; one template that is compiled once, nine columns a row, nothing
inherited, translated or included. Around it is what every page has: the site's middleware and context processors, the
session, its person, a transaction. It says less of a reminder than the API does: not when it comes next, nor for whom.
"""

from functools import lru_cache
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.template import engines
from django.urls import include, path

from accounts.http import SignedInRequest
from reminders.models import Reminder

ROWS = 50
PAGE = """\
<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Reminders</title></head><body>
<h1>Reminders</h1>
<table>
<tr><th>Title<th>Notes<th>Team<th>Author<th>Zone<th>Repeats<th>From<th>Written<th>Changed</tr>
{% for reminder in reminders %}<tr>
<td><a href="/reminders/{{ reminder.uuid }}/">{{ reminder.title }}</a></td><td>{{ reminder.notes }}</td>
<td>{{ reminder.team.name }}</td><td>{{ reminder.author.name }}</td><td>{{ reminder.zone }}</td>
<td>{{ reminder.rule }}{{ reminder.cron }}</td><td>{{ reminder.start|date:"Y-m-d" }}</td>
<td>{{ reminder.created_at|date:"Y-m-d H:i" }}</td><td>{{ reminder.changed_at|date:"Y-m-d H:i" }}</td>
</tr>{% endfor %}
</table>
</body></html>
"""


@login_required
def bare(request: SignedInRequest) -> HttpResponse:
    rows = Reminder.objects.visible_to(request.user).select_related("team", "author").order_by("title", "uuid")[:ROWS]
    return HttpResponse(_page().render({"reminders": rows}, request))


@lru_cache(maxsize=1)
def _page() -> Any:
    return engines["django"].from_string(PAGE)


urlpatterns = [path("bare/", bare), path("", include("teamreminders.urls"))]
