"""Requests to the learner over small coloured images whose class is their colour."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from model.datasets.base import ImageSet, Source
from model.port import NullPort, Port
from model.rounds.live import learn
from model.rounds.live_values import LearnerSettings, LearnRequest, LearnResult
from model.rounds.workbench import Workbench
from model.tiers import budgets_of
from tests.model.coloured import Coloured

N, LABELED, HELD = 42, 12, 9
QUICK = LearnerSettings(network="small-cnn")


def request(work: Path, images: ImageSet | None = None, **changes: Any) -> LearnRequest:
    """Of 42 images the first 9 are held out, those and the next 12 labeled as they are."""
    images = images or Coloured(N)
    n = len(images)
    labels = np.where(np.arange(n) < HELD + LABELED, np.array(images.labels), -1).astype(np.int32)
    nothing = np.zeros(n, np.bool_)
    asked = LearnRequest(
        project=work / "p",
        work=work / "work",
        shared=work / "shared",
        source=Source("folder", work),
        classes=tuple(images.classes),
        labels=labels,
        auto=nothing,
        holdout=np.arange(n) < HELD,
        random=nothing,
        order=np.arange(n),
        excluded=nothing,
        settings=QUICK,
        budgets=budgets_of(hard=4, intermediate=6, easy=5),
        spare=5,
        round=1,
        seed=3,
        threads=1,
    )
    return replace(asked, **changes)


def answer(
    asked: LearnRequest, images: ImageSet | None = None, port: Port | None = None, anew: bool = False
) -> LearnResult:
    """Features of a frozen network are kept beside its weights for all tests, but where they are wanted ``anew``."""
    weights, features = asked.settings.weights, asked.work / "features"
    if weights is not None and not anew and not features.exists():
        asked.work.mkdir(parents=True, exist_ok=True)
        (weights.parent / "features").mkdir(exist_ok=True)
        features.symlink_to(weights.parent / "features", target_is_directory=True)
    bench = Workbench(images or Coloured(N))
    try:
        return learn(asked, bench, port or NullPort())
    finally:
        bench.close()


def mask(n: int, *items: int) -> np.ndarray[Any, np.dtype[np.bool_]]:
    return np.isin(np.arange(n), items)
