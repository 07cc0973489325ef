"""A second look at what pages confirmed: images whose label a model that has not seen it finds least likely."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studies.pages.asking import AskCosts, Floats
from studies.pages.costs import PageCosts

WORTH = 8.0
"""Verifications (c_v) of looking that a wrong label which is found may cost: images are shown again that are wrong with
at least the chance at which c_g pays for it, one in twenty at the usual costs."""


@dataclass(frozen=True)
class SecondPage:
    """Images with the same label that are to be looked at once more, the most doubtful first."""

    label: int
    items: tuple[int, ...]
    wrong: float  # how many are expected to be


def expect_missed(right: Floats, miss: float) -> Floats:
    """The chance that a confirmed label is wrong, (n,): a person who misses ``miss`` of the odd ones confirmed it.

    ``right`` (n,) is the calibrated probability of the label by a model that was not trained on it. By Bayes' rule.
    """
    missed = (1.0 - right) * miss
    total = missed + right
    chance: Floats = np.where(total > 0, missed / np.where(total > 0, total, 1.0), 1.0 if miss else 0.0)
    return chance


def plan_second_look(
    right: Floats,
    labels: NDArray[np.integer],
    confirmed: NDArray[np.bool_],
    costs: AskCosts,
    cells: int,
) -> tuple[SecondPage, ...]:
    """Pages of at most ``cells`` images each, those first of which most an image are expected to be wrong.

    ``right`` (n,) is the probability of each label, calibrated and out of fold; ``labels`` (n,); ``confirmed`` (n,):
    the label is of a page. Shown again are the images whose chance to be wrong (:func:`expect_missed`) is worth it
    (:data:`WORTH`).
    """
    miss = costs.miss_at(0.0)  # most pages were pure
    least = costs.pages.cell_s / (WORTH * costs.verify)
    found = np.flatnonzero(confirmed)
    chance = np.zeros(len(labels))
    chance[found] = expect_missed(right[found], miss)
    doubtful = found[chance[found] > least]
    ordered = doubtful[np.argsort(-chance[doubtful], kind="stable")]
    pages = [
        SecondPage(label, tuple(items.tolist()), float(chance[items].sum()))
        for label in np.unique(labels[ordered]).tolist()
        for items in _cut(ordered[labels[ordered] == label], cells)
    ]
    return tuple(sorted(pages, key=lambda page: (-page.wrong / len(page.items), page.label, page.items)))


def expect_look(pages: Sequence[SecondPage], costs: AskCosts, own: PageCosts) -> float:
    """What looking through them is expected to take, in s: ``own`` are the costs of such pages, and what is found wrong
    is asked about again by itself.
    """
    wrong = sum(page.wrong for page in pages) * (1.0 - own.miss)
    looked = sum(own.of_page(len(page.items), 0) for page in pages)
    return looked + wrong * (own.mark_s + costs.correct)


def _cut(items: NDArray[np.int64], cells: int) -> list[NDArray[np.int64]]:
    return [items[start : start + cells] for start in range(0, len(items), cells)]
