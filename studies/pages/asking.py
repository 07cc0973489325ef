"""What each way of asking about an image is expected to cost: by itself, without a suggestion, or on a page."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from studies.pages.costs import USUAL, PageCosts

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Misses:
    """How often an odd image is confirmed, by the share of odd ones on its page: rare ones are missed more.

    Between two measured ``shares`` (ascending, 0 to 1) the rate is read off a straight line, outside it stays.
    """

    shares: tuple[float, ...]
    rates: tuple[float, ...]

    def at(self, odd: float) -> float:
        """The rate on a page of which the share ``odd`` is odd."""
        return float(np.interp(odd, self.shares, self.rates))


@dataclass(frozen=True)
class AskCosts:
    """What a person's answers cost in s (or units): c_v, c_a by rank, c_0, and pages.

    ``near``: pairs of a rank and a cost, ranks ascending: a correction costs the second where the right class is at
    most so far down the list of suggestions, the suggestion itself not counted; otherwise it costs ``correct`` (c_a).
    """

    verify: float
    correct: float
    unaided: float
    near: tuple[tuple[int, float], ...] = ()
    pages: PageCosts = USUAL
    misses: Misses | None = None  # by odd share; None: ``pages.miss`` on every page

    def of_rank(self, rank: int) -> float:
        """What an answer costs if the right class is ``rank`` places below the suggestion; 0: it is the suggestion."""
        if rank == 0:
            return self.verify
        return next((seconds for last, seconds in self.near if rank <= last), self.correct)

    def miss_at(self, odd: float) -> float:
        """The share of odd images that are confirmed on a page of which the share ``odd`` is odd."""
        return self.pages.miss if self.misses is None else self.misses.at(odd)

    def pages_at(self, odd: float) -> PageCosts:
        """What pages cost of which the share ``odd`` is odd."""
        return replace(self.pages, miss=self.miss_at(odd))


USUAL_COSTS = AskCosts(verify=1.3, correct=4.5, unaided=4.5, near=((4, 2.8),))
"""Before a person's own times are there. Yes or no takes 1.7 s an image (Krishna et al., CHI 2016) and one click of 16
classes 0.75 s when practised (model-vs-human); a class from scratch 4.2 s at ten classes (CIFAR-10N)."""

NEAR_RANK = USUAL_COSTS.near[0][0]
NEAR_SHARE = USUAL_COSTS.near[0][1] / USUAL_COSTS.correct
"""What a correction costs, as a share of c_a, where the right class is at most :data:`NEAR_RANK` down the list."""


@dataclass(frozen=True)
class AskSeconds:
    """Expected cost of each of n images by way of asking; what is asked about again because of a mark included."""

    single: Floats  # (n,) by itself, with its likeliest class as suggestion
    unaided: Floats  # (n,) by itself, without
    page: (
        Floats  # (n,) on a page of its likeliest class, without its part of the page's own cost (``page_s``)
    )

    @property
    def alone(self) -> Floats:
        """(n,) the cheaper of the two ways that take one image at a time."""
        return np.minimum(self.single, self.unaided)


def expect_seconds(probabilities: Floats, costs: AskCosts) -> AskSeconds:
    """What each image is expected to cost, by calibrated ``probabilities`` (n, k) of its classes.

    On a page an odd image is marked and asked about by itself afterwards, its next best class suggested. One that is
    missed counts as if it were found: a wrong label that stays is no time saved.
    """
    sorted_down = _sort_top(probabilities, 2 + max((last for last, _ in costs.near), default=0))
    right = sorted_down[:, 0]
    single = _expect_single(sorted_down, 1.0 - sorted_down.sum(axis=1), costs)
    # Without the first class; the probabilities of the others still add up to its complement.
    again = _expect_single(sorted_down[:, 1:], 1.0 - sorted_down.sum(axis=1), costs)
    pages = costs.pages
    odd = (1.0 - right) * pages.mark_s + again
    by_mistake = right * pages.false_mark * (pages.mark_s + costs.correct)
    return AskSeconds(single, np.full(len(single), costs.unaided), pages.cell_s + odd + by_mistake)


def worth(probabilities: Floats, seconds: Floats) -> Floats:
    """How many wrong suggestions a second of asking is expected to find, (n,): what a label teaches for its cost.

    The measure by which items compete where not all of a folder is to be labeled by a person: what the model is sure
    of teaches nothing, whatever way it is asked about.
    """
    taught: Floats = (1.0 - probabilities.max(axis=1)) / seconds
    return taught


def without(probabilities: Floats, rejected: NDArray[np.bool_]) -> Floats:
    """The probabilities (n, k) given that the classes ``rejected`` (n, k) are wrong; even where nothing is left."""
    left = np.where(rejected, 0.0, probabilities)
    total = left.sum(axis=1, keepdims=True)
    open_ = ~rejected / np.maximum((~rejected).sum(axis=1, keepdims=True), 1)
    return np.where(total > 0, left / np.where(total > 0, total, 1.0), open_)


def _sort_top(probabilities: Floats, count: int) -> Floats:
    """The ``count`` largest of each row, descending; zeros where there are fewer classes."""
    n, classes = probabilities.shape
    kept = min(count, classes)
    top = -np.sort(np.partition(-probabilities, kept - 1, axis=1)[:, :kept], axis=1)
    return np.hstack([top, np.zeros((n, count - kept))])


def _expect_single(sorted_down: Floats, others: Floats, costs: AskCosts) -> Floats:
    by_rank = np.array([costs.of_rank(rank) for rank in range(sorted_down.shape[1])])
    expected: Floats = sorted_down @ by_rank + np.maximum(others, 0.0) * costs.correct
    return expected
