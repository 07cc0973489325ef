"""A live round whose last layer learns from all of the pool, on images whose class is their colour."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from model.datasets.base import Source
from model.port import NullPort
from model.rounds.live import learn
from model.rounds.live_values import LearnerSettings, LearnRequest, LearnResult
from model.rounds.workbench import Workbench
from model.tiers import budgets_of
from tests.model.coloured import Coloured

N, HELD = 42, 9


def result(folder: Path, preset: str) -> LearnResult:
    images = Coloured(N)
    nothing = np.zeros(N, np.bool_)
    asked = LearnRequest(
        project=folder / "p",
        work=folder / preset,
        shared=folder / "shared",
        source=Source("folder", folder),
        classes=tuple(images.classes),
        labels=np.where(np.arange(N) < HELD + 6, np.array(images.labels), -1).astype(np.int32),
        auto=nothing,
        holdout=np.arange(N) < HELD,
        random=nothing,
        order=np.arange(N),
        excluded=nothing,
        settings=LearnerSettings(network="small-cnn", preset=preset),
        budgets=budgets_of(hard=4, intermediate=2),
        spare=0,
        round=1,
        seed=3,
        threads=1,
    )
    bench = Workbench(images)
    try:
        return learn(asked, bench, NullPort())
    finally:
        bench.close()


def test_it_is_the_default_and_tells_its_time(tmp_path: Path):
    assert LearnerSettings().preset == "pool"
    found = result(tmp_path, "pool")
    assert "pool" in found.seconds
    assert [chosen.tier for chosen in found.queue] == ["hard"] * 4 + ["intermediate"] * 2
    truth = np.array(Coloured(N).labels)
    alone = result(tmp_path, "quick")
    assert "pool" not in alone.seconds
    assert (found.predicted == truth).mean() >= (alone.predicted == truth).mean()


def test_the_model_that_is_kept_is_the_one_that_thinks(tmp_path: Path):
    assert result(tmp_path, "pool").model.sha256 != result(tmp_path, "quick").model.sha256
