"""How many planted slips are among the most doubtful labels, and whether the share told is the true one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks.finish.sets import Set, digits_set, whole_sets
from benchmarks.progress import TerminalPort
from benchmarks.report import Line, Report, Size
from model.learning.calibration import calibrate
from model.learning.config import PRESETS
from model.learning.crossfit import cross_fitted
from model.learning.neighbours import near_duplicates
from model.learning.pool_learning import PoolLearner
from model.port import Port
from model.rounds.checking import ALIKE
from studies.estimates import Interval
from studies.finish.doubtful import Judged, estimate_slips, judge_labels, rank_judged
from studies.finish.exact import Floats

Labels = NDArray[np.int64]
_SHARE = 0.02
_LOOKED = (24, 48, 96)
_TIMES = {Size.FULL: 3, Size.QUICK: 1}


class Slip(Enum):
    """To which class a label is flipped."""

    ANY = "any class"
    CONFUSED = "a class that its own is confused with"
    LIKELY = "the image's likeliest other class"


@dataclass(frozen=True)
class Outcome:
    """What the list brought for one set of slips."""

    found: tuple[float, ...]  # share of the slips among the first of :data:`_LOOKED`
    slips: int
    told: tuple[Interval, ...]  # how many there are, by none and by the first of :data:`_LOOKED` looked at


def measure(size: Size, data: Path | None) -> Report:
    """Plant slips in the labels of the built-in digits, and of real sets, and look for them."""
    port = TerminalPort()
    sets = [digits_set(), *(() if data is None else whole_sets(data, port))]
    lines = [line for one in sets for line in _lines(one, _TIMES[size], port)]
    return Report(
        "doubtful-labels",
        f"{_SHARE:.0%} of the labels flipped, {_TIMES[size]} times of each kind; last layers of a frozen network, "
        "cross-fitted with the pool's lesson",
        size,
        tuple(lines),
        (
            "Told: mean of the slips told, over the true ones, after so many were looked at.",
            "Covered: how often the limits of what is told hold the true number.",
        ),
    )


def _lines(one: Set, times: int, port: Port) -> Iterator[Line]:
    features = torch.from_numpy(one.features.astype(np.float32))
    learner = PoolLearner(features)
    clean = _cross_fit(learner, one.labels, one.classes, 0, port)
    pairs = [(int(a), int(b)) for a, b in near_duplicates(features, ALIKE, port)[0]]
    for kind in Slip:
        ended = [_look(one, learner, clean, kind, pairs, seed, port) for seed in range(1, times + 1)]
        name = f"{one.name}, {kind.value}"
        for place, looked in enumerate(_LOOKED):
            share = float(np.mean([end.found[place] for end in ended]))
            yield Line(
                f"{name}: {ended[0].slips} slips, among the first {looked}", 100 * share, "%", digits=0
            )
        for place, looked in enumerate((0, *_LOOKED)):
            told = float(np.mean([end.told[place].value / end.slips for end in ended]))
            covered = float(
                np.mean([end.told[place].low <= end.slips <= end.told[place].high for end in ended])
            )
            yield Line(f"{name}: told after {looked}", told, "")
            yield Line(f"{name}: covered after {looked}", 100 * covered, "%", digits=0)


def _cross_fit(learner: PoolLearner, labels: Labels, classes: int, seed: int, port: Port) -> Floats:
    given, config = torch.from_numpy(labels), PRESETS["pool"]

    def fit(chosen: torch.Tensor):  # type: ignore[no-untyped-def]
        layer = learner.fit(torch.where(chosen, given, -1), classes, config, seed, port)
        return lambda items: layer.probabilities(learner.features[items])

    everything = torch.ones(len(labels), dtype=torch.bool)
    found = cross_fitted(fit, everything, torch.arange(len(labels)), config.folds, seed)
    calibrated = calibrate(found, torch.arange(len(labels)), given)
    assert calibrated is not None  # there are enough labels
    return calibrated.double().numpy()


def _plant(
    one: Set, clean: Floats, kind: Slip, chance: np.random.Generator
) -> tuple[Labels, NDArray[np.bool_]]:
    """Labels of which some are flipped, and which."""
    labels = one.labels.copy()
    slips = chance.choice(len(labels), round(_SHARE * len(labels)), replace=False)
    for item in slips.tolist():
        own = one.labels[item]
        weights = {
            Slip.ANY: np.ones(one.classes),
            Slip.CONFUSED: clean[one.labels == own].mean(axis=0),
            Slip.LIKELY: clean[item].copy(),
        }[kind]
        weights[own] = 0
        weights /= weights.sum()
        labels[item] = weights.argmax() if kind is Slip.LIKELY else chance.choice(one.classes, p=weights)
    return labels, labels != one.labels


def _look(
    one: Set,
    learner: PoolLearner,
    clean: Floats,
    kind: Slip,
    pairs: list[tuple[int, int]],
    seed: int,
    port: Port,
) -> Outcome:
    labels, slip = _plant(one, clean, kind, np.random.default_rng(seed))
    judged = judge_labels(_cross_fit(learner, labels, one.classes, seed, port), labels)
    ranked = rank_judged(judged, labels, pairs, np.zeros(len(labels), np.bool_))
    places = np.array([doubtful.place for doubtful in ranked])
    expected = np.array([doubtful.chance for doubtful in ranked])
    unlisted = _unlisted(judged, places)
    shown = slip[places].tolist()
    return Outcome(
        tuple(sum(shown[:count]) / slip.sum() for count in _LOOKED),
        int(slip.sum()),
        tuple(estimate_slips(shown[:count], expected, unlisted) for count in (0, *_LOOKED)),
    )


def _unlisted(judged: Judged, places: Labels) -> Floats:
    rest = np.ones(len(judged.wrong), np.bool_)
    rest[places] = False
    return judged.wrong[rest]
