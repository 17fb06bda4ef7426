"""gunicorn reads this file by itself: its own lines look like all others, also those before Django is there."""

from teamreminders.settings import LOGGING

logconfig_dict = LOGGING
# Should somebody turn the access log on: no path, since some are secret links.
access_log_format = '%(h)s %(t)s "%(m)s" %(s)s %(B)s %(L)s'
