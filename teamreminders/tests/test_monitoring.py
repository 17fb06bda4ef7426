"""The samples of docs/monitoring/ and the operators' handbook name what there is, and all of it."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.urls import get_resolver
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from reminders.reconciler import look, reconcile
from reminders.scheduler import RECONCILE_EVERY
from teamreminders import metrics
from teamreminders.embedded.run import CHECKOUT
from teamreminders.logs import IDS
from teamreminders.tests.test_permissions import all_addresses

pytestmark = pytest.mark.django_db

SAMPLES = CHECKOUT / "docs" / "monitoring"
HANDBOOK = CHECKOUT / "docs" / "operations.md"
ALARMS = yaml.safe_load((SAMPLES / "alerts.yml").read_text())["groups"][0]["rules"]
INTERVAL = 15  # seconds between two scrapes, and two looks at the rules, by the sample for Prometheus
DASHBOARD = json.loads((SAMPLES / "dashboard.json").read_text())


@pytest.fixture
def families(redis: Any) -> list[Any]:
    """All that `/metrics` can say."""
    reconcile(redis, timezone.now())
    return list(text_string_to_metric_families(metrics.page(timezone.now()).decode()))


@pytest.fixture
def samples(families: list[Any]) -> set[str]:
    return {sample.name for family in families for sample in family.samples}


def named(text: str) -> set[str]:
    return set(re.findall(r"team_reminders_\w+", text))


@pytest.mark.parametrize("path", ["alerts.yml", "dashboard.json", "../operations.md"])
def test_only_metrics_that_exist_are_named(path: str, samples: set[str], families: list[Any]) -> None:
    words = named((SAMPLES / path).read_text())
    assert words
    assert words - samples - {family.name for family in families} == set()


def test_the_handbook_names_every_metric(families: list[Any]) -> None:
    # A counter's family goes by its name without the suffix.
    names = {f"{family.name}_total" if family.type == "counter" else family.name for family in families}
    assert names - named(HANDBOOK.read_text()) == set()


def test_labels_that_alarms_ask_for_have_the_values_that_there_are(families: list[Any]) -> None:
    there = {
        (label, value) for family in families for sample in family.samples for label, value in sample.labels.items()
    }
    asked = {
        (label, value)
        for alarm in ALARMS
        for label, values in re.findall(r'(\w+)=~?"([^"]+)"', alarm["expr"])
        for value in values.split("|")
        if label != "job"
    }
    assert asked
    assert asked - there == set()


def test_every_alarm_has_a_section_of_the_handbook_that_says_what_how_to_try_it_and_what_to_do() -> None:
    sections = re.findall(r"^### (\w+)\n(.*?)(?=^##|\Z)", HANDBOOK.read_text(), re.MULTILINE | re.DOTALL)
    assert [name for name, _ in sections] == [alarm["alert"] for alarm in ALARMS]
    for name, text in sections:
        assert [part for part in ("Means:", "Try it:", "Do:") if part not in text] == [], name


def test_every_alarm_says_how_bad_it_is_and_speaks() -> None:
    assert {alarm["labels"]["severity"] for alarm in ALARMS} == {"page", "ticket"}
    assert [alarm["alert"] for alarm in ALARMS if not alarm["annotations"]["summary"]] == []


def test_what_one_comparison_has_found_rings_only_if_the_next_finds_it_too() -> None:
    waits = {alarm["alert"]: alarm["for"] for alarm in ALARMS if "team_reminders_unaccounted" in alarm["expr"]}
    assert waits
    assert [name for name, wait in waits.items() if int(wait.removesuffix("s")) < RECONCILE_EVERY + INTERVAL] == []


def test_every_panel_of_the_dashboard_asks_for_something() -> None:
    assert [panel["title"] for panel in DASHBOARD["panels"] if not named(json.dumps(panel["targets"]))] == []
    places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in DASHBOARD["panels"]]
    assert len(set(places)) == len(places)


def test_the_handbook_names_every_kind_that_is_not_accounted_for_and_every_field_of_a_log_line() -> None:
    text = HANDBOOK.read_text()
    assert [kind for kind in look(timezone.now()).unaccounted if f"`{kind}`" not in text] == []
    assert [field for field in IDS if f"`{field}`" not in text] == []


def test_the_sample_for_prometheus_asks_where_the_metrics_are() -> None:
    config = yaml.safe_load((SAMPLES / "prometheus.yml").read_text())
    (scrape,) = config["scrape_configs"]
    assert get_resolver().resolve(scrape["metrics_path"]).url_name in all_addresses(admin=False)
    assert [Path(SAMPLES, name).is_file() for name in config["rule_files"]] == [True]
    assert all(f'job="{scrape["job_name"]}"' in alarm["expr"] for alarm in ALARMS if "job=" in alarm["expr"])
