"""The embedded services by themselves: what is started, who may use it, and where its data goes."""

import os
import socket
import stat
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from teamreminders.embedded import postgres as embedded_postgres
from teamreminders.embedded.fault import Fault
from teamreminders.embedded.place import Place
from teamreminders.embedded.postgres import Postgres
from teamreminders.embedded.programs import free_port, is_taken, wheel
from teamreminders.embedded.run import Run, read_env_file

root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to give PostgreSQL to another user")


@pytest.fixture
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "DATABASE_URL",
        "REDIS_URL",
        "EMAIL_URL",
        "LOCAL_INBOX",
        "SECRET_KEY",
        "SITE_URL",
        "DEFAULT_FROM_EMAIL",
    ):
        monkeypatch.setenv(name, "")


@pytest.fixture
def place(tmp_path: Path) -> Place:
    place = Place(tmp_path / "var")
    place.create()
    return place


def test_what_is_not_set_is_exported(nothing_set: None, place: Place) -> None:
    run = Run(place)
    run.export()
    assert [service.program.name for service in run.services] == ["PostgreSQL", "Valkey"]
    assert run.exported["LOCAL_INBOX"] == str(place.folder / "mail")
    assert all(os.environ[name] == value for name, value in run.exported.items())


def test_what_is_set_is_used_and_not_started(nothing_set: None, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://me@db.example.org/mine")
    monkeypatch.setenv("EMAIL_URL", "smtp://mail.example.org:25")
    run = Run(place)
    run.export()
    assert run.postgres is None and run.valkey is not None
    assert not {"DATABASE_URL", "EMAIL_URL", "LOCAL_INBOX"} & set(run.exported)
    assert os.environ["DATABASE_URL"] == "postgres://me@db.example.org/mine"


def test_the_key_is_kept_and_only_the_owner_may_read_it(nothing_set: None, place: Place) -> None:
    run = Run(place)
    run.export()
    run.write_env_file()
    assert stat.S_IMODE(run.env_file.stat().st_mode) == 0o600
    assert read_env_file(run.env_file) == run.exported
    os.environ["SECRET_KEY"] = ""
    again = Run(place)
    again.export()
    assert again.exported["SECRET_KEY"] == run.exported["SECRET_KEY"]


def test_nobody_gets_in_without_the_password(services: Run) -> None:
    if not (services.postgres and services.valkey):
        pytest.skip("DATABASE_URL or REDIS_URL was given")
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(f"postgres://reminders:guess@127.0.0.1:{services.postgres.port}/postgres")
    with socket.create_connection(("127.0.0.1", services.valkey.port), timeout=5) as line:
        line.sendall(b"PING\r\n")
        assert line.recv(100).startswith(b"-NOAUTH")


def test_a_server_that_is_not_installed_is_one_sentence() -> None:
    with pytest.raises(Fault, match=r"no-such-wheel is not installed .*: set DATABASE_URL"):
        wheel("no_such_wheel", "no-such-wheel", "DATABASE_URL")


@pytest.fixture
def deep() -> Iterator[Postgres]:
    with tempfile.TemporaryDirectory(prefix="team-reminders-test-deep-") as folder:
        Path(folder).chmod(0o755)
        home = Path(folder, *["a-checkout-far-down"] * 8)
        home.mkdir(parents=True)
        server = Postgres(home / "postgres", home / "postgres.log", quick=True)
        yield server
        server.program.end()


def test_a_path_too_long_for_a_socket_does_not_matter_and_the_data_survives_a_crash(deep: Postgres) -> None:
    assert len(str(deep.home)) > 107
    deep.start()
    with psycopg.connect(deep.url) as database:
        database.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    deep.restart()
    with psycopg.connect(deep.url) as database:
        assert database.execute("SELECT answer FROM kept").fetchone() == (42,)
        assert database.execute("SHOW server_encoding").fetchone() == ("UTF8",)


def test_data_of_another_version_is_refused_in_one_sentence(deep: Postgres) -> None:
    data = deep.home / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("17\n")
    with pytest.raises(Fault, match="was written by PostgreSQL 17, not 18: move"):
        deep.start()


@root_only
@pytest.mark.parametrize("wrong", ["other owner", "open to others", "link"])
def test_a_folder_elsewhere_that_is_not_ours_alone_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    monkeypatch.setattr(embedded_postgres, "ELSEWHERE", tmp_path)
    folder = tmp_path / "team-reminders-planted"
    if wrong == "link":
        folder.symlink_to("/tmp")
    else:
        folder.mkdir(mode=0o700)
        folder.chmod(0o777 if wrong == "open to others" else 0o700)
        os.chown(folder, 65534 if wrong == "other owner" else 0, -1)
    home = tmp_path / "postgres"
    home.symlink_to(folder / "postgres")
    with pytest.raises(Fault, match="belongs to somebody else"):
        Postgres(home, tmp_path / "log").start()


def test_a_place_has_one_owner(place: Place) -> None:
    assert place.lock()
    script = (
        "import sys; from pathlib import Path; from teamreminders.embedded.place import Place; "
        "sys.exit(0 if Place(Path(sys.argv[1])).lock() else 3)"
    )
    assert os.spawnl(os.P_WAIT, sys.executable, sys.executable, "-c", script, str(place.folder)) == 3
    place.release()
    assert not (place.folder / "lock").exists()


def test_a_port_that_somebody_listens_on_is_taken() -> None:
    assert not is_taken(free_port())
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        assert is_taken(listener.getsockname()[1])
