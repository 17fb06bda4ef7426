"""The burst as a picture: benchmarks/results/plot.svg."""

import json
from pathlib import Path
from statistics import median

import pygal

NAMES = {"burst": "Team Reminders", "first": "a job per reminder"}


def draw(folder: Path) -> None:
    """From burst.json; nothing where the burst has not been measured."""
    measured = folder / "burst.json"
    if not measured.exists():
        return
    runs = json.loads(measured.read_text())["runs"]
    chart = pygal.XY(
        title="5,000 reminders due at one second: messages accepted, two workers",
        x_title="seconds late",
        y_title="messages",
        js=[],
        dots_size=0,
        show_x_guides=True,
        width=900,
        height=480,
        stroke_style={"width": 2},
    )
    for name, words in NAMES.items():
        if name in runs:
            late = [median(run["percentiles"][n] for run in runs[name]) for n in range(99)]
            chart.add(words, [(0, 0), *((seconds, (n + 1) * 50) for n, seconds in enumerate(late))])
    if "raw" in runs:
        chart.add("two raw SMTP connections", [(0, 0), (5000 / median(runs["raw"]), 5000)])
    chart.render_to_file(str(folder / "plot.svg"))
