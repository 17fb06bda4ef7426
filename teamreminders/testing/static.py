"""The static files that pages and web processes need, collected when they changed."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import call_command


def collect_static_files(root: Path) -> None:
    """Collect them unless they are newer than their sources; one test session at a time."""
    root.mkdir(parents=True, exist_ok=True)
    with _alone(root):
        manifest = root / "staticfiles.json"
        if not manifest.exists() or manifest.stat().st_mtime < _newest_source():
            call_command("collectstatic", interactive=False, verbosity=0)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _newest_source() -> float:
    """When our own files, the packages' versions or the apps last changed."""
    sources = [path for folder in settings.STATICFILES_DIRS for path in (folder, *Path(folder).rglob("*"))]
    named = [Path(settings.BASE_DIR, name) for name in ("requirements.txt", "teamreminders/settings.py")]
    return max(path.stat().st_mtime for path in [*sources, *named])
