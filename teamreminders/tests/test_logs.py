"""Log lines: JSON of known fields, from every process, without a word that belongs to somebody."""

import json
import logging
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import django_rq
import pytest
from django.db import IntegrityError
from django.utils import timezone

from accounts.models import AccountMail
from reminders.models import Delivery
from reminders.tests.scenes import reminder_due, rounded, team_of
from teamreminders.logs import JOB, JsonLine, TextLine, WithJob
from teamreminders.tests.test_worker import until

SECRET = "ada@example.org has not renewed"


def writing(formatter: logging.Formatter) -> tuple[logging.Logger, StringIO]:
    """A logger, and what it has written."""
    written, logger = StringIO(), logging.Logger("teamreminders.tests")
    handler = logging.StreamHandler(written)
    handler.setFormatter(formatter)
    handler.addFilter(WithJob())
    logger.addHandler(handler)
    return logger, written


@pytest.fixture
def log() -> tuple[logging.Logger, StringIO]:
    return writing(JsonLine())


@pytest.fixture(params=[JsonLine, TextLine])
def lines(request: Any) -> tuple[logging.Logger, StringIO]:
    return writing(request.param())


def test_a_line_is_one_json_object_with_its_time_in_utc(log: Any) -> None:
    logger, written = log
    logger.warning("put %s off\nfor now", 3, extra={"delivery": "d1", "try": 2, "lateness": 0.25})
    line = json.loads(written.getvalue())
    assert written.getvalue().count("\n") == 1
    time = line.pop("time")
    assert abs(datetime.fromisoformat(time) - timezone.now()) < timedelta(seconds=5)
    assert line == {
        "level": "WARNING",
        "logger": "teamreminders.tests",
        "message": "put 3 off\nfor now",
        "delivery": "d1",
        "try": 2,
        "lateness": 0.25,
    }


def test_nought_is_a_figure_and_nothing_is_left_out(log: Any) -> None:
    logger, written = log
    logger.info("sent", extra={"lateness": 0.0, "outcome": "", "occurrence": None})
    assert {"lateness"} == set(json.loads(written.getvalue())) - {"time", "level", "logger", "message"}


def test_every_line_of_a_job_names_it(log: Any) -> None:
    logger, written = log
    token = JOB.set("job-1")
    logger.info("in it")
    JOB.reset(token)
    logger.info("after it")
    assert [json.loads(line).get("job") for line in written.getvalue().splitlines()] == ["job-1", None]


def test_an_error_is_told_by_its_kind_and_place_only(lines: Any) -> None:
    logger, written = lines
    try:
        raise IntegrityError(SECRET)
    except IntegrityError:
        logger.exception("it failed")
    assert "IntegrityError" in written.getvalue()
    assert "test_logs.py" in written.getvalue()
    assert SECRET not in written.getvalue()


def test_what_a_library_attaches_is_left_out(lines: Any) -> None:
    logger, written = lines
    logger.info("Not Found", extra={"request": SECRET, "arguments": [SECRET]})
    assert SECRET not in written.getvalue()


def test_lines_for_people_end_with_the_ids() -> None:
    record = logging.makeLogRecord({"msg": "sent", "levelname": "INFO", "name": "x", "delivery": "d1", "try": 1})
    assert TextLine().format(record) == "INFO    x: sent delivery=d1 try=1"


@pytest.mark.django_db(transaction=True)
def test_every_process_writes_json_without_titles_addresses_or_words_of_errors(
    stack: Any, smtp: Any, redis: Any
) -> None:
    everything = {"LOG_FORMAT": "json"}
    processes = [stack.worker(**everything), stack.scheduler(**everything), stack.web(**everything)]
    fails = {"description": "fails with words that quote what it was given"}
    django_rq.get_queue("default").enqueue("reminders.jobs.deliver", [SECRET], **fails)
    reminder = reminder_due(team_of(2), rounded(timezone.now()) + timedelta(seconds=1), planned_at=timezone.now())
    mail = AccountMail.objects.write(to="ada@example.org", subject="Confirm", text="words")
    until(lambda: Delivery.objects.filter(state="sent").count() == 2)
    until(lambda: AccountMail.objects.filter(state="sent"))
    for process in processes:
        process.stop()
    said = "".join(process.log.read_text() for process in processes)
    assert [line for line in said.splitlines() if not line.startswith("{")] == []
    lines = [json.loads(line) for line in said.splitlines()]
    assert {"gunicorn.error", "reminders.scheduler", "rq.worker", "teamreminders.worker"} <= {
        line["logger"] for line in lines
    }
    addresses = Delivery.objects.values_list("address", flat=True)
    assert [word for word in (reminder.title, mail.to, SECRET, *addresses) if word in said] == []
