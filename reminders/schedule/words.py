"""A schedule in words. Every part of it is said, also where no idiom fits."""

from datetime import date, datetime, time

from cron_descriptor import CasingTypeEnum, FormatError, Options, get_description
from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .model import DayOff, MonthEnd, Schedule
from .repeats import WORKING_WEEK
from .rule import Rule, parse

EVERY_DAY = tuple((0, day) for day in range(7))
WEEKEND = ((0, 5), (0, 6))
QUARTERS = (1, 4, 7, 10)


def describe(schedule: Schedule) -> str:
    """One phrase without the zone and without a full stop, such as "every Friday at 16:00, until 1 March 2027"."""
    at = listed([clock_face(each) for each in schedule.times])
    if schedule.cron:
        words = _cron(schedule.cron)
    elif schedule.rule:
        words = _("%(days)s at %(at)s") % {"days": _days(schedule), "at": at}
    else:
        words = _("once, on %(day)s at %(at)s") % {"day": _day(schedule.start), "at": at}
    return ", ".join([words, *_limits(schedule)])


def clock_face(at: time | datetime) -> str:
    """ "16:00", with seconds only where they are not 0."""
    return at.strftime("%H:%M:%S" if at.second else "%H:%M")


def listed(words: list[str]) -> str:
    """ "a, b and c"."""
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s and %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}


def _limits(schedule: Schedule) -> list[str]:
    """What is said after a comma: days off, and the end."""
    said = []
    if schedule.day_off == DayOff.NEXT:
        said.append(_("on the next working day where that is a day off"))
    elif schedule.day_off == DayOff.PREVIOUS:
        said.append(_("on the working day before where that is a day off"))
    elif schedule.day_off == DayOff.SKIP:
        said.append(_("except on days off"))
    if schedule.count:
        said.append(ngettext("%(n)d time", "%(n)d times", schedule.count) % {"n": schedule.count})
    elif schedule.last and schedule.repeats and schedule.until:
        said.append(_("until %(day)s at %(at)s") % {"day": _day(schedule.last.date()), "at": clock_face(schedule.last)})
    elif schedule.until and schedule.repeats:
        said.append(_("until %(day)s") % {"day": _day(schedule.until)})
    return said


def _days(schedule: Schedule) -> str:
    """ "every other week on Monday and Friday", "every month on the last weekday"."""
    rule = parse(schedule.rule).anchored(schedule.start)
    if rule.freq in {"DAILY", "WEEKLY"} and rule.weekdays and rule.interval == 1 and not rule.positions:
        words = _every_weekday(rule)
        rest = _which(rule, schedule, weekdays=False)
    else:
        words, rest = _every(rule), _which(rule, schedule, weekdays=True)
    words = " ".join([words, *rest])
    if rule.positions and not _chosen_weekdays(rule):
        words = _("%(words)s (of these only the %(places)s)") % {"words": words, "places": _places(rule.positions)}
    if rule.week_start and (rule.interval > 1 or rule.weeks or rule.positions) and rule.freq in {"WEEKLY", "YEARLY"}:
        words = _("%(words)s (weeks begin on %(day)s)") % {"words": words, "day": WEEKDAYS[rule.week_start]}
    return words


def _every(rule: Rule) -> str:
    n = rule.interval
    match rule.freq:
        case "DAILY":
            return [_("every day"), _("every other day")][n - 1] if n < 3 else _("every %(n)d days") % {"n": n}
        case "WEEKLY":
            return [_("every week"), _("every other week")][n - 1] if n < 3 else _("every %(n)d weeks") % {"n": n}
        case "MONTHLY":
            return [_("every month"), _("every other month")][n - 1] if n < 3 else _("every %(n)d months") % {"n": n}
        case _:
            return [_("every year"), _("every other year")][n - 1] if n < 3 else _("every %(n)d years") % {"n": n}


def _every_weekday(rule: Rule) -> str:
    days = tuple(sorted(rule.weekdays, key=lambda each: each[1]))
    if days == WORKING_WEEK:
        return _("every weekday")
    if days == EVERY_DAY:
        return _("every day")
    return _("every %(weekdays)s") % {"weekdays": listed([str(WEEKDAYS[day]) for _n, day in days])}


def _which(rule: Rule, schedule: Schedule, *, weekdays: bool) -> list[str]:
    """The days within each period, part by part."""
    said = []
    if rule.weeks:
        said.append(
            _("in week %(numbers)s of the year") % {"numbers": listed([_from_end(n, str(abs(n))) for n in rule.weeks])}
        )
    if rule.year_days:
        said.append(
            _("on day %(numbers)s of the year")
            % {"numbers": listed([_from_end(n, str(abs(n))) for n in rule.year_days])}
        )
    on_a_date = rule.freq == "YEARLY" and len(rule.months) == 1 and rule.month_days and rule.month_days[0] > 0
    if on_a_date:
        said.append(_("on %(day)s") % {"day": _year_days(rule, schedule.month_end)})
    elif rule.month_days:
        said.append(_("on the %(days)s") % {"days": _month_days(rule.month_days, schedule.month_end)})
    if weekdays and rule.weekdays:
        said.append(_weekdays(rule))
    if rule.months and not on_a_date:
        said.append(_months(rule))
    elif rule.freq == "YEARLY" and any(n for n, _day in rule.weekdays):
        said.append(_("of the year"))
    return said


def _weekdays(rule: Rule) -> str:
    chosen = _chosen_weekdays(rule)
    if chosen:
        return _("on the %(places)s %(day)s") % {"places": _places(rule.positions), "day": chosen}
    if rule.month_days or rule.year_days:
        return _("if it is a %(days)s") % {"days": _either([str(WEEKDAYS[day]) for _n, day in rule.weekdays])}
    numbered = [
        _("the %(place)s %(day)s") % {"place": _place(n), "day": WEEKDAYS[day]} for n, day in rule.weekdays if n
    ]
    plain = tuple(each for each in rule.weekdays if not each[0])
    every = [str(WEEKDAYS[day]) for _n, day in plain]
    if plain == WORKING_WEEK:
        every = [_("weekdays")]
    if rule.freq in {"MONTHLY", "YEARLY"} and plain:
        every = [_("every %(day)s") % {"day": _either(every) if plain != WORKING_WEEK else _("weekday")}]
    return _("on %(days)s") % {"days": listed(numbered + every)}


def _chosen_weekdays(rule: Rule) -> str:
    """What BYSETPOS chooses from, where that is nothing but weekdays of a month."""
    plain = rule.positions and rule.freq == "MONTHLY" and not (rule.month_days or rule.year_days or rule.weeks)
    if not plain or not rule.weekdays or any(n for n, _day in rule.weekdays):
        return ""
    if rule.weekdays == WORKING_WEEK:
        return _("weekday")
    if rule.weekdays == EVERY_DAY:
        return _("day")
    if rule.weekdays == WEEKEND:
        return _("weekend day")
    return _either([str(WEEKDAYS[day]) for _n, day in rule.weekdays])


def _months(rule: Rule) -> str:
    numbered = any(n for n, _day in rule.weekdays)
    if rule.months == QUARTERS and numbered:
        return _("of each quarter")
    names = listed([str(MONTHS[month]) for month in rule.months])
    if rule.month_days or numbered:
        return _("of %(months)s") % {"months": names}
    return _("in %(months)s") % {"months": names}


def _month_days(days: tuple[int, ...], month_end: MonthEnd) -> str:
    in_order = [n for n in days if n > 0] + sorted(n for n in days if n < 0)
    words = listed([ordinal(n) if n > 0 else _last_day(n) for n in in_order])
    if max(days) <= 28:
        return words
    if month_end == MonthEnd.LAST:
        return _("%(day)s, or the last day of a shorter month") % {"day": words}
    return ngettext("%(day)s, in months that have one", "%(day)s, in months that have them", len(days)) % {"day": words}


def _last_day(n: int) -> str:
    return _("last day") if n == -1 else _("%(nth)s to last day") % {"nth": ordinal(-n)}


def _year_days(rule: Rule, month_end: MonthEnd) -> str:
    month = rule.months[0]
    words = f"{listed([str(day) for day in rule.month_days])} {MONTHS[month]}"
    longest = max(rule.month_days)
    if month == 2 and longest > 28:
        return (
            _("%(day)s, or the last day of February") if month_end == MonthEnd.LAST else _("%(day)s, in leap years")
        ) % {"day": words}
    return words


def _places(places: tuple[int, ...]) -> str:
    in_order = [n for n in places if n > 0] + [n for n in places if n < 0]
    return listed([_place(n) for n in in_order])


def _place(n: int) -> str:
    """ "first", "2nd", "last", "2nd to last"."""
    if n == 1:
        return _("first")
    return ordinal(n) if n > 0 else _("last") if n == -1 else _("%(nth)s to last") % {"nth": ordinal(-n)}


def _from_end(n: int, words: str) -> str:
    return words if n > 0 else _("%(n)s from the end") % {"n": words}


def ordinal(n: int) -> str:
    """1st, 2nd, 3rd, 4th: English; a translation gives the pattern of its own language."""
    ending = "th" if 11 <= n % 100 <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return _("%(day)d%(ending)s") % {"day": n, "ending": ending}


def _either(words: list[str]) -> str:
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s or %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}


def _cron(expression: str) -> str:
    options = Options()
    options.use_24hour_time_format = True
    options.casing_type = CasingTypeEnum.Sentence
    try:
        words = str(get_description(expression, options))
    except FormatError:
        return _("by cron: %(expression)s") % {"expression": expression}
    return words[:1].lower() + words[1:]


def _day(day: date) -> str:
    return date_format(day, "D j F Y")
