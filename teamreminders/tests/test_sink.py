"""The sink that the chaos tests and the benchmarks believe."""

import smtplib
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from teamreminders.embedded.programs import free_port
from teamreminders.smtp import _SMTP
from teamreminders.testing.sink import Fault
from teamreminders.testing.sink_process import Sink

MESSAGE = "Message-ID: <{}@localhost>\r\nSubject: one\r\n\r\nfirst\r\n..\r\nlast\r\n"


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[Sink]:
    sink = Sink(free_port(), tmp_path / "ledger")
    sink.start()
    yield sink
    sink.kill()


def send(sink: Sink, name: str, *, way: str = "smtplib") -> None:
    with _SMTP("127.0.0.1", sink.port, timeout=2) as line:
        if way == "smtplib":
            line.sendmail("us@localhost", ["ada@localhost"], MESSAGE.format(name))
            return
        line.ehlo()
        if way == "pipelining":
            del line.esmtp_features["chunking"]
        line.transact("us@localhost", "ada@localhost", MESSAGE.format(name).encode())


every_way = pytest.mark.parametrize("way", ["smtplib", "pipelining", "chunking"])


def names(sink: Sink) -> list[str]:
    return [entry.message_id for entry in sink.accepted()]


@every_way
def test_it_writes_down_what_it_accepts(sink: Sink, way: str) -> None:
    before = time.time()
    send(sink, "a", way=way)
    send(sink, "b", way=way)
    first, second = sink.accepted()
    assert (first.message_id, second.message_id) == ("<a@localhost>", "<b@localhost>")
    assert (first.recipient, first.subject) == ("ada@localhost", "one")
    assert before <= first.at <= time.time() and first.size >= len(MESSAGE.format("a"))


def test_a_killed_one_goes_on_with_its_ledger(sink: Sink) -> None:
    send(sink, "a")
    sink.kill()
    sink.start()
    send(sink, "b")
    assert names(sink) == ["<a@localhost>", "<b@localhost>"]


@pytest.mark.parametrize("fault", [Fault.REFUSE, Fault.DEFER, Fault.BUSY, Fault.CUT, Fault.HANG])
@every_way
def test_what_it_does_not_accept_is_a_fault_and_no_message(sink: Sink, fault: Fault, way: str) -> None:
    sink.set(fault)
    with pytest.raises(OSError):  # as every SMTPException is
        send(sink, "a", way=way)
    assert names(sink) == []
    assert [entry.what for entry in sink.entries()] == [fault.value]


@pytest.mark.parametrize("fault", [Fault.DROP, Fault.HALF])
@every_way
def test_what_it_accepts_without_saying_so_is_both(sink: Sink, fault: Fault, way: str) -> None:
    sink.set(fault)
    with pytest.raises(OSError):
        send(sink, "a", way=way)
    assert [entry.what for entry in sink.entries()] == [fault.value, "message"]
    sink.set(Fault.NONE)
    send(sink, "a")
    assert names(sink) == ["<a@localhost>", "<a@localhost>"]


def test_it_can_take_its_time(sink: Sink) -> None:
    for fault in (Fault.DELAY, Fault.LINGER, Fault.STALL):
        sink.set(fault, 1, 0.3)
        begun = time.monotonic()
        send(sink, "a")
        assert time.monotonic() - begun >= 0.3
    accepted_at, lingering_from = sink.accepted()[0].at, sink.accepted()[1].at
    assert lingering_from - accepted_at < 0.3


def test_every_message_may_take_a_while(tmp_path: Path) -> None:
    sink = Sink(free_port(), tmp_path / "ledger", pause=0.2)
    sink.start()
    begun = time.monotonic()
    for n in range(10):
        send(sink, str(n))
    assert 0.2 < time.monotonic() - begun < 4
    sink.kill()


def test_some_of_the_messages_may_meet_a_fault(sink: Sink) -> None:
    sink.set(Fault.DEFER, 0.5)
    accepted = 0
    for n in range(40):
        try:
            send(sink, str(n))
            accepted += 1
        except smtplib.SMTPRecipientsRefused:
            pass
    assert 5 < accepted < 35 and len(sink.accepted()) == accepted
