"""A team's working days in words."""

from django.utils.dates import WEEKDAYS
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from .models import Team
from .places import place_name


def working_days_in_words(team: Team) -> str:
    """ "Monday to Friday, holidays of Germany (Bayern)"."""
    weekdays = weekdays_in_words(sorted(set(team.working_days)))
    if not team.country:
        return weekdays
    place = place_name(team.country, team.region)
    return _("%(weekdays)s, holidays of %(place)s") % {"weekdays": weekdays, "place": place}


def weekdays_in_words(days: list[int]) -> str:
    """ "Monday to Friday", of sorted numbers, 0 for Monday."""
    if not days:
        return _("No day of the week")
    names = [str(WEEKDAYS[day]) for day in days]
    if len(days) == len(WEEKDAYS):
        return _("Every day of the week")
    if len(days) > 2 and days[-1] - days[0] == len(days) - 1:
        return _("%(first)s to %(last)s") % {"first": names[0], "last": names[-1]}
    return get_text_list(names, _("and"))
