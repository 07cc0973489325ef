"""Projects of a few real images, and a learner that does what a test wants."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from model.datasets.base import Source
from model.port import Cancelled, NullPort, Port
from model.rounds.live_values import Chosen, Groups, LearnRequest, LearnResult, Prepared, Refitted
from model.tiers import Tier, asked
from studies.finish.doubtful import Judged
from studies.labeling.doubts.label_check import LabelCheck
from studies.labeling.facts.settings import ProjectSettings
from studies.labeling.file.store import ProjectStore
from studies.labeling.project.creation import Draft, create
from tests.studies.labeling.sample import MODEL

CLASSES = ("cat", "dog", "owl")


def images(folder: Path, each: int = 20) -> Path:
    """A folder with a subfolder a class; no two images are the same."""
    for place, name in enumerate(CLASSES):
        (folder / name).mkdir(parents=True)
        for number in range(each):
            colour = (80 * place, number, 255 - number)
            Image.new("RGB", (16, 12), colour).save(folder / name / f"{number:02d}.png")
    return folder


def project_of(folder: Path, file: Path, **settings: object) -> ProjectStore:
    """A project of :func:`images`; nothing is labeled."""
    chosen = ProjectSettings.model_validate({"holdout": 5, **settings})
    return create(file, Draft(Source("folder", folder), CLASSES, chosen), folder, "0", NullPort())


class FakeLearner:
    """Waits until it is let go, then chooses the first free items of the request."""

    def __init__(self, free: bool = True) -> None:
        self.requests: list[LearnRequest] = []
        self.prepared: list[LearnRequest] = []
        self.refits: list[LearnRequest] = []
        self.checks: list[LearnRequest] = []
        self.check_go = threading.Event()
        self.network = MODEL.network
        self.prepare_go = threading.Event()
        self.note = ""
        self.groups: Groups | None = None
        self.go = threading.Event()
        self.error: Exception | None = None
        self.closed = False
        if free:
            self.go.set()
            self.check_go.set()

    def run(self, request: LearnRequest, port: Port) -> LearnResult:
        self.requests.append(request)
        port.progress(1, 4, "Training: epoch 1 of at most 4")
        while not self.go.wait(0.005):
            if port.cancelled():
                raise Cancelled
        if self.error is not None:
            raise self.error
        free = np.flatnonzero((request.labels < 0) & ~request.excluded & ~request.holdout).tolist()
        easy = request.budgets[Tier.EASY]
        tiers = [tier.value for tier, count in asked(request.budgets).items() for _ in range(count)]
        queue = tuple(
            Chosen(item, tier, "badge", item % 3, 1.0, ((item % 3, 0.6),))
            for item, tier in zip(free, tiers, strict=False)
        )
        rest = free[len(queue) :]
        n = len(request.labels)
        return LearnResult(
            round=request.round,
            seed=request.seed,
            model=replace(MODEL, network=self.network),
            queue=queue,
            spare=tuple(Chosen(item, "hard", "badge", 0, 0.5) for item in rest[easy : easy + 10]),
            auto_labels=tuple(Chosen(item, "easy", "certified", 0, 0.99) for item in rest[:easy]),
            predicted=np.zeros(n, np.int32),
            confidence=np.full(n, 0.6, np.float32),
            holdout_n=5,
            holdout_right=3,
            confusable=((1, 2), (0,), (0,)),
            notes={"easy": "Nothing is certified."},
            seconds={"training": 1.5, "hard": 0.25},
        )

    def prepare(self, request: LearnRequest, port: Port) -> Prepared:
        self.prepared.append(request)
        while not self.prepare_go.wait(0.005):
            if port.cancelled():
                raise Cancelled
        return Prepared(self.note, self.groups if request.clusters else None)

    def refit(self, request: LearnRequest, port: Port) -> Refitted:
        self.refits.append(request)
        n = len(request.labels)
        top = dict.fromkeys(request.wanted, ((1, 0.8), (0, 0.1)))
        return Refitted(
            7, np.ones(n, np.int32), np.full(n, 0.8, np.float32), ((1,), (0,), (0,)), True, top, 0.4
        )

    def check(self, request: LearnRequest, port: Port) -> LabelCheck:
        """Takes every fifth label for wrong, the last one most."""
        self.checks.append(request)
        port.progress(1, 4, "Judging the model, 1 of 4")
        while not self.check_go.wait(0.005):
            if port.cancelled():
                raise Cancelled
        if self.error is not None:
            raise self.error
        items = np.flatnonzero((request.labels >= 0) & ~request.auto)
        labels = request.labels[items].astype(np.int64)
        against = np.arange(len(items)) % 5 == 0
        wrong = np.where(against, 0.5 + np.arange(len(items)) / 1000, 0.01)
        judged = Judged(wrong, (labels + 1) % len(request.classes), against)
        nobody = np.zeros(len(items), np.bool_)
        return LabelCheck(items, labels, judged, True, np.zeros((0, 2), np.int64), nobody)

    def close(self) -> None:
        self.closed = True
