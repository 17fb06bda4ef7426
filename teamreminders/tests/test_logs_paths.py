"""Paths that hold a secret are said without it."""

import logging
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils.log import log_response

from teamreminders.logs import JsonLine, TextLine
from teams.models import OutsideAddress
from teams.tests.factories import MembershipFactory, OutsideAddressFactory, TeamFactory

SECRETS = {"token", "key"}
ROW = UUID("5d8a3f0e-6d0a-4a8e-9d38-6d5f3b1c7a01")
SHORT, LONG = "s3cr3t", "Zm9vYmFy-MTIzNDU2Nzg5MA_s3cr3t"


def named(patterns: list[Any], namespace: str = "") -> Iterator[tuple[str, set[str]]]:
    """Every named address below these, and what it takes."""
    for each in patterns:
        if isinstance(each, URLResolver):
            inner = f"{namespace}{each.namespace}:" if each.namespace else namespace
            yield from named(each.url_patterns, inner)
        elif isinstance(each, URLPattern) and each.name:
            yield f"{namespace}{each.name}", {*each.pattern.converters, *each.pattern.regex.groupindex}


# django-rq's own take names of workers, and a token that no setting of ours gives a value.
SECRET_PATHS = [
    (name, taken)
    for name, taken in named(get_resolver().url_patterns)
    if taken & SECRETS and not name.startswith("admin:django_rq")
]


def lines(records: list[logging.LogRecord]) -> str:
    """As either format writes them."""
    return "\n".join(formatter.format(record) for record in records for formatter in (JsonLine(), TextLine()))


def test_the_addresses_with_a_secret_are_found() -> None:
    found = {name for name, _taken in SECRET_PATHS}
    assert {"teams:join", "teams:join-link", "teams:agree-outside", "account_confirm_email"} <= found
    assert "account_reset_password_from_key" in found


@pytest.mark.django_db
@pytest.mark.parametrize("secret", [SHORT, LONG])
@pytest.mark.parametrize(("name", "taken"), SECRET_PATHS, ids=[name for name, _taken in SECRET_PATHS])
def test_a_request_that_fails_leaves_no_secret_in_the_log(
    caplog: Any, client: Client, name: str, taken: set[str], secret: str
) -> None:
    values = dict.fromkeys(taken & SECRETS, secret) | {each: str(ROW) for each in taken & {"uuid"}}
    url = reverse(name, kwargs=values | dict.fromkeys(taken & {"uidb36"}, "1"))
    client.get(url)
    client.post(url)
    client.put(url)
    client.get(f"{url}nowhere/")
    log_response("Conflict: %s", url, response=HttpResponse(status=409), request=None)  # allauth has no such answer
    said = lines(caplog.records)
    assert "Conflict: " in said and "…" in said
    assert secret not in said
    assert "uuid" not in taken or str(ROW) in said  # what names a row stays: it opens nothing by itself


@pytest.mark.django_db
def test_a_link_that_is_answered_too_late_is_not_logged(caplog: Any, client: Client) -> None:
    address: OutsideAddress = OutsideAddressFactory(team=TeamFactory())
    OutsideAddress.objects.update(asked_at="2020-01-01T00:00Z")
    assert client.post(address.agree_path).status_code >= 400
    said = lines(caplog.records)
    assert "/teams/outside/…/agree/" in said and address.token not in said


@pytest.mark.django_db
def test_other_paths_are_said_whole(caplog: Any, client: Client) -> None:
    team = MembershipFactory().team
    client.get(f"/teams/{team.uuid}/nothing/")
    client.get("/favicon.svg")
    client.post(f"/teams/{team.uuid}/members/1/")
    said = lines(caplog.records)
    assert f"Not Found: /teams/{team.uuid}/nothing/" in said and "Not Found: /favicon.svg" in said


def test_what_gunicorn_says_of_a_request_is_said_without_its_secrets() -> None:
    record = logging.makeLogRecord(
        {"name": "gunicorn.error", "levelname": "ERROR", "msg": "Error handling request %s",
         "args": (f"/teams/join/{SHORT}/?next=/{LONG}",)}
    )  # fmt: skip
    said = lines([record])
    assert "/teams/join/…/?…" in said and "s3cr3t" not in said


def test_what_others_say_is_left_as_it_is() -> None:
    path = "/srv/a-long-name-of-a-folder-here/join/x"
    assert path in lines([logging.makeLogRecord({"name": "reminders.jobs", "levelname": "INFO", "msg": path})])
