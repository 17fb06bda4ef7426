"""Teams, who belongs to them, and who may join."""

from .invitation import Invitation, NotInvited
from .join_link import JoinLink, JoinRequest
from .offer import Offer
from .role import GIVEN, MANAGERS, WRITERS, Role
from .team import LastOwner, Membership, Team, monday_to_friday

__all__ = [
    "GIVEN",
    "MANAGERS",
    "WRITERS",
    "Invitation",
    "JoinLink",
    "JoinRequest",
    "LastOwner",
    "Membership",
    "NotInvited",
    "Offer",
    "Role",
    "Team",
    "monday_to_friday",
]
