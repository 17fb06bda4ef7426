"""Run a command against the running `make run`: python -m teamreminders.embedded COMMAND [ARGUMENT ...]"""

import os
import sys

from .place import Place
from .run import CHECKOUT, Run, read_env_file


def main() -> None:
    place = Place(CHECKOUT / "var")
    run = Run(place)
    if not run.env_file.is_file() or place.lock():
        place.unlock()
        sys.exit("Team Reminders is not running here: start `make run` in another terminal first.")
    for name, value in read_env_file(run.env_file).items():
        os.environ.setdefault(name, value)
    os.execvp(sys.argv[1], sys.argv[1:])


if __name__ == "__main__":
    main()
