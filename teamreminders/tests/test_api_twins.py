"""What people do on the pages, programs do by the API: an act without its twin needs a reason."""

from .test_api_table import OF_A_SESSION, OPEN, operations
from .test_api_table import TABLE as OPERATIONS
from .test_permissions import TABLE as PAGES

TWINS = {
    "account_confirm_email": "verifyEmail",
    "account_login": "signIn",
    "account_logout": "signOut",
    "account_reset_password": "requestPasswordReset",
    "account_reset_password_from_key": "resetPassword",
    "account_signup": "signUp",
    "accounts:settings": "updateMe",
    "accounts:use-zone": "updateMe",
    "reminders:bulk-delete": "changeReminders",
    "reminders:bulk-hand-over": "changeReminders",
    "reminders:bulk-label": "changeReminders",
    "reminders:bulk-pause": "changeReminders",
    "reminders:bulk-resume": "changeReminders",
    "reminders:bulk-undo": "undoChangeOfReminders",
    "reminders:bulk-unlabel": "changeReminders",
    "reminders:close-team": "deleteTeam",
    "reminders:delete": "deleteReminder",
    "reminders:delete-account": "deleteMe",
    "reminders:delete-label": "deleteLabel",
    "reminders:done": "finishOccurrence",
    "reminders:edit": "updateReminder",
    "reminders:edit-label": "updateLabel",
    "reminders:end": "endReminder",
    "reminders:import-team": "importReminders",
    "reminders:run-import": "importReminders",
    "reminders:export-me": "exportMe",
    "reminders:heard": "previewReminder",
    "reminders:labels": "createLabel",
    "reminders:mail": "setTeamMail",
    "reminders:move-slot": "moveSlot",
    "reminders:mute": "muteReminder",
    "reminders:new": "createReminder",
    "reminders:pause": "pauseReminder",
    "reminders:preview": "previewReminder",
    "reminders:quick": "createReminder",
    "reminders:reopen": "updateReminder",
    "reminders:restore": "restoreReminder",
    "reminders:resume": "resumeReminder",
    "reminders:retry": "retryMessage",
    "reminders:skip": "skipOccurrence",
    "reminders:skip-slot": "skipSlot",
    "reminders:snooze": "snoozeOccurrence",
    "reminders:undo": "undoOccurrence",
    "reminders:unmute": "unmuteReminder",
    "reminders:unskip-slot": "unskipSlot",
    "reminders:wake": "wakeOccurrence",
    "reminders:working-days": "setWorkingDays",
    "teams:accept-offer": "acceptOffer",
    "teams:add-outside": "askOutsideAddresses",
    "teams:answer-request": "approveRequest",
    "teams:change-role": "changeRole",
    "teams:end-link": "endJoinLink",
    "teams:end-offer": "endOffer",
    "teams:invite": "invite",
    "teams:join": "acceptInvitation",
    "teams:join-link": "joinByLink",
    "teams:leave": "removeMember",
    "teams:new": "createTeam",
    "teams:offer": "offerTeam",
    "teams:remove": "removeMember",
    "teams:remove-outside": "removeOutsideAddress",
    "teams:renew-link": "renewJoinLink",
    "teams:send-again": "sendInvitationAgain",
    "teams:set-link": "setJoinLink",
    "teams:settings": "updateTeam",
    "teams:withdraw": "withdrawInvitation",
}
ON_PAGES_ONLY = {
    "account_change_password": "a program that holds a session must not be able to take the account over",
    "account_confirm_login_code": "a step of signing in on a page",
    "account_email": "a program that holds a session must not be able to take the account over",
    "account_reauthenticate": "a step of acts on pages",
    "account_set_password": "of accounts without a password, which do not sign in here",
    "accounts:keep-zone": "what the browser's clock says",
    "demo": "of the front page",
    "reminders:undo-import": "a program deletes what the answer names; the page undoes what it did a moment ago",
    "scheme": "how bright the pages are in one browser",
    "reminders:restore-label": "undoes what a page has just done, by its message",
    "reminders:working-days-preview": "of a form that is being filled in",
    "teams:agree-outside": "of whoever reads the mail at an outside address",
    "teams:bring-back": "undoes what a page has just done, by its message",
    "teams:restore-invitation": "undoes what a page has just done, by its message",
    "teams:restore-outside": "undoes what a page has just done, by its message",
    "tokens:new": "a token must not be able to outlive itself by making others",
    "tokens:revoke": "beside the making of them",
    "teams:stop-outside": "of whoever reads the mail at an outside address",
}


def test_every_act_of_the_pages_has_its_twin_or_a_reason() -> None:
    acts = {name for name, line in PAGES.items() if line.post}
    assert acts == {*TWINS, *ON_PAGES_ONLY}


def test_the_twins_exist() -> None:
    assert set(TWINS.values()) <= {name for name, _method, _path in operations()}
    assert set(TWINS.values()) <= {*OPERATIONS, *OPEN, *OF_A_SESSION}
