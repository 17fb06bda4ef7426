"""The scheduler process: rq-scheduler's own, with a pass over PostgreSQL five times a second."""

import logging
import signal
import threading
import time
from types import FrameType
from typing import Any

from django.db import DatabaseError, close_old_connections, reset_queries
from django.utils import timezone
from django_rq.queues import DjangoScheduler
from redis.exceptions import RedisError

from accounts.models import AccountMail
from teamreminders.heartbeat import beat
from teamreminders.logs import where

from . import reconciler
from .dispatch import AT_ONCE, dispatch_due
from .hand_over import hand_over
from .models import DataExport, Reminder

log = logging.getLogger(__name__)

PASS_EVERY = 0.2
OWN_WORK_EVERY = 1.0
NEW_CLOCKS_EVERY = 30.0
RECONCILE_EVERY = 60.0
LONGEST_PAUSE = 5.0
# A transaction of dispatch should take between half of it and all: the workers wait for it, and so does an edit.
DISPATCH_SECONDS = 0.2
SMALLEST_PORTION, BIGGEST_PORTION = 10, 500


class ReminderScheduler(DjangoScheduler):
    """Dispatches and hands over outside rq-scheduler's lock (a killed holder would block the next for ten seconds).

    Several may run: row locks and unique keys keep them from doubling anything. A database or Redis that goes away is
    waited for. `__init__` has no side effects, since django-rq's admin pages construct the class.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._interval = PASS_EVERY  # the command's option takes whole seconds only
        self._stopping = threading.Event()
        self._own_work_at = self._new_clocks_at = self._reconcile_at = 0.0
        self._clocks_seen = 0  # the last reminder by own clocks that was looked at

    def run(self, burst: bool = False) -> None:
        """Work until SIGTERM or SIGINT; with `burst` until nothing is due."""
        self._install_signal_handlers()
        log.info("scheduler %s: started with process id %s", self.name, self.pid)
        pause = PASS_EVERY
        while not self._stopping.is_set():
            begun = time.monotonic()
            try:
                busy = self.one_pass()
                pause = PASS_EVERY
            except (DatabaseError, RedisError) as error:
                busy = False
                pause = min(pause * 2, LONGEST_PAUSE)
                log.warning("scheduler: %s; trying again in %.1f s", type(error).__name__, pause)
            except Exception as error:
                busy = False
                pause = LONGEST_PAUSE
                log.error("scheduler: a pass failed: %s", where(error))
            if burst and not busy:
                break
            self._stopping.wait(max(0.0, pause - (time.monotonic() - begun)))
        self._say_goodbye()

    def one_pass(self) -> bool:
        """Dispatch all that is due, hand over what the queue has room for; True when there was anything.

        Idle: two queries, each on its partial index. Once a second: lost account mail and exports, rq-scheduler's own
        work, the heartbeat.
        """
        close_old_connections()
        reset_queries()
        dispatched = self._dispatch_all()
        handed_over = hand_over(timezone.now())
        self._own_work()
        close_old_connections()
        return bool(dispatched or handed_over)

    def _dispatch_all(self) -> int:
        """Rounds of dispatch until nothing is due; the workers are fed between two rounds.

        From both ends in turn: what has just come due must not wait for thousands of others, nor they for it.
        """
        total, at_once, newest_first = 0, AT_ONCE, True
        while not self._stopping.is_set():
            begun, newest_first = time.monotonic(), not newest_first
            dispatched = dispatch_due(timezone.now(), at_once, newest_first=newest_first)
            at_once = _next_portion(at_once, time.monotonic() - begun)
            total += dispatched
            if not dispatched:
                break
            hand_over(timezone.now())
            self._own_work()
        return total

    def _own_work(self) -> None:
        """Once a second, also in the middle of a backlog."""
        if time.monotonic() < self._own_work_at:
            return
        self._own_work_at = time.monotonic() + OWN_WORK_EVERY
        AccountMail.objects.hand_over_due(timezone.now())
        DataExport.objects.hand_over_due(timezone.now())
        self._plan_new_clocks()
        self._stay_registered()
        beat(self.connection, timezone.now())
        self._reconcile()
        if self.acquire_lock():
            try:
                self._enqueue_jobs_of_others()
            finally:
                self.remove_lock()

    def _plan_new_clocks(self) -> None:
        """Plan for people who joined or moved, for some reminders at a time; where there are many, it takes longer.

        A reminder that cannot be planned must not hold up the others.
        """
        if not self._clocks_seen:
            if time.monotonic() < self._new_clocks_at:
                return
            self._new_clocks_at = time.monotonic() + NEW_CLOCKS_EVERY
        some, self._clocks_seen = Reminder.objects.some_by_own_clocks(after=self._clocks_seen)
        try:
            some.with_new_zones().recompute(timezone.now())
        except DatabaseError:
            raise
        except Exception as error:  # whatever was in it
            log.error("scheduler: new clocks cannot be planned for: %s", where(error))

    def _reconcile(self) -> None:
        """Hold what came due against what is accounted for; a comparison that fails must not hold up the reminders."""
        if time.monotonic() < self._reconcile_at:
            return
        self._reconcile_at = time.monotonic() + RECONCILE_EVERY
        try:
            reconciler.reconcile(self.connection, timezone.now())
        except (DatabaseError, RedisError):
            raise
        except Exception as error:  # whatever was in it
            log.error("scheduler: nothing could be compared: %s", where(error))

    def _enqueue_jobs_of_others(self) -> None:
        """What else was scheduled with rq-scheduler; an entry that it cannot read must not hold up the reminders."""
        try:
            self.enqueue_jobs()
        except RedisError:
            raise
        except Exception as error:  # whatever was in it
            log.error("scheduler: an entry of %s cannot be read: %s", self.scheduled_jobs_key, type(error).__name__)

    def _stay_registered(self) -> None:
        """Register again after FLUSHALL or a long pause; otherwise keep the key alive."""
        if not self.connection.expire(self.key, int(self._interval) + 10):
            self.register_birth()

    def _say_goodbye(self) -> None:
        try:
            self.register_death()
        except RedisError as error:
            log.info("scheduler: %s while stopping", type(error).__name__)

    def _install_signal_handlers(self) -> None:
        def stop(signum: int, frame: FrameType | None) -> None:
            self._stopping.set()

        signal.signal(signal.SIGINT, stop)
        signal.signal(signal.SIGTERM, stop)


def _next_portion(portion: int, seconds: float) -> int:
    """How many occurrences to dispatch in one transaction, when the last one had `portion` and took so long."""
    if seconds > DISPATCH_SECONDS:
        return max(portion // 2, SMALLEST_PORTION)
    return min(portion * 2, BIGGEST_PORTION) if seconds < DISPATCH_SECONDS / 2 else portion
