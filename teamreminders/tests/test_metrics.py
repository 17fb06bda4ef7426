"""What Prometheus reads, and who may."""

import socket
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from accounts.models import AccountMail
from accounts.tests.factories import UserFactory
from reminders.models import Delivery
from reminders.reconciler import reconcile
from reminders.tests.factories import DeliveryFactory, OccurrenceFactory
from reminders.tests.test_reconciler import plan
from teamreminders import breaker, heartbeat, tally, worker
from teamreminders.tests.test_health import no_database
from teamreminders.throttle import Throttle

TOKEN = "a-token-of-thirty-letters-or-so"
INFINITY = float("inf")

__all__ = ["no_database"]


@pytest.fixture(autouse=True)
def token(settings: Any, redis: Any) -> Any:
    tally.TALLY.write()  # what other tests have counted
    redis.flushall()
    settings.METRICS_TOKEN = TOKEN


@pytest.fixture
def no_redis(settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:9/0"


def scrape(token: str = TOKEN) -> HttpResponse:
    return Client().get("/metrics", headers={"Authorization": f"Bearer {token}"})


def metrics() -> dict[str, Any]:
    """Value by name and labels, as in `messages_total{kind=delivery,outcome=later}`, without our prefix."""
    found = {}
    for family in text_string_to_metric_families(scrape().content.decode()):
        for sample in family.samples:
            labels = ",".join(f"{name}={value}" for name, value in sorted(sample.labels.items()))
            name = sample.name.removeprefix("team_reminders_")
            found[f"{name}{{{labels}}}" if labels else name] = sample.value
    return found


@pytest.mark.django_db
def test_who_shows_the_token_reads_them_in_prometheus_own_format() -> None:
    answer = scrape()
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain; version=")
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", ["", "another-token-of-thirty-letters", TOKEN[:-1], TOKEN + "x", "ünïcode"])
def test_who_shows_a_wrong_token_is_told_so(wrong: str) -> None:
    answer = scrape(wrong)
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")


@pytest.mark.django_db
@pytest.mark.parametrize("configured", ["", TOKEN])
def test_who_shows_none_finds_nothing(settings: Any, configured: str) -> None:
    settings.METRICS_TOKEN = configured
    assert Client().get("/metrics").status_code == 404


@pytest.mark.django_db
def test_without_a_token_of_our_own_no_token_opens_it(settings: Any) -> None:
    settings.METRICS_TOKEN = ""
    assert scrape("").status_code == 404
    assert scrape(TOKEN).status_code == 404


@pytest.mark.django_db
def test_an_operator_reads_them_without_a_token(settings: Any, client: Client) -> None:
    settings.METRICS_TOKEN = ""
    client.force_login(UserFactory(operator=True))
    assert client.get("/metrics").status_code == 200


@pytest.mark.django_db
def test_counters_are_there_at_nought_from_the_first_scrape_on() -> None:
    found = metrics()
    assert found["messages_total{kind=delivery,outcome=accepted}"] == 0
    assert found["occurrences_dispatched_total"] == found["deliveries_dispatched_total"] == 0
    assert found["lateness_seconds_count"] == 0


@pytest.mark.django_db
def test_counts_are_those_of_all_processes() -> None:
    tally.MESSAGES.add(2, "delivery", "later")
    for seconds in (0.3, 0.7, 100_000.0):
        tally.LATENESS.observe(seconds)
    tally.TALLY.write()
    found = metrics()
    assert found["messages_total{kind=delivery,outcome=later}"] == 2
    buckets = ("0.5", "1.0", "86400.0", "+Inf")
    assert [found[f"lateness_seconds_bucket{{le={bound}}}"] for bound in buckets] == [1, 2, 2, 3]
    assert (found["lateness_seconds_count"], found["lateness_seconds_sum"]) == (3, 100_001.0)


@pytest.mark.django_db
def test_what_waits_is_counted_with_its_age() -> None:
    now = timezone.now()
    OccurrenceFactory(undispatched=True, due_at=now - timedelta(seconds=20))
    occurrence = OccurrenceFactory(due_at=now - timedelta(seconds=100))
    DeliveryFactory(occurrence=occurrence)
    Delivery.objects.update(created_at=occurrence.due_at)
    put_off = DeliveryFactory(occurrence=occurrence, tries=2, error="451 later")
    Delivery.objects.filter(pk=put_off.pk).update(created_at=now - timedelta(hours=1))
    AccountMail.objects.write(to="ada@example.org", subject="Confirm", text="words")
    found = metrics()
    assert (found["occurrences_due"], found["messages_waiting"], found["account_mail_waiting"]) == (1, 2, 1)
    assert found["oldest_undelivered_seconds{tried=no}"] == pytest.approx(100, abs=3)
    assert found["oldest_undelivered_seconds{tried=yes}"] == pytest.approx(3600, abs=3)
    assert found["account_mail_oldest_seconds"] < 3


@pytest.mark.django_db
def test_what_runs_and_what_is_queued_is_told(redis: Any) -> None:
    now = timezone.now()
    heartbeat.beat(redis, now - timedelta(seconds=4))
    redis.zadd(worker.SEEN, {"a:1": now.timestamp(), "b:2": now.timestamp()})
    redis.rpush("rq:queue:default", "one", "two", "three")
    found = metrics()
    assert found["scheduler_heartbeat_age_seconds"] == pytest.approx(4, abs=2)
    assert found["workers"] == 2
    assert (found["queue_depth{queue=default}"], found["queue_depth{queue=account}"]) == (3, 0)


@pytest.mark.django_db
def test_a_mail_server_that_is_away_is_told_until_a_message_gets_through(redis: Any, client: Client) -> None:
    client.force_login(UserFactory(operator=True))
    assert metrics()["mail_circuit_open"] == 0
    breaker.trip(redis, timezone.now() - timedelta(seconds=30))  # half open by now
    assert metrics()["mail_circuit_open"] == 1
    assert "The mail server does not answer" in client.get("/today/").content.decode()
    breaker.mend(redis)
    assert metrics()["mail_circuit_open"] == 0


@pytest.mark.django_db
def test_the_rate_limit_is_told_with_the_wait_for_a_turn(redis: Any, settings: Any) -> None:
    assert (metrics()["mail_rate_limit"], metrics()["mail_rate_wait_seconds"]) == (0, 0)
    settings.EMAIL_RATE = 0.5
    limit = Throttle(redis, settings.EMAIL_RATE)
    for _ in range(3):
        limit.place(within=60)
    assert metrics()["mail_rate_limit"] == 0.5
    assert metrics()["mail_rate_wait_seconds"] == pytest.approx(6, abs=1)


@pytest.mark.django_db
def test_what_was_never_heard_of_is_infinitely_old() -> None:
    found = metrics()
    assert found["scheduler_heartbeat_age_seconds"] == found["reconciler_age_seconds"] == INFINITY
    assert found["workers"] == 0


@pytest.mark.django_db
def test_the_reconcilers_findings_are_told(redis: Any) -> None:
    now = timezone.now()
    OccurrenceFactory(undispatched=True, due_at=now - timedelta(seconds=60))
    DeliveryFactory(failed=True)
    reconcile(redis, now)
    found = metrics()
    assert found["unaccounted{kind=overlooked}"] == 1
    assert found["unaccounted{kind=lost}"] == 0
    assert found["dead_letters"] == 1
    assert found["last_hour_messages{state=failed}"] == 1
    assert found["reconciler_age_seconds"] < 3


@pytest.mark.django_db
@pytest.mark.usefixtures("no_redis")
def test_without_redis_it_answers_with_what_postgresql_knows() -> None:
    found = metrics()
    assert (found["redis_up"], found["database_up"]) == (0, 1)
    assert "messages_waiting" in found
    assert "messages_total{kind=delivery,outcome=accepted}" not in found


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("no_database")
def test_without_postgresql_it_answers_with_what_redis_knows() -> None:
    found = metrics()
    assert (found["redis_up"], found["database_up"]) == (1, 0)
    assert "messages_total{kind=delivery,outcome=accepted}" in found
    assert "messages_waiting" not in found


@pytest.mark.django_db
def test_a_scrape_is_three_queries_on_indexes_at_any_size() -> None:
    DeliveryFactory()
    with CaptureQueriesContext(connection) as queries:
        scrape()
    plans = [plan(query["sql"]) for query in queries.captured_queries]
    indexes = ["occurrence_due", "delivery_due", "account_mail_due"]
    assert [index in plan for index, plan in zip(indexes, plans, strict=True)] == [True] * 3
    assert [plan for plan in plans if "Seq Scan" in plan] == []


@pytest.fixture
def operator(client: Client) -> Iterator[Client]:
    cache.clear()
    client.force_login(UserFactory(operator=True))
    yield client


@pytest.fixture
def all_is_well(redis: Any) -> None:
    now = timezone.now()
    heartbeat.beat(redis, now)
    redis.zadd(worker.SEEN, {"a:1": now.timestamp()})
    reconcile(redis, now)


PAGES = ["/today/", "/status/"]
NO_SCHEDULER = "The scheduler is not running"
NO_WORKER = "No worker is running"
NO_REDIS = "Redis does not answer"


@pytest.mark.django_db
@pytest.mark.usefixtures("all_is_well")
@pytest.mark.parametrize("page", PAGES)
def test_no_banner_while_all_is_well(operator: Client, page: str) -> None:
    assert 'data-state="late"' not in operator.get(page).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("page", PAGES)
def test_every_page_tells_operators_in_one_banner_what_does_not_run(operator: Client, page: str) -> None:
    words = operator.get(page).content.decode()
    assert words.count('class="notice" data-state="late"') == 1
    assert NO_SCHEDULER in words
    assert NO_WORKER in words


@pytest.mark.django_db
@pytest.mark.usefixtures("no_redis")
@pytest.mark.parametrize("page", PAGES)
def test_every_page_tells_operators_that_redis_is_away(operator: Client, page: str) -> None:
    answer = operator.get(page)
    assert answer.status_code == 200
    assert NO_REDIS in answer.content.decode()


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.django_db
def test_a_redis_that_hangs_holds_a_page_up_for_a_second(operator: Client, page: str, settings: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as hanging:
        settings.REDIS_URL = f"redis://127.0.0.1:{hanging.getsockname()[1]}/0"
        begun = time.monotonic()
        words = operator.get(page).content.decode()
        assert time.monotonic() - begun < 1.8
    assert NO_REDIS in words


@pytest.mark.django_db
def test_ordinary_people_are_told_nothing_and_cost_no_look(client: Client, redis: Any) -> None:
    client.force_login(UserFactory())
    before = redis.info("commandstats").get("cmdstat_mget", {}).get("calls", 0)
    words = client.get("/today/").content.decode()
    assert NO_SCHEDULER not in words
    assert redis.info("commandstats").get("cmdstat_mget", {}).get("calls", 0) == before


@pytest.mark.django_db
def test_a_banner_tells_what_is_not_accounted_for(operator: Client, redis: Any, all_is_well: None) -> None:
    OccurrenceFactory(undispatched=True, due_at=timezone.now() - timedelta(seconds=60))
    reconcile(redis, timezone.now())
    assert "Due, but not dispatched: 1." in operator.get("/today/").content.decode()


@pytest.mark.django_db
def test_a_reconciler_that_stopped_is_told_instead_of_its_last_words(
    operator: Client, redis: Any, all_is_well: None
) -> None:
    reconcile(redis, timezone.now() - timedelta(minutes=4))
    assert "Nobody has compared for minutes" in operator.get("/today/").content.decode()


@pytest.mark.django_db
def test_the_status_page_shows_the_last_hour_and_leads_to_the_dead_letters(
    operator: Client, redis: Any, all_is_well: None
) -> None:
    DeliveryFactory.create_batch(2, failed=True)
    DeliveryFactory(sent=True)
    reconcile(redis, timezone.now())
    answer = operator.get("/status/")
    assert answer.context["vitals"].findings.hour.failed == 2
    link = "/admin/reminders/delivery/?state__exact=failed"
    assert link in answer.content.decode()
    superuser = Client()
    superuser.force_login(UserFactory(superuser=True))
    found = superuser.get(link).context["cl"].queryset
    assert set(found) == set(Delivery.objects.filter(state="failed"))
