"""gunicorn reads this file by itself: its own lines look like all others, also those before Django is there."""

from teamreminders.settings import LOGGING

logconfig_dict = LOGGING
