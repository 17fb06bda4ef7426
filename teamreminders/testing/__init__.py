"""pytest plugin: the whole suite on a real PostgreSQL, Valkey and SMTP server. Registered in pytest.ini.

Before Django reads its settings, the plugin exports addresses for what is not configured; the private servers behind
them start with the first test and end with the session. EMAIL_URL always points at the catcher below.

Fixtures
    smtp       the mail catcher, emptied and behaving well at the start of every test that asks for it; Django's e-mail
               backend is the real one then. See teamreminders/testing/catcher.py: `messages`, `refuse()`, `defer()`,
               `hang()`, `down()`, `up()`
    redis      a client of the session's Redis, flushed before the test
    postgres   the session's own PostgreSQL: `restart()`; skips the test when DATABASE_URL was given
    stack      starts real processes on the test database: `stack.start("rqscheduler")`, `stack.worker()`,
               `stack.scheduler()`, `stack.web()`; each handle has `pid`, `kill()`, `stop()`, `log`, `is_running`.
               Brings committed data with it (transactional_db); everything ends with the test
    live       the address of a real web process, like http://localhost:34567
    browser    Chromium under Playwright (CHROMIUM names another executable)
    page, page_without_scripts
               a fresh page of it, with JavaScript on or off; relative addresses are those of `live`
"""

import logging
import os
import shutil
import signal
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import pytest
from django.conf import settings
from django.core.cache import cache
from playwright.sync_api import sync_playwright
from redis import Redis

from teamreminders import breaker
from teamreminders.embedded.place import MARK, Place
from teamreminders.embedded.postgres import Postgres
from teamreminders.embedded.programs import free_port
from teamreminders.embedded.run import Run
from teamreminders.line import close_idle_line
from teamreminders.testing.catcher import Catcher
from teamreminders.testing.stack import Stack
from teamreminders.testing.static import collect_static_files

PREFIX = "team-reminders-test-"
CHROMIUM = "/usr/bin/chromium"
CHROMIUM_OPTIONS = [
    "--no-sandbox",  # which root cannot use; only our own pages are opened
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
_session = pytest.StashKey[Run]()


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, Any, Any]:
    """Export the addresses before pytest-django reads the settings."""
    # Playwright keeps an event loop running in this thread, which Django takes for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    os.environ["EMAIL_URL"] = f"smtp://127.0.0.1:{free_port()}"
    os.environ["SITE_URL"] = f"http://localhost:{free_port()}"
    run = Run(Place(Path(tempfile.mkdtemp(prefix=PREFIX))), quick=True)
    os.environ["LOCAL_INBOX"] = str(run.place.folder / "mail")
    run.export()
    early_config.stash[_session] = run
    early_config.add_cleanup(lambda: shutil.rmtree(run.place.folder, ignore_errors=True))
    return (yield)


@pytest.fixture(scope="session", autouse=True)
def services(pytestconfig: pytest.Config) -> Iterator[Run]:
    """The private servers. They end with the session, also when it is interrupted or terminated."""
    run = pytestconfig.stash[_session]
    signal.signal(signal.SIGTERM, _interrupt)
    _end_killed_sessions()
    run.place.create()
    os.environ[MARK] = str(run.place.folder)
    run.place.lock()
    try:
        collect_static_files(Path(settings.STATIC_ROOT))
        run.start()
        yield run
    finally:
        logging.raiseExceptions = False  # threads may go on logging when pytest has closed their streams
        run.stop()
        run.place.end_leftovers()
        _remove(run.place)


@pytest.fixture
def postgres(services: Run) -> Postgres:
    if services.postgres is None:
        pytest.skip("DATABASE_URL was given: that PostgreSQL is not ours to restart")
    return services.postgres


@pytest.fixture(scope="session")
def _catcher() -> Iterator[Catcher]:
    catcher = Catcher(int(os.environ["EMAIL_URL"].rpartition(":")[2]))
    catcher.up()
    yield catcher
    catcher.down()


@pytest.fixture
def smtp(_catcher: Catcher, settings: Any) -> Iterator[Catcher]:
    settings.EMAIL_BACKEND = "teamreminders.smtp.Backend"  # Django's test setup had put its own in place
    _forget(_catcher)
    yield _catcher
    _forget(_catcher)


def _forget(catcher: Catcher) -> None:
    catcher.forget()
    close_idle_line()
    with Redis.from_url(os.environ["REDIS_URL"]) as client:
        client.delete(breaker.KEY, breaker.HEARD_KEY)


@pytest.fixture
def redis(services: Run) -> Any:
    client = Redis.from_url(os.environ["REDIS_URL"])
    client.flushall()
    yield client
    client.close()


@pytest.fixture
def stack(transactional_db: None, redis: Any, services: Run, tmp_path: Path) -> Iterator[Stack]:
    cache.clear()  # rate limits; emptying the tables between tests leaves the cache's own
    stack = Stack(tmp_path, site=os.environ["SITE_URL"])
    yield stack
    stack.stop()


@pytest.fixture
def live(stack: Stack) -> str:
    stack.web()
    return stack.site


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    executable = os.environ.get("CHROMIUM") or CHROMIUM
    if not Path(executable).is_file():
        _without_browser(f"no Chromium at {executable} (Debian: apt install chromium)")
    # Playwright's synchronous API keeps an event loop in this thread, and Django would refuse queries beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_OPTIONS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Any, live: str) -> Iterator[Any]:
    yield from _page(browser, base_url=live)


@pytest.fixture
def page_without_scripts(browser: Any, live: str) -> Iterator[Any]:
    yield from _page(browser, base_url=live, java_script_enabled=False)


def _page(browser: Any, **options: Any) -> Iterator[Any]:
    # A service worker would answer where a test wants to see, or to cut, what goes over the line.
    context = browser.new_context(service_workers="block", **options)
    yield context.new_page()
    context.close()


def _without_browser(reason: str) -> NoReturn:
    if os.environ.get("CI_BROWSER") == "1":
        pytest.fail(f"CI_BROWSER=1, but there is {reason}")
    pytest.skip(reason)


def _interrupt(signum: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _end_killed_sessions() -> None:
    """Remove the folders and processes of sessions that were killed: theirs is a lock that nobody holds."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        if (folder / "lock").is_file() and folder.stat().st_uid == os.geteuid():
            place = Place(folder)
            if place.lock():
                place.end_leftovers()
                _remove(place)


def _remove(place: Place) -> None:
    postgres = place.folder / "postgres"
    if postgres.is_symlink():  # to a folder of ours in /var/lib
        shutil.rmtree(postgres.readlink().parent, ignore_errors=True)
    place.release()
    shutil.rmtree(place.folder, ignore_errors=True)
