"""The rules of time as a table: one row per surprise, each with its reason, worked out by hand.

A row is three lines: the reason; zone, start and schedule; and what is asked, with the answers, in UTC.

    daily: the local hour stays when summer time begins
        Europe/Berlin, from 2026-03-27: FREQ=DAILY at 09:00
        2026-03-28 00:00 -> 2026-03-28 08:00, 2026-03-29 07:00

`->` is next_after again and again, `<-` is previous, `A .. B:` is between; "end" means that nothing more comes.
"""

from .clocks import CLOCKS
from .cron import CRON
from .days import DAYS
from .ends import ENDS
from .exceptions import EXCEPTIONS
from .positions import POSITIONS
from .reading import Row, rows_of
from .working import WORKING

ROWS: list[Row] = [row for text in (CLOCKS, DAYS, POSITIONS, ENDS, EXCEPTIONS, WORKING, CRON) for row in rows_of(text)]
