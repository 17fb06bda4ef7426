"""Teams and who belongs to them; a team's own page is made by `reminders`, which fills it."""

from django.urls import path

from .views import joining, links, outside, people, teams, tokens

app_name = "teams"

# Under /me/: a person's own, and here because a token may be for some of their teams only.
of_tokens = (
    [
        path("", tokens.tokens, name="all"),
        path("new/", tokens.new, name="new"),
        path("<uuid:uuid>/revoke/", tokens.revoke, name="revoke"),
    ],
    "tokens",
)

urlpatterns = [
    path("new/", teams.new, name="new"),
    path("<uuid:uuid>/settings/", teams.settings, name="settings"),
    path("<uuid:uuid>/members/", people.members, name="members"),
    path("<uuid:uuid>/members/<uuid:person>/role/", people.change_role, name="change-role"),
    path("<uuid:uuid>/members/<uuid:person>/remove/", people.remove, name="remove"),
    path("<uuid:uuid>/members/bring-back/", people.bring_back, name="bring-back"),
    path("<uuid:uuid>/leave/", people.leave, name="leave"),
    path("<uuid:uuid>/hand-over/<uuid:person>/", people.offer, name="offer"),
    path("<uuid:uuid>/hand-over/accept/", people.accept_offer, name="accept-offer"),
    path("<uuid:uuid>/hand-over/end/", people.end_offer, name="end-offer"),
    path("<uuid:uuid>/invitations/", joining.invite, name="invite"),
    path("invitations/<uuid:uuid>/send-again/", joining.send_again, name="send-again"),
    path("invitations/<uuid:uuid>/withdraw/", joining.withdraw, name="withdraw"),
    path("invitations/<uuid:uuid>/restore/", joining.restore, name="restore-invitation"),
    path("join/<str:token>/", joining.join, name="join"),
    path("<uuid:uuid>/join/<str:token>/", links.join_link, name="join-link"),
    path("<uuid:uuid>/link/", links.set_link, name="set-link"),
    path("<uuid:uuid>/link/renew/", links.renew_link, name="renew-link"),
    path("<uuid:uuid>/link/end/", links.end_link, name="end-link"),
    path("<uuid:uuid>/outside/", outside.add, name="add-outside"),
    path("outside/<uuid:uuid>/remove/", outside.remove, name="remove-outside"),
    path("outside/<uuid:uuid>/restore/", outside.restore, name="restore-outside"),
    path("outside/<str:token>/", outside.outside, name="outside"),
    path("outside/<str:token>/agree/", outside.agree, name="agree-outside"),
    path("outside/<str:token>/stop/", outside.stop, name="stop-outside"),
    path("requests/<uuid:uuid>/", links.answer_request, name="answer-request"),
]
