"""Simulated participants with ex-Gaussian response times, and the ratio that they truly have."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from studies.answers import Device, StampSource, Timing
from studies.timing.facts.records import PlannedTrial, Response

SECOND = 1_000_000_000
CLASSES = ("cat", "dog", "frog", "ship")
_NODES = 20  # of each quadrature; the true log ratio is then good to 1e-6


@dataclass(frozen=True)
class ExGaussian:
    """A response-time distribution in s: a normal (mu, sigma) plus an exponential (tau)."""

    mu: float
    sigma: float
    tau: float

    def draw(self, chance: np.random.Generator, count: int) -> np.ndarray:
        """``count`` independent times in s."""
        return chance.normal(self.mu, self.sigma, count) + chance.exponential(self.tau, count)

    def mean_log(self) -> float:
        """E[ln X] by quadrature: Gauss-Hermite over the normal, Gauss-Laguerre over the exponential part."""
        at, weight = np.polynomial.hermite.hermgauss(_NODES)
        late, share = np.polynomial.laguerre.laggauss(_NODES)
        times = self.mu + math.sqrt(2) * self.sigma * at[:, None] + self.tau * late[None, :]
        return float(weight @ np.log(times) @ share / math.sqrt(math.pi))


@dataclass(frozen=True)
class Population:
    """Whom a study samples.

    Participant i takes ``s_i * X_v`` to verify and ``s_i * exp(d_i) * X_a`` to correct, where ``X_v`` and ``X_a``
    are drawn anew for each trial, ln(s_i) is normal (0, ``speed_sd``) and d_i is normal (0, ``ratio_sd``).
    Errors are made at random and do not depend on the time.
    """

    verify: ExGaussian = ExGaussian(0.55, 0.05, 0.25)
    correct: ExGaussian = ExGaussian(1.60, 0.16, 0.70)
    speed_sd: float = 0.25
    ratio_sd: float = 0.30
    p_right: float = 0.5
    error_rate: float = 0.04

    def true_ratio(self) -> float:
        """The estimand of the summary's interval: the population's geometric mean ratio.

        Participant i's own ratio of geometric means, over endless trials, is exp(E[ln T_a] - E[ln T_v])
        = exp(d_i + E[ln X_a] - E[ln X_v]): the speed s_i cancels. Its geometric mean over participants
        is exp(E[ln X_a] - E[ln X_v]), because d_i has mean 0.
        """
        return math.exp(self.correct.mean_log() - self.verify.mean_log())


@dataclass(frozen=True)
class Sat:
    """One participant's session, as the store takes it."""

    planned: list[PlannedTrial]
    responses: list[Response]


def sit(population: Population, trials: int, chance: np.random.Generator) -> Sat:
    """One participant: each image on its own draws a right or wrong suggestion, the paper's way."""
    pace = math.exp(chance.normal(0, population.speed_sd))
    own = math.exp(chance.normal(0, population.ratio_sd))
    right = chance.random(trials) < population.p_right
    errs = chance.random(trials) < population.error_rate
    verify = population.verify.draw(chance, trials)
    correct = own * population.correct.draw(chance, trials)
    times_ns = np.rint(SECOND * pace * np.where(right, verify, correct)).astype(np.int64)
    truths = chance.integers(len(CLASSES), size=trials)
    return Sat(list(_planned(truths, right)), list(_responses(truths, errs, times_ns)))


def _planned(truths: np.ndarray, right: np.ndarray) -> Iterator[PlannedTrial]:
    for position, truth in enumerate(truths.tolist()):
        shown = truth if right[position] else (truth + 1) % len(CLASSES)
        yield PlannedTrial(position, 0, "simulated", False, f"{position}.png", CLASSES[truth], CLASSES[shown])


def _responses(truths: np.ndarray, errs: np.ndarray, times_ns: np.ndarray) -> Iterator[Response]:
    for position, truth in enumerate(truths.tolist()):
        # An error accepts a wrong suggestion, and changes a right one.
        answer = CLASSES[(truth + 1) % len(CLASSES) if errs[position] else truth]
        onset = (position + 1) * 100 * SECOND
        given = onset + int(times_ns[position])
        how = (StampSource.MONOTONIC, Device.KEYBOARD, 0, False, 0)
        yield Response(position, 1, answer, Timing(onset, given, given, given, *how))
