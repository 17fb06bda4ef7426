"""What the API says of teams and their people, and takes."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from accounts.schemas import Email, Flag, Moment, Name, Strict, Told, Whole, Zone, left_out

from .models import MailKind

RoleName = Literal["owner", "admin", "member", "viewer"]
GivenRole = Literal["admin", "member", "viewer"]
Weekday = Annotated[Whole, Field(ge=0, le=6)]


class TeamOut(Told):
    """A team as its members see it."""

    id: UUID
    name: str
    zone: str
    subject_prefix: str
    working_days: list[Weekday] = Field(description="0 is Monday.")
    country: str = Field(description="Whose public holidays it has: ISO 3166-1 alpha-2, or empty.")
    region: str
    days_off: list[date]
    my_role: RoleName


class TeamCreate(Strict):
    name: Name
    zone: Zone | None = Field(None, description="Yours, where it is left out.")


class TeamUpdate(Strict):
    name: Name = left_out()
    zone: Zone = left_out()
    subject_prefix: Annotated[str, StringConstraints(max_length=20)] = left_out()


class WorkingDaysWrite(Strict):
    """What is left out stays."""

    working_days: Annotated[list[Weekday], Field(min_length=1, max_length=7)] = left_out("0 is Monday.")
    country: Annotated[str, StringConstraints(max_length=2)] = left_out(
        "Whose public holidays it has: ISO 3166-1 alpha-2, or empty."
    )
    region: Annotated[str, StringConstraints(max_length=40)] = left_out()
    days_off: Annotated[list[date], Field(max_length=500)] = left_out()


class Person(Told):
    """Somebody of a team, as its members see them."""

    id: UUID
    name: str
    email: str
    zone: str


class InTeam(Told):
    """What somebody is in a team."""

    id: UUID = Field(description="Of the team.")
    name: str
    role: RoleName


class PersonOfTeams(Person):
    """Somebody of your teams."""

    teams: list[InTeam] = Field(description="Those of theirs that you belong to as well.")


class PeoplePage(Told):
    items: list[PersonOfTeams]
    next: str | None = Field(description="The cursor of the page that follows.")


class Member(Told):
    person: Person
    role: RoleName
    joined_at: Moment


class RoleUpdate(Strict):
    role: GivenRole
    was: RoleName | None = Field(None, description="What they were when you looked; refused if they are not any more.")


class InvitationCreate(Strict):
    email: Email
    role: GivenRole = "member"


class InvitationOut(Told):
    """An open invitation. Its link is in the mail only."""

    id: UUID
    email: str
    role: GivenRole
    invited_by: str | None
    sent_at: Moment
    expires_at: Moment


class InvitationAccept(Strict):
    token: Annotated[str, StringConstraints(min_length=1, max_length=100)] = Field(
        description="The last part of the link in the mail."
    )


class Link(Told):
    """The join link of a team, for its managers."""

    url: str
    role: GivenRole
    needs_approval: bool
    domains: list[str]


class LinkWrite(Strict):
    role: Literal["member", "viewer"] = "member"
    needs_approval: Flag = True
    domains: Annotated[list[Annotated[str, StringConstraints(max_length=253)]], Field(max_length=20)] = Field(
        [], description="Only addresses at these; empty: all."
    )


class Asker(Told):
    """Somebody who has followed the join link and waits."""

    id: UUID
    name: str
    email: str
    asked_at: Moment


class Approval(Strict):
    role: Literal["member", "viewer"] = "member"


class Outside(Told):
    """An address outside the team. Reminders go there once it has agreed."""

    id: UUID = Field(alias="uuid")
    email: str
    state: Literal["asked", "agreed", "stopped"]
    asked_at: Moment
    agreed_at: Moment | None


class OutsideCreate(Strict):
    emails: Annotated[list[Email], Field(min_length=1, max_length=20)]


class Asked(Told):
    addresses: list[Outside] = Field(description="Those that are on the list now.")
    refused: list[str] = Field(description="Why others are not.")


class OfferOut(Told):
    """Of an owner to somebody of the team, to own it in their place."""

    by: UUID
    to: UUID
    made_at: Moment


class OfferWrite(Strict):
    person: UUID


class JoinWrite(Strict):
    token: Annotated[str, StringConstraints(min_length=1, max_length=100)] = Field(
        description="The last part of the link."
    )


class Joined(Told):
    state: Literal["joined", "asked"]


class TeamMail(Told):
    offered: list[MailKind] = Field(description="The kinds of mail that one in your role can get.")
    wanted: list[MailKind]


class TeamMailWrite(Strict):
    wanted: list[MailKind]
