"""From Enter on a page of 24 photographs to the next page's pixels, alone and while the learner trains."""

from __future__ import annotations

import os
import random
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import ImageGrab

from benchmarks.labeling.labeler import Labeler, LearnerWatch
from benchmarks.labeling.projects import Past, make_project, place_of
from benchmarks.places import scratch, sync_ms
from benchmarks.report import Limit, Line, Report, Size
from benchmarks.spread import percentile, spread
from benchmarks.witness import tools
from benchmarks.witness.person import answer, between, key_to_pixels_ms
from benchmarks.witness.pictures import COLOURS, Kind, contents
from benchmarks.witness.screen import Colour, Screen, WitnessError
from studies.labeling.facts.records import Purpose
from studies.labeling.facts.settings import Learner, ProjectSettings

_LIMIT_MS = 16.0
_CELLS = 24
_PAGES = {Size.FULL: 40, Size.QUICK: 3}
_PHOTO = {Size.FULL: Kind(4000, 3000), Size.QUICK: Kind(640, 480)}
_DELAY_S = {Size.FULL: (6.0, 8.0), Size.QUICK: (1.5, 2.0)}  # a quarter of a second an image and more
_LABELED = Kind(640, 480)
_LABELS = {False: 1000, True: 6000}  # of the past; with few the learner is not begun
_WAITING = 600
_SYNCS = 100
_OPEN_S = 60.0
_INSIDE = 8  # px around a point that are all of one colour
_NEAR = 40


@dataclass(frozen=True)
class _Sat:
    turned_ms: list[float]
    not_ready: int
    cores: float  # that the learner used
    sync_ms: float


def measure(size: Size) -> Report:
    """Confirm page after page, alone and beside training."""
    tools.require()
    lines: list[Line] = []
    for trains in (False, True):
        lines += _lines(_sit(size, trains), "while it trains" if trains else "alone")
    low, high = _DELAY_S[size]
    notes = (
        f"A page has {_CELLS} images and is looked at for {low:g} to {high:g} s; {_CELLS} answers are on disk before "
        "the next page. An eye on one cell sees it change: the page is painted at once.",
        f"Beside training the learner trains a ResNet-18 on {_LABELS[True]:,} images in a process of its own.",
    )
    photo = _PHOTO[size]
    what = f"{_PAGES[size]} pages of {_CELLS} images of {photo.width}x{photo.height}"
    return Report("page-to-page", what, size, tuple(lines), notes)


def _lines(sat: _Sat, when: str) -> list[Line]:
    found = spread(sat.turned_ms)
    sync = Limit("a sync of the disk, 99 %", sat.sync_ms)
    return [
        Line(f"Enter to the next page, {when}, median", found.median, "ms"),
        Line(f"Enter to the next page, {when}, 99 %", found.p99, "ms", high=_LIMIT_MS, limit=sync),
        Line(f"the same over {_LIMIT_MS:g} ms, {when}", found.p99 / _LIMIT_MS, "times", high=1.0),
        Line(f"pages not ready, {when}", sat.not_ready, f"of {found.n}", digits=0),
        Line(f"processors that the learner had, {when}", sat.cores, ""),
    ]


def _sit(size: Size, trains: bool) -> _Sat:
    pages = _PAGES[size]
    print(f"page-to-page: {pages} pages{' beside training' if trains else ''}", file=sys.stderr, flush=True)
    labels = _LABELS[trains]
    purpose = Purpose.AHEAD if trains else Purpose.QUEUE
    settings = ProjectSettings(learner=Learner(network="resnet18"))
    images = (
        labels + _WAITING + 2 * _CELLS * (pages + 2)
    )  # the program labeled every other one as the first class
    past = Past(images, labels, _WAITING, purpose, settings=settings)
    with scratch() as folder:
        file = folder / "project.clarifier"
        make_project(file, past)
        _make_images(file, past, _PHOTO[size])
        sync = percentile(sync_ms(folder, _SYNCS), 0.99)
        with Screen(folder) as screen:
            labeler = Labeler(screen, file)
            labeler.begin()
            learner = LearnerWatch(labeler.process.pid)
            if trains:
                learner.wait_until_at_work()
            screen.key("F5")
            eye = screen.watch(*_find_inside(screen, labeler, COLOURS[0]))
            began, worked = time.monotonic(), learner.worked_s()
            with screen.hurried():
                delay = between(random.Random(1), *_DELAY_S[size])
                pressed = answer(screen, eye, eye.next(_OPEN_S), pages + 1, delay)
            cores = (learner.worked_s() - worked) / (time.monotonic() - began)
            labeler.wait_for_answers(pages * _CELLS)
            labeler.stop()
    return _Sat(key_to_pixels_ms(pressed), sum(one.waited for one in pressed[1:]), cores, sync)


def _make_images(file: Path, past: Past, photo: Kind) -> None:
    """Links to one file a colour: all photographs of a page have the same, and the next page's have another."""
    folder = file.parent
    small = contents(folder / "small", _LABELED)
    large = contents(folder / "large", photo)
    first = past.labels + past.waiting
    for item in range(past.images):
        place = folder / "images" / place_of(item)
        place.parent.mkdir(parents=True, exist_ok=True)
        page = (item - first) // (2 * _CELLS)
        os.link(large[page % len(COLOURS)] if item >= first else small[-1], place)


def _find_inside(screen: Screen, labeler: Labeler, colour: Colour) -> tuple[int, int]:
    """Wait for a colour on the screen; returns a point that is well within it."""
    deadline = time.monotonic() + _OPEN_S
    while time.monotonic() < deadline:
        labeler.check()
        grabbed = ImageGrab.grab(xdisplay=screen.environment["DISPLAY"])
        seen = (np.abs(np.asarray(grabbed.convert("RGB"), np.int16) - np.array(colour)) <= _NEAR).all(axis=2)
        for row, column in np.argwhere(seen)[::50].tolist():
            around = seen[max(0, row - _INSIDE) : row + _INSIDE, max(0, column - _INSIDE) : column + _INSIDE]
            if around.size == (2 * _INSIDE) ** 2 and around.all():
                return column, row
        time.sleep(0.2)
    raise WitnessError(f"No page came on screen within {_OPEN_S:g} s.")
