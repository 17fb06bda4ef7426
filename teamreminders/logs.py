"""What a log may say of an error: its kind and its place, never its words, which may quote a title or an address."""

import traceback


def where(error: BaseException) -> str:
    """The class of an error and the frames that led to it, innermost last."""
    frames = "".join(traceback.format_tb(error.__traceback__))
    return f"{type(error).__name__}\n{frames}"
