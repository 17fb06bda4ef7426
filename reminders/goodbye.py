"""Deleting an account: what of it stays is what teams need to prove, without the address."""

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models.functions import Lower

from accounts.models import AccountMail, User
from teams.models import Invitation, LastOwner, OutsideAddress, Role, Team

from .models import Delivery, WhyNot
from .models.delivery import DeliveryQuerySet


class OwnsTeams(Exception):
    """These would be without an owner."""

    def __init__(self, teams: list[Team]) -> None:
        self.teams = teams


def teams_without_another_owner(person: User) -> list[Team]:
    """Those that have to be handed over, or deleted, before the person can go. Two queries at most a team."""
    owned = person.memberships.filter(role=Role.OWNER).select_related("team").order_by("team__name", "pk")
    return [membership.team for membership in owned if not membership.others_own()]


def delete_and_tell(person: User) -> None:
    """`delete_account`, and a last mail that says so. Raises OwnsTeams."""
    email = person.email
    with transaction.atomic():
        delete_account(person)
        get_adapter().send_mail("accounts/email/deleted", email, {})


def delete_account(person: User) -> None:
    """Leave every team and erase the person. Raises OwnsTeams, and then nothing is changed.

    Locks the teams in order. The messages that went to them stay with their teams, without the address.
    """
    with transaction.atomic():
        try:
            for membership in person.memberships.order_by("team_id"):
                membership.leave()
        except LastOwner:
            raise OwnsTeams(teams_without_another_owner(person)) from None
        _erase_addresses(person)
        rows = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(User), object_id=str(person.pk))
        rows.update(object_repr="…")
        person.delete()


def forget_outside(address: OutsideAddress) -> None:
    """Erase an outside address, at its request: nothing goes there, and nothing says where it was.

    Not that it wants no mail either: a team that enters it again asks it again.
    """
    with transaction.atomic():
        name = f"mail:{address.uuid}"
        sent = Delivery.objects.filter(occurrence__reminder__team=address.team_id, outside=address)
        sent.withdraw(WhyNot.REMOVED)
        _without_address(sent, {address.email}, recipient_key=name)
        AccountMail.objects.forget({address.email} - _of_others({address.email}))
        address.reminders.clear()
        address.erase()


def _erase_addresses(person: User) -> None:
    """Wherever the person was written to, and where nobody else is by now.

    One that waits to be confirmed may be anybody's: it ends neither an invitation nor what its reader has agreed to.
    """
    sent = Delivery.objects.filter(user=person)
    used = {person.email, *sent.exclude(address="").values_list("address", flat=True).distinct()}
    used = {address.lower() for address in used}
    entered = used | {each.email.lower() for each in EmailAddress.objects.filter(user=person)}
    _without_address(sent, entered)
    others = _of_others(entered, but=person)
    AccountMail.objects.forget(entered - others)
    Invitation.objects.annotate(to=Lower("email")).filter(to__in=used - others).delete()
    for address in OutsideAddress.objects.filter(email__in=used - others):
        forget_outside(address)


def _of_others(addresses: set[str], *, but: User | None = None) -> set[str]:
    """Which of these, in lower case, are those of accounts."""
    people = User.objects.exclude(pk=but.pk) if but else User.objects.all()
    mail = people.annotate(address=Lower("email")).values_list("address", flat=True)
    return set(mail.filter(address__in=addresses))


def _without_address(sent: DeliveryQuerySet, addresses: set[str], **fields: str) -> None:
    """What the server said may name it as well."""
    Delivery.objects.filter(pk__in=sent.values("pk")).without(addresses, address="", **fields)
