"""The days of a rule in words, such as "every year on the first Tuesday of each quarter"."""

from calendar import monthrange
from dataclasses import replace
from itertools import groupby, pairwise

from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from .model import MonthEnd
from .repeats import WORKING_WEEK
from .rule import Rule

EVERY_DAY = tuple((0, day) for day in range(7))
WEEKEND = ((0, 5), (0, 6))
# The months that begin quarters, whose first four Mondays are the quarter's, and those that end them.
QUARTERS: dict[tuple[int, ...], range] = {(1, 4, 7, 10): range(1, 5), (3, 6, 9, 12): range(-4, 0)}
PLACES = {
    -5: gettext_lazy("fifth to last"),
    -4: gettext_lazy("fourth to last"),
    -3: gettext_lazy("third to last"),
    -2: gettext_lazy("second to last"),
    -1: pgettext_lazy("the last day", "last"),
    1: gettext_lazy("first"),
    2: gettext_lazy("second"),
    3: gettext_lazy("third"),
    4: gettext_lazy("fourth"),
    5: gettext_lazy("fifth"),
}
# More days than these are said as a row where they are one.
FEW = 4


def days_in_words(rule: Rule, month_end: MonthEnd) -> str:
    """ "every other Monday", "every month on the last weekday"; the rule is anchored."""
    rule = _plainest(rule)
    if rule.freq == "WEEKLY" and not rule.positions and (rule.interval == 1 or _is_other_weekday(rule)):
        said = [_every_weekday(rule), _months(rule)]
    else:
        said = [_every(rule), _weeks(rule), _year_days(rule), *_month_days(rule, month_end), _weekdays(rule)]
        said.append(_of_what(rule))
    words = " ".join(filter(None, said))
    if rule.positions and not _chosen_weekdays(rule):
        words = _("%(words)s (of these only the %(places)s)") % {"words": words, "places": _places(rule.positions)}
    if rule.week_start and (rule.weeks or (rule.freq == "WEEKLY" and (rule.interval > 1 or rule.positions))):
        words = _("%(words)s (weeks begin on %(day)s)") % {"words": words, "day": WEEKDAYS[rule.week_start]}
    return words


def listed(words: list[str]) -> str:
    """ "a, b and c"."""
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s and %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}


def either(words: list[str]) -> str:
    """ "a, b or c"."""
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s or %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}


def ordinal(n: int) -> str:
    """1st, 2nd, 3rd, 4th: English has four endings; a translation may give all the same."""
    endings = {1: _("%(n)dst"), 2: _("%(n)dnd"), 3: _("%(n)drd")}
    words = _("%(n)dth") if 11 <= n % 100 <= 13 else endings.get(n % 10, _("%(n)dth"))
    return words % {"n": n}


def _plainest(rule: Rule) -> Rule:
    """The rule with the same days that people would write: the Mondays of a month are those of a week."""
    if rule.freq == "DAILY":
        rule = replace(rule, positions=())
    if rule.interval > 1:
        return rule
    numbered = any(n for n, _day in rule.weekdays)
    only_weekdays = rule.weekdays and not (numbered or rule.month_days or rule.year_days or rule.weeks)
    if rule.positions:
        return replace(rule, freq="YEARLY") if rule.freq == "MONTHLY" and len(rule.months) == 1 else rule
    if only_weekdays:
        return replace(rule, freq="WEEKLY")
    if rule.freq == "DAILY" and rule.month_days:
        rule = replace(rule, freq="MONTHLY")
    if rule.freq == "MONTHLY" and rule.months:
        return replace(rule, freq="YEARLY")
    every_month = rule.month_days and not (rule.months or rule.year_days or rule.weeks or numbered)
    return replace(rule, freq="MONTHLY") if rule.freq == "YEARLY" and every_month else rule


def _every(rule: Rule) -> str:
    n = rule.interval
    match rule.freq:
        case "DAILY":
            return [_("every day"), _("every other day")][n - 1] if n < 3 else _("every %(n)d days") % {"n": n}
        case "WEEKLY":
            return [_("every week"), _("every other week")][n - 1] if n < 3 else _("every %(n)d weeks") % {"n": n}
        case "MONTHLY" if not (rule.months and _chosen_weekdays(rule) and n == 1):
            return [_("every month"), _("every other month")][n - 1] if n < 3 else _("every %(n)d months") % {"n": n}
        case _:
            return [_("every year"), _("every other year")][n - 1] if n < 3 else _("every %(n)d years") % {"n": n}


def _is_other_weekday(rule: Rule) -> bool:
    return rule.interval == 2 and len(rule.weekdays) == 1


def _every_weekday(rule: Rule) -> str:
    days = rule.weekdays
    if rule.interval == 2:
        return _("every other %(weekday)s") % {"weekday": WEEKDAYS[days[0][1]]}
    if days == WORKING_WEEK:
        return _("every weekday")
    if days == EVERY_DAY:
        return _("every day")
    return _("every %(weekdays)s") % {"weekdays": listed([str(WEEKDAYS[day]) for _n, day in days])}


def _weeks(rule: Rule) -> str:
    weeks = [_("week %(n)d") % {"n": n} for n in rule.weeks if n > 0]
    weeks += [_("the %(place)s week") % {"place": _place(n)} for n in rule.weeks if n < 0]
    return _("in %(weeks)s") % {"weeks": listed(weeks)} if weeks else ""


def _year_days(rule: Rule) -> str:
    days = [_("day %(n)d") % {"n": n} for n in rule.year_days if n > 0]
    days += [_("the %(place)s day") % {"place": _place(n)} for n in rule.year_days if n < 0]
    return _("on %(days)s of the year") % {"days": listed(days)} if days else ""


def _month_days(rule: Rule, month_end: MonthEnd) -> list[str]:
    """The days of the month, and what becomes of them in shorter months."""
    days = rule.month_days
    if not days:
        return []
    if _is_date(rule):
        names = [pgettext("day before the name of its month", "%(n)d") % {"n": n} for n in days]
        dates = _("%(days)s %(month)s") % {"days": listed(names), "month": MONTHS[rule.months[0]]}
        return [_("on %(day)s") % {"day": dates}, _in_short_months(rule, month_end)]
    positive, negative = [n for n in days if n > 0], [n for n in days if n < 0]
    names = [ordinal(n) for n in positive] + [_place(n) for n in negative]
    steps = {later - earlier for earlier, later in pairwise(days)}
    row = {"first": names[0], "last": names[-1], "nth": _place(max(steps, default=1))}
    if rule.freq == "DAILY":
        names = [ordinal(n) for n in positive] + [_("%(place)s day") % {"place": _place(n)} for n in negative]
        words = _("if it is the %(days)s") % {"days": either(names)}
    elif len(days) > FEW and steps == {1} and not negative:
        words = _("on the %(first)s to %(last)s") % row
    elif len(days) > FEW and len(steps) == 1 and not negative:
        words = _("on every %(nth)s day from the %(first)s to the %(last)s") % row
    elif negative:
        words = _("on the %(places)s day") % {"places": listed(names)}
    else:
        words = _("on the %(days)s") % {"days": listed(names)}
    of_each = rule.freq == "YEARLY" and not rule.months
    return [words, _in_short_months(rule, month_end), _("of every month") if of_each else ""]


def _is_date(rule: Rule) -> bool:
    """Whether it is said as "5 March"."""
    return rule.freq == "YEARLY" and len(rule.months) == 1 and bool(rule.month_days) and rule.month_days[0] > 0


def _in_short_months(rule: Rule, month_end: MonthEnd) -> str:
    days, months = rule.month_days, rule.months or tuple(range(1, 13))
    shortest = min(monthrange(2026, month)[1] for month in months)
    if days[-1] <= shortest:
        return ""
    if month_end == MonthEnd.LAST:
        if len(months) == 1:
            return _("(or the last day of %(month)s)") % {"month": MONTHS[months[0]]}
        return _("(or the last day of a shorter month)")
    if months == (2,):
        return ngettext("(in leap years)", "(the 29th in leap years)", len(days))
    return ngettext("(in months that have one)", "(in months that have them)", len(days))


def _weekdays(rule: Rule) -> str:
    if not rule.weekdays:
        return ""
    chosen = _chosen_weekdays(rule)
    if chosen:
        return _("on the %(places)s %(day)s") % {"places": _places(rule.positions), "day": chosen}
    plain = tuple(each for each in rule.weekdays if not each[0])
    working = [pgettext("after: a, every", "weekday")]
    names = working if plain == WORKING_WEEK else [str(WEEKDAYS[day]) for _n, day in plain]
    numbered = [
        _("the %(places)s %(day)s") % {"places": _places(tuple(n for n, _day in group)), "day": WEEKDAYS[day]}
        for day, group in groupby((each for each in rule.weekdays if each[0]), key=lambda each: each[1])
    ]
    if rule.month_days or rule.year_days or rule.freq == "DAILY":
        return _("if it is %(days)s") % {
            "days": either([*numbered, *[_("a %(day)s") % {"day": each} for each in names]])
        }
    if rule.freq in {"MONTHLY", "YEARLY"} and plain and not rule.weeks:
        names = [_("every %(day)s") % {"day": either(names)}]
    elif plain == WORKING_WEEK:
        return _("on weekdays")
    return _("on %(days)s") % {"days": listed(numbered + names)}


def _chosen_weekdays(rule: Rule) -> str:
    """What BYSETPOS chooses from, where that is nothing but weekdays of a month, or of a year."""
    one_set = rule.freq == "MONTHLY" or (rule.freq == "YEARLY" and len(rule.months) < 2)
    if not rule.positions or not one_set or rule.month_days or rule.year_days or rule.weeks:
        return ""
    if not rule.weekdays or any(n for n, _day in rule.weekdays):
        return ""
    if rule.weekdays == WORKING_WEEK:
        return _("weekday")
    if rule.weekdays == EVERY_DAY:
        return _("day")
    if rule.weekdays == WEEKEND:
        return _("weekend day")
    return either([str(WEEKDAYS[day]) for _n, day in rule.weekdays])


def _of_what(rule: Rule) -> str:
    """The months, or the year, that the days belong to."""
    numbers = rule.positions if _chosen_weekdays(rule) else tuple(n for n, _day in rule.weekdays)
    if not rule.months:
        return _("of the year") if rule.freq == "YEARLY" and any(numbers) else ""
    if _is_date(rule):
        return ""
    if numbers and not rule.month_days and all(n in QUARTERS.get(rule.months, ()) for n in numbers):
        return _("of each quarter")
    return _months(rule, of_them=bool(rule.month_days) or any(numbers))


def _months(rule: Rule, *, of_them: bool = False) -> str:
    if not rule.months:
        return ""
    months = listed([str(MONTHS[month]) for month in rule.months])
    return (_("of %(months)s") if of_them else _("in %(months)s")) % {"months": months}


def _places(places: tuple[int, ...]) -> str:
    return listed([_place(n) for n in places if n > 0] + [_place(n) for n in places if n < 0])


def _place(n: int) -> str:
    """ "first", "20th", "last", "second to last"."""
    if n in PLACES:
        return str(PLACES[n])
    return ordinal(n) if n > 0 else _("%(nth)s to last") % {"nth": ordinal(-n)}
