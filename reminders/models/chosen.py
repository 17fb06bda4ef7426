"""What is chosen for a reminder, as rows: names for those that Django makes and that could not carry triggers."""

from .recorded import OF_CHOICE, OF_LABEL, OF_OUTSIDE
from .reminder import Reminder


class Chosen(Reminder.people.through):  # type: ignore[name-defined]
    class Meta:
        proxy = True
        default_permissions = ()
        triggers = OF_CHOICE


class ChosenOutside(Reminder.outside.through):  # type: ignore[name-defined]
    class Meta:
        proxy = True
        default_permissions = ()
        triggers = OF_OUTSIDE


class ChosenLabel(Reminder.labels.through):  # type: ignore[name-defined]
    class Meta:
        proxy = True
        default_permissions = ()
        triggers = OF_LABEL
