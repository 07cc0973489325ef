"""The costs of pages of one person, from the times of their pages: non-negative least squares with 95 % intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studies.estimates import T975, Interval

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
    bound, with standard errors that hold whatever the spread is (HC3: MacKinnon and White 1985) and Student's t; they
    are cut at 0, which loses no coverage, since no true cost is below it.
    """
    from scipy.optimize import nnls

    design = np.array([[1.0, page.cells, page.marks] for page in pages])
    seconds = np.array([page.seconds for page in pages])
    if len(pages) < FEWEST_PAGES or np.linalg.matrix_rank(design) < design.shape[1]:
        return None
    expected = seconds
    for _ in range(_ROUNDS):
        weight = 1 / np.maximum(expected, _LEAST_S)
        weighed, target = design * weight[:, None], seconds * weight
        values, _ = nnls(weighed, target)
        expected = design @ values
    page_s, cell_s, mark_s = _intervals(values, weighed, target)
    return PageFit(page_s, cell_s, mark_s, len(pages))


def _intervals(
    values: NDArray[np.float64], design: NDArray[np.float64], target: NDArray[np.float64]
) -> list[Interval]:
    """An interval a column of ``design`` (n, k), for the bounded ``values`` (k,)."""
    inverse = np.linalg.inv(design.T @ design)
    free = inverse @ design.T @ target
    leverage = np.einsum("ij,jk,ik->i", design, inverse, design)
    residuals = (target - design @ free) / np.maximum(1 - leverage, 1e-6)
    spread = inverse @ (design.T * residuals**2) @ design @ inverse
    freedom = len(target) - design.shape[1]
    half = T975[min(freedom, len(T975)) - 1] * np.sqrt(np.diag(spread))
    return [
        Interval(float(value), max(0.0, float(min(value, middle - by))), float(max(value, middle + by)))
        for value, middle, by in zip(values, free, half, strict=True)
    ]
