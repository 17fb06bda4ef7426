"""Several connections to the database at once."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, TimeoutError
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction


@contextmanager
def connections() -> Any:
    """Yields what runs a function in another thread, on a connection of its own."""
    with ThreadPoolExecutor() as pool:

        def start(act: Callable[[], Any]) -> Future:
            def run() -> Any:
                try:
                    return act()
                finally:
                    connection.close()

            return pool.submit(run)

        yield start


@contextmanager
def held_open(elsewhere: Any, act: Callable[[], Any]) -> Any:
    """`act` has run elsewhere but is not committed until the block ends."""
    done, commit = threading.Event(), threading.Event()

    def run() -> None:
        with transaction.atomic():
            act()
            done.set()
            assert commit.wait(10)

    future = elsewhere(run)
    assert done.wait(10)
    try:
        yield
    finally:
        commit.set()
        future.result(10)


def waits(future: Future) -> bool:
    try:
        future.result(0.3)
    except TimeoutError:
        return True
    return False
