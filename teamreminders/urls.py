"""Every address of the site."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from accounts.views import change_email
from reminders.views import search, team, today
from teams.urls import of_tokens

from . import shell, styleguide, views
from .api import api

urlpatterns = [
    path("", views.front, name="front"),
    path("scheme/", shell.scheme, name="scheme"),
    path("offline/", shell.offline, name="offline"),
    path("manifest.webmanifest", shell.manifest, name="manifest"),
    path("service-worker.js", shell.service_worker, name="service-worker"),
    path("favicon.ico", shell.favicon, name="favicon"),
    path("today/", today, name="today"),
    path("search/", search, name="search"),
    path("accounts/email/", change_email, name="account_email"),
    path("accounts/", include("allauth.account.urls")),
    path("me/", include("accounts.urls")),
    path("me/tokens/", include(of_tokens)),
    path("teams/", include("teams.urls")),
    path("teams/<uuid:uuid>/", team, name="team"),
    path("", include("reminders.urls")),
    path("api/v1/", api.urls),
    path("admin/", admin.site.urls),
    path("status/", views.status, name="status"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
    path("styleguide/card/", styleguide.card, name="styleguide-card"),
    path("metrics", views.metrics, name="metrics"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("healthz/scheduler", views.scheduler_health, name="healthz-scheduler"),
]

handler400 = "teamreminders.shell.bad_request"
handler500 = "teamreminders.shell.server_error"

if settings.LOCAL_INBOX:
    urlpatterns += [
        path("inbox/", include("teamreminders.inbox.urls")),
        path("demo/", views.demo, name="demo"),
    ]
