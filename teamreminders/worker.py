"""The rq worker: no fork per job, survives Redis and PostgreSQL going away, and ends quickly when asked to."""

import logging
import os
import socket
import threading
import uuid
from contextlib import suppress
from datetime import datetime, timedelta
from types import FrameType
from typing import Any

from django.db import close_old_connections
from django.utils import timezone
from redis import Redis
from redis.exceptions import RedisError
from rq import SimpleWorker
from rq.exceptions import StopRequested
from rq.job import Job

from .line import close_idle_line
from .logs import JOB, where

log = logging.getLogger(__name__)

# Set once this process was asked to end: a job looks at it between two messages.
STOPPING = threading.Event()

PAUSE_SECONDS = 1.0
# An idle worker looks up from its wait for a job this often.
WAIT_SECONDS = 2
# An idle worker leaves the mail server after this.
LINE_IDLE_SECONDS = 5
# Workers by name and when each was last seen. rq has such a list too, but FLUSHALL leaves it empty for good, and keeps
# a killed worker on it for eight minutes.
SEEN = "teamreminders:workers"
# Longer than a job may take (settings.QUEUE): nothing is said in the middle of one.
SEEN_WITHIN = timedelta(seconds=90)


def running(connection: Redis, now: datetime) -> Any:
    """How many workers were seen lately; of a pipeline, the question."""
    return connection.zcount(SEEN, (now - SEEN_WITHIN).timestamp(), "+inf")


class Worker(SimpleWorker):
    """rq's SimpleWorker, made to last.

    The stock loop logs "quitting" and returns on a Redis time-out or on any exception outside a job (a job hash that
    FLUSHALL took away is enough); this one starts the loop again until it is told to stop.
    """

    def work(self, burst: bool = False, *args: Any, **options: Any) -> bool:
        try:
            return self._work_on(burst, *args, **options)
        finally:
            close_idle_line()
            with suppress(RedisError):
                self.connection.zrem(SEEN, _name())

    def _work_on(self, burst: bool, *args: Any, **options: Any) -> bool:
        worked = False
        while True:
            try:
                worked = super().work(burst, *args, **options) or worked
            except StopRequested:
                pass
            except (RedisError, ValueError) as error:
                log.warning("worker %s: %s", self.name, where(error))
            if STOPPING.is_set() or burst or options.get("max_jobs"):
                return worked
            log.warning("worker %s: the work loop ended by itself and starts again", self.name)
            STOPPING.wait(PAUSE_SECONDS)
            self.name = uuid.uuid4().hex  # the old name may still be registered

    def perform_job(self, job: Job, *args: Any, **options: Any) -> bool:
        """Run a job with live database connections; django-rq looks at them only before the work loop."""
        close_old_connections()
        token = JOB.set(job.id)
        try:
            return super().perform_job(job, *args, **options)
        finally:
            JOB.reset(token)
            close_old_connections()

    def handle_exception(self, job: Job, *exc_info: Any) -> None:
        """Say that a job failed; rq's own line would quote the words of the error."""
        log.error("a job failed: %s", where(exc_info[1]), extra={"job": job.id})

    @property
    def dequeue_timeout(self) -> int:
        return WAIT_SECONDS

    def heartbeat(self, *args: Any, **options: Any) -> None:
        """Sent before each wait and after each job: there a request to end is seen that was lost otherwise.

        rq ends an idle worker by raising StopRequested in the signal handler, which may hit code that catches it.
        """
        if STOPPING.is_set():
            raise StopRequested
        close_idle_line(LINE_IDLE_SECONDS)
        super().heartbeat(*args, **options)
        now = timezone.now().timestamp()
        with self.connection.pipeline(transaction=False) as pipeline:
            pipeline.zadd(SEEN, {_name(): now})
            pipeline.zremrangebyscore(SEEN, "-inf", now - 3600)
            pipeline.execute(raise_on_error=False)  # being counted must not keep it from working

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        STOPPING.set()
        super().request_stop(signum, frame)


def _name() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"
