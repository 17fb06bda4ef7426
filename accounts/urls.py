"""Addresses under /me/."""

from django.urls import path

from . import views

app_name = "accounts"
urlpatterns = [
    path("", views.settings, name="settings"),
]
