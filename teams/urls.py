"""Teams and who belongs to them; a team's own page is made by `reminders`, which fills it."""

from django.urls import path

from . import views

app_name = "teams"

urlpatterns = [
    path("new/", views.new, name="new"),
    path("<uuid:uuid>/rename/", views.rename, name="rename"),
    path("<uuid:uuid>/members/", views.members, name="members"),
]
