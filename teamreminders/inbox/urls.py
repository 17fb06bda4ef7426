from django.urls import path

from . import views

app_name = "inbox"
urlpatterns = [
    path("", views.mails, name="mails"),
    path("empty/", views.empty, name="empty"),
    path("<str:key>/", views.mail, name="mail"),
    path("<str:key>/html/", views.html, name="html"),
    path("<str:key>/source/", views.source, name="source"),
]
