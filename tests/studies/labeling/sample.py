"""Projects for tests: a few items, a few classes, and inputs with stamps of their own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from model.port import NullPort
from model.rounds.live_values import Chosen, LearnResult, TrainedModel
from studies.answers import Device, StampSource, Timing
from studies.labeling.facts import inputs as ev
from studies.labeling.facts.records import Verb
from studies.labeling.facts.settings import ProjectSettings
from studies.labeling.file.store import ProjectHead, ProjectStore
from studies.labeling.project.loading import load as load
from studies.labeling.project.project import Project
from studies.labeling.rounds.conductor import Conductor
from studies.labeling.rounds.request import Folders
from studies.labeling.state.classes import ClassList
from studies.labeling.state.desk import Phase

NAMES = ("cat", "dog", "owl")
STATES = (Verb.LABEL, Verb.NONE, Verb.SEVERAL, Verb.SKIP, Verb.UNREADABLE, Verb.RELEASE, Verb.REJECT)
"""The verbs that say what holds of an item, spelled out beside the program's own table."""
MODEL = TrainedModel("ab" * 32, "model-ab.pt", "small-cnn", "{}", 6, ((1.0, 0.5), (0.5, 0.9)), "cpu")
MS = 1_000_000


def create(path: Path, items: int = 40, holdout: int = 5, **settings: Any) -> ProjectStore:
    """A project of ``items`` images of which the first ``holdout`` are held out."""
    return ProjectStore.create(
        path,
        ProjectHead("u-1", "animals", "folder", path.parent, "0"),
        [f"{number:03d}.png" for number in range(items)],
        range(holdout),
        ClassList().additions(NAMES),
        settings_json(**settings),
        NullPort(),
    )


def settings_json(**settings: Any) -> str:
    return ProjectSettings(**settings).model_dump_json()


def open_project(path: Path) -> Project:
    return Project.open(ProjectStore.open(path, create=False), "A1", "0", {})


def conductor(project: Project) -> Conductor:
    folder = project.store.path.parent
    return Conductor(project, Folders(folder / "work", folder / "weights"))


class Hand:
    """Answers what lies on the desk, each answer 500 ms after its image."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.now = 1_000 * MS

    def show(self) -> None:
        if self.project.desk.phase is Phase.COMING:
            self.now += 100 * MS
            self.project.send(ev.Shown(self.now))

    def answer(self, class_id: int, took_ms: int = 500) -> int:
        """Returns the item."""
        self.show()
        item = self.project.desk.item
        assert item is not None
        self.now += took_ms * MS
        how = (self.now + 2 * MS, StampSource.MONOTONIC, Device.KEYBOARD, 0)
        self.project.send(ev.Answer(self.now, *how, class_id))
        return item

    def remark(self, verb: Verb) -> int:
        self.show()
        item = self.project.desk.item
        assert item is not None
        self.now += 500 * MS
        how = (self.now + 2 * MS, StampSource.MONOTONIC, Device.KEYBOARD, 0)
        self.project.send(ev.Remark(self.now, *how, verb))
        return item

    def press(self, kind: type[ev.Input]) -> None:
        self.show()
        self.now += 50 * MS
        self.project.send(kind(self.now))


def chosen(*items: int, label: int = 1, tier: str = "easy", score: float = 0.9) -> list[Chosen]:
    """What a learner chose, all with one suggestion."""
    return [
        Chosen(item, tier, "certified" if tier == "easy" else "badge", label, score, ((label, 0.7),))
        for item in items
    ]


def result(project: Project, round_: int, queue: list[tuple[int, int, str]], **more: object) -> LearnResult:
    """A round whose queue is (item, label, tier); the model takes every item for its number modulo 3."""
    n = len(project.items)
    return LearnResult(
        round=round_,
        seed=1,
        model=MODEL,
        queue=tuple(Chosen(item, tier, "badge", label, 1.0, ((label, 0.7),)) for item, label, tier in queue),
        spare=tuple(more.get("spare", ())),  # type: ignore[arg-type]
        auto_labels=tuple(more.get("auto", ())),  # type: ignore[arg-type]
        predicted=(np.arange(n) % 3).astype(np.int32),
        confidence=np.full(n, 0.7, np.float32),
        measured=bool(more.get("measured", True)),
        holdout_n=5,
        holdout_right=4,
        confusable=((1,), (2,), (0,)),
        seconds={"training": 2.0},
    )


def begin_round(
    project: Project, leads: Conductor, queue: list[tuple[int, int, str]], **more: object
) -> None:
    """Begin the next round with a queue of our own."""
    request = leads.request(leads.propose())
    leads.begin_round(request, result(project, request.learn.round, queue, **more))


def timing(images: int, seconds: float = 8.0) -> Timing:
    """Of a page of so many images."""
    onset = 10_000 * MS
    response = onset + round(seconds * 1000) * MS
    return Timing(
        onset, onset, response, response, StampSource.MONOTONIC, Device.KEYBOARD, 0, False, 0, images
    )
