"""How well the last layer tells classes apart on each encoder, and whether the best one is chosen by measuring."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from benchmarks.encoders.sets import RealSet, encoders_in, features_of, real_sets
from benchmarks.experiments.real_sets import found
from benchmarks.learner.calibration import calibration_error
from benchmarks.progress import TerminalPort
from benchmarks.report import Line, Report, Size, aligned
from model.learning.calibration import at_temperature, fit_temperature
from model.learning.config import PRESETS
from model.learning.encoder_choice import choose_encoder, out_of_fold, with_joined
from model.learning.last_layer import train_last_layer
from model.port import Port
from studies.finish.exact import Draw
from studies.finish.folder_rule import Sample, certify
from studies.finish.score import margins

_A_CLASS = {Size.FULL: (3, 10, 30), Size.QUICK: (3,)}
_SEEDS = {Size.FULL: 3, Size.QUICK: 1}
_RANDOM = 300  # labels drawn at random, on which the folder rule rests
_SHARE, _CHANCE = 0.01, 0.05
_CONFIG = PRESETS["quick"]
_MOST_UNDER = 2.0  # points


@dataclass(frozen=True)
class _Row:
    """Of one candidate with so many labels a class, means over seeds."""

    accuracy: float
    error: float  # of calibrated probabilities
    seconds: float  # of training a last layer


def measure(size: Size, data: Path | None) -> Report:
    """Train last layers on so many labels a class, test them on all other images, and let the choice be made."""
    found(data, "cub100_jpeg.npz")
    assert data is not None  # found says so
    port = TerminalPort()
    rows: list[tuple[str, ...]] = [
        ("set", "encoder", "labels a class", "right", "error", "by program", "seconds")
    ]
    lines = []
    for one in real_sets(data):
        candidates, seconds = _features(one, data, port)
        for each in _A_CLASS[size]:
            if each * 2 * one.classes > len(one.labels) + each:
                continue  # too few images would be left to test on
            table = [_measure(one, candidates, each, seed, port) for seed in range(_SEEDS[size])]
            under = []
            for results, chosen in table:
                best = max(results[name].accuracy for name in candidates)
                under.append(100 * (best - results[chosen].accuracy))
            name = f"{one.name}, {each} a class: points under the best single choice"
            lines.append(Line(name, float(np.mean(under)), "points", high=_MOST_UNDER))
            rows += _rows(one, each, candidates, table, seconds)
        rows += [_certified(one, name, values, port) for name, values in candidates.items()]
    return Report(
        "encoders",
        "last layers on frozen encoders, and the choice among them by cross-validation",
        size,
        tuple(lines),
        (
            "right: % of the images that were not trained on; error: mean difference of calibrated probability and "
            "share right, in points; seconds: an image's features, and one last layer's training.",
            f"by program: % of the folder that the folder rule labels at {_SHARE:.0%} with {_RANDOM} random labels.",
        ),
        "\n".join(aligned(rows)),
    )


def _features(one: RealSet, data: Path, port: Port) -> tuple[dict[str, Tensor], dict[str, float]]:
    features, seconds = {}, {}
    for name, file in encoders_in(data).items():
        values, taken = features_of(one, name, file, port)
        features[name], seconds[name] = torch.from_numpy(values), taken
    cheapest_first = {name: features[name] for name in sorted(features, key=seconds.__getitem__)}
    return with_joined(cheapest_first), seconds


def _measure(
    one: RealSet, candidates: Mapping[str, Tensor], each: int, seed: int, port: Port
) -> tuple[dict[str, _Row], str]:
    trained = _draw(one.labels, one.classes, each, seed)
    rest = np.setdiff1d(np.arange(len(one.labels)), trained)
    labels = torch.from_numpy(one.labels)
    results = {}
    for name, values in candidates.items():
        started = time.perf_counter()
        layer = train_last_layer(values[trained], labels[trained], one.classes, _CONFIG, seed, port)
        seconds = time.perf_counter() - started
        unseen = out_of_fold(values[trained], labels[trained], one.classes, _CONFIG, seed, port)
        temperature = fit_temperature(unseen, torch.arange(len(trained)), labels[trained])
        shown = layer.probabilities(values[rest])
        shown = shown if temperature is None else at_temperature(shown, temperature)
        top = shown.max(dim=1)
        right = top.indices.numpy() == one.labels[rest]
        results[name] = _Row(float(right.mean()), calibration_error(top.values.numpy(), right), seconds)
    known = {name: values[trained] for name, values in candidates.items()}
    choice = choose_encoder(known, labels[trained], one.classes, _CONFIG, seed, port)
    return results, next(iter(candidates)) if choice is None else choice.chosen


def _draw(labels: NDArray[np.int64], classes: int, each: int, seed: int) -> NDArray[np.int64]:
    chance = np.random.default_rng(seed)
    drawn = [chance.permutation(np.flatnonzero(labels == c))[:each] for c in range(classes)]
    return np.sort(np.concatenate(drawn))


def _rows(
    one: RealSet,
    each: int,
    candidates: Mapping[str, Tensor],
    table: list[tuple[dict[str, _Row], str]],
    seconds: Mapping[str, float],
) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for name in candidates:
        found = [results[name] for results, _ in table]
        picked = sum(chosen == name for _, chosen in table)
        took = seconds.get(name, sum(seconds.values()))
        rows.append(
            (
                one.name,
                name + (f" (chosen {picked} of {len(table)})" if picked else ""),
                str(each),
                f"{100 * np.mean([row.accuracy for row in found]):.1f}",
                f"{100 * np.mean([row.error for row in found]):.1f}",
                "",
                f"{took:.2f} + {np.mean([row.seconds for row in found]):.2f}",
            )
        )
    return rows


def _certified(one: RealSet, name: str, values: Tensor, port: Port) -> tuple[str, ...]:
    """What the folder rule would label with a random sample that the layer is trained on too, judged out of fold."""
    n = len(one.labels)
    drawn = np.sort(np.random.default_rng(0).choice(n, _RANDOM, replace=False))
    rest, labels = np.setdiff1d(np.arange(n), drawn), torch.from_numpy(one.labels)
    unseen = out_of_fold(values[drawn], labels[drawn], one.classes, _CONFIG, 0, port).double().numpy()
    layer = train_last_layer(values[drawn], labels[drawn], one.classes, _CONFIG, 0, port)
    left = layer.probabilities(values[rest]).double().numpy()
    sample = Sample((Draw(n, _RANDOM),), margins(unseen), unseen.argmax(axis=1) != one.labels[drawn])
    taken = certify(sample, n, _SHARE, _CHANCE).select(margins(left))
    return (one.name, name, f"{_RANDOM} in all", "", "", f"{100 * taken.sum() / n:.0f}", "")
