"""A person's labels, the most doubtful first, and from what was found among them the share of slips.

Doubt is the chance that a label is wrong by a model that did not see it (out of fold), as in confident learning
(Northcutt et al. 2021, ranked by self-confidence). What else speaks against a label multiplies its odds: an image that
looks the same and has another label, and an answer faster than one can see.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from studies.estimates import Interval
from studies.finish.exact import Floats

TOO_FAST_S = 0.25  # from onset to answer: nobody sees an image and answers sooner
_AGAINST = 10.0  # how much likelier either makes a slip; a choice, not an estimate
_LEAST = 1e-6
_NARROW = 1e-4  # chances beyond say no more
# Middle and spread of what is expected before anything was looked at.
_SHIFT, _SLOPE = (-4.0, 2.5), (2.0, 0.7)
_SHIFTS, _SLOPES = np.linspace(-14, 4, 61), np.geomspace(0.3, 9, 37)
_BINS, _POINTS = 100, 1000


class Doubt(Enum):
    """What speaks against a label."""

    MODEL = "The model predicts another class."
    DUPLICATE = "An image that looks the same has another label."
    FAST = "The answer came faster than one can see."


@dataclass(frozen=True)
class Doubtful:
    """A label that may be a slip."""

    place: int  # of the label, in what was given
    chance: float  # that it is wrong, as far as the model and the odds above tell
    other: (
        int  # the likeliest other class; where the model has nothing against the label, that of its duplicate
    )
    doubts: frozenset[Doubt]


@dataclass(frozen=True)
class Judged:
    """What a model says out of fold of n labels."""

    wrong: Floats  # (n,) the chance that a label is wrong, by the model alone
    other: NDArray[np.int64]  # (n,) the likeliest other class
    against: NDArray[np.bool_]  # (n,) whether the model contradicts it


def judge_labels(probabilities: Floats, labels: NDArray[np.int64]) -> Judged:
    """What ``probabilities`` (n, C), out of fold and calibrated, say of ``labels`` (n,).

    The model contradicts a label where another class is likelier than it usually is for images of that class: above the
    mean of its probabilities over them (the threshold of confident learning), and likelier than the label. It says
    nothing against the only label of a class, without which it does not know that class.
    """
    n, classes = probabilities.shape
    own = probabilities[np.arange(n), labels]
    others = probabilities.copy()
    others[np.arange(n), labels] = -1.0
    other = others.argmax(axis=1)
    counts = np.bincount(labels, minlength=classes)
    usual = np.where(counts > 0, np.bincount(labels, own, classes) / np.maximum(counts, 1), 1.0)
    likelier = others[np.arange(n), other]
    against = (likelier >= usual[other]) & (likelier > own) & (counts[labels] > 1)
    return Judged(np.clip(1 - own, _LEAST, 1 - _LEAST).astype(np.float64), other, against)


def rank_doubtful(
    probabilities: Floats,
    labels: NDArray[np.int64],
    duplicates: Iterable[tuple[int, int]] = (),
    seconds: Floats | None = None,
    confirmed: Iterable[int] = (),
) -> list[Doubtful]:
    """All labels that anything speaks against, the most doubtful first.

    ``probabilities`` and ``labels`` as in :func:`judge_labels`; ``duplicates``: pairs of places that look the same;
    ``seconds`` (n,) from onset to answer, NaN where it is not known; ``confirmed``: places of labels that were looked
    at again and said to be right, which do not come again.
    """
    fast = np.zeros(len(labels), bool) if seconds is None else np.nan_to_num(seconds, nan=np.inf) < TOO_FAST_S
    return rank_judged(judge_labels(probabilities, labels), labels, duplicates, fast, confirmed)


def rank_judged(
    judged: Judged,
    labels: NDArray[np.int64],
    duplicates: Iterable[tuple[int, int]],
    fast: NDArray[np.bool_],
    left_out: Iterable[int] = (),
) -> list[Doubtful]:
    """As :func:`rank_doubtful`; ``fast`` (n,): whether the answer came faster than one can see."""
    differing = np.zeros(len(labels), bool)
    other = judged.other.copy()
    for pair in duplicates:
        one, two = pair
        if labels[one] != labels[two]:
            differing[[one, two]] = True
            for place, twin in (pair, (two, one)):
                if not judged.against[place]:
                    other[place] = labels[twin]
    odds = judged.wrong / (1 - judged.wrong) * _AGAINST**differing * _AGAINST**fast
    chance = odds / (1 + odds)
    kinds = ((Doubt.MODEL, judged.against), (Doubt.DUPLICATE, differing), (Doubt.FAST, fast))
    listed = judged.against | differing | fast
    listed[list(left_out)] = False
    places = np.flatnonzero(listed)
    return [
        Doubtful(place, float(chance[place]), int(other[place]), frozenset(k for k, of in kinds if of[place]))
        for place in places[np.argsort(-chance[places], kind="stable")].tolist()
    ]


def estimate_slips(looked_at: Sequence[bool], expected: Floats, unlisted: Floats | None = None) -> Interval:
    """How many of the labels are slips: those found, and those to be expected further down, with 95 % limits.

    ``looked_at``: of the first labels of the list, in order, whether each was a slip; ``expected`` (m,): the chances
    of the whole list; ``unlisted``: those of all labels that are not on it. Models that are not sure doubt right labels
    too, so chances are not believed: their log odds, times a slope and with a shift, are those of a slip. What was
    looked at tells slope and shift, under a prior that is wide; all of both that are likely give the limits.
    """
    from scipy.special import expit, log_expit, logsumexp, ndtr

    shift, slope = (grid.ravel() for grid in np.meshgrid(_SHIFTS, _SLOPES))
    prior = -0.5 * ((shift - _SHIFT[0]) / _SHIFT[1]) ** 2 - 0.5 * (np.log(slope / _SLOPE[0]) / _SLOPE[1]) ** 2
    count, found = len(looked_at), int(sum(looked_at))
    slips = np.array(looked_at, bool)
    seen = shift[:, None] + slope[:, None] * _log_odds(expected[:count])
    likely = prior + log_expit(np.where(slips, seen, -seen)).sum(axis=1)
    weights = np.exp(likely - logsumexp(likely))
    rest = np.concatenate([expected[count:], np.zeros(0) if unlisted is None else unlisted])
    numbers, edges = np.histogram(_log_odds(rest), _BINS)
    chance = expit(shift[:, None] + slope[:, None] * (edges[:-1] + edges[1:]) / 2)
    middle, spread = chance @ numbers, np.sqrt((chance * (1 - chance)) @ numbers) + _LEAST
    at = np.linspace(0, len(rest), _POINTS) if len(rest) > _POINTS else np.arange(len(rest) + 1.0)
    reached = weights @ ndtr((at[None, :] + 0.5 - middle[:, None]) / spread[:, None])
    low, value, high = (
        float(at[min(int(np.searchsorted(reached, q)), len(at) - 1)]) for q in (0.025, 0.5, 0.975)
    )
    return Interval(found + value, found + low, found + high)


def _log_odds(chances: Floats) -> Floats:
    within = np.clip(chances, _NARROW, 1 - _NARROW)
    odds: Floats = np.log(within / (1 - within))
    return odds
