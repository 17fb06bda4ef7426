"""Teams, who belongs to them, and who may join."""

from .invitation import Invitation, NotInvited
from .offer import Offer
from .role import GIVEN, MANAGERS, WRITERS, Role
from .team import LastOwner, Membership, Team, monday_to_friday

__all__ = [
    "GIVEN",
    "MANAGERS",
    "WRITERS",
    "Invitation",
    "LastOwner",
    "Membership",
    "NotInvited",
    "Offer",
    "Role",
    "Team",
    "monday_to_friday",
]
