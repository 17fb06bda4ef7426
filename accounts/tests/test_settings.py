"""What a person can change about themselves."""

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.fields import zone_choices
from accounts.middleware import ReadersZone
from accounts.models import AccountMail
from accounts.tests.factories import PASSWORD, UserFactory
from accounts.tests.test_signing_up import link_in
from teamreminders.clock import ZONES
from teamreminders.testing.texts import NOT_ONE_LINE

pytestmark = pytest.mark.django_db

ME = "/me/"


@pytest.fixture
def ana(client: Client):
    cache.clear()
    ana = UserFactory(email="ana@example.org", name="Ana", zone="Europe/Berlin")
    client.force_login(ana)
    return ana


def test_the_settings_belong_to_the_signed_in(client: Client) -> None:
    assert client.get(ME).url == f"{reverse('account_login')}?next={ME}"


def test_changing_name_and_zone(client: Client, ana) -> None:
    answer = client.post(ME, {"name": "Ana Lopez", "zone": "Asia/Tokyo"})
    assert answer.url == ME
    ana.refresh_from_db()
    assert (ana.name, ana.zone) == ("Ana Lopez", "Asia/Tokyo")
    assert "Saved." in client.get(ME).content.decode()


def test_what_was_refused_is_said_and_changes_nothing(client: Client, ana) -> None:
    answer = client.post(ME, {"name": "", "zone": "Mars/Base"})
    assert answer.status_code == 422
    assert "is not a time zone" in answer.content.decode()
    ana.refresh_from_db()
    assert (ana.name, ana.zone) == ("Ana", "Europe/Berlin")


@pytest.mark.parametrize("name", NOT_ONE_LINE)
def test_a_name_is_one_line(client: Client, ana, name: str) -> None:
    answer = client.post(ME, {"name": name, "zone": "Asia/Tokyo"})
    assert answer.status_code == 422 and "in one line" in answer.content.decode()
    ana.refresh_from_db()
    assert ana.name == "Ana"


@pytest.mark.parametrize("zone", ["Europe/Berlin", "US/Eastern", "UTC", "Etc/GMT+3"])
def test_the_form_never_changes_a_zone_unasked(client: Client, ana, zone: str) -> None:
    ana.zone = zone
    ana.save()
    page = client.get(ME).content.decode()
    zones = page.partition('name="zone"')[2].partition("</select>")[0]
    assert zones.count(" selected>") == 1
    assert f'<option value="{zone}" selected>' in page


def test_every_zone_that_is_offered_is_one_that_is_accepted() -> None:
    offered = [zone for _region, zones in zone_choices() for zone, _town in zones]
    assert {"Europe/Berlin", "America/Argentina/Buenos_Aires", "UTC"} < set(offered) <= set(ZONES)


@pytest.mark.parametrize(
    ("zone", "shown"),
    [("Asia/Tokyo", "Asia/Tokyo"), ("Gone/From_tzdata", "UTC"), (None, "UTC")],
)
def test_a_request_sees_times_in_the_persons_zone_and_leaves_none_behind(rf, zone: str | None, shown: str) -> None:
    def answer(request):
        return HttpResponse(timezone.get_current_timezone_name())

    request = rf.get("/")
    request.user = UserFactory.build(zone=zone) if zone else AnonymousUser()
    assert ReadersZone(answer)(request).content.decode() == shown
    assert timezone.get_current_timezone_name() == "UTC"


def test_a_new_address_counts_once_it_is_confirmed_and_the_old_one_is_told(client: Client, ana) -> None:
    client.post("/accounts/email/", {"email": "ana@new.example", "action_add": "1"})
    page = client.get("/accounts/email/").content.decode()
    assert "<strong>ana@new.example</strong> waits for you to confirm it" in page
    ana.refresh_from_db()
    assert ana.email == "ana@example.org"

    client.post(link_in(AccountMail.objects.get(to="ana@new.example")))
    ana.refresh_from_db()
    assert ana.email == "ana@new.example"
    assert [address.email for address in EmailAddress.objects.filter(user=ana)] == ["ana@new.example"]
    told = AccountMail.objects.get(to="ana@example.org")
    assert told.subject == "Your e-mail address was changed"
    assert "ana@new.example" in told.text


def test_a_change_of_address_can_be_taken_back(client: Client, ana) -> None:
    client.post("/accounts/email/", {"email": "ana@new.example", "action_add": "1"})
    client.post("/accounts/email/", {"email": "ana@new.example", "action_remove": "1"})
    assert "waits for you" not in client.get("/accounts/email/").content.decode()


def test_the_address_of_somebody_else_cannot_be_taken(client: Client, ana) -> None:
    UserFactory(email="bo@example.org")
    client.post("/accounts/email/", {"email": "BO@example.org", "action_add": "1"})
    ana.refresh_from_db()
    assert ana.email == "ana@example.org"


def test_changing_the_password_asks_for_the_present_one_and_tells_by_mail(client: Client, ana) -> None:
    change = "/accounts/password/change/"
    wrong = client.post(change, {"oldpassword": "no", "password1": "another good password"})
    assert "That is not your present password." in wrong.content.decode()
    answer = client.post(change, {"oldpassword": PASSWORD, "password1": "another good password"})
    assert answer.url == ME
    assert "Your new password is set." in client.get(ME).content.decode()
    assert AccountMail.objects.get().subject == "Your password was changed"


def test_asking_for_the_mail_again_too_soon_is_answered(client: Client, ana) -> None:
    client.post(reverse("account_email"), {"action_add": "1", "email": "new@example.org"})
    sent = AccountMail.objects.count()
    answer = client.post(reverse("account_email"), {"action_send": "1", "email": "new@example.org"}, follow=True)
    assert "less than three minutes ago" in answer.content.decode()
    assert AccountMail.objects.count() == sent
