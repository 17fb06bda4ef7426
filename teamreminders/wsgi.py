"""The WSGI application that gunicorn serves."""

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

from reminders.language import warm

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "teamreminders.settings")

django = get_wsgi_application()
warm()  # or the first preview of quick-add would wait for it


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answers HEAD with the headers of GET alone; Django leaves the body to be dropped by the server, which warns."""
    answer = django(environ, start_response)
    if environ["REQUEST_METHOD"] != "HEAD":
        return answer
    if hasattr(answer, "close"):  # a file that is handed over need not have it
        answer.close()
    return []
