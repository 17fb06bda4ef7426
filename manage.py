#!/usr/bin/env python
"""Django's command-line entry point."""

import os
import sys

from django.core.management import execute_from_command_line

from teamreminders.embedded import local

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "teamreminders.settings")
    if sys.argv[1:2] == ["up"]:
        local.prepare()  # exports the addresses that the settings read
    execute_from_command_line(sys.argv)
