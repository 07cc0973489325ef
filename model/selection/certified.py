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

from model.port import Port
from model.selection.base import UNLABELED, Options, Picks, SelectionError, Snapshot, Tier
from model.selection.easy import confidences, most_confident
from model.selection.registry import Strategy, register

Bounds = Callable[[NDArray[np.bool_]], NDArray[np.float64]]
"""The largest error that predictions of some of the classes, (C,) bool, may have from the confidence of each up."""

CHANCE = 0.05  # of a threshold whose true error is above the bound


def certified(
    snapshot: Snapshot, pool: Tensor, budget: int, options: Options, seed: int, port: Port
) -> Picks:
    """Pick the most confident items among those that reach the threshold of their predicted class.

    The thresholds (:func:`thresholds`) hold for the items that are left: the audit sample is to be drawn at random
    from what the pool was then, labeled by a person and not trained on, and what strategies took out since is
    allowed for (:meth:`_View.bounds`). The note says what was certified and how.
    """
    if not 0 < options.max_error < 1:
        raise SelectionError(f"The largest error is {options.max_error:g}; give a number between 0 and 1.")
    sample = torch.nonzero(snapshot.audit & ~snapshot.auto & (snapshot.labels != UNLABELED)).flatten()
    if len(sample) == 0:
        note = "There is no audit sample: nothing is certified until a random sample was labeled by a person."
        return Picks.none(budget, note)
    view = _View.of(snapshot, sample, options.max_error)
    reach = thresholds(view.confidence, view.predicted, view.wrong, snapshot.classes, view.bounds)
    if np.isinf(reach).all():
        return Picks.none(budget, _none(len(sample), int(view.wrong.sum()), options.max_error))
    items = _reaching(snapshot, pool, reach)
    return most_confident(snapshot, items, budget, _note(len(items), len(pool), reach, options.max_error))


def thresholds(
    confidence: NDArray[np.floating],
    predicted: NDArray[np.int64],
    wrong: NDArray[np.bool_],
    classes: int,
    bounds: Bounds,
) -> NDArray[np.float64]:
    """Return for each class the confidence from which its predictions are certified, (C,); infinite where none is.

    From an audit sample of k predictions: ``confidence`` (k,), ``predicted`` (k,) classes, and which are
    ``wrong`` (k,), with their ``bounds``. As Vishwakarma et al. (2023) a class takes its lowest
    :func:`threshold`. Classes whose own sample certifies none share one, from their samples together: with many
    classes each has too few labels of its own. A class's own is held to ``CHANCE`` / C, so that all of them
    together hold to ``CHANCE``.
    """
    reach = np.full(classes, np.inf)

    def lowest(mine: NDArray[np.bool_], chance: float) -> float:
        held = mine[predicted]
        return threshold(confidence[held], wrong[held], bounds(mine), chance) if held.any() else math.inf

    for label in np.unique(predicted):
        reach[label] = lowest(np.arange(classes) == label, CHANCE / classes)
    rest = np.isinf(reach)
    reach[rest] = lowest(rest, CHANCE)
    return reach


def threshold(
    confidence: NDArray[np.floating],
    wrong: NDArray[np.bool_],
    max_error: float | NDArray[np.float64],
    chance: float,
) -> float:
    """Return the lowest confidence from which the error is at most ``max_error``; infinite if there is none.

    The bound may be another for each prediction of the sample, as the confidence from which it is to hold.

    A confidence of the sample qualifies if the upper limit of Clopper and Pearson (1934), one-sided at 1 -
    ``chance``, for the error from it upwards is at most ``max_error``. The limit takes the place of Vishwakarma
    et al.'s estimate plus standard error, which is 0 for any few predictions that happen to be right: at a true
    error of 7 % that rule certified something in 9 of 10 simulated samples at a bound of 5 %, this one in 1 of 30.
    """
    order = np.argsort(-confidence, kind="stable")
    ranked, taken = confidence[order], np.arange(1, len(order) + 1)
    # The limit is at most max_error if so few wrong ones had at most this chance at an error of max_error.
    bounds = np.broadcast_to(np.asarray(max_error, np.float64), confidence.shape)[order]
    qualifies = bdtr(np.cumsum(wrong[order]).astype(np.float64), taken, bounds) <= chance
    qualifies[:-1] &= ranked[:-1] > ranked[1:]  # equals are taken together
    return float(ranked[qualifies][-1]) if qualifies.any() else math.inf


@dataclass(frozen=True)
class _View:
    """An audit sample of k items and the pool of n around it, as the model without them sees both."""

    sample: NDArray[np.int64]  # (k,) positions
    of_all: NDArray[np.floating]  # (n,) confidence of everything
    classes: NDArray[np.int64]  # (n,) predicted
    errs: NDArray[np.bool_]  # (n,) known to be predicted wrongly, by a model that was not trained on the item
    left: NDArray[np.bool_]  # (n,) without a label
    taken: NDArray[np.bool_]  # (n,) labeled, and not of the sample
    asked: NDArray[np.int64]  # (n,)
    max_error: float

    @classmethod
    def of(cls, snapshot: Snapshot, sample: Tensor, max_error: float) -> _View:
        confidence, predicted = (values.cpu() for values in confidences(snapshot))
        labels, sampled = snapshot.labels.cpu(), torch.zeros(len(snapshot), dtype=torch.bool)
        sampled[sample.cpu()] = True
        known = (snapshot.honest.cpu() | sampled) & (labels != UNLABELED) & ~snapshot.auto.cpu()
        return cls(
            sample.cpu().numpy(),
            confidence.numpy(),
            predicted.numpy(),
            (known & (predicted != labels)).numpy(),
            (labels == UNLABELED).numpy(),
            ((labels != UNLABELED) & ~sampled).numpy(),
            snapshot.asked.cpu().numpy(),
            max_error,
        )

    @property
    def confidence(self) -> NDArray[np.floating]:
        """(k,)."""
        return self.of_all[self.sample]

    @property
    def predicted(self) -> NDArray[np.int64]:
        """(k,)."""
        return self.classes[self.sample]

    @property
    def wrong(self) -> NDArray[np.bool_]:
        """(k,)."""
        return self.errs[self.sample]

    def bounds(self, mine: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Return the error, (k',), that the sample's predictions of the classes ``mine`` (C,) may have from each up.

        An item of the sample tells of all that was unlabeled when it was drawn. What strategies took out of that later
        has labels: so many of its predictions were wrong. If as many of the items left are wrong as is allowed, an
        item of the sample is with chance (max_error left + wrong later) / (left + later); from a confidence up the
        mean over the sample counts (Hoeffding 1956: of unequal chances the tail is no heavier). What a model said
        that was trained on the item is counted as right.
        """
        here = mine[self.classes]
        sample = self.sample[here[self.sample]]
        limits, asked = self.of_all[sample], self.asked[sample]
        order = np.argsort(-limits, kind="stable")
        left = _at_least(self.of_all[here & self.left], limits)
        chances = np.zeros((len(np.unique(asked)), len(sample)))  # by when an item was drawn, at each limit
        drawn = np.zeros(chances.shape)
        for row, when in enumerate(np.unique(asked)):
            later = here & self.taken & (self.asked > when)
            gone, wrong = (_at_least(self.of_all[some], limits) for some in (later, later & self.errs))
            together = np.maximum(left + gone, 1)
            chances[row] = np.where(
                left + gone > 0, (self.max_error * left + wrong) / together, self.max_error
            )
            drawn[row, order] = np.cumsum(asked[order] == when)
        means: NDArray[np.float64] = (drawn * chances).sum(axis=0) / drawn.sum(axis=0)
        return means


def _at_least(values: NDArray[np.floating], limits: NDArray[np.floating]) -> NDArray[np.int64]:
    counts: NDArray[np.int64] = len(values) - np.searchsorted(np.sort(values), limits)
    return counts


def least_sample(max_error: float, chance: float = CHANCE) -> int:
    """Return how many predictions, all of them right, it takes to certify any."""
    return math.ceil(math.log(chance) / math.log1p(-max_error))


def _reaching(snapshot: Snapshot, pool: Tensor, reach: NDArray[np.float64]) -> Tensor:
    confidence, predicted = (values[pool] for values in confidences(snapshot))
    lowest = torch.from_numpy(reach).to(confidence.dtype).to(confidence.device)
    return pool[confidence >= lowest[predicted]]


def _note(items: int, of: int, reach: NDArray[np.float64], max_error: float) -> str:
    ways = [
        f"{count:,} class{'es' if count > 1 else ''} from the confidence of {value:.3f}"
        for value, count in zip(*np.unique(reach[np.isfinite(reach)], return_counts=True), strict=True)
    ]
    shown = "; ".join(ways[:3]) + ("; ..." if len(ways) > 3 else "")
    return f"Certified for an error of at most {max_error:.1%}: {items:,} of {of:,} items; {shown}."


def _none(sample: int, wrong: int, max_error: float) -> str:
    least = least_sample(max_error)
    found = (
        f"Nothing is certified for an error of at most {max_error:.1%}: {wrong:,} of {sample:,} audit labels"
    )
    if sample < least:
        return f"{found} are wrong predictions, and it takes at least {least:,} labels."
    return f"{found} are wrong predictions, too many at every confidence."


register("certified", Strategy("Certified by an audit sample", Tier.EASY, certified))
