"""What a log may say of an error: its kind and its place, never its words, which may quote a title or an address."""

import logging
import traceback


def where(error: BaseException) -> str:
    """The class of an error and the frames that led to it, innermost last."""
    frames = "".join(traceback.format_tb(error.__traceback__))
    return f"{type(error).__name__}\n{frames}"


class WithoutRefusals(logging.Filter):
    """Lets a request that was refused (403, 400) be one line: the trace would lead through our own doors only."""

    def filter(self, record: logging.LogRecord) -> bool:
        if getattr(record, "status_code", 500) < 500:
            record.exc_info = None
        return True
