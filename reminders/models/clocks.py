"""By which clocks reminders go, and what to do when clocks change."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Lower

from reminders.schedule import DayOff
from teams.models import Membership, OutsideState

from .audience import AudienceQuerySet, IsOneOf, by_audience, either, in_audience
from .choices import ZoneMode
from .occurrence import Occurrence

if TYPE_CHECKING:
    from .reminder import Reminder

# Reminders of one transaction when all are looked through.
AT_ONCE = 200
# Reminders by own clocks that the scheduler looks at between two rounds of other work: 10 to 70 ms.
LOOKED_AT = 2000


class ClockQuerySet(AudienceQuerySet):
    def active(self) -> Self:
        return self.filter(paused_at=None, deleted_at=None)

    def by_working_days(self) -> Self:
        """Those for which it matters which days their team works."""
        return self.exclude(day_off=DayOff.STAY)

    def with_new_zones(self) -> Self:
        """Active ones by their recipients' own clocks, some of whom go by one that it is not planned for yet."""
        strangers = Membership.objects.filter(
            ~IsOneOf(F("user__zone"), OuterRef("planned_zones")), team=OuterRef("team"), user__is_active=True
        )
        on_its_own = ~IsOneOf(F("zone"), F("planned_zones")) & self._tells_outside()
        return self.active().filter(in_audience(strangers) | on_its_own, zone_mode=ZoneMode.RECIPIENT)

    def _tells_outside(self) -> Q:
        """Of reminders, those that reach an outside address; in SQL what `without_those_of` says."""

        def of_reminder(column: str) -> OuterRef:
            return OuterRef(OuterRef(column))

        members = Membership.objects.filter(team=of_reminder("team"), user__is_active=True)
        same = members.alias(address=Lower("user__email")).filter(address=OuterRef("outsideaddress__email"))
        agreed = self.model.outside.through.objects.filter(
            reminder=OuterRef("pk"), outsideaddress__state=OutsideState.AGREED
        )
        return either(
            Q(audience=audience) & Q(Exists(agreed.filter(~Exists(theirs))))
            for audience, theirs in by_audience(same, of_reminder).items()
        )

    def some_by_own_clocks(self, after: int) -> tuple[Self, int]:
        """The next `LOOKED_AT` by own clocks after that id, and the id to go on from; 0 at the end."""
        some = self.filter(zone_mode=ZoneMode.RECIPIENT, pk__gt=after)
        last = list(some.order_by("pk").values_list("pk", flat=True)[LOOKED_AT - 1 : LOOKED_AT])
        return (some.filter(pk__lte=last[0]), last[0]) if last else (some, 0)

    def zones_of(self, reminders: Collection["Reminder"]) -> dict[int, list[str]]:
        """By which clocks each goes: its own, or those of the people whom it is for now. Four queries at most."""
        own = [each for each in reminders if each.zone_mode == ZoneMode.RECIPIENT]
        reached = self.reached(own) if own else {}
        zones = {pk: {recipient.zone for recipient in people} for pk, people in reached.items()}
        return {each.pk: sorted(zones.get(each.pk, ())) or [each.zone] for each in reminders}

    def recompute(self, now: datetime) -> int:
        """Bring upcoming occurrences in line with what changed outside the reminder: tz data, days off, people's zones.

        Locks some reminders at a time; returns how many occurrences changed. One that cannot be read is left as it is.
        """
        changed = 0
        ids = list(self.active().order_by("pk").values_list("pk", flat=True))
        for start in range(0, len(ids), AT_ONCE):
            changed += self.model.objects.filter(pk__in=ids[start : start + AT_ONCE])._recompute(now)
        return changed

    def _recompute(self, now: datetime) -> int:
        with transaction.atomic():
            locked = self.select_for_update(of=("self",), no_key=True).select_related("team").order_by("pk")
            reminders = [reminder for reminder in locked if reminder.is_readable(now)]
            return self.plan_again(reminders, now)

    def plan_again(self, reminders: Sequence[Any], now: datetime) -> int:
        """Go by the clocks of those whom these would reach now. Needs their locks; returns as `recompute` does."""
        zones = self.zones_of(reminders)
        moved = [reminder for reminder in reminders if reminder.planned_zones != zones[reminder.pk]]
        for reminder in moved:
            reminder.planned_zones = zones[reminder.pk]
        self.model.objects.bulk_update(moved, ["planned_zones"])
        return Occurrence.objects.arrange(reminders, zones, now)
