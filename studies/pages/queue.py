"""Which images of a round are asked about on pages and which one by one. Live and simulated rounds call it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studies.pages.asking import AskCosts, AskSeconds, Floats, expect_seconds

Items = NDArray[np.int64]

PATIENCE = 0.4
"""Pages that save less than this share of what a sure one saves wait for a better model."""

DOUBTFUL = 1 / 4
"""Of a round of a whole folder, images that no page is cheaper for: they teach the model most."""

PAGES_A_SINGLE = round(1 / DOUBTFUL) - 1
"""Images on pages for each doubtful one, where there are so many that are likely."""


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
    probabilities: Floats, costs: AskCosts, cells: int, most: int, chosen: Items, fill: bool = True
) -> PlannedQueue:
    """Plan a round of at most ``most`` images out of n unlabeled ones.

    ``probabilities`` (n, k) are calibrated, and 0 for classes that an image was said not to be. The images ``chosen``,
    positions in order of preference, are asked about in any case: on pages where that is cheaper, otherwise by
    themselves. If ``fill``, what is left of ``most`` goes to the pages that save most an image, made of all others.
    A page has at most ``cells`` images, and is made where it saves time as a whole.
    """
    chosen = chosen[:most]
    material = Material(probabilities, costs, cells)
    pages = material.rank_pages(np.arange(len(probabilities)) if fill else chosen)
    wanted = set(chosen.tolist())
    left, taken = most - len(chosen), []
    for page in sorted(
        pages, key=lambda page: wanted.isdisjoint(page.items)
    ):  # those with chosen images first
        more = len(set(page.items) - wanted)
        if more <= left:
            taken.append(page)
            left -= more
    on_pages = {item for page in taken for item in page.items}
    return material.queue(taken, [item for item in chosen.tolist() if item not in on_pages])


def make_folder_queue(
    probabilities: Floats, costs: AskCosts, cells: int, most: int, chosen: Items, others: Items
) -> PlannedQueue:
    """Plan a round of ``most`` images of a folder that is to be labeled to the last image.

    As :func:`make_queue`, but the order in which images are asked about counts: ``others`` are all n positions in order
    of preference. First come doubtful images, which no page is cheaper for: those ``chosen``, and others up to
    :data:`DOUBTFUL` of the round. Then the pages that save most an image, down to :data:`PATIENCE` of what a sure one
    saves, then doubtful images again. The pages that wait come when there is nothing else. So what is sure is never
    asked about by itself while a page can be made of it, and what is likely waits until the model knows it.
    """
    material = Material(probabilities, costs, cells)
    least = least_saved(costs)
    doubtful = material.leave_out_likely(np.concatenate([chosen, others]))
    first = max(round(DOUBTFUL * most), len(material.leave_out_likely(chosen)))
    singles = doubtful[: min(first, most)]
    pages = material.rank_pages(others)
    good = [page for page in pages if page.saves >= least * len(page.items)]
    taken = material.fit(good, most - len(singles))
    more = most - sum(len(page.items) for page in taken)
    singles = doubtful[:more]
    waiting = [page for page in pages if page.saves < least * len(page.items)]
    taken += material.fit(waiting, more - len(singles))
    asked = {item for page in taken for item in page.items}.union(singles)
    rest = [item for item in others.tolist() if item not in asked]
    return material.queue(taken, singles + rest[: most - len(asked)])


def least_saved(costs: AskCosts) -> float:
    """What a page saves an image at least, in s, that is worth asking about before the model knows more."""
    return PATIENCE * (costs.verify - costs.pages.cell_s)


class Material:
    """Images of a round with what asking about them is expected to cost.

    ``probabilities`` (n, k) are of all classes, or of the likeliest k alone; then ``labels`` (n,) are the likeliest.
    """

    def __init__(
        self, probabilities: Floats, costs: AskCosts, cells: int, labels: Items | None = None
    ) -> None:
        self._seconds: AskSeconds = expect_seconds(probabilities, costs)
        self._label = probabilities.argmax(axis=1) if labels is None else labels
        self._sure = probabilities.max(axis=1)
        self._saving = self._seconds.alone - self._seconds.page
        self._page_s, self._cells = costs.pages.page_s, cells

    @property
    def likely(self) -> NDArray[np.bool_]:
        """(n,) those that a page is cheaper for."""
        cheaper: NDArray[np.bool_] = self._saving > 0
        return cheaper

    def leave_out_likely(self, items: Items) -> list[int]:
        """The items that no page is cheaper for, in their order, each once."""
        return list(dict.fromkeys(items[self._saving[items] <= 0].tolist()))

    def rank_pages(self, among: Items) -> list[PlannedPage]:
        """The pages that save time, those first that save most an image."""
        likely = np.sort(among[self._saving[among] > 0])
        pages = [
            page
            for label in np.unique(self._label[likely]).tolist()
            for page in self._cut(label, likely[self._label[likely] == label])
        ]
        return sorted(pages, key=lambda page: (-page.saves / len(page.items), page.label, page.items))

    def fit(self, pages: list[PlannedPage], most: int) -> list[PlannedPage]:
        """Pages in their order as far as ``most`` images go, the last one cut to its surest images."""
        taken = []
        for page in pages:
            cut = self._make(page.label, page.items[:most])
            if cut.saves > 0:
                taken.append(cut)
                most -= len(cut.items)
        return taken

    def queue(self, pages: list[PlannedPage], singles: list[int]) -> PlannedQueue:
        """The queue, its pages in the order of what an image saves."""
        plain = frozenset(
            item for item in singles if self._seconds.unaided[item] < self._seconds.single[item]
        )
        ranked = sorted(pages, key=lambda page: (-page.saves / len(page.items), page.label, page.items))
        return PlannedQueue(tuple(ranked), tuple(singles), plain)

    def _cut(self, label: int, items: Items) -> list[PlannedPage]:
        """Pages of a class's images, the surest on the first; without those that do not save what opening costs."""
        ordered = items[np.argsort(-self._sure[items], kind="stable")].tolist()
        pages = [
            self._make(label, tuple(ordered[start : start + self._cells]))
            for start in range(0, len(ordered), self._cells)
        ]
        return [page for page in pages if page.saves > 0]

    def _make(self, label: int, items: tuple[int, ...]) -> PlannedPage:
        return PlannedPage(label, items, float(self._saving[list(items)].sum()) - self._page_s)
