"""Compile every template of the project, so that a broken tag fails the checks and not a page."""

import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.template import TemplateSyntaxError
from django.template.loader import get_template


class Command(BaseCommand):
    help = "Compile every template below templates/ and the apps' own."

    def handle(self, *args: Any, **options: Any) -> None:
        folders = [Path(settings.BASE_DIR, "templates"), *Path(settings.BASE_DIR).glob("*/templates")]
        names = sorted(
            str(path.relative_to(folder)) for folder in folders for path in folder.rglob("*") if path.is_file()
        )
        faults = [fault for name in names if (fault := _fault(name))]
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            sys.exit(1)
        self.stdout.write(f"{len(names)} templates compile")


def _fault(name: str) -> str:
    try:
        get_template(name)
    except (TemplateSyntaxError, UnicodeDecodeError) as error:
        return f"{name}: {error}"
    return ""
