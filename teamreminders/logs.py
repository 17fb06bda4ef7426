"""Log lines: what they look like, the ids that follow one message through them, and the words that they never say.

A log may say of an error its kind and its place, never its words, which may quote a title or an address.
"""

import json
import logging
import re
import traceback
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from datetime import datetime, timezone
from typing import Any

# What a line may carry beside its message (`extra=`); whatever else libraries attach, such as a request, is left out.
IDS = (
    *("request_id", "delivery", "accountmail", "occurrence", "reminder", "job"),
    *("try", "outcome", "lateness", "smtp_seconds", "count", "seconds"),
)
JSON = json.JSONEncoder(default=str)
# Who writes lines that name the path of a request.
OF_REQUESTS = ("django.", "gunicorn.")
UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
# A part of a path that opens something by itself: what follows one of these words, and whatever is as long as a secret.
# A UUID opens nothing. Nor is the query said.
SECRET = re.compile(
    rf"(?:(?<=/join/)|(?<=/outside/)|(?<=/key/)|(?<=/confirm-email/)|(?<=/inbox/)|(?<=/)(?=[^/\s?]{{21}}))"
    rf"(?!{UUID}(?:[/\s?]|$))[^/\s?]+|(?<=\?)\S+",
    re.IGNORECASE,
)
# Set by the worker while it runs a job, so that every line of that time names it.
JOB: ContextVar[str] = ContextVar("job", default="")
# Set by requests.NamedRequests while it answers one.
REQUEST: ContextVar[str] = ContextVar("request", default="")


def where(error: BaseException) -> str:
    """The class of an error and the frames that led to it, innermost last."""
    frames = "".join(traceback.format_tb(error.__traceback__))
    return f"{type(error).__name__}\n{frames}"


def message_of(record: logging.LogRecord) -> str:
    """Its words; of a request without what would let a reader of the log act in its place."""
    message = record.getMessage()
    return SECRET.sub("…", message) if record.name.startswith(OF_REQUESTS) else message


class WithJob(logging.Filter):
    """Names the job that is being run."""

    def filter(self, record: logging.LogRecord) -> bool:
        if job := JOB.get():
            record.job = job
        return True


class WithRequest(logging.Filter):
    """Names the request that is being answered. Django writes some lines when its middleware is left already."""

    def filter(self, record: logging.LogRecord) -> bool:
        if named := getattr(getattr(record, "request", None), "request_id", "") or REQUEST.get():
            record.request_id = named
        return True


class WithoutRefusals(logging.Filter):
    """Lets a request that was refused (403, 400) be one line: the trace would lead through our own doors only."""

    def filter(self, record: logging.LogRecord) -> bool:
        if getattr(record, "status_code", 500) < 500:
            record.exc_info = None
        return True


class JsonLine(logging.Formatter):
    """One JSON object a line: time (UTC), level, logger, message, ids, and `trace` where there was an error."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, timezone.utc).isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "message": message_of(record),
            **_present(IDS, record.__dict__),
        }
        if record.exc_info and record.exc_info[1]:
            line["trace"] = where(record.exc_info[1])
        return JSON.encode(line)


class TextLine(logging.Formatter):
    """The same for people: level, logger and message, and the ids as name=value."""

    def __init__(self, *, words_of_errors: bool = False) -> None:
        super().__init__("{levelname:<7} {name}: {message}", style="{")
        self._words_of_errors = words_of_errors

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 (logging's name)
        record.message = message_of(record)
        ids = _present(IDS, record.__dict__)
        return super().formatMessage(record) + "".join(f" {name}={value}" for name, value in ids.items())

    def formatException(self, ei: Any) -> str:  # noqa: N802 (logging's name)
        return super().formatException(ei) if self._words_of_errors else where(ei[1])


def _present(names: Sequence[str], fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: fields[name] for name in names if fields.get(name) not in (None, "")}
