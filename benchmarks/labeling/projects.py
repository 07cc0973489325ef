"""Project files of any size with a past: rounds that were labeled, and a queue in a known order."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np

from benchmarks.witness.pictures import COLOURS, Kind, contents
from model.port import NullPort
from model.rounds.predictions import Predictions, keep_predictions
from model.tiers import Tier
from studies.answers import Device, StampSource, Timing
from studies.labeling.facts.records import (
    AutoLabel,
    LabelEvent,
    Likely,
    ModelRecord,
    Purpose,
    RoundRecord,
    Task,
    Verb,
)
from studies.labeling.facts.settings import ProjectSettings
from studies.labeling.file.store import ProjectHead, ProjectStore
from studies.labeling.state.classes import ClassList
from ui.labeling.project.files import work_folder
from ui.preferences import HOME_VARIABLE, Paths

CLASSES = ("first", "second")
_UUID = "benchmark"
_A_ROUND = 1000  # labels
_AUTO_A_ROUND = 2000
_WRONG_EVERY = 3  # suggestion of the past that was corrected
_LABEL_NS = 1_500_000_000
_JUDGED = 20
_UNSEEN = 10  # labels that the last model has not seen: the next one is wanted at once


@dataclass(frozen=True)
class Past:
    """``images`` items of which the first ``labels`` were labeled in rounds, and the next ``waiting`` are in the queue.

    Item i is of class i modulo the classes and shows colour i modulo the colours, so that neighbours in the queue
    differ. Tasks of the last ranking (AHEAD) are labeled while the next round is trained for, at once; those of the
    round itself (QUEUE) hold it up.
    """

    images: int
    labels: int
    waiting: int
    purpose: Purpose = Purpose.AHEAD
    classes: int = len(CLASSES)
    settings: ProjectSettings = field(default_factory=ProjectSettings)


def make_project(file: Path, past: Past) -> None:
    """Write the project's file; images lie in ``images`` beside it, whether they are there or not."""
    classes = _class_names(past.classes)
    names = [place_of(item, past.classes) for item in range(past.images)]
    head = ProjectHead(_UUID, file.stem, "folder", file.parent / "images", "0")
    changes = ClassList().additions(classes)
    settings = past.settings.model_dump_json()
    with ProjectStore.create(file, head, names, (), changes, settings, NullPort()) as store:
        sitting = store.start_sitting("witness", "0", {})
        starts = range(0, past.labels, _A_ROUND)
        for number, start in enumerate(starts):
            items = range(start, min(start + _A_ROUND, past.labels))
            last = number == len(starts) - 1
            tasks = [_task(item, number + 1, past, Purpose.QUEUE) for item in items]
            waiting = range(past.labels, past.labels + past.waiting) if last else range(0)
            more = [_task(item, number + 1, past, past.purpose) for item in waiting]
            seen = past.labels - _UNSEEN if last else start
            store.begin_round(
                _model(number, seen, past), _round(number + 1), [*tasks, *more], _auto(number, past)
            )
            store.append(sitting, [_label(task, past) for task in tasks])


def place_of(item: int, classes: int = len(CLASSES)) -> str:
    """An item's name: its file below the folder of the images."""
    return f"{_class_names(classes)[item % classes]}/{item:07d}.jpg"


def keep_what_the_model_said(home: Path, past: Past) -> None:
    """Put what the last model thinks of each item where the program looks for it."""
    chance = np.random.default_rng(1)
    said = Predictions(
        sha256=_model(-(-past.labels // _A_ROUND) - 1, 0, past).sha256,
        predicted=chance.integers(0, past.classes, past.images, dtype=np.int32),
        confidence=chance.random(past.images, dtype=np.float32),
        confusable=tuple(((c + 1) % past.classes,) for c in range(past.classes)),
    )
    keep_predictions(work_folder(Paths.of_user({HOME_VARIABLE: str(home)}), _UUID), said)


def make_images(file: Path, kind: Kind, items: Iterable[int], classes: int = len(CLASSES)) -> None:
    """Put images where a project's file looks for them: links to one file a colour.

    Beside ``items`` there are those by which the program judges whether images were moved.
    """
    folder = file.parent
    files = contents(folder / "contents", kind)
    with ProjectStore.open(file, writable=False) as store:
        judged = {int(Path(name).stem) for name in store.sample(_JUDGED)}
    for name in _class_names(classes):
        (folder / "images" / name).mkdir(parents=True)
    for item in sorted({*items, *judged}):
        os.link(files[item % len(COLOURS)], folder / "images" / place_of(item, classes))


@lru_cache
def _class_names(count: int) -> tuple[str, ...]:
    return CLASSES if count == len(CLASSES) else tuple(f"class {number}" for number in range(count))


def _task(item: int, round_: int, past: Past, purpose: Purpose) -> Task:
    tier = (Tier.HARD, Tier.INTERMEDIATE)[item % 2].value
    suggestion = item % past.classes
    top = tuple(Likely(c % past.classes, 0.2) for c in range(suggestion, suggestion + min(5, past.classes)))
    return Task(item, round_, item, purpose, tier, "badge", suggestion, 0.5, round_ - 1, top)


def _label(task: Task, past: Past) -> LabelEvent:
    response = (task.task_id + 1) * _LABEL_NS
    timing = Timing(
        onset_ns=response - _LABEL_NS,
        first_input_ns=response,
        response_ns=response,
        handler_ns=response,
        stamp_source=StampSource.MONOTONIC,
        device=Device.KEYBOARD,
        backtracks=0,
        focus_lost=False,
        longest_stall_ns=0,
    )
    assert task.suggestion is not None  # every task of the past has one
    wrong = task.item % _WRONG_EVERY == 0
    answer = (task.suggestion + wrong) % past.classes
    return LabelEvent(
        task.task_id,
        task.item,
        Verb.LABEL,
        task.purpose,
        answer,
        task.suggestion,
        task.task_id,
        timing=timing,
    )


def _model(model_id: int, seen: int, past: Past) -> ModelRecord:
    history = tuple((1 / (epoch + 1), 1 - 1 / (epoch + 2)) for epoch in range(20))
    return ModelRecord(
        model_id=model_id,
        sha256=f"{model_id:064x}",
        file=f"model-{model_id}.pt",
        network=past.settings.learner.network,
        settings="",
        seed=1,
        class_ids=tuple(range(past.classes)),
        trained_on=seen,
        upto_action=seen,
        history=history,
        holdout_n=100,
        holdout_right=80,
        device="cpu",
    )


def _round(number: int) -> RoundRecord:
    return RoundRecord(number, 1, number - 1, "{}", 900.0, "", "{}", '{"training": 20.0}', from_action=0)


def _auto(number: int, past: Past) -> list[AutoLabel]:
    """Labels of the program, on items that are neither labeled nor asked about."""
    first = past.labels + past.waiting
    free = past.images - first
    return [
        AutoLabel(first + (number * _AUTO_A_ROUND + place) % free, place % past.classes, 0.9)
        for place in range(min(free, _AUTO_A_ROUND))
    ]
