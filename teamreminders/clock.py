"""IANA zones and local times: what the apps share about time without knowing anything of schedules."""

from datetime import datetime, timedelta
from functools import cache
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


def _places() -> list[str]:
    """The places of tz data's zone.tab: one name for each, none of the old ones ("Asia/Calcutta") that still work."""
    table = resources.files("tzdata").joinpath("zoneinfo/zone.tab").read_text(encoding="utf-8")
    return sorted(line.split("\t")[2] for line in table.splitlines() if line and not line.startswith("#"))


# Names that people choose from: places, and UTC. The rest ("EST5EDT", "Etc/GMT+3") are aliases or traps.
ZONES: tuple[str, ...] = (*_places(), "UTC")
_KNOWN = available_timezones() - {"Factory", "localtime"}  # which are no place
HALF_A_YEAR = timedelta(days=182)  # then summer time is the other way round


@cache
def old_names() -> dict[str, str]:
    """ZONES by the names that browsers still have for some of them: Asia/Calcutta -> Asia/Kolkata."""
    lines = resources.files("tzdata").joinpath("zoneinfo/tzdata.zi").read_text(encoding="utf-8").splitlines()
    links = [line.split() for line in lines if line.startswith("L ")]
    renamed = {old: new for _link, new, old in links if new in ZONES and old not in ZONES}
    return {old: new for old, new in renamed.items() if old.split("/")[0] == new.split("/")[0]}  # US/Eastern is no town


def validate_zone(name: str) -> None:
    """Raise ValidationError unless `name` is an IANA zone that this machine knows."""
    if not is_zone(name):
        raise ValidationError(
            _("“%(zone)s” is not a time zone. Choose one such as Europe/Berlin."), params={"zone": name}
        )


def is_zone(name: str) -> bool:
    return name in _KNOWN


def zone_or_utc(name: str) -> ZoneInfo:
    """The zone of a name that was valid when it was stored; UTC where tz data no longer knows it."""
    return ZoneInfo(name if is_zone(name) else "UTC")


def moment(at: datetime, zone: str) -> dict[str, Any]:
    """By the clock of a zone, which stands beside it: how we tell programs of an instant."""
    return {"at": at.astimezone(zone_or_utc(zone)).isoformat(), "zone": zone}


def moment_or_none(at: datetime | None, zone: str) -> dict[str, Any] | None:
    return moment(at, zone) if at else None


def same_clock(one: str, other: str, now: datetime) -> bool:
    """Whether clocks in the two zones show the same, now and half a year ahead, whatever the zones are called."""
    here, there = zone_or_utc(one), zone_or_utc(other)
    return all(at.astimezone(here).utcoffset() == at.astimezone(there).utcoffset() for at in (now, now + HALF_A_YEAR))


class LocalDateTimeField(models.Field):
    """A local date-time without zone (PostgreSQL `timestamp`): what a calendar shows, not an instant.

    Django's DateTimeField cannot hold one while USE_TZ is on.
    """

    def db_type(self, connection: Any) -> str:
        return "timestamp"

    def to_python(self, value: Any) -> datetime | None:
        return datetime.fromisoformat(value) if isinstance(value, str) else value

    def get_prep_value(self, value: Any) -> datetime | None:
        local = self.to_python(super().get_prep_value(value))
        if local is not None and local.tzinfo is not None:
            raise ValueError("a local date-time has no zone")
        return local

    def value_to_string(self, obj: models.Model) -> str:
        value: Any = self.value_from_object(obj)
        return "" if value is None else value.isoformat()
