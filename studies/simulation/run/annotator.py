"""A simulated annotator of whole folders: looks through pages, answers single images, names clusters; it takes time."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from model.datasets.base import UNKNOWN
from model.tiers import PerTier
from studies.estimates import Share
from studies.labeling.facts.settings import CostOrigin
from studies.labeling.planning.costs import Rates
from studies.pages.asking import AskCosts, Floats
from studies.simulation.plan.runs import Run
from studies.simulation.run.folder_state import AskedCounts, FolderState
from studies.simulation.run.state import RoundCounts, State, answers

if TYPE_CHECKING:
    from model.rounds.simulated import SimulatedPool

_PURE = 0.5  # more of a page must be of one class for the annotator to name it


class Annotator:
    """Answers from the true classes; ``labels``, ``rejected`` and ``counts`` grow with each call."""

    def __init__(
        self,
        truth: NDArray[np.int64],
        labels: NDArray[np.int32],
        known: FolderState,
        costs: AskCosts,
        error_rate: float,
        chance: np.random.Generator,
        accepts: float = 0.0,
    ) -> None:
        self.labels, self.rejected, self.confirmed = (
            labels.copy(),
            known.rejected.copy(),
            known.confirmed.copy(),
        )
        self.counts = AskedCounts()
        self._truth, self._known, self.costs = truth, known, costs
        self._error_rate, self._accepts, self._chance = error_rate, accepts, chance
        self._seen: list[Floats] = []
        self._right: list[bool] = []

    @classmethod
    def of(cls, run: Run, state: State, pool: SimulatedPool, chance: np.random.Generator) -> Annotator:
        """The annotator of a run."""
        assert run.cost is not None  # runs of whole folders have one
        assert state.folder is not None
        costs, rates = run.cost.asking, (run.error_rate, run.accepts)
        return cls(pool.answers, state.labels, state.folder, costs, rates[0], chance, rates[1])

    def look_through(self, items: NDArray[np.int64], label: int, suggested: Floats) -> NDArray[np.bool_]:
        """A page of ``items`` that are said to be of class ``label``; ``suggested`` (m, k) as it was planned.

        Returns which were marked, (m,).
        """
        marked = self._mark(items, label)
        self._add(pages=1, cells=len(items), marks=int(marked.sum()))
        self._add(seconds=self.costs.pages.of_page(len(items), int(marked.sum())))
        self._seen.extend(suggested)
        self._right.extend((~marked).tolist())
        return marked

    def answer(self, item: int, suggested: Floats, unaided: bool) -> bool:
        """An image by itself, its likeliest class suggested; returns whether that was accepted."""
        truth = self._truth[[item]]
        given = int(answers(truth, len(suggested), self._error_rate, self._chance)[0])
        if self._accepts and not unaided and self._chance.random() < self._accepts:
            given = int(suggested.argmax())
        rank = int((suggested > suggested[given]).sum())
        seconds = self.costs.unaided if unaided else self.costs.of_rank(rank)
        near = not unaided and rank > 0 and seconds < self.costs.correct
        self._add(singles=1, near=int(near), unaided=int(unaided), seconds=seconds)
        self.labels[item], self.confirmed[item] = given, False
        if not unaided:
            self._add(verified=int(rank == 0))
            self._seen.append(suggested)
            self._right.append(rank == 0)
        return not unaided and rank == 0

    def check_planted(self, count: int) -> int:
        """Images with a known label and a wrong suggestion, by themselves; returns how many are accepted."""
        missed = int((self._chance.random(count) < self._accepts).sum())
        seconds = missed * self.costs.verify + (count - missed) * self.costs.of_rank(1)
        self._add(seconds=seconds)
        return missed

    def look_for_planted(self, count: int) -> int:
        """Odd images that were put on a page on purpose; returns how many are missed."""
        missed = int((self._chance.random(count) < self.costs.miss_at(count / 24)).sum())
        pages = self.costs.pages
        self._add(seconds=count * pages.cell_s + (count - missed) * pages.mark_s)
        return missed

    def name_page(self, items: NDArray[np.int64]) -> None:
        """A page without a class; it is named if more than half of it is of one class."""
        if len(items) == 0:
            return
        classes = np.bincount(self._truth[items], minlength=self.rejected.shape[1])
        pages = self.costs.pages
        if classes.max() <= _PURE * len(items):
            self._add(pages=1, cells=len(items), refused=1, seconds=pages.of_page(len(items), 0))
            return
        marked = self._mark(items, int(classes.argmax()))
        seconds = pages.of_page(len(items), int(marked.sum())) + self.costs.unaided
        self._add(pages=1, cells=len(items), marks=int(marked.sum()), named=1, seconds=seconds)

    def after(self) -> FolderState:
        """What is known now."""
        known = replace(self._known, rejected=self.rejected, confirmed=self.confirmed, last=self.counts)
        if not self._seen:
            return known
        return known.with_seen(np.stack(self._seen), np.array(self._right))

    @property
    def rates(self) -> Rates:
        """What single images cost, as a planner of rounds takes it."""
        costs = self.costs
        return Rates(costs.verify, costs.of_rank(1), costs.unaided, CostOrigin.GIVEN, True)

    def conclude(self, state: State, right: PerTier[Share], known: FolderState) -> State:
        """What is known after the round that began with ``state``, in which this annotator was asked."""
        when = state.asked.copy()
        when[(self.labels != UNKNOWN) & (state.labels == UNKNOWN)] = state.round + 1
        return replace(
            state,
            round=state.round + 1,
            labels=self.labels,
            asked=when,
            last=RoundCounts(right),
            drawn_cost=(state.drawn_cost or 0.0) + self.counts.seconds,
            seconds={},
            folder=known,
        )

    def _mark(self, items: NDArray[np.int64], label: int) -> NDArray[np.bool_]:
        """Mark the odd ones, but for misses, and some right ones; the others get the label."""
        odd = self._truth[items] != label
        missed = self.costs.miss_at(float(odd.mean()))
        draws = self._chance.random(len(items))
        marked: NDArray[np.bool_] = np.where(odd, draws >= missed, draws < self.costs.pages.false_mark)
        self.rejected[items[marked], label] = True
        everything = self.rejected.all(axis=1)
        self.rejected[everything] = False  # said to be of no class at all: every class may be meant again
        self.labels[items[~marked]] = label
        self.confirmed[items] = ~marked
        return marked

    def _add(self, **more: float) -> None:
        self.counts = self.counts.plus(AskedCounts(**more))  # type: ignore[arg-type]
