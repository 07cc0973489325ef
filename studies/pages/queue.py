"""Which images of a round are asked about on pages and which one by one. Live and simulated rounds call it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studies.pages.asking import AskCosts, Floats, expect_seconds

Items = NDArray[np.int64]
NOTHING: Items = np.zeros(0, np.int64)
PATIENCE = 0.4
"""Pages that save less than this share of what a sure one saves wait for a better model."""


@dataclass(frozen=True)
class PlannedPage:
    """Images that are asked about together, the surest first; all have the same likeliest class."""

    label: int  # a class
    items: tuple[int, ...]
    saves: float  # expected seconds less than one by one, the page's own cost taken off


@dataclass(frozen=True)
class PlannedQueue:
    """What a round asks: pages, those first that save most an image, and images by themselves."""

    pages: tuple[PlannedPage, ...]
    singles: tuple[int, ...]
    unaided: frozenset[int]  # those of the singles that are cheaper without a suggestion

    def __len__(self) -> int:
        return len(self.singles) + sum(len(page.items) for page in self.pages)


def make_queue(
    probabilities: Floats,
    costs: AskCosts,
    cells: int,
    most: int,
    chosen: Items,
    fill: bool = True,
    others: Items = NOTHING,
) -> PlannedQueue:
    """Plan a round of at most ``most`` images out of n unlabeled ones.

    ``probabilities`` (n, k) are calibrated, and 0 for classes that an image was said not to be. The images ``chosen``,
    positions in order of preference, are asked about in any case: on pages where that is cheaper, otherwise by
    themselves. If ``fill``, what is left of ``most`` goes to the pages that save most an image, made of all others.
    A page has at most ``cells`` images, and is made where it saves time as a whole.

    With ``others``, positions in order of preference, the queue is as long as it may be. Pages that save less than
    :data:`PATIENCE` of what one that is sure would save wait then, as long as there are images among the others that no
    page is cheaper for: these go first, by themselves. They teach the model most, which makes waiting pages surer.
    """
    seconds = expect_seconds(probabilities, costs)
    label, sure = probabilities.argmax(axis=1), probabilities.max(axis=1)
    saving = seconds.alone - seconds.page
    open_ = np.ones(len(label), bool) if fill else np.isin(np.arange(len(label)), chosen)
    wanted = np.zeros(len(label), bool)
    wanted[chosen[:most]] = True
    candidates = [
        page
        for one in range(probabilities.shape[1])
        for page in _cut(
            np.flatnonzero(open_ & (label == one) & (saving > 0)), one, sure, saving, costs, cells
        )
    ]
    least = PATIENCE * (costs.verify - costs.pages.cell_s) if len(others) else 0.0
    good = [
        page for page in candidates if page.saves >= least * len(page.items) or wanted[list(page.items)].any()
    ]
    pages = _take(good, wanted, most)
    singles = _leave_out(chosen[:most], pages, [])
    doubtful = _leave_out(others[saving[others] <= 0], pages, singles)
    if doubtful:
        singles += doubtful[: most - _count(pages, singles)]
    elif least:
        pages = _take(candidates, wanted, most)
        singles = _leave_out(chosen[:most], pages, [])
    singles += _leave_out(others, pages, singles)[: most - _count(pages, singles)]
    plain = frozenset(item for item in singles if seconds.unaided[item] < seconds.single[item])
    return PlannedQueue(pages, tuple(singles), plain)


def _count(pages: tuple[PlannedPage, ...], singles: list[int]) -> int:
    return len(singles) + sum(len(page.items) for page in pages)


def _leave_out(items: Items, pages: tuple[PlannedPage, ...], singles: list[int]) -> list[int]:
    """The items that are neither on a page nor among the singles, in their order."""
    taken = {item for page in pages for item in page.items}.union(singles)
    return [item for item in items.tolist() if item not in taken]


def _cut(
    items: Items, label: int, sure: Floats, saving: Floats, costs: AskCosts, cells: int
) -> list[PlannedPage]:
    """Pages of a class's images, the surest on the first; without those that do not save what opening them costs."""
    ordered = items[np.argsort(-sure[items], kind="stable")]
    pages = []
    for start in range(0, len(ordered), cells):
        mine = ordered[start : start + cells]
        saves = float(saving[mine].sum()) - costs.pages.page_s
        if saves > 0:
            pages.append(PlannedPage(label, tuple(mine.tolist()), saves))
    return pages


def _take(candidates: list[PlannedPage], wanted: NDArray[np.bool_], most: int) -> tuple[PlannedPage, ...]:
    """The pages that hold wanted images, then others by what an image saves, as long as ``most`` is not exceeded."""
    ranked = sorted(candidates, key=lambda page: (-page.saves / len(page.items), page.label, page.items))
    left = most - int(wanted.sum())
    taken = []
    for page in sorted(ranked, key=lambda page: not wanted[list(page.items)].any()):
        more = int((~wanted[list(page.items)]).sum())
        if more <= left:
            taken.append(page)
            left -= more
    kept = {page.items for page in taken}
    return tuple(page for page in ranked if page.items in kept)
