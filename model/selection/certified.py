"""The easy tier with a bound on its error, by confidence thresholds that an audit sample has certified."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.special import bdtr
from torch import Tensor

from model.names import UNKNOWN
from model.port import Port
from model.selection.base import Options, Picks, SelectionError, Snapshot, Tier
from model.selection.easy import confidences, most_confident
from model.selection.registry import Strategy, register

Bounds = Callable[[NDArray[np.bool_]], NDArray[np.float64]]
"""Of the audited items of some classes, (C,) bool: the largest error rate allowed at or above each one's confidence."""

CHANCE = 0.05  # of a threshold whose true error is above the bound


def certified(
    snapshot: Snapshot, pool: Tensor, budget: int, options: Options, seed: int, port: Port
) -> Picks:
    """Pick the most confident items among those that reach the threshold of their predicted class.

    The thresholds (:func:`thresholds`) hold for the items that are still unlabeled. The audit sample must be a random
    draw from the pool of its time, labeled by a person, with out-of-fold predictions; items that strategies queried
    since are accounted for (:meth:`_Audit.bounds`). The note says what was certified and how.
    """
    if not 0 < options.max_error < 1:
        raise SelectionError(f"The largest error is {options.max_error:g}; give a number between 0 and 1.")
    sample = torch.nonzero(snapshot.audit & ~snapshot.auto & (snapshot.labels != UNKNOWN)).flatten()
    if len(sample) == 0:
        least = least_sample(options.max_error)
        note = (
            f"There is no audit sample: it takes at least {least} labels of items that were drawn at random."
        )
        return Picks.none(budget, note)
    audit = _Audit.of(snapshot, sample, options.max_error)
    lowest = thresholds(audit.confidence, audit.predicted, audit.wrong, snapshot.classes, audit.bounds)
    if np.isinf(lowest).all():
        return Picks.none(budget, _explain_none(len(sample), int(audit.wrong.sum()), options.max_error))
    items = _select_certified(snapshot, pool, lowest)
    return most_confident(
        snapshot, items, budget, _describe(len(items), len(pool), lowest, options.max_error)
    )


def thresholds(
    confidence: NDArray[np.floating],
    predicted: NDArray[np.int64],
    wrong: NDArray[np.bool_],
    classes: int,
    bounds: Bounds,
) -> NDArray[np.float64]:
    """Return for each class the lowest certified confidence, (C,); infinite for a class without one.

    From an audit sample of k predictions: ``confidence`` (k,), ``predicted`` (k,) classes, and which are
    ``wrong`` (k,), with their ``bounds``. As in Vishwakarma et al. (2023) a class takes its lowest
    :func:`threshold`. Classes whose own sample certifies nothing share one threshold, from their samples pooled: with
    many classes each has too few labels of its own. A class's own test has level ``CHANCE`` / C (Bonferroni), so that
    all of them together have level ``CHANCE``.
    """
    lowest = np.full(classes, np.inf)

    def threshold_of(selected: NDArray[np.bool_], chance: float) -> float:
        rows = selected[predicted]
        return threshold(confidence[rows], wrong[rows], bounds(selected), chance) if rows.any() else math.inf

    for label in np.unique(predicted):
        lowest[label] = threshold_of(np.arange(classes) == label, CHANCE / classes)
    uncertified = np.isinf(lowest)
    lowest[uncertified] = threshold_of(uncertified, CHANCE)
    return lowest


def threshold(
    confidence: NDArray[np.floating],
    wrong: NDArray[np.bool_],
    max_error: float | NDArray[np.float64],
    chance: float,
) -> float:
    """Return the lowest confidence from which the error is at most ``max_error``; infinite if there is none.

    The bound may differ from prediction to prediction of the sample: one for each candidate threshold.

    A confidence of the sample qualifies if the upper limit of Clopper and Pearson (1934), one-sided at 1 -
    ``chance``, for the error from it upwards is at most ``max_error``. The limit takes the place of Vishwakarma
    et al.'s estimate plus standard error, which is 0 for any few predictions that happen to be right: at a true
    error of 7 % that rule certified something in 9 of 10 simulated samples at a bound of 5 %, this one in 1 of 30.
    """
    order = np.argsort(-confidence, kind="stable")
    ranked, taken = confidence[order], np.arange(1, len(order) + 1)
    # The limit is at most max_error if this few wrong ones or fewer have at most this chance at an error of max_error.
    bounds = np.broadcast_to(np.asarray(max_error, np.float64), confidence.shape)[order]
    qualifies = bdtr(np.cumsum(wrong[order]).astype(np.float64), taken, bounds) <= chance
    qualifies[:-1] &= ranked[:-1] > ranked[1:]  # ties are taken together
    return float(ranked[qualifies][-1]) if qualifies.any() else math.inf


@dataclass(frozen=True)
class _Audit:
    """An audit sample of k items within its pool of n, with out-of-fold predictions of both."""

    sample: NDArray[np.int64]  # (k,) positions
    pool_confidence: NDArray[np.floating]  # (n,)
    pool_predicted: NDArray[np.int64]  # (n,) classes
    pool_wrong: NDArray[np.bool_]  # (n,) an out-of-fold prediction that a person's label contradicts
    unlabeled: NDArray[np.bool_]  # (n,)
    queried: NDArray[np.bool_]  # (n,) labeled, and not of the sample
    query_order: NDArray[np.int64]  # (n,)
    max_error: float

    @classmethod
    def of(cls, snapshot: Snapshot, sample: Tensor, max_error: float) -> _Audit:
        confidence, predicted = (values.cpu() for values in confidences(snapshot))
        labels, sampled = snapshot.labels.cpu(), torch.zeros(len(snapshot), dtype=torch.bool)
        sampled[sample.cpu()] = True
        judged = (snapshot.out_of_fold.cpu() | sampled) & (labels != UNKNOWN) & ~snapshot.auto.cpu()
        return cls(
            sample.cpu().numpy(),
            confidence.numpy(),
            predicted.numpy(),
            (judged & (predicted != labels)).numpy(),
            (labels == UNKNOWN).numpy(),
            ((labels != UNKNOWN) & ~sampled).numpy(),
            snapshot.query_order.cpu().numpy(),
            max_error,
        )

    @property
    def confidence(self) -> NDArray[np.floating]:
        """(k,)."""
        return self.pool_confidence[self.sample]

    @property
    def predicted(self) -> NDArray[np.int64]:
        """(k,)."""
        return self.pool_predicted[self.sample]

    @property
    def wrong(self) -> NDArray[np.bool_]:
        """(k,)."""
        return self.pool_wrong[self.sample]

    def bounds(self, selected: NDArray[np.bool_]) -> NDArray[np.float64]:
        """For each audited item, the largest error rate allowed among predictions at least as confident, (k',).

        Of the k' audited items that are predicted to be of the classes ``selected`` (C,). An audited item represents
        all items that were unlabeled when it was drawn. Those that strategies queried later are labeled, so the number
        of wrong predictions among them is known. If the error among the items still unlabeled is max_error, an audited
        item is wrong with probability (max_error unlabeled + wrong queried) / (unlabeled + queried); at or above a
        confidence the mean over the sample counts (Hoeffding 1956: with unequal probabilities the tail is no heavier).
        In-fold predictions are assumed correct.
        """
        in_classes = selected[self.pool_predicted]
        sample = self.sample[in_classes[self.sample]]
        limits, drawn_at = self.pool_confidence[sample], self.query_order[sample]
        order = np.argsort(-limits, kind="stable")
        unlabeled = _count_at_least(self.pool_confidence[in_classes & self.unlabeled], limits)
        draws = np.unique(drawn_at)
        probabilities = np.zeros((len(draws), len(sample)))  # of an item of each draw, at each limit
        counts = np.zeros(probabilities.shape)
        for row, draw in enumerate(draws):
            later = in_classes & self.queried & (self.query_order > draw)
            queried = _count_at_least(self.pool_confidence[later], limits)
            wrong = _count_at_least(self.pool_confidence[later & self.pool_wrong], limits)
            represented = unlabeled + queried
            probabilities[row] = np.where(
                represented > 0,
                (self.max_error * unlabeled + wrong) / np.maximum(represented, 1),
                self.max_error,
            )
            counts[row, order] = np.cumsum(drawn_at[order] == draw)
        means: NDArray[np.float64] = (counts * probabilities).sum(axis=0) / counts.sum(axis=0)
        return means


def _count_at_least(values: NDArray[np.floating], limits: NDArray[np.floating]) -> NDArray[np.int64]:
    """How many values are at or above each limit."""
    counts: NDArray[np.int64] = len(values) - np.searchsorted(np.sort(values), limits)
    return counts


def least_sample(max_error: float, chance: float = CHANCE) -> int:
    """Return the smallest audit sample, all of it predicted rightly, that certifies anything."""
    return math.ceil(math.log(chance) / math.log1p(-max_error))


def _select_certified(snapshot: Snapshot, pool: Tensor, lowest: NDArray[np.float64]) -> Tensor:
    confidence, predicted = (values[pool] for values in confidences(snapshot))
    limits = torch.from_numpy(lowest).to(confidence.dtype).to(confidence.device)
    return pool[confidence >= limits[predicted]]


def _describe(items: int, of: int, lowest: NDArray[np.float64], max_error: float) -> str:
    parts = [
        f"{count:,} class{'es' if count > 1 else ''} from the confidence of {value:.3f}"
        for value, count in zip(*np.unique(lowest[np.isfinite(lowest)], return_counts=True), strict=True)
    ]
    shown = "; ".join(parts[:3]) + ("; ..." if len(parts) > 3 else "")
    return f"Certified for an error of at most {max_error:.1%}: {items:,} of {of:,} items; {shown}."


def _explain_none(sample: int, wrong: int, max_error: float) -> str:
    least = least_sample(max_error)
    result = (
        f"Nothing is certified for an error of at most {max_error:.1%}: {wrong:,} of {sample:,} audit labels"
    )
    if sample < least:
        return f"{result} are wrong predictions, and it takes at least {least:,} labels."
    return f"{result} are wrong predictions, too many at every confidence."


register("certified", Strategy("Certified by an audit sample", Tier.EASY, certified))
