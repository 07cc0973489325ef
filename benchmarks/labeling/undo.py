"""Taking back answers and grid actions in a large labeling project."""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable

from benchmarks.labeling.labeler import Labeler
from benchmarks.labeling.projects import Past, make_images, make_project
from benchmarks.places import scratch, sync_ms
from benchmarks.report import Limit, Line, Report, Size
from benchmarks.spread import Spread, percentile, spread
from benchmarks.witness import tools
from benchmarks.witness.person import answer, between, key_to_pixels_ms
from benchmarks.witness.pictures import Kind
from benchmarks.witness.screen import Screen
from studies.labeling.facts.records import LabelEvent, Purpose, Verb
from studies.labeling.file.store import ProjectStore
from studies.labeling.project.project import Project

_IMAGES = {Size.FULL: (100_000, 50_000), Size.QUICK: (2_000, 1_000)}
_KEYS = {Size.FULL: 200, Size.QUICK: 8}
_SINGLE = {Size.FULL: 1000, Size.QUICK: 20}
_GRIDS = {Size.FULL: 200, Size.QUICK: 5}
_GRID = 60  # images
_GOAL_MS = 50.0
_DELAY_S = (0.25, 0.6)
_WARM_UP = 5
_WAITING = 200


def measure(size: Size) -> Report:
    """Undo in the window, image by image; then without it, single answers and grid actions."""
    tools.require()
    images, labels = _IMAGES[size]
    print(f"label-undo: {images:,} images", file=sys.stderr, flush=True)
    past = Past(images, labels, _WAITING, Purpose.QUEUE)
    with scratch() as folder:
        file = folder / "project.clarifier"
        make_project(file, past)
        keys = _KEYS[size] + _WARM_UP + 1
        make_images(file, Kind(640, 480), range(labels - keys - _WARM_UP, labels + _WAITING))
        sync = percentile(sync_ms(folder, 100), 0.99)
        with Screen(folder) as screen:
            labeler = Labeler(screen, file)
            eye, first = labeler.begin()
            with screen.hurried():
                pressed = answer(screen, eye, first, keys, between(random.Random(4), *_DELAY_S), key="ctrl+z")
            time.sleep(0.5)
            undone = labeler.ask("SELECT count(*) FROM label_events WHERE verb = 'undo'")[0][0]
            labeler.stop()
        with ProjectStore.open(file) as store:
            project = Project.open(store, "benchmark", "0", {})
            single = spread([_timed(project.undo) for _ in range(_SINGLE[size])])
            grids = spread([_grid(project, labels + _WAITING, number) for number in range(_GRIDS[size])])
    window = spread(key_to_pixels_ms(pressed[_WARM_UP:]))
    limit = Limit("a sync of the disk, 99 %", sync)
    lines = (
        *_lines("in the window, key to pixels", window, limit),
        *_lines("an answer, without the window", single, limit),
        *_lines(f"a grid action of {_GRID} images, without the window", grids, limit),
        Line("stored", undone, f"of {keys}", low=keys, digits=0),
    )
    notes = (
        f"{len(pressed)} undoings by Ctrl+Z, each seen as the image before on screen (640x480); then "
        f"{_SINGLE[size]:,} of answers and {_GRIDS[size]} of grid actions in this process. Each is on disk.",
    )
    return Report("label-undo", f"{images:,} images, {labels:,} labels", size, lines, notes)


def _lines(what: str, found: Spread, limit: Limit) -> tuple[Line, ...]:
    return (
        Line(f"{what}, median", found.median, "ms"),
        Line(f"{what}, 99 %", found.p99, "ms", high=_GOAL_MS, limit=limit),
    )


def _grid(project: Project, first: int, number: int) -> float:
    """Accept a page of the grid; returns how long taking it back takes, in ms. Some of its images were asked about."""
    start = first - _GRID // 2 + number % 20
    events = [
        LabelEvent(0, item, Verb.LABEL, Purpose.GRID, 1, suggestion=1) for item in range(start, start + _GRID)
    ]
    project.record(events)
    took = _timed(project.undo)
    assert all(project.label_of(event.item) is None for event in events)  # it was taken back
    return took


def _timed(act: Callable[[], object]) -> float:
    began_ns = time.perf_counter_ns()
    act()
    return (time.perf_counter_ns() - began_ns) / 1e6
