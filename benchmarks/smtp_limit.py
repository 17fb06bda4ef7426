"""The SMTP limit: smtplib connections, one process each, that send messages which were composed beforehand."""

import multiprocessing
import smtplib
import time

from benchmarks import machine

BEGIN_AHEAD = 1.0


def raw_connections(connections: int, messages: int, prebuilt: bytes) -> float:
    """Messages a second that these connections get accepted together."""
    machine.sink.forget()
    share = messages // connections
    begin_at = time.time() + BEGIN_AHEAD
    context = multiprocessing.get_context("fork")
    senders = [
        context.Process(target=_send, args=(machine.sink.port, share, prebuilt, begin_at)) for _ in range(connections)
    ]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    arrived = machine.sink.accepted()
    assert len(arrived) == share * connections, f"{len(arrived)} of {messages} arrived"
    return len(arrived) / (max(each.at for each in arrived) - begin_at)


def _send(port: int, count: int, message: bytes, begin_at: float) -> None:
    with smtplib.SMTP("127.0.0.1", port) as line:
        line.ehlo()
        time.sleep(max(0.0, begin_at - time.time()))
        for _ in range(count):
            line.sendmail("reminders@example.org", ["ada@example.org"], message)
