"""Opening large labeling projects, until the first image is on screen; and how the window does in them."""

from __future__ import annotations

import random
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.labeling.labeler import Labeler
from benchmarks.labeling.projects import Past, keep_what_the_model_said, make_images, make_project
from benchmarks.places import scratch
from benchmarks.report import Line, Report, Size
from benchmarks.spread import percentile, spread
from benchmarks.witness import tools
from benchmarks.witness.person import answer, between, key_to_pixels_ms, next_image
from benchmarks.witness.pictures import Kind
from benchmarks.witness.program import has_torch, resident_mib
from benchmarks.witness.screen import Screen
from studies.labeling.facts.records import Purpose
from studies.labeling.file.store import ProjectStore
from studies.labeling.project.project import Project
from studies.labeling.rounds.conductor import Conductor
from studies.labeling.rounds.request import Folders
from ui.labeling.project.files import work_folder
from ui.preferences import HOME_VARIABLE, Paths

_CLASSES = 10
_DELAY_S = (0.25, 0.6)
_WARM_UP = 5
_FRAME_MS = 16.0


@dataclass(frozen=True)
class _Large:
    images: int
    labels: int
    goal_s: float
    starts: int
    keys: int


_LARGE = {
    Size.FULL: (_Large(100_000, 50_000, 2.0, 5, 60), _Large(1_000_000, 50_000, 5.0, 5, 60)),
    Size.QUICK: (_Large(2_000, 1_000, 2.0, 1, 5), _Large(4_000, 1_000, 5.0, 1, 5)),
}


@dataclass(frozen=True)
class _Found:
    reading_s: list[float]  # the file alone, until the first image is known
    window_s: list[float]  # from the start of the process to the first image's pixels
    key_to_pixels_ms: list[float]
    stalls_ms: list[float]
    memory_mib: float
    torch: bool


def measure(size: Size) -> Report:
    """Open a project of each size a few times and label a little in it."""
    tools.require()
    lines: list[Line] = []
    for large in _LARGE[size]:
        lines += _lines(large, _run(large))
    notes = (
        "Opened: from the start of the process (clarifier-desktop label FILE) to the first image's pixels on screen. "
        "Reading: the file alone, in this process. Files are in the system's cache.",
        f"{_CLASSES} classes; labels in rounds of 1,000 with 2,000 auto-labels, a third of the suggestions corrected.",
        "A stall is what holds up the event loop while an image is on screen: what follows an answer, and the panel.",
    )
    return Report(
        "label-open",
        "projects with 50,000 labels" if size is Size.FULL else "small projects",
        size,
        tuple(lines),
        notes,
    )


def _run(large: _Large) -> _Found:
    print(f"label-open: {large.images:,} images", file=sys.stderr, flush=True)
    waiting = 200
    past = Past(large.images, large.labels, waiting, Purpose.QUEUE, _CLASSES)
    with scratch() as folder:
        file = folder / "project.clarifier"
        make_project(file, past)
        make_images(file, Kind(640, 480), range(past.labels, past.labels + waiting), _CLASSES)
        with Screen(folder) as screen:
            home = Path(screen.environment[HOME_VARIABLE])
            keep_what_the_model_said(home, past)
            reading = [_read(file, home) for _ in range(large.starts)]
            first = Labeler(screen, file)
            place = first.find_image()
            first.stop()
            window = [_opened(screen, file, place) for _ in range(large.starts)]
            labeler = Labeler(screen, file)
            eye, seen = labeler.begin()
            memory, torch = resident_mib(labeler.process.pid), has_torch(labeler.process.pid)
            count = large.keys + _WARM_UP
            with screen.hurried():
                pressed = answer(screen, eye, seen, count, between(random.Random(3), *_DELAY_S))
            labeler.wait_for_answers(count)
            stalls = labeler.stalls_ms(large.keys)
            labeler.stop()
    return _Found(reading, window, key_to_pixels_ms(pressed[_WARM_UP:]), stalls, memory, torch)


def _read(file: Path, home: Path) -> float:
    began = time.perf_counter()
    with ProjectStore.open(file) as store:
        project = Project.open(store, "benchmark", "0", {})
        paths = Paths.of_user({HOME_VARIABLE: str(home)})
        leads = Conductor(project, Folders(work_folder(paths, project.head.uuid), paths.cache))
        leads.load_predictions()
        took = time.perf_counter() - began
        assert project.desk.item is not None  # something waits
        assert leads.predictions is not None  # what the model said was found
    return took


def _opened(screen: Screen, file: Path, place: tuple[int, int]) -> float:
    """Seconds from the start of the process until an image is seen where it was before."""
    eye = screen.watch(*place)
    eye.next(5.0)  # what is there before
    labeler = Labeler(screen, file)
    seen, _ = next_image(eye)
    labeler.stop()
    return (seen.at_ns - labeler.started_ns) / 1e9


def _lines(large: _Large, found: _Found) -> list[Line]:
    keys, n = spread(found.key_to_pixels_ms), f"{large.images:,}"
    return [
        Line(f"{n}: opened, median", percentile(found.window_s, 0.5), "s", high=large.goal_s),
        Line(f"{n}: opened, slowest", max(found.window_s), "s"),
        Line(f"{n}: reading the file, median", percentile(found.reading_s, 0.5), "s"),
        Line(f"{n}: key to pixels, median", keys.median, "ms"),
        Line(f"{n}: key to pixels, 95 %", keys.p95, "ms"),
        Line(f"{n}: longest stall after an answer, median", percentile(found.stalls_ms, 0.5), "ms"),
        Line(
            f"{n}: longest stall after an answer, 95 %",
            percentile(found.stalls_ms, 0.95),
            "ms",
            high=_FRAME_MS,
        ),
        Line(f"{n}: memory", found.memory_mib, "MiB", digits=0),
        Line(f"{n}: torch loaded", int(found.torch), "", high=0, digits=0),
    ]
