"""Teams, who belongs to them, and who may join."""

from .change import Action, Change, Kind
from .invitation import Invitation, NotInvited
from .join_link import JoinLink, JoinRequest, put_out
from .offer import Offer
from .outside import OutsideAddress, OutsideState
from .role import GIVEN, MANAGERS, WRITERS, Role
from .team import LastOwner, MailKind, Membership, Team, monday_to_friday

__all__ = [
    "GIVEN",
    "MANAGERS",
    "WRITERS",
    "Action",
    "Change",
    "Invitation",
    "JoinLink",
    "JoinRequest",
    "Kind",
    "LastOwner",
    "MailKind",
    "Membership",
    "NotInvited",
    "Offer",
    "OutsideAddress",
    "OutsideState",
    "Role",
    "Team",
    "monday_to_friday",
    "put_out",
]
