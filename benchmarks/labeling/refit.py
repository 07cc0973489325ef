"""From an answer to suggestions that know of it, by refits of a frozen network's last layer behind the window."""

from __future__ import annotations

import random
import sys
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.labeling.labeler import Labeler
from benchmarks.labeling.projects import Past, make_project, place_of
from benchmarks.labeling.while_training import WARM_UP
from benchmarks.places import scratch
from benchmarks.report import Line, Report, Size
from benchmarks.spread import percentile, spread
from benchmarks.witness import tools
from benchmarks.witness.person import answer, between
from benchmarks.witness.pictures import COLOURS
from benchmarks.witness.screen import Screen, WitnessError
from model.names import FROZEN_NETWORKS
from studies.labeling.facts.records import Purpose
from studies.labeling.facts.settings import Learner, ProjectSettings

_LIMIT_S, _STALL_MS = 1.0, 16.0
_DELAY_S = (0.25, 0.6)  # a fast person
_BEHIND = 200  # images that wait behind the last key: neither a page nor a round comes
_FEATURES_S = 1800.0
_LAST_S = 30.0
_WIDTH, _HEIGHT = 160, 120
_NETWORK = FROZEN_NETWORKS[0]


@dataclass(frozen=True)
class _Folder:
    images: int
    classes: int
    labels: int  # of the past
    keys: int


_FOLDERS = {Size.FULL: _Folder(10_000, 100, 5_000, 300), Size.QUICK: _Folder(400, 5, 100, 25)}

# Of each refit after the first ones: when it was stored, when the last answer that it knows was, and what it took.
_REFITS = """
    SELECT r.utc, (SELECT max(e.utc) FROM label_events AS e WHERE e.action < r.upto_action), r.seconds
    FROM refits AS r WHERE r.upto_action > ? ORDER BY r.refit"""


def measure(size: Size) -> Report:
    """Answer at a fast person's pace while the last layer is trained anew every ten answers."""
    tools.require()
    of = _FOLDERS[size]
    print(f"label-refit: {of.images} images, {of.keys} keys", file=sys.stderr, flush=True)
    with scratch() as folder:
        file = folder / "project.clarifier"
        weights = _write_weights(folder / "weights.pth")
        settings = ProjectSettings(learner=Learner(network=_NETWORK, weights=weights))
        past = Past(
            of.images, of.labels, of.keys + _BEHIND, Purpose.QUEUE, classes=of.classes, settings=settings
        )
        make_project(file, past)
        _make_images(folder, past)
        with Screen(folder) as screen:
            labeler = Labeler(screen, file)
            eye, first = labeler.begin()
            _wait_for_refits(labeler, 0, 1, _FEATURES_S)  # the first one has read the features
            before = labeler.ask("SELECT max(action) + 1 FROM label_events")[0][0]
            with screen.hurried():
                answer(screen, eye, first, of.keys, between(random.Random(1), *_DELAY_S))
            labeler.wait_for_answers(of.keys)
            _wait_for_refits(labeler, before, 1, _LAST_S)
            stalls = labeler.stalls_ms(of.keys - WARM_UP)
            rows = labeler.ask(_REFITS, before)
            labeler.stop()
    return _report(size, of, rows, stalls)


def _report(size: Size, of: _Folder, rows: list[tuple[str, str, float]], stalls: list[float]) -> Report:
    took = [(datetime.fromisoformat(s) - datetime.fromisoformat(a)).total_seconds() for s, a, _ in rows]
    found, learner = spread(took), [seconds for _, _, seconds in rows]
    stall = percentile(stalls, 0.99)
    lines = (
        Line("from the last answer it knows to new suggestions, median", found.median, "s", high=_LIMIT_S),
        Line("the same, 99 %", found.p99, "s", high=_LIMIT_S),
        Line(f"the same over {_LIMIT_S:g} s", found.p99 / _LIMIT_S, "times", high=1.0),
        Line("of which training and predicting, median", percentile(learner, 0.5), "s"),
        Line("of which training and predicting, 99 %", percentile(learner, 0.99), "s"),
        Line("longest stall of the event loop by answer, 99 %", stall, "ms", high=_STALL_MS),
        Line(f"the same over {_STALL_MS:g} ms", stall / _STALL_MS, "times", high=1.0),
        Line("longest stall of the event loop", max(stalls), "ms"),
        Line("refits", len(rows), "", low=1, digits=0),
    )
    low, high = _DELAY_S
    notes = (
        f"A frozen {_NETWORK} with random weights; its features were computed before the first key. Keys come {low:g} "
        f"to {high:g} s after each image was seen, and every ten answers the last layer is trained anew on all labels, "
        f"{of.labels:,} and more, by a process of its own; pages and the rest are planned by it.",
        "The window looks twice a second whether a refit is due, which is part of the time to new suggestions.",
    )
    return Report("label-refit", f"{of.images:,} images, {of.classes} classes", size, lines, notes)


def _wait_for_refits(labeler: Labeler, after: int, count: int, patience_s: float) -> None:
    deadline = time.monotonic() + patience_s
    sql = "SELECT count(*) FROM refits WHERE upto_action > ?"
    while labeler.ask(sql, after)[0][0] < count:
        labeler.check()
        if time.monotonic() > deadline:
            raise WitnessError(f"No last layer was trained anew within {patience_s:g} s.")
        time.sleep(0.5)


def _write_weights(file: Path) -> Path:
    import torch
    import torchvision

    torch.manual_seed(0)
    torch.save(torchvision.models.get_model(_NETWORK, weights=None).state_dict(), file)
    return file


def _make_images(folder: Path, past: Past) -> None:
    """Images whose middle has the colour of their number, in a frame with their class's pattern and their own noise."""
    chance = np.random.default_rng(1)
    patterns = chance.integers(40, 216, (past.classes, _HEIGHT // 8, _WIDTH // 8, 3))
    top, left = _HEIGHT // 4, _WIDTH // 4
    for item in range(past.images):
        pattern = patterns[item % past.classes].repeat(8, axis=0).repeat(8, axis=1)
        pixels = np.clip(pattern + chance.normal(0, 30, pattern.shape), 0, 255).astype(np.uint8)
        pixels[top : _HEIGHT - top, left : _WIDTH - left] = COLOURS[item % len(COLOURS)]
        place = folder / "images" / place_of(item, past.classes)
        place.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(pixels).save(place, quality=90)
