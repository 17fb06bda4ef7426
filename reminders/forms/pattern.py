"""The days that the form's controls can say, as an RRULE and back."""

from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from reminders.schedule import Repeat, Schedule, ScheduleError, rule_for
from reminders.schedule.repeats import WORKING_WEEK
from reminders.schedule.rule import WEEKDAYS, Rule, parse

LAST = -1
PLACES = (1, 2, 3, 4, LAST)
WEEKEND = ((0, 5), (0, 6))
# What the first or the last one of a month may be one of.
PLACE_DAYS = {
    **{str(day): ((0, day),) for day in range(7)},
    "weekday": WORKING_WEEK,
    "weekend": WEEKEND,
}


@dataclass(frozen=True)
class Pattern:
    """Which days. Months and days of the month that are not given are the start's.

    `places` are numbers within the month of what `place_day` names in PLACE_DAYS, instead of `month_days`.
    """

    repeat: Repeat
    interval: int = 1
    weekdays: tuple[int, ...] = ()  # 0 is Monday
    months: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()  # -1 is the last
    places: tuple[int, ...] = ()
    place_day: str = ""

    def rule(self, start: date) -> str:
        """The text after "RRULE:"; empty for once, by a rule and by cron. Raises ScheduleError."""
        if self.repeat in {Repeat.MONTHLY, Repeat.YEARLY}:
            return self._rule_in_months(start)
        rule = rule_for(self.repeat, start, self.weekdays)
        return self._with_interval(rule) if self.repeat in {Repeat.DAILY, Repeat.WEEKLY} else rule

    def _rule_in_months(self, start: date) -> str:
        months = (self.months or (start.month,)) if self.repeat == Repeat.YEARLY else ()
        parts = [f"BYMONTH={_listed(months)}"] if months else []
        parts += self._days_of_month(start)
        freq = self.repeat.value.upper()
        if len(months) > 1 and "BYSETPOS" in parts[-1]:  # the last weekday of each of them, not of all together
            if self.interval > 1:
                raise ScheduleError(_("Choose one month, or every year."))
            freq = "MONTHLY"
        return self._with_interval(";".join([f"FREQ={freq}", *parts]))

    def _days_of_month(self, start: date) -> list[str]:
        if not self.places:
            return [f"BYMONTHDAY={_listed(self.month_days or (start.day,))}"]
        days = [WEEKDAYS[day] for _n, day in PLACE_DAYS[self.place_day]]
        if len(days) == 1:
            return ["BYDAY=" + ",".join(f"{n}{days[0]}" for n in _in_order(self.places))]
        return ["BYDAY=" + ",".join(days), f"BYSETPOS={_listed(self.places)}"]

    def _with_interval(self, rule: str) -> str:
        if self.interval == 1:
            return rule
        freq, *parts = rule.split(";")
        return ";".join([freq, f"INTERVAL={self.interval}", *parts])


def pattern_of(schedule: Schedule) -> Pattern:
    """What the controls show for a schedule: `Pattern.rule` read backwards."""
    if schedule.cron:
        return Pattern(Repeat.CRON)
    if not schedule.rule:
        return Pattern(Repeat.ONCE)
    try:
        pattern = _read(_plain(parse(schedule.rule), schedule.start), schedule.start)
        if same_days(pattern.rule(schedule.start), schedule.rule, schedule.start):
            return pattern
    except ScheduleError:
        pass
    return Pattern(Repeat.RULE)


def same_days(text: str, other: str, start: date) -> bool:
    """Whether two RRULEs from the same start on are but two ways of writing the same days; not where one is none."""
    if not text or not other:
        return text == other
    try:
        return _plain(parse(text), start) == _plain(parse(other), start)
    except ScheduleError:
        return False


def _read(rule: Rule, start: date) -> Pattern:
    """The nearest pattern; it need not say the same."""
    days = tuple(day for _n, day in rule.weekdays)
    if rule.freq == "DAILY":
        return Pattern(Repeat.DAILY, rule.interval)
    if rule.freq == "WEEKLY":
        every_weekday = rule == Rule("WEEKLY", weekdays=WORKING_WEEK)
        return Pattern(Repeat.WEEKDAYS) if every_weekday else Pattern(Repeat.WEEKLY, rule.interval, days)
    repeat = Repeat.YEARLY if rule.freq == "YEARLY" or rule.months else Repeat.MONTHLY
    months = () if rule.months == (start.month,) else rule.months
    pattern = Pattern(repeat, rule.interval, months=months)
    if not rule.weekdays:
        month_days = () if rule.month_days == (start.day,) else _in_order(rule.month_days)
        return replace(pattern, month_days=month_days)
    numbers, names = rule.positions or tuple(n for n, _day in rule.weekdays), {(0, day) for day in days}
    named = [name for name, each in PLACE_DAYS.items() if set(each) == names]
    if not named or not set(numbers) <= set(PLACES):
        return Pattern(Repeat.RULE)
    return replace(pattern, places=_in_order(numbers), place_day=named[0])


def _plain(rule: Rule, start: date) -> Rule:
    """Anchored, and without what makes no difference."""
    rule = rule.anchored(start)
    if rule.interval == 1 and not rule.positions and not rule.weeks:
        rule = replace(rule, week_start=0)
    one_set = not rule.positions or len(rule.months) == 1
    if rule.freq == "MONTHLY" and rule.months and rule.interval == 1 and one_set:
        rule = replace(rule, freq="YEARLY")
    return rule


def _in_order(numbers: tuple[int, ...]) -> tuple[int, ...]:
    """From the first to the last: 1, 15, -1."""
    return tuple(sorted(set(numbers), key=lambda n: (n < 0, n)))


def _listed(numbers: tuple[int, ...]) -> str:
    return ",".join(str(n) for n in _in_order(numbers))
