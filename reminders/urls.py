"""Reminders, their occurrences and deliveries."""

from django.urls import path

from .models import BulkAct
from .views import (
    account,
    activity,
    bulk,
    calendar,
    deliveries,
    exports,
    imports,
    labels,
    mail,
    occurrences,
    quick,
    reminders,
    series,
    teams,
    writing,
)

app_name = "reminders"

bulk_acts = [
    path(f"teams/<uuid:uuid>/reminders/{verb}/", bulk.bulk, {"verb": verb}, name=f"bulk-{verb}")
    for verb in BulkAct.Verb.values
]

urlpatterns = [
    path("calendar/", calendar.calendar, name="calendar"),
    path("teams/<uuid:uuid>/calendar/", calendar.team_calendar, name="calendar-of-team"),
    path("teams/<uuid:uuid>/reminders/new/", writing.new, name="new"),
    *bulk_acts,
    path("teams/reminders/bulk/<uuid:uuid>/undo/", bulk.undo, name="bulk-undo"),
    path("teams/<uuid:uuid>/labels/", labels.labels, name="labels"),
    path("labels/<uuid:uuid>/edit/", labels.edit, name="edit-label"),
    path("labels/<uuid:uuid>/delete/", labels.delete, name="delete-label"),
    path("labels/<uuid:uuid>/restore/", labels.restore, name="restore-label"),
    path("teams/<uuid:uuid>/working-days/", teams.working_days, name="working-days"),
    path("teams/<uuid:uuid>/working-days/preview/", teams.working_days_preview, name="working-days-preview"),
    path("teams/<uuid:uuid>/delete/", teams.close_team, name="close-team"),
    path("teams/<uuid:uuid>/export/", exports.export_team, name="export-team"),
    path("teams/<uuid:uuid>/export/reminders.json", exports.team_json, name="team-json"),
    path("teams/<uuid:uuid>/export/reminders.ics", exports.team_calendar, name="team-calendar"),
    path("teams/<uuid:uuid>/import/", imports.upload, name="import-team"),
    path("imports/<uuid:uuid>/", imports.look, name="import"),
    path("imports/<uuid:uuid>/run/", imports.run, name="run-import"),
    path("imports/<uuid:uuid>/undo/", imports.undo, name="undo-import"),
    path("me/export/", exports.export_me, name="export-me"),
    path("me/export/<uuid:uuid>/", exports.download_export, name="download-export"),
    path("teams/<uuid:uuid>/activity/", activity.activity, name="activity"),
    path("me/mail/", mail.mail, name="mail"),
    path("me/delete/", account.delete, name="delete-account"),
    path("reminders/quick/", quick.quick, name="quick"),
    path("reminders/quick/heard/", quick.heard, name="heard"),
    path("reminders/preview/", writing.preview, name="preview"),
    path("reminders/<uuid:uuid>/", reminders.detail, name="detail"),
    path("reminders/<uuid:uuid>/history/", activity.history, name="history"),
    path("reminders/<uuid:uuid>/edit/", writing.edit, name="edit"),
    path("reminders/<uuid:uuid>/pause/", reminders.pause, name="pause"),
    path("reminders/<uuid:uuid>/resume/", reminders.resume, name="resume"),
    path("reminders/<uuid:uuid>/mute/", reminders.mute, name="mute"),
    path("reminders/<uuid:uuid>/unmute/", reminders.unmute, name="unmute"),
    path("reminders/<uuid:uuid>/skip/", series.skip, name="skip-slot"),
    path("reminders/<uuid:uuid>/unskip/", series.unskip, name="unskip-slot"),
    path("reminders/<uuid:uuid>/move/", series.move, name="move-slot"),
    path("reminders/<uuid:uuid>/end/", series.end, name="end"),
    path("reminders/<uuid:uuid>/reopen/", series.reopen, name="reopen"),
    path("reminders/<uuid:uuid>/delete/", reminders.delete, name="delete"),
    path("reminders/<uuid:uuid>/restore/", reminders.restore, name="restore"),
    path("occurrences/<uuid:uuid>/done/", occurrences.done, name="done"),
    path("occurrences/<uuid:uuid>/skip/", occurrences.skip, name="skip"),
    path("occurrences/<uuid:uuid>/snooze/", occurrences.snooze, name="snooze"),
    path("occurrences/<uuid:uuid>/wake/", occurrences.wake, name="wake"),
    path("occurrences/<uuid:uuid>/acknowledge/", occurrences.acknowledge, name="acknowledge"),
    path("occurrences/<uuid:uuid>/release/", occurrences.release, name="release"),
    path("occurrences/<uuid:uuid>/undo/", occurrences.undo, name="undo"),
    path("reminders/<uuid:uuid>/test/", deliveries.test, name="test"),
    path("occurrences/<uuid:uuid>/retry/", deliveries.retry_all, name="retry-all"),
    path("deliveries/<uuid:uuid>/retry/", deliveries.retry, name="retry"),
]
