"""What a load balancer, an orchestrator and a person on call ask."""

from collections.abc import Iterator
from datetime import timedelta

import django_rq
import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from django_rq.settings import QUEUES

from teamreminders import heartbeat

NOBODY_LISTENS = 9  # the port of "discard"


@pytest.fixture
def no_database() -> Iterator[None]:
    """PostgreSQL at an address where there is none."""
    port = connection.settings_dict["PORT"]
    connection.close()
    connection.settings_dict["PORT"] = NOBODY_LISTENS
    yield
    connection.close()
    connection.settings_dict["PORT"] = port


@pytest.fixture
def no_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    """Redis at an address where there is none."""
    for queue in QUEUES.values():
        monkeypatch.setitem(queue, "URL", f"redis://127.0.0.1:{NOBODY_LISTENS}/0")


def test_the_process_is_alive_whatever_else_is_not(client: Client, no_redis: None) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.django_db
def test_ready_when_the_database_and_redis_answer(client: Client) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"ready": True, "faults": {}})


@pytest.mark.django_db(transaction=True)
def test_not_ready_without_the_database_and_says_so(client: Client, no_database: None) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"ready": False, "faults": {"database": "OperationalError"}})


@pytest.mark.django_db
def test_not_ready_without_redis_and_says_so(client: Client, no_redis: None) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"ready": False, "faults": {"redis": "ConnectionError"}})


@pytest.mark.django_db
def test_a_scheduler_that_is_not_running_does_not_take_the_pages_down(client: Client) -> None:
    django_rq.get_connection("default").delete(heartbeat.KEY)
    assert client.get("/readyz").status_code == 200


@pytest.mark.parametrize(("seconds_ago", "running"), [(0, True), (14, True), (16, False), (3000, False)])
def test_the_scheduler_runs_while_its_heartbeat_is_younger_than_15_seconds(
    client: Client, seconds_ago: int, running: bool
) -> None:
    heartbeat.beat(django_rq.get_connection("default"), timezone.now() - timedelta(seconds=seconds_ago))
    answer = client.get("/healthz/scheduler")
    assert (answer.status_code, answer.json()["running"]) == (200 if running else 503, running)
    assert answer.json()["heartbeat_age_seconds"] == pytest.approx(seconds_ago, abs=1)


def test_without_any_heartbeat_the_scheduler_counts_as_not_running(client: Client) -> None:
    django_rq.get_connection("default").delete(heartbeat.KEY)
    answer = client.get("/healthz/scheduler")
    assert (answer.status_code, answer.json()) == (503, {"running": False, "heartbeat_age_seconds": None})


def test_without_redis_nobody_knows_whether_the_scheduler_runs(client: Client, no_redis: None) -> None:
    answer = client.get("/healthz/scheduler")
    assert (answer.status_code, answer.json()) == (503, {"running": False, "fault": "Redis: ConnectionError"})
