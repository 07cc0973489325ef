"""The easy tier with a bound on its error, by confidence thresholds that an audit sample has certified."""

from __future__ import annotations

import math

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.special import bdtr
from torch import Tensor

from model.port import Port
from model.selection.base import UNLABELED, Options, Picks, SelectionError, Snapshot, Tier
from model.selection.easy import confidences, most_confident
from model.selection.registry import Strategy, register

CHANCE = 0.05  # of a threshold whose true error is above the bound


def certified(
    snapshot: Snapshot, pool: Tensor, budget: int, options: Options, seed: int, port: Port
) -> Picks:
    """Pick the most confident items among those that reach the threshold of their predicted class.

    The thresholds (:func:`thresholds`) hold for the items from which the audit sample was drawn at random: it is
    to be a sample of the pool, labeled by a person and not trained on. The note says what was certified and how.
    """
    if not 0 < options.max_error < 1:
        raise SelectionError(f"The largest error is {options.max_error:g}; give a number between 0 and 1.")
    sample = torch.nonzero(snapshot.audit & ~snapshot.auto & (snapshot.labels != UNLABELED)).flatten()
    if len(sample) == 0:
        note = "There is no audit sample: nothing is certified until a random sample was labeled by a person."
        return Picks.none(budget, note)
    confidence, predicted = (values[sample].cpu() for values in confidences(snapshot))
    wrong = (predicted != snapshot.labels[sample].cpu()).numpy()
    bounds = options.max_error * _open_shares(snapshot, sample, confidence.numpy())
    reach = thresholds(confidence.numpy(), predicted.numpy(), wrong, snapshot.classes, bounds)
    if np.isinf(reach).all():
        return Picks.none(budget, _none(len(sample), int(wrong.sum()), options.max_error))
    items = _reaching(snapshot, pool, reach)
    return most_confident(snapshot, items, budget, _note(len(items), len(pool), reach, options.max_error))


def thresholds(
    confidence: NDArray[np.floating],
    predicted: NDArray[np.int64],
    wrong: NDArray[np.bool_],
    classes: int,
    max_error: float | NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return for each class the confidence from which its predictions are certified, (C,); infinite where none is.

    From an audit sample of k predictions: ``confidence`` (k,), ``predicted`` (k,) classes, and which are
    ``wrong`` (k,), with one bound or one for each (k,). As Vishwakarma et al. (2023) a class takes its lowest
    :func:`threshold`. Classes whose own sample certifies none share one, from their samples together: with many
    classes each has too few labels of its own. A class's own is held to ``CHANCE`` / C, so that all of them
    together hold to ``CHANCE``.
    """
    reach = np.full(classes, np.inf)
    bounds = np.broadcast_to(np.asarray(max_error, np.float64), confidence.shape)
    for label in np.unique(predicted):
        mine = predicted == label
        reach[label] = threshold(confidence[mine], wrong[mine], bounds[mine], CHANCE / classes)
    rest = np.isinf(reach)
    shared = rest[predicted]
    reach[rest] = threshold(confidence[shared], wrong[shared], bounds[shared], CHANCE)
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


def _open_shares(snapshot: Snapshot, sample: Tensor, confidence: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return of the items with at least each of the confidences, (k,), the share that is unlabeled, (k,).

    The sample tells of the items that it was drawn from. Of those some have labels by now, chosen by strategies; were
    they all predicted rightly, all errors would be among the others. So those are held to as much less.
    """
    everything = confidences(snapshot)[0].cpu().numpy()
    unlabeled = (snapshot.labels == UNLABELED).cpu().numpy()
    chosen = ~unlabeled
    chosen[sample.cpu().numpy()] = False
    left, gone = (_at_least(everything[some], confidence) for some in (unlabeled, chosen))
    return np.where(left + gone > 0, left / np.maximum(left + gone, 1), 1.0)


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
