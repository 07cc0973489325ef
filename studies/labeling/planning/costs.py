"""What this person's answers cost: times of verifying, correcting and unaided labels, and the suggestions' accuracy."""

from __future__ import annotations

import math
from bisect import insort
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum

import numpy as np

from model.tiers import Tier
from studies.answers import SEEN_AFTER_NS
from studies.estimates import T975, Interval, Share
from studies.labeling.facts.records import Purpose
from studies.labeling.facts.settings import CostOrigin, Costs

STOOD_STILL_NS = 1_000_000_000  # if a window stood still, or a machine slept, for longer, no time is known
AWAY_S = 20.0  # an answer that took longer was not being worked on all the time
TOO_FAST_S = SEEN_AFTER_NS / 1e9  # an answer that was given sooner was not to the image on screen
PAPER_RATIO = 4.0  # c_a : c_v in the paper's experiments
ENOUGH_VERIFIED, ENOUGH_CORRECTED = 10, 5
_TRIMMED = 0.2  # of each end, as is usual (Wilcox 2012)
_PRIOR = 5  # answers that the prior counts for: c_v as it was set, c_a as the paper's ratio makes it of that
TIMED = (Purpose.SEED, Purpose.TYPICAL, Purpose.QUEUE, Purpose.AHEAD, Purpose.SAMPLE, Purpose.AUDIT)
"""Answers given one at a time to images asked for; all others are counted apart."""


class AnswerKind(str, Enum):
    """What an answer was to its suggestion."""

    VERIFIED = "verified"  # c_v
    CORRECTED = "corrected"  # c_a
    UNAIDED = "unaided"  # c_0


@dataclass(frozen=True)
class TimedAnswer:
    """A label that was given one at a time."""

    kind: AnswerKind
    seconds: float
    tier: str | None = None  # of the suggestion
    round: int = 0
    away: bool = (
        False  # took too long or no time to see, or the window was left meanwhile: its time does not count
    )
    near: bool = False  # a correction to a class that stood among the suggestions: one key
    purpose: Purpose = Purpose.QUEUE  # why the image was asked for


@dataclass
class _Sum:
    n: int = 0
    total: float = 0.0

    def add(self, seconds: float, sign: int) -> None:
        self.n += sign
        self.total += sign * seconds
        if self.n == 0:  # a sum of nothing is nothing, whatever rounding left
            self.total = 0.0


@dataclass
class Tally:
    """The tally: what the answers that stand have cost, and how many suggestions they accepted.

    It holds, by kind of answer, the times in order; by round and tier, how many suggestions were accepted of how
    many; by round, and by what an image was asked for, what answers took. Two inputs change it: ``add`` for an
    answer, ``remove`` for one that is undone. Each is the other's inverse. An answer that took too long, or less than
    anybody needs to see the image, or during which the window was left, still accepts or corrects a suggestion, but
    its time does not count.
    After a merge of classes, which turns corrections into acceptances, the tally is made anew from all events.
    """

    _times: dict[AnswerKind, list[float]] = field(default_factory=lambda: {kind: [] for kind in AnswerKind})
    _near: list[float] = field(
        default_factory=list
    )  # of corrections to a class among the suggestions, in order
    _right: dict[tuple[int, str], list[int]] = field(default_factory=dict)  # by round and tier: right, all
    _trimmed_means: dict[AnswerKind | None, Interval | None] = field(default_factory=dict, compare=False)
    _spent: dict[tuple[int, bool], _Sum] = field(default_factory=dict)  # by round, and whether aided
    _spent_for: dict[tuple[AnswerKind, Purpose], _Sum] = field(default_factory=dict)

    def add(self, answer: TimedAnswer) -> None:
        """Take in an answer."""
        self._change(answer, 1)

    def remove(self, answer: TimedAnswer) -> None:
        """An answer was taken back."""
        self._change(answer, -1)

    def count(self, kind: AnswerKind) -> int:
        """How many answers of a kind have a time that counts."""
        return len(self._times[kind])

    def mean(self, kind: AnswerKind) -> float | None:
        """The arithmetic mean time in s, of which sums are made; ``None`` for fewer than two."""
        times = self._times[kind]
        return math.fsum(times) / len(times) if len(times) > 1 else None

    def trimmed_mean(self, kind: AnswerKind) -> Interval | None:
        """The mean time in s without the fifth that is shortest and the fifth that is longest, with its interval
        (Yuen 1974): one long look does not move it. ``None`` for fewer than two times.
        """
        return self._trimmed(kind, self._times[kind])

    def near(self) -> tuple[Interval | None, int]:
        """The trimmed mean time of corrections to a class that stood among the suggestions, and how many there are."""
        return self._trimmed(None, self._near), len(self._near)

    def suggestions(self, tier: str, rounds: Iterable[int] | None = None) -> Share:
        """How many of a tier's suggestions were accepted, in all rounds or in some."""
        if rounds is None:
            counts = [counts for (_, of), counts in self._right.items() if of == tier]
        else:
            counts = [self._right.get((round_, tier), [0, 0]) for round_ in rounds]
        return Share(sum(right for right, _ in counts), sum(total for _, total in counts))

    def spent_s(self, round_: int) -> float:
        """What the answers of a round took, in s."""
        return sum(sums.total for (of, _), sums in self._spent.items() if of == round_)

    def aided_answers(self, round_: int) -> tuple[int, float]:
        """How many answers of a round were given to suggestions, and what they took, in s."""
        sums = self._spent.get((round_, True), _Sum())
        return sums.n, sums.total

    def seconds_of(self, kind: AnswerKind, purposes: Container[Purpose] = TIMED) -> float:
        """What the answers of a kind took whose time counts, in s; all, or those asked for ``purposes``."""
        return math.fsum(
            sums.total for (of, why), sums in self._spent_for.items() if of is kind and why in purposes
        )

    @property
    def total_s(self) -> float:
        """What all answers took, in s."""
        return sum(sums.total for sums in self._spent.values())

    @property
    def seconds_a_label(self) -> float | None:
        """The mean time of all answers, in s; ``None`` before there is one."""
        n = sum(sums.n for sums in self._spent.values())
        return self.total_s / n if n else None

    def _trimmed(self, kind: AnswerKind | None, times: list[float]) -> Interval | None:
        """The trimmed mean of a kind's times, or of near corrections: asked for several times an answer."""
        if kind not in self._trimmed_means:
            self._trimmed_means[kind] = _trim(times)
        return self._trimmed_means[kind]

    def _change(self, answer: TimedAnswer, sign: int) -> None:
        self._trimmed_means.clear()
        if answer.tier is not None and answer.kind is not AnswerKind.UNAIDED:
            counts = self._right.setdefault((answer.round, answer.tier), [0, 0])
            counts[0] += sign * (answer.kind is AnswerKind.VERIFIED)
            counts[1] += sign
        if not answer.away:
            for times in (self._times[answer.kind], *([self._near] if answer.near else [])):
                if sign > 0:
                    insort(times, answer.seconds)
                else:
                    times.remove(answer.seconds)
            aided = answer.kind is not AnswerKind.UNAIDED
            self._spent.setdefault((answer.round, aided), _Sum()).add(answer.seconds, sign)
            self._spent_for.setdefault((answer.kind, answer.purpose), _Sum()).add(answer.seconds, sign)


@dataclass(frozen=True)
class Rates:
    """The planned c_v, c_a and c_0 of a round, in s or in units.

    Planned c_v and c_a of a project are trimmed means (:meth:`Tally.trimmed_mean`), shrunk towards the paper's ratio.
    They are not a study's results (geometric means, ``c_a_geomean_s``).
    """

    verify: float
    correct: float
    unaided: float
    origin: CostOrigin
    measured: bool  # of this person, enough of each

    @property
    def in_seconds(self) -> bool:
        """Whether they are times; units otherwise."""
        return self.origin is not CostOrigin.PAPER

    def expected(self, right: float) -> float:
        """The expected cost of an item whose suggestion is right with probability ``right``."""
        return self.correct - (self.correct - self.verify) * right


def rates(costs: Costs, tally: Tally, add_up: bool = False) -> Rates:
    """The costs to plan with, or where they ``add_up`` those that sums over past answers are compared with.

    Of this project: c_v and c_a are trimmed means of this person's answers, each shrunk towards the paper's ratio by
    ``_PRIOR`` answers, so that the first slow answer does not turn a plan over. c_0 is measured or c_a. Sums hold every
    long look, so what they are compared with are arithmetic means.
    """
    if costs.origin is CostOrigin.PAPER:
        return Rates(1.0, PAPER_RATIO, PAPER_RATIO, costs.origin, False)
    if costs.origin is not CostOrigin.PROJECT:
        return Rates(costs.verify, costs.correct, costs.unaided or costs.correct, costs.origin, True)
    means = {kind: tally.mean(kind) if add_up else _value(tally.trimmed_mean(kind)) for kind in AnswerKind}

    def shrunk(kind: AnswerKind, prior: float) -> float:
        mean, n = means[kind], tally.count(kind)
        return prior if mean is None else (n * mean + _PRIOR * prior) / (n + _PRIOR)

    verify = shrunk(AnswerKind.VERIFIED, costs.verify)
    correct = max(verify, shrunk(AnswerKind.CORRECTED, PAPER_RATIO * verify))
    unaided = means[AnswerKind.UNAIDED]
    enough = (
        tally.count(AnswerKind.VERIFIED) >= ENOUGH_VERIFIED
        and tally.count(AnswerKind.CORRECTED) >= ENOUGH_CORRECTED
    )
    return Rates(verify, correct, correct if unaided is None else unaided, costs.origin, enough)


def _trim(times: list[float]) -> Interval | None:
    """The trimmed mean of times in order, with its interval; ``None`` for fewer than two."""
    n = len(times)
    if n < 2:
        return None
    cut = int(_TRIMMED * n)
    kept = np.array(times[cut : n - cut])
    mean = float(kept.mean())
    winsorized = np.concatenate([np.repeat(kept[:1], cut), kept, np.repeat(kept[-1:], cut)])
    deviation = float(winsorized.std(ddof=1))
    error = deviation / ((1 - 2 * _TRIMMED if cut else 1) * math.sqrt(n))
    half = T975[min(len(kept) - 1, len(T975)) - 1] * error
    return Interval(mean, max(0.0, mean - half), mean + half)


def _value(mean: Interval | None) -> float | None:
    return None if mean is None else mean.value


def expected_cost(rates_: Rates, budgets: Mapping[Tier, int], right: Mapping[Tier, float]) -> float:
    """What labeling a round is expected to cost: sum over tiers of n (c_a - (c_a - c_v) P(right))."""
    return sum(n * rates_.expected(right.get(tier, 0.0)) for tier, n in budgets.items())
