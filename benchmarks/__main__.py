"""Every benchmark, one after the other, each in a process of its own: `make bench`.

    python -m benchmarks [schedule] [lists] [burst] [lateness] [growth] [memory] [peak] [--runs 3]

Writes a JSON file each and plot.svg into benchmarks/results/, and says at the end which goals were met. Takes about an
hour; never fails for a figure.
"""

import argparse
import subprocess
import sys

from benchmarks.plot import draw
from benchmarks.results import FOLDER, read_goals

WITH_RUNS = {"burst", "lateness", "growth"}
ALL = ["schedule", "lists", "burst", "lateness", "growth", "memory", "peak"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="name", help="some of " + ", ".join(ALL))
    parser.add_argument("--runs", default="3")
    given = parser.parse_args()
    unknown = set(given.names) - set(ALL)
    if unknown:
        parser.error(f"there is no benchmark called {', '.join(sorted(unknown))}")
    for name in given.names or ALL:
        options = ["--runs", given.runs] if name in WITH_RUNS else []
        print(f"== {name}", flush=True)
        if subprocess.run([sys.executable, "-m", f"benchmarks.{name}", *options], check=False).returncode:
            print(f"{name} ended with an error, see above", flush=True)
    draw(FOLDER)
    print("== goals")
    for goal in read_goals():
        print(goal)


if __name__ == "__main__":
    main()
