"""Reminders, their occurrences and deliveries."""

from django.urls import path

from .views import account, activity, deliveries, exports, mail, occurrences, quick, reminders, series, teams, writing

app_name = "reminders"

urlpatterns = [
    path("teams/<uuid:uuid>/reminders/new/", writing.new, name="new"),
    path("teams/<uuid:uuid>/working-days/", teams.working_days, name="working-days"),
    path("teams/<uuid:uuid>/working-days/preview/", teams.working_days_preview, name="working-days-preview"),
    path("teams/<uuid:uuid>/delete/", teams.close_team, name="close-team"),
    path("teams/<uuid:uuid>/export/", exports.export_team, name="export-team"),
    path("teams/<uuid:uuid>/export/reminders.json", exports.team_json, name="team-json"),
    path("teams/<uuid:uuid>/export/reminders.ics", exports.team_calendar, name="team-calendar"),
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
    path("occurrences/<uuid:uuid>/undo/", occurrences.undo, name="undo"),
    path("deliveries/<uuid:uuid>/retry/", deliveries.retry, name="retry"),
]
