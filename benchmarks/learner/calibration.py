"""Whether the probabilities that are shown mean what they say: before and after they are calibrated."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from benchmarks.experiments.real_sets import CUB, MOBILENET, found
from benchmarks.places import cache, scratch
from benchmarks.report import Line, Report, Size, SkippedError
from model.datasets.base import UNKNOWN
from model.learning.calibration import calibrate
from model.names import POOL_PRESET
from model.port import NullPort
from model.rounds.learner import PoolLabels, train_round
from model.rounds.simulated import SimulatedPool, open_simulated
from model.rounds.simulated_values import Place
from model.rounds.stopwatch import Stopwatch
from studies.simulation.plan.checks import load_experiment
from studies.simulation.plan.runs import grid

_LABELS = {Size.FULL: ((200, 20), (400, 60), (800, 100)), Size.QUICK: ((40, 20),)}
_SEEDS = {Size.FULL: 3, Size.QUICK: 1}
_BINS = 10
_HIGH = 0.95
_MOST_OFF = 8  # points


def measure(size: Size, data: Path | None) -> Report:
    """Train on so many random labels, calibrate by so many others, and compare with what is right of all the rest."""
    lines = []
    with scratch() as place:
        for preset, folder in _sets(size, data):
            runs = grid(load_experiment(preset), folder).runs
            run = next(run for run in runs if run.method.training == POOL_PRESET)
            pool = open_simulated(run.images, run.learner, Place(cache(), place / "features"), NullPort())
            for trained, held in _LABELS[size]:
                lines += _lines(f"{preset}, {trained} labels", pool, trained, held, _SEEDS[size])
            pool.close()
    return Report(
        "calibration",
        "probabilities of the likeliest class beside how often it is right",
        size,
        tuple(lines),
        (
            f"Error: mean difference between probability and share right in {_BINS} equal parts of the images.",
            "Labels that calibrate: 20, 60 and 100, drawn at random and not trained on.",
        ),
    )


def _sets(size: Size, data: Path | None) -> Iterator[tuple[str, Path | None]]:
    yield "digits", None
    if size is Size.FULL:
        try:
            yield "cub100-frozen", found(data, CUB, MOBILENET)[0].parent
        except SkippedError:
            return


def _lines(name: str, pool: SimulatedPool, trained: int, held: int, seeds: int) -> list[Line]:
    found = np.mean([_errors(pool, trained, held, seed) for seed in range(seeds)], axis=0)
    before, after, right, shown, shown_right = found
    return [
        Line(f"{name}: right", 100 * right, "%"),
        Line(f"{name}: error as trained", 100 * before, "points"),
        Line(f"{name}: error calibrated", 100 * after, "points", high=_MOST_OFF),
        Line(f"{name}: shown at {_HIGH:.0%} or more as trained, of these right", 100 * shown, "%"),
        Line(f"{name}: shown at {_HIGH:.0%} or more calibrated, of these right", 100 * shown_right, "%"),
    ]


def _errors(pool: SimulatedPool, trained: int, held: int, seed: int) -> tuple[float, ...]:
    n = len(pool.labels)
    order = np.random.default_rng(seed).permutation(n)
    labels = np.full(n, UNKNOWN, np.int64)
    labels[order[: trained + held]] = pool.labels[order[: trained + held]]
    held_out = np.zeros(n, np.bool_)
    held_out[order[trained : trained + held]] = True
    none = np.zeros(n, np.bool_)
    known = PoolLabels(labels, none, held_out, none, np.zeros(n, np.int64))
    model = train_round(pool.trainer, known, None, seed, NullPort(), Stopwatch()).model
    judged = np.flatnonzero(held_out[model.rows])
    given = torch.from_numpy(pool.labels[model.rows[judged]])
    calibrated = calibrate(model.probabilities.cpu(), torch.from_numpy(judged), given)
    assert calibrated is not None  # there are labels enough
    rest = np.isin(model.rows, order[trained + held :])
    truth = pool.labels[model.rows[rest]]
    before, after = (
        _judge(p[torch.from_numpy(rest)], truth) for p in (model.probabilities.cpu(), calibrated)
    )
    right = float((model.probabilities.cpu().argmax(1).numpy()[rest] == truth).mean())
    return before[0], after[0], right, before[1], after[1]


def _judge(probabilities: Tensor, truth: NDArray[np.int64]) -> tuple[float, float]:
    """The error, and the share right of what is shown with a high probability (1 where nothing is)."""
    top = probabilities.max(dim=1)
    sure, right = top.values.numpy(), top.indices.numpy() == truth
    high = sure >= _HIGH
    return calibration_error(sure, right), float(right[high].mean()) if high.any() else 1.0


def calibration_error(sure: NDArray[np.float32], right: NDArray[np.bool_]) -> float:
    """The mean difference between probability and share right in equal parts of the images, both (n,)."""
    parts = np.array_split(np.argsort(sure), _BINS)
    return float(np.mean([abs(sure[part].mean() - right[part].mean()) for part in parts]))
