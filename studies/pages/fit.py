"""The costs of pages of one person, from the times of their pages: non-negative least squares with 95 % intervals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain, combinations

import numpy as np
from numpy.typing import NDArray

from studies.estimates import T975, Interval
from studies.pages.costs import USUAL, PageCosts

_PRIOR_PAGES = (
    (12, 0),
    (12, 3),
    (24, 1),
    (24, 4),
    (48, 2),
    (48, 7),
)  # cells and marks, of an ordinary folder
_PRIOR_COUNT = 3.0  # pages of a person that they count for together
_OUTLYING = (
    3.0  # a page that took so many times what was expected, or that part of it, was not looked at as others
)

FEWEST_PAGES = 6  # twice as many as there are costs
_ROUNDS = 5  # of weighing: the weights change by less than a hundredth after three
_LEAST_S = 0.1  # no page is weighed as if it took less


@dataclass(frozen=True)
class TimedPage:
    """A page that was confirmed: how many images it had, how many were marked, and what it took."""

    cells: int
    marks: int
    seconds: float


@dataclass(frozen=True)
class PageFit:
    """The costs in s, each with its 95 % interval: of a page (a), of a cell (c_g), of a mark (c_m)."""

    page_s: Interval
    cell_s: Interval
    mark_s: Interval
    pages: int


def fit_pages(pages: Sequence[TimedPage]) -> PageFit | None:
    """Fit ``seconds = a + c_g cells + c_m marks``; ``None`` where the pages do not tell the three apart.

    Times spread in proportion to what is expected, so each page is weighed by its fitted time, found in a few rounds.
    The values are of non-negative least squares (Lawson and Hanson 1974). The intervals are of the fit without that
    bound, with Student's t and the larger of two standard errors: the usual one, right where times spread in proportion
    as is assumed, and one that holds whatever the spread is (HC3: MacKinnon and White 1985), which is a little small
    for the skewed times of 40 pages. They are cut at 0, which loses no coverage, since no true cost is below it.
    """
    if len(pages) < FEWEST_PAGES:
        return None
    design, seconds = _as_arrays(pages)
    if np.linalg.matrix_rank(design) < design.shape[1]:
        return None
    page_s, cell_s, mark_s = _intervals(*_fit(design, seconds, np.ones(len(pages))))
    return PageFit(page_s, cell_s, mark_s, len(pages))


def estimate_costs(pages: Sequence[TimedPage], usual: PageCosts = USUAL) -> PageCosts:
    """The costs to plan with: this person's as far as their pages tell, otherwise the usual ones.

    First how fast this person is: the median of what pages took over what they usually take. Then the fit of
    :func:`fit_pages` with a few pages at the usual costs, at this pace, among them: pages that are all of one size
    tell nothing of how the costs part. One long look moves neither: pages that took three times what is expected, or a
    third, are left out. Misses and false marks are the usual ones: times do not tell them.
    """
    pace = [math.log(max(_LEAST_S, page.seconds) / usual.of_page(page.cells, page.marks)) for page in pages]
    middle = float(np.median(pace)) if pace else 0.0
    near = [page for page, log in zip(pages, pace, strict=True) if abs(log - middle) <= math.log(_OUTLYING)]
    speed = math.exp(len(pages) * middle / (len(pages) + 1))  # the usual pace counts for one page
    prior = [TimedPage(cells, marks, speed * usual.of_page(cells, marks)) for cells, marks in _PRIOR_PAGES]
    counts = np.array([_PRIOR_COUNT / len(prior)] * len(prior) + [1.0] * len(near))
    page_s, cell_s, mark_s = (float(value) for value in _fit(*_as_arrays([*prior, *near]), counts)[0])
    return replace(usual, page_s=page_s, cell_s=cell_s, mark_s=mark_s)


def _as_arrays(pages: Sequence[TimedPage]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The design, (n, 3), and the seconds, (n,)."""
    return np.array([[1.0, p.cells, p.marks] for p in pages]), np.array([p.seconds for p in pages])


def _fit(
    design: NDArray[np.float64], seconds: NDArray[np.float64], counts: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """The bounded values, (3,), with the weighted design and seconds that they were fitted to."""
    expected = seconds
    for _ in range(_ROUNDS):
        weight = np.sqrt(counts) / np.maximum(expected, _LEAST_S)
        weighed, target = design * weight[:, None], seconds * weight
        values = _solve_bounded(weighed, target)
        expected = design @ values
    return values, weighed, target


def _solve_bounded(design: NDArray[np.float64], target: NDArray[np.float64]) -> NDArray[np.float64]:
    """The non-negative least squares of (n, k) for a few columns: the best of all choices of columns that are not 0.

    SciPy's takes a second to import, in the window's thread, with the first page that a person confirms.
    """
    columns = range(design.shape[1])
    best, least = np.zeros(design.shape[1]), float(target @ target)
    for some in chain.from_iterable(combinations(columns, count) for count in range(1, len(columns) + 1)):
        free = np.linalg.lstsq(design[:, some], target, rcond=None)[0]
        if (free < 0).any():
            continue
        values = np.zeros(design.shape[1])
        values[list(some)] = free
        residuals = target - design @ values
        if (squares := float(residuals @ residuals)) < least:
            best, least = values, squares
    return best


def _intervals(
    values: NDArray[np.float64], design: NDArray[np.float64], target: NDArray[np.float64]
) -> list[Interval]:
    """An interval a column of ``design`` (n, k), for the bounded ``values`` (k,)."""
    inverse = np.linalg.inv(design.T @ design)
    free = inverse @ design.T @ target
    leverage = np.einsum("ij,jk,ik->i", design, inverse, design)
    residuals = target - design @ free
    freedom = len(target) - design.shape[1]
    usual = residuals @ residuals / freedom * np.diag(inverse)
    robust = np.diag(
        inverse @ (design.T * (residuals / np.maximum(1 - leverage, 1e-6)) ** 2) @ design @ inverse
    )
    half = T975[min(freedom, len(T975)) - 1] * np.sqrt(np.maximum(usual, robust))
    return [
        Interval(float(value), max(0.0, float(min(value, middle - by))), float(max(value, middle + by)))
        for value, middle, by in zip(values, free, half, strict=True)
    ]
