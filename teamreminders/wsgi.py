"""The WSGI application that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

from reminders.language import warm

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "teamreminders.settings")

application = get_wsgi_application()
warm()  # or the first preview of quick-add would wait for it
