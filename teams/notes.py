"""Signed notes in the address of an undo: what is taken back, and that it is not too late for it."""

from typing import Any

from django.core import signing

# How long something can be taken back.
UNDO_SECONDS = 10 * 60


def note_of(salt: str, value: Any = None) -> str:
    """`salt`: what the note is about, so that it takes back nothing else."""
    return signing.dumps(value, salt=salt)


def read_note(note: str, salt: str) -> Any:
    """The value. Raises BadSignature, and SignatureExpired of it where it is too late."""
    return signing.loads(note, salt=salt, max_age=UNDO_SECONDS)


def is_fresh(note: str, salt: str) -> bool:
    try:
        read_note(note, salt)
    except signing.BadSignature:
        return False
    return True
