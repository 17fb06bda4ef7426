"""Addresses under /me/."""

from django.urls import path

from . import views

app_name = "accounts"
urlpatterns = [
    path("", views.settings, name="settings"),
    path("zone/use/", views.use_zone, name="use-zone"),
    path("zone/keep/", views.keep_zone, name="keep-zone"),
]
