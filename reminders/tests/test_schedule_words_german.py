"""Schedules in German words: what is put together from parts reads as if it had been written at one go."""

from datetime import date

import pytest
from django.utils.translation import override

from reminders.schedule import Schedule, describe
from reminders.tests.schedule_rows.reading import schedule_of

# Each from Friday 27 November 2026 in Berlin, and its words.
WORDS = """
once at 16:00
    einmal am Fr, 27. November 2026 um 16:00
FREQ=WEEKLY;BYDAY=MO,FR at 08:00 12:00 16:30
    jeden Montag und Freitag um 08:00, 12:00 und 16:30
FREQ=DAILY at 08:00 10:00 12:00 14:00 16:00
    jeden Tag, alle 2 Stunden von 08:00 bis 16:00
FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR at 08:00 08:45 09:30 10:15 11:00 11:45 12:30 13:15 14:00 14:45 15:30 16:15 17:00
    montags bis freitags, alle 45 Minuten von 08:00 bis 17:00
FREQ=DAILY;INTERVAL=2 at 09:00
    alle zwei Tage um 09:00
FREQ=DAILY;INTERVAL=2;BYDAY=MO,TU,WE,TH,FR at 09:00
    alle zwei Tage (nur am Montag bis Freitag) um 09:00
FREQ=DAILY;INTERVAL=3;BYMONTHDAY=1,15,-1 at 09:00
    alle 3 Tage (nur am 1., 15. oder letzten Tag) um 09:00
FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;WKST=SU at 09:00
    alle zwei Wochen am Dienstag (Wochen beginnen am Sonntag) um 09:00
FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TU,WE,TH,FR at 09:00
    alle zwei Wochen montags bis freitags um 09:00
FREQ=WEEKLY;BYDAY=MO;BYMONTH=6,7 at 09:00
    jeden Montag im Juni und Juli um 09:00
FREQ=MONTHLY;BYMONTHDAY=1,2,3,22 at 09:00
    jeden Monat am 1., 2., 3. und 22. um 09:00
FREQ=MONTHLY;BYMONTHDAY=1,6,11,16,21,26 at 09:00
    jeden Monat an jedem fünften Tag vom 1. bis 26. um 09:00
FREQ=MONTHLY;BYMONTHDAY=31 at 09:00
    jeden Monat am 31. (oder am letzten Tag eines kürzeren Monats) um 09:00
FREQ=MONTHLY;BYMONTHDAY=31 at 09:00; month end skip
    jeden Monat am 31. (sofern es ihn gibt) um 09:00
FREQ=MONTHLY;BYMONTHDAY=-2,-1 at 09:00
    jeden Monat am vorletzten und letzten Tag um 09:00
FREQ=MONTHLY;BYDAY=2TU,4TU at 09:00
    jeden Monat am zweiten und vierten Dienstag um 09:00
FREQ=MONTHLY;BYDAY=1MO,-2FR at 09:00
    jeden Monat am ersten Montag und vorletzten Freitag um 09:00
FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1 at 17:00
    jeden Monat am letzten Wochentag (Mo bis Fr) um 17:00
FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13 at 20:00
    jeden Monat am 13. (nur am Freitag) um 20:00
FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=1,29 at 09:00; month end skip
    jedes Jahr am 1. und 29. Februar (am 29. nur in Schaltjahren) um 09:00
FREQ=YEARLY;BYMONTH=1,4,7,10;BYDAY=1TU at 09:00
    jedes Jahr am ersten Dienstag jedes Quartals um 09:00
FREQ=YEARLY;BYDAY=20MO at 09:00
    jedes Jahr am 20. Montag im Jahr um 09:00
FREQ=YEARLY;BYWEEKNO=1,-1;BYDAY=SU;WKST=SU at 09:00
    jedes Jahr in KW 1 und der letzten Woche am Sonntag (Wochen beginnen am Sonntag) um 09:00
FREQ=YEARLY;BYYEARDAY=100,200,-2 at 09:00
    jedes Jahr am 100. Tag, 200. Tag und vorletzten Tag des Jahres um 09:00
FREQ=DAILY at 09:00; days off previous; until 2027-03-01
    jeden Tag um 09:00, an freien Tagen am Arbeitstag davor, bis Mo, 1. März 2027
FREQ=DAILY at 09:00; days off skip; works 0,1,2,3,4,5,6
    jeden Tag um 09:00, außer an Feiertagen
FREQ=DAILY at 09:00; count 10
    jeden Tag um 09:00, 10-mal
cron 0 9 1,LW * MON
    jeden Monat am 1., jeden Monat am letzten Wochentag (Mo bis Fr) und jeden Montag um 09:00
cron 5,10 8,9,12,13,17 * * *
    jeden Tag jeweils 5 und 10 Minuten nach der vollen Stunde (8, 9, 12, 13 und 17)
"""
LINES = [line.strip() for line in WORDS.strip().splitlines()]


@pytest.mark.parametrize(("what", "words"), list(zip(LINES[::2], LINES[1::2], strict=True)), ids=LINES[::2])
def test_it_says_itself_in_german(what: str, words: str) -> None:
    if what.startswith("cron "):
        schedule = Schedule("Europe/Berlin", date(2026, 11, 27), cron=what.removeprefix("cron "))
    else:
        schedule = schedule_of(f"Europe/Berlin, from 2026-11-27: {what}")
    with override("de"):
        assert describe(schedule) == words
    with override("en-gb"):  # nothing of the other language is kept
        assert describe(schedule) != words
