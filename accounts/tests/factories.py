"""People for tests."""

from functools import cache

import factory
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from factory.django import DjangoModelFactory

from accounts.models import User

PASSWORD = "a long enough password"


@cache
def hashed(password: str) -> str:
    """Hashing is slow on purpose; once a password is enough here."""
    return make_password(password)


class EmailAddressFactory(DjangoModelFactory[EmailAddress]):
    class Meta:
        model = EmailAddress

    user = factory.SubFactory("accounts.tests.factories.UserFactory", address=None)
    email = factory.SelfAttribute("user.email")
    verified = True
    primary = True


class UserFactory(DjangoModelFactory[User]):
    """Somebody who can sign in with `PASSWORD`, or with `plain_password=`.

    `address__verified=False`: has not confirmed the address. `address=None`: never went through sign-up.
    """

    class Meta:
        model = User
        skip_postgeneration_save = True

    class Params:
        plain_password = PASSWORD
        operator = factory.Trait(is_staff=True)
        superuser = factory.Trait(is_staff=True, is_superuser=True)

    email = factory.Sequence(lambda n: f"person-{n}@example.org")
    name = factory.Sequence(lambda n: f"Person {n}")
    zone = "UTC"
    password = factory.LazyAttribute(lambda person: hashed(person.plain_password))
    address = factory.RelatedFactory(EmailAddressFactory, "user")
