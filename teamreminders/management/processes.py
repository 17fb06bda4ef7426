"""The processes of `manage.py up`, under honcho."""

import threading
import time
from collections.abc import Callable

from honcho.manager import Manager

# Ctrl-C ends everything within five seconds: what has not ended by then is killed, and the databases come after.
KILL_AFTER = 2.5
CHECK_EVERY = 0.3


class Processes(Manager):
    """honcho's Manager, which ends all when any ends, made to end in time and to say who was first.

    `check` is asked three times a second from another thread; when it returns a sentence, everything ends.
    """

    def __init__(self, check: Callable[[], str]) -> None:
        super().__init__()
        self.why = ""
        self._check = check

    def _start(self) -> None:
        super()._start()
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        while not self._terminating:
            why = self._check()
            if why:
                self.why = why
                self.terminate()
            time.sleep(CHECK_EVERY)

    def terminate(self) -> None:
        """Ask all to end; kill the rest a little later, also when none of them ends (which honcho would wait for)."""
        if not self._all_started():  # honcho knows no process id yet
            threading.Timer(0.1, self.terminate).start()
            return
        if self._terminating:
            return
        if self.returncode is None or not self._signalled():
            self.why = self.why or self._first_ended()
        super().terminate()
        killer = threading.Timer(KILL_AFTER, self.kill)
        killer.daemon = True
        killer.start()

    def _signalled(self) -> bool:
        return self.returncode in {130, 143}

    def _first_ended(self) -> str:
        for name, process in self._processes.items():
            if process.get("returncode") is not None:
                return (
                    f"The {name} process ended by itself (exit code {process['returncode']}); its last lines say why."
                )
        return ""
