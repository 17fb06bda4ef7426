"""A reminder in a sentence, and what it means: pure, no database, no clock.

`english` knows words and phrases, and says what they say as facts (`facts`). `scan` finds phrases, at each word the
longest; `said` settles what belongs to the title after all and what contradicts what; `meaning` makes one Schedule of
the rest. Only words that a grammar has recognised as a date go to dateparser (`dates`). `warm`, called when a process
starts, spares the first sentence half a second.

What is decided where people disagree, each a row in the tests:

- "Monday", "on Monday" and "this Monday" are the next one whose time lies ahead, which may be today; "next Monday" is
  the first after today; "Monday next week" is in the week that begins on the coming Monday.
- A bare hour is of the 24-hour clock: "at 8" is 08:00, "at 8 in the evening" 20:00; "between 9 and 5" ends at 17:00.
- A time without a day is the next such time; a day without a time has the default time. Midnight begins a day.
- "03/04" and "every second Friday" have two readings and are not understood; "biweekly" is every two weeks.
- A repeat that names no day ("every 2 weeks") is anchored on the day it is said on; one that names days begins with the
  first of them. With "10 times" it begins with a day that lies ahead as a whole.
- "working day" asks the team's calendar: the last one of the month moves back from a holiday, the first one on.
- "except holidays" leaves weekends in, and "the next working day if that is a holiday" moves nothing off a Saturday;
  "days off", and "the next working day" by itself, mean weekends too.
- "in Berlin" is a place; "in Europe/Berlin" and "Berlin time" are zones.
"""

from .model import Part, Understood
from .understand import understand, warm

__all__ = ["Part", "Understood", "understand", "warm"]
