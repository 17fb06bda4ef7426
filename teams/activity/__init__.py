"""What was changed of a team, in words."""

from .facts import Fact, facts
from .group import Group, Pair, grouped
from .line import Line, Names, hold, somebody
from .words import of_team

__all__ = ["Fact", "Group", "Line", "Names", "Pair", "facts", "grouped", "hold", "of_team", "somebody"]
