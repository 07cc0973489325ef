"""Which images the queue asks about on pages: by what the newest model predicts and what this person's answers cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from model.rounds.live_values import Likeliest
from studies.pages.asking import AskCosts, Floats
from studies.pages.calibration import (
    AS_MEASURED,
    AS_SELF_TRAINED,
    fit_temperature,
    scale_likeliest,
    spread_rest,
)
from studies.pages.queue import Material, PlannedPage, least_saved

MOST_PAGES = 2000  # of a plan; the next model makes another one


@dataclass(frozen=True)
class AnsweredSuggestions:
    """The latest suggestions that were answered: what the model thought likely, and whether it was right."""

    likeliest: Floats  # (m, k) probabilities, the likeliest first
    right: NDArray[np.bool_]  # (m,)


def as_arrays(answered: Sequence[tuple[Sequence[float], bool]]) -> AnsweredSuggestions:
    """The latest suggestions that were answered, as a project's file tells them."""
    width = max((len(top) for top, _ in answered), default=1)
    rows = [[*top, *[0.0] * (width - len(top))] for top, _ in answered]
    return AnsweredSuggestions(
        np.array(rows, np.float64).reshape(len(rows), width),
        np.array([right for _, right in answered], np.bool_),
    )


@dataclass(frozen=True)
class PageInputs:
    """What pages are planned by, beside what the model predicts for n items; ready to go to another thread."""

    costs: AskCosts
    cells: int  # of a page
    classes: int  # of the model's outputs
    free: NDArray[np.bool_]  # (n,) may be asked about
    rejected: NDArray[np.int64]  # (r, 2) pairs of an item and an output that it was said not to be
    answered: AnsweredSuggestions


@dataclass(frozen=True)
class PagePlan:
    """Pages of items, those first that save most an image; their labels are indices into the model's outputs."""

    pages: tuple[PlannedPage, ...]
    likely: NDArray[np.bool_]  # (n,) items that a page is cheaper for than asking by themselves
    least_s: float  # pages that save less an image wait for a better model

    @cached_property
    def good_images(self) -> int:
        """How many images the pages have that need not wait."""
        return sum(len(page.items) for page in self.pages if self.is_good(page))

    def is_good(self, page: PlannedPage) -> bool:
        """Whether a page saves enough to be asked about before the model knows more."""
        return page.saves >= self.least_s * len(page.items)


def plan_pages(likeliest: Likeliest, measured: bool, inputs: PageInputs) -> PagePlan:
    """Plan the pages of all free items. ``measured``: the probabilities are calibrated on labels held out."""
    usual = AS_MEASURED if measured else AS_SELF_TRAINED
    answered = inputs.answered
    seen = spread_rest(answered.likeliest, inputs.classes)
    temperature = fit_temperature(seen, answered.right, usual)
    rows = np.flatnonzero(
        inputs.free[: len(likeliest.labels)] & (likeliest.labels[: len(inputs.free), 0] >= 0)
    )
    labels = likeliest.labels[rows].astype(np.int64)
    probabilities = scale_likeliest(
        likeliest.probabilities[rows].astype(np.float64), inputs.classes, temperature
    )
    labels, probabilities = _without_rejected(rows, labels, probabilities, inputs.rejected)
    material = Material(probabilities, inputs.costs, inputs.cells, labels[:, 0])
    pages = material.rank_pages(np.arange(len(rows)))[:MOST_PAGES]
    likely = np.zeros(len(inputs.free), np.bool_)
    likely[rows] = material.likely
    return PagePlan(
        tuple(replace(page, items=tuple(rows[list(page.items)].tolist())) for page in pages),
        likely,
        least_saved(inputs.costs),
    )


def _without_rejected(
    rows: NDArray[np.int64], labels: NDArray[np.int64], probabilities: Floats, rejected: NDArray[np.int64]
) -> tuple[NDArray[np.int64], Floats]:
    """Labels and probabilities, (m, k), of the items ``rows`` (m,), given that the ``rejected`` ones are wrong."""
    pairs = rejected[np.isin(rejected[:, 0], rows)]
    at = np.searchsorted(rows, pairs[:, 0])
    is_wrong = np.zeros(labels.shape, np.bool_)
    np.logical_or.at(is_wrong, at, labels[at] == pairs[:, 1:])
    touched = is_wrong.any(axis=1)
    part = np.where(is_wrong[touched], 0.0, probabilities[touched])
    gone = probabilities[touched].sum(axis=1, keepdims=True) - part.sum(axis=1, keepdims=True)
    part = part / np.maximum(1.0 - gone, np.finfo(np.float64).tiny)
    order = np.argsort(-part, axis=1, kind="stable")
    labels, probabilities = labels.copy(), probabilities.copy()
    labels[touched] = np.take_along_axis(labels[touched], order, axis=1)
    probabilities[touched] = np.minimum(np.take_along_axis(part, order, axis=1), 1.0)
    return labels, probabilities
