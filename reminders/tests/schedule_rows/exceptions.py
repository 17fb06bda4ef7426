"""Single occurrences left out or moved by hand. 24 November 2026 is a Tuesday."""

EXCEPTIONS = """
# Left out
skipped: one day is left out
    Europe/Berlin, from 2026-11-24: FREQ=DAILY at 09:00; skipped 2026-11-25 09:00
    2026-11-24 00:00 -> 2026-11-24 08:00, 2026-11-26 08:00
skipped: the other times of that day stay
    UTC, from 2026-11-24: FREQ=DAILY at 09:00 17:00; skipped 2026-11-25 09:00
    2026-11-24 12:00 -> 2026-11-24 17:00, 2026-11-25 17:00, 2026-11-26 09:00
skipped: another time than any slot's leaves out nothing
    UTC, from 2026-11-24: FREQ=DAILY at 09:00; skipped 2026-11-25 10:00
    2026-11-24 12:00 -> 2026-11-25 09:00
skipped: the one in the gap is named by the time it should have had
    Europe/Berlin, from 2026-03-01: FREQ=DAILY at 02:30; skipped 2026-03-29 02:30
    2026-03-28 12:00 -> 2026-03-30 00:30
skipped: of two that become one, the other still comes
    Europe/Berlin, from 2026-03-01: FREQ=DAILY at 02:30 03:30; skipped 2026-03-29 02:30
    2026-03-28 12:00 -> 2026-03-29 01:30, 2026-03-30 00:30
skipped: a cron slot
    UTC, from 2026-11-24: cron 0 9 * * *; skipped 2026-11-25 09:00
    2026-11-24 12:00 -> 2026-11-26 09:00
skipped: the one and only
    UTC, from 2026-11-24: once at 09:00; skipped 2026-11-24 09:00
    2026-11-24 00:00 -> end
skipped: previous does not find it either
    UTC, from 2026-11-24: FREQ=DAILY at 09:00; skipped 2026-11-25 09:00
    2026-11-26 00:00 <- 2026-11-24 09:00
# Moved by hand
moved: later the same day
    Europe/Berlin, from 2026-11-24: FREQ=DAILY at 09:00; moved 2026-11-25 09:00 to 2026-11-25 11:00
    2026-11-24 12:00 -> 2026-11-25 10:00, 2026-11-26 08:00
moved: earlier the same day
    Europe/Berlin, from 2026-11-24: FREQ=DAILY at 09:00; moved 2026-11-25 09:00 to 2026-11-25 07:00
    2026-11-24 12:00 -> 2026-11-25 06:00, 2026-11-26 08:00
moved: earlier, past two others
    UTC, from 2026-11-24: FREQ=DAILY at 09:00; moved 2026-11-27 09:00 to 2026-11-24 15:00
    2026-11-24 09:00 -> 2026-11-24 15:00, 2026-11-25 09:00, 2026-11-26 09:00, 2026-11-28 09:00
moved: later, past two others
    UTC, from 2026-11-24: FREQ=DAILY at 09:00; moved 2026-11-24 09:00 to 2026-11-26 15:00
    2026-11-24 00:00 -> 2026-11-25 09:00, 2026-11-26 09:00, 2026-11-26 15:00, 2026-11-27 09:00
moved: onto another slot, once
    UTC, from 2026-11-24: FREQ=DAILY at 09:00; moved 2026-11-24 09:00 to 2026-11-25 09:00
    2026-11-24 00:00 -> 2026-11-25 09:00, 2026-11-26 09:00
moved: two onto one instant
    UTC, from 2026-11-24: FREQ=DAILY at 09:00; moved 2026-11-24 09:00 to 2026-11-25 12:00; \
moved 2026-11-25 09:00 to 2026-11-25 12:00
    2026-11-24 00:00 -> 2026-11-25 12:00, 2026-11-26 09:00
moved: two change places
    UTC, from 2026-11-24: FREQ=DAILY at 09:00 17:00; moved 2026-11-24 09:00 to 2026-11-24 17:00; \
moved 2026-11-24 17:00 to 2026-11-24 09:00
    2026-11-24 00:00 -> 2026-11-24 09:00, 2026-11-24 17:00, 2026-11-25 09:00
moved: into the gap, like any other time there
    Europe/Berlin, from 2026-03-01: FREQ=DAILY at 09:00; moved 2026-03-29 09:00 to 2026-03-29 02:30
    2026-03-28 12:00 -> 2026-03-29 01:30, 2026-03-30 07:00
moved: into the repeated hour, to the first
    Europe/Berlin, from 2026-10-01: FREQ=DAILY at 09:00; moved 2026-10-25 09:00 to 2026-10-25 02:30
    2026-10-24 12:00 -> 2026-10-25 00:30, 2026-10-26 08:00
moved: out of the gap
    Europe/Berlin, from 2026-03-01: FREQ=DAILY at 02:30; moved 2026-03-29 02:30 to 2026-03-29 12:00
    2026-03-28 12:00 -> 2026-03-29 10:00, 2026-03-30 00:30
moved: to before the start
    UTC, from 2026-11-24: FREQ=DAILY at 09:00; moved 2026-11-26 09:00 to 2026-11-20 09:00
    2026-11-19 00:00 -> 2026-11-20 09:00, 2026-11-24 09:00, 2026-11-25 09:00, 2026-11-27 09:00
moved: to after the end
    UTC, from 2026-11-24: FREQ=DAILY at 09:00; until 2026-11-25; moved 2026-11-25 09:00 to 2026-12-24 09:00
    2026-11-24 12:00 -> 2026-12-24 09:00, end
moved: to years later, after the last one
    UTC, from 2026-11-24: once at 09:00; moved 2026-11-24 09:00 to 2031-11-24 09:00
    2026-11-24 12:00 -> 2031-11-24 09:00, end
moved: its own time is nothing any more
    UTC, from 2026-11-24: once at 09:00; moved 2026-11-24 09:00 to 2026-11-23 09:00
    2026-11-23 09:00 -> end
moved: a slot that the schedule does not have (any more)
    UTC, from 2026-11-24: FREQ=DAILY at 09:00; moved 2026-11-25 10:00 to 2026-11-25 11:00
    2026-11-24 12:00 -> 2026-11-25 09:00, 2026-11-26 09:00
moved: a slot after the end, where the series was split
    UTC, from 2026-11-24: FREQ=DAILY at 09:00; until 2026-11-24; moved 2026-12-01 09:00 to 2026-12-02 09:00
    2026-11-24 12:00 -> end
moved: a cron slot
    UTC, from 2026-11-24: cron 0 9 * * *; moved 2026-11-25 09:00 to 2026-11-25 11:00
    2026-11-24 12:00 -> 2026-11-25 11:00, 2026-11-26 09:00
moved: one of those that the clocks reorder
    Europe/Berlin, from 2026-03-01: FREQ=DAILY at 02:45 03:15; moved 2026-03-28 03:15 to 2026-03-29 03:30
    2026-03-28 12:00 -> 2026-03-29 01:15, 2026-03-29 01:30, 2026-03-29 01:45
moved: previous finds it where it went
    UTC, from 2026-11-24: FREQ=DAILY at 09:00; moved 2026-11-24 09:00 to 2026-11-26 15:00
    2026-11-27 00:00 <- 2026-11-26 15:00, 2026-11-26 09:00, 2026-11-25 09:00, end
moved: previous finds it before the start
    UTC, from 2026-11-24: FREQ=DAILY at 09:00; moved 2026-11-24 09:00 to 2026-11-20 09:00
    2026-11-25 09:00 <- 2026-11-20 09:00, end
moved: previous finds it after the end
    UTC, from 2016-11-24: FREQ=DAILY at 09:00; until 2016-11-24; moved 2016-11-24 09:00 to 2020-11-20 09:00
    2026-11-25 09:00 <- 2020-11-20 09:00, end
moved: between counts it where it went
    UTC, from 2026-11-24: FREQ=DAILY at 09:00; moved 2026-11-29 09:00 to 2026-11-25 12:00
    2026-11-25 00:00 .. 2026-11-26 00:00: 2026-11-25 09:00, 2026-11-25 12:00
"""
