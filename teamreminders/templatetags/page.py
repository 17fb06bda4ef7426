"""Icons, times and people in pages; loaded into every template."""

from datetime import datetime, timedelta, tzinfo
from functools import cache
from typing import Any
from uuid import UUID

from django import template
from django.conf import settings
from django.template.context import Context
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, npgettext, pgettext

from teamreminders.clock import zone_or_utc
from teamreminders.dates import dated

register = template.Library()
register.filter(dated)

HUES = 6
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon of static/vendor/lucide, inline. Silent for screen readers unless it has a `label`."""
    role = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html('<svg class="icon" viewBox="0 0 24 24" {}>{}</svg>', role, _shape(name))


@register.simple_tag(takes_context=True)
def moment(context: Context, at: datetime, show: str = "full", zone: str = "", precise: bool = False) -> SafeString:
    """`at` as `<time>` in the reader's zone, or in `zone`; the whole date and the zone's name appear on hover.

    show: "full" (Mon 23 Nov, 17:00), "near" (17:00 today, Mon 17:00 in the next six days), "time", "day".
    Seconds appear where they are not 0, or always with `precise`. The year appears where it is not this one.
    """
    local = timezone.localtime(at, zone_or_utc(zone) if zone else None)
    return _time(at, local, _words(local, _now(context), show, precise))


@register.simple_tag(takes_context=True)
def moment_in(context: Context, at: datetime, zone: str, show: str = "near") -> SafeString:
    """`at` in the reminder's zone, and beside it the reader's own where they differ: 09:00 Berlin · 03:00 for you."""
    there, here = timezone.localtime(at, zone_or_utc(zone)), timezone.localtime(at)
    if there.replace(tzinfo=None) == here.replace(tzinfo=None):
        return moment(context, at, show)
    mine = "time" if there.date() == here.date() else show
    return format_html(
        _("{there} {place} · {here} for you"),
        there=moment(context, at, show, zone),
        place=place(zone),
        here=moment(context, at, mine),
    )


@register.simple_tag(takes_context=True)
def relative(context: Context, at: datetime, past: str = "", future: str = "") -> SafeString:
    """`at` as seen from now: "in 3 days", "17 h ago", or with words of one's own: `past="%s overdue"`.

    app.js keeps it up to date.
    """
    past, future = past or _("%s ago"), future or _("in %s")
    away = at - _now(context)
    words = (future if away >= timedelta(0) else past) % _away(abs(away)) if abs(away) >= MINUTE else _("now")
    local = timezone.localtime(at)
    return format_html(
        '<time datetime="{}" title="{}" data-past="{}" data-future="{}" data-now="{}">{}</time>',
        _utc(at), _whole(local), past, future, _("now"), words,
    )  # fmt: skip


@register.simple_tag
def wall_clock(zone: str, now: datetime) -> SafeString:
    """What the clocks in a zone show: 14:05. app.js keeps it up to date."""
    there = timezone.localtime(now, zone_or_utc(zone))
    return format_html('<time data-clock="{}">{}</time>', zone, date_format(there, "H:i"))


@register.simple_tag
def units() -> str:
    """The words that `relative` counts in, for app.js: minutes, hours, one day, days."""
    return "|".join(
        [_("min"), _("h"), pgettext("after: in, since, ago", "day"), pgettext("after: in, since, ago", "days")]
    )


@register.filter
def span(length: timedelta) -> str:
    """A length of time in its largest unit, rounded down: 5 min, 17 h, 3 days."""
    if length < DAY:
        return _hours_or_minutes(length)
    return ngettext("%(n)s day", "%(n)s days", length.days) % {"n": length.days}


@register.filter
def lateness(late: timedelta | float) -> str:
    """How late a message was, as precise as it is worth: 0.24 s, 12.5 s, 131 s, 15 min."""
    seconds = late.total_seconds() if isinstance(late, timedelta) else late
    if seconds >= 600:
        return span(timedelta(seconds=seconds))
    places = 2 if seconds < 10 else 1 if seconds < 100 else 0
    return _("%(seconds)s s") % {"seconds": number_format(seconds, decimal_pos=places)}


@register.filter
def place(zone: str) -> str:
    """The town in a zone's name: "America/New_York" -> "New York"."""
    return zone.rpartition("/")[2].replace("_", " ")


@register.filter
def initials(name: object) -> str:
    """Two letters for a person: "Ana Lopez" -> "AL", "ana@example.org" -> "AN"."""
    words = str(name).split()
    letters = words[0][0] + words[-1][0] if len(words) > 1 else "".join(words)[:2]
    return letters.upper()


@register.filter
def hue(row: Any) -> int:
    """1 to 6, always the same for one row, by its `uuid`."""
    identity: UUID = row.uuid
    return identity.int % HUES + 1


@cache
def _shape(name: str) -> SafeString:
    """What stands between <svg> and </svg>. Raises FileNotFoundError for an icon that was not vendored."""
    file = settings.BASE_DIR / "static" / "vendor" / "lucide" / f"{name}.svg"
    inner = file.read_text().partition("\n>")[2].rpartition("</svg>")[0]
    return mark_safe("".join(line.strip() for line in inner.splitlines()))  # noqa: S308  (a file of ours)


def _now(context: Context) -> datetime:
    """The moment the view read from the clock; pages that show no state of a reminder need not pass it."""
    return context.get("now") or timezone.now()


def _away(length: timedelta) -> str:
    """As `span`, in the case that stands after "in" and "since"."""
    if length < DAY:
        return _hours_or_minutes(length)
    return npgettext("after: in, since, ago", "%(n)s day", "%(n)s days", length.days) % {"n": length.days}


def _hours_or_minutes(length: timedelta) -> str:
    if length < HOUR:
        return _("%(n)s min") % {"n": length // MINUTE}
    return _("%(n)s h") % {"n": length // HOUR}


def _words(local: datetime, now: datetime, show: str, precise: bool) -> str:
    clock = date_format(local, "H:i:s" if precise or local.second else "H:i")
    if show == "time":
        return clock
    today = now.astimezone(local.tzinfo).date()
    if show == "near" and 0 <= (local.date() - today).days < 7:
        return clock if local.date() == today else f"{date_format(local, 'D')} {clock}"
    day = dated(local, "D j M" if local.year == today.year else "D j M Y")
    return day if show == "day" else f"{day}, {clock}"


def _time(at: datetime, local: datetime, words: str) -> SafeString:
    return format_html('<time datetime="{}" title="{}">{}</time>', _utc(at), _whole(local), words)


def _utc(at: datetime) -> str:
    return at.astimezone(timezone.get_fixed_timezone(0)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _whole(local: datetime) -> str:
    return f"{dated(local, 'l j F Y')}, {date_format(local, 'H:i:s')} {_name(local.tzinfo)}"


def _name(zone: tzinfo | None) -> str:
    return getattr(zone, "key", None) or str(zone)
