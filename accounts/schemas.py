"""What the API says of people, and takes."""

import re
from datetime import date, datetime, timezone
from typing import Annotated, Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from teamreminders.clock import ZONES
from teamreminders.text import validate_one_line

from .addresses import validate_printable

EARLIEST, LATEST = 1900, 2200  # years


def _known(zone: str) -> str:
    if zone not in ZONES:
        raise ValueError("This is not a time zone of the IANA database.")
    return zone


Zone = Annotated[str, StringConstraints(max_length=64), AfterValidator(_known), Field(examples=["Europe/Berlin"])]


def in_one_line(text: str) -> str:
    """As a form's field has it."""
    try:
        validate_one_line(text)
    except ValidationError as error:
        raise ValueError(" ".join(error.messages)) from None
    return text


def _in_utc(at: datetime) -> datetime:
    """PostgreSQL takes no offset of 16 hours and more, and arithmetic needs room on both sides."""
    if not EARLIEST <= at.year <= LATEST:
        raise ValueError(f"Years from {EARLIEST} to {LATEST} can be used.")
    return at.astimezone(timezone.utc)


def _written(value: Any) -> Any:
    """Pydantic takes numbers for seconds since 1970, which nobody means."""
    if isinstance(value, str) and not re.match(r"\d{4}-\d\d-\d\d", value):
        raise ValueError("Write a date such as 2026-12-24, with a time and an offset where one is asked for.")
    if isinstance(value, int | float):
        raise ValueError("Write it as text.")
    return value


def _countable(day: date) -> date:
    if not EARLIEST <= day.year <= LATEST:
        raise ValueError(f"Years from {EARLIEST} to {LATEST} can be used.")
    return day


Name = Annotated[
    str, StringConstraints(min_length=1, max_length=80, strip_whitespace=True), AfterValidator(in_one_line)
]
AsWritten = BeforeValidator(_written)
Instant = Annotated[AwareDatetime, AsWritten, AfterValidator(_in_utc)]
Day = Annotated[date, AsWritten, AfterValidator(_countable), Field(examples=["2026-12-24"])]


class Strict(BaseModel):
    """Sent to us: an unknown field is a mistake that somebody would otherwise never hear of.

    Not ninja's Schema: that one takes a list for an object without attributes, which then has all defaults.
    """

    model_config = {"extra": "forbid"}


class Told(BaseModel):
    """Said by us, out of a dict or a row.

    Not ninja's Schema: that one looks at each value whether it is a manager or a method, which took a third of the time
    of a list.
    """

    model_config = ConfigDict(from_attributes=True)


class Moment(Told):
    """An instant by the clock of a zone, which stands beside it."""

    at: datetime
    zone: str


class Me(Told):
    """The person whose token it is."""

    id: UUID = Field(alias="uuid")
    email: str
    name: str
    zone: str
    language: str


def left_out(description: str | None = None) -> Any:
    """A field that may be left out, and is None then; null itself is refused, since it would change nothing."""
    return Field(default_factory=lambda: None, description=description)


class MeUpdate(Strict):
    name: Name = left_out()
    zone: Zone = left_out()


def _address(email: str) -> str:
    try:
        validate_email(email)
        validate_printable(email)
    except ValidationError as error:
        raise ValueError(" ".join(error.messages)) from None
    return email


Email = Annotated[
    str,
    StringConstraints(max_length=254),
    AfterValidator(_address),
    Field(json_schema_extra={"format": "email"}, examples=["ada@example.org"]),
]
# Neither 0 for false nor false for 0.
Flag = Annotated[bool, Field(strict=True)]
Whole = Annotated[int, Field(strict=True)]
Secret = Annotated[str, StringConstraints(min_length=1, max_length=1000)]


class Credentials(Strict):
    email: Email
    password: Secret


class NewPerson(Credentials):
    name: Name
    zone: Zone


class Address(Strict):
    email: Email


class Key(Strict):
    key: Secret = Field(description="The last part of the link in the mail.")


class NewPassword(Key):
    password: Secret


class Refresh(Strict):
    refresh_token: Secret


class TokenRefresh(Told):
    """Tokens of a session (RFC 6749, 5.1)."""

    access_token: str = Field(description="For `Authorization: Bearer …`.")
    refresh_token: str = Field(description="For the next two tokens, once.")
    token_type: str = "Bearer"  # noqa: S105
    expires_in: int = Field(description="Seconds that the access token is good for.")


class Token(TokenRefresh):
    """What signing in gives."""
