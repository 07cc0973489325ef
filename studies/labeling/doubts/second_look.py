"""A second look at what pages confirmed: which labels it shows, on which pages, and what it is expected to bring.

It is a list like "Look again", made of the same judgment of the learner, with another question: not which labels the
models contradict, but which of those that were confirmed on a page they take for missed there
(:mod:`studies.pages.second_look`). Its pages are of one label each, as those that were looked through first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studies.answers import Timing
from studies.finish.doubtful import Doubt
from studies.labeling.doubts.label_check import LabelCheck
from studies.labeling.doubts.label_checks import (
    LabelChecks,
    ListedLabel,
    tell_second_looks,
)
from studies.labeling.doubts.looks import confirm_looks, label_looks
from studies.labeling.facts.records import Purpose
from studies.labeling.planning.costs import rates
from studies.labeling.project.project import Project
from studies.labeling.state.desk import Phase
from studies.numerals import counted, duration_text
from studies.pages.asking import AskCosts
from studies.pages.second_look import SecondPage, expect_look, plan_second_look

NAME = "A second look"
OF_PAGES = (Purpose.PAGE, Purpose.GRID, Purpose.CLUSTER)
_CELLS = 24  # of a page, if nothing else is chosen
_LOOKING = "Looking for what pages may have let through."
_NONE = "No label of a page is likely enough to be wrong for a second look."
_NO_PAGES = "A second look is at what pages confirmed: no label of this project is of a page."


@dataclass(frozen=True)
class SecondOffer:
    """What a second look would be."""

    images: int
    pages: int
    wrong: float | None  # how many labels are expected to be; None: nobody knows
    seconds: float | None  # that it takes, with what is asked about again; None: costs are no seconds

    @property
    def in_short(self) -> str:
        """How many images, and how many of them are expected to be wrong."""
        wrong = "" if self.wrong is None else f", about {max(1, round(self.wrong)):,} wrong"
        return f"{counted(self.images, 'image')}{wrong}"

    def sentence(self) -> str:
        """It in words, as on a button."""
        parts = [f"{NAME}: {counted(self.images, 'image')} on {counted(self.pages, 'page')}"]
        if self.wrong is not None:
            parts.append(f"about {max(1, round(self.wrong)):,} of them wrong")
        if self.seconds is not None:
            parts.append(f"about {duration_text(self.seconds)}")
        return ", ".join(parts)


class SecondLook:
    """The pages as they are now, planned once for each state of the project.

    ``costs``: what ways of asking cost this person; ``next_best``: the classes that one is confused with.
    """

    def __init__(
        self,
        project: Project,
        checks: LabelChecks,
        costs: Callable[[], AskCosts],
        next_best: Callable[[int], Sequence[int]],
    ) -> None:
        self._project, self.checks = project, checks
        self._costs_now, self._next_best = costs, next_best
        self._costs = costs()  # of when the labels were judged: what is worth a look stays so until then
        self._judged: LabelCheck | None = None
        self._now = (-1, -1)  # actions, images of a page
        self._held: tuple[object, object] = (None, None)  # classes, what the learner found
        self._listed: dict[int, ListedLabel] = {}  # by item: also those of before, which may be on screen
        self._pages: tuple[SecondPage, ...] = ()
        self._cells = _CELLS
        self._begun: LabelCheck | None = None  # of what it began by itself
        self._ends = (-1, False)  # after how many actions: whether the learner is due

    @property
    def due(self) -> bool:
        """Whether the learner is to judge the labels because nothing is left and some are of pages."""
        actions = self._project.ledger.actions
        if self._ends[0] != actions or self._ends[1]:
            left = self._project.ledger.progress().left
            self._ends = actions, left == 0 and self.possible and self.checks.due_at_end
        return self._ends[1]

    @property
    def possible(self) -> bool:
        """Whether any label is of a page."""
        return bool(self._of_pages().any())

    def want(self) -> None:
        """Somebody looks at it: what it holds changes by what is answered alone, until many labels are others."""
        self.checks.want_new()

    @property
    def waits(self) -> bool:
        """Whether the learner is still to say what is likely to be wrong."""
        return not self.checks.problem and (self.checks.due or self.due or self.checks.found is None)

    @property
    def items(self) -> list[int]:
        """The images in the order of the pages."""
        return [item for page in self.pages() for item in page.items]

    def pages(self, cells: int | None = None) -> tuple[SecondPage, ...]:
        """What is to be looked at, by items and class ids, on pages of at most ``cells`` images (else as before)."""
        self._cells = cells or self._cells
        self._refresh()
        return self._pages

    def offer(self, cells: int | None = None) -> SecondOffer | None:
        """What it would be; ``None`` where there is nothing to look at, as far as is known."""
        pages = self.pages(cells)
        found = self.checks.found
        if not pages or found is None:
            return None
        costs = self._costs_now()
        own = self._project.pages.second_look_costs(costs.pages)
        wrong = sum(page.wrong for page in pages) if found.calibrated else None
        known = rates(self._project.settings.costs, self._project.tally)
        seconds = expect_look(pages, costs, own) if known.in_seconds else None
        return SecondOffer(sum(len(page.items) for page in pages), len(pages), wrong, seconds)

    @property
    def will_begin(self) -> bool:
        """Whether it begins by itself, now or when the learner knows: nothing is left, and the settings want it so."""
        project = self._project
        if not project.settings.second_look or project.ledger.progress().left or not self.possible:
            return False
        begun = self._begun is not None and self._begun is self.checks.found
        return self.due or (not self.checks.problem and not begun and bool(self.pages()))

    def begins(self) -> bool:
        """Whether it is to begin now, with nothing on screen; once for each time that the labels were judged."""
        if not self.will_begin or self.due or self._project.desk.phase is not Phase.NOTHING:
            return False
        self._begun = self.checks.found
        return True

    def explain(self) -> str:
        """What stands in a page's place where there is none."""
        if self.checks.problem:
            return self.checks.problem
        if not self.possible:
            return _NO_PAGES
        return _LOOKING if self.waits else f"{_NONE} {self.told()}".strip()

    def told(self) -> str:
        """What second looks have found; empty where there was none."""
        return tell_second_looks(self._project)

    def confirm(
        self, accepted: Sequence[int], odd: Sequence[int], timing: Timing, shown: Sequence[int]
    ) -> int:
        """Note that labels are right, and ask about the odd images by themselves, each with the next best class.

        As :func:`studies.labeling.doubts.looks.confirm_looks`.
        """
        listed = self._standing()
        others = {item: self._suggest(listed[item]) for item in odd if item in listed}
        return confirm_looks(self._project, Purpose.SECOND_LOOK, listed, accepted, others, timing, shown)

    def label(self, items: Sequence[int], class_id: int, timing: Timing) -> None:
        """Label images of a page by hand, as one action. Raises ``StoreError`` with nothing changed."""
        label_looks(self._project, Purpose.SECOND_LOOK, self._standing(), items, class_id, timing)

    def _standing(self) -> dict[int, ListedLabel]:
        """What was listed and still has that label."""
        self._refresh()
        label_of = self._project.label_of
        return {item: label for item, label in self._listed.items() if label_of(item) == label.given}

    def _suggest(self, label: ListedLabel) -> int | None:
        """The likeliest class that an image was not said to lack."""
        resolve = self._project.classes.resolve
        lacks = self._project.ledger.rejections.of(label.item, resolve) | {label.given}
        likely = (label.other, *self._next_best(label.given))
        return next((other for other in likely if resolve(other) not in lacks), None)

    def _of_pages(self) -> NDArray[np.bool_]:
        return self._project.ledger.labels_for(OF_PAGES)

    def _refresh(self) -> None:
        found = self.checks.found
        if found is not self._judged:
            self._judged, self._costs = found, self._costs_now()
        now = (self._project.ledger.actions, self._cells)
        held = (self._project.classes, found)
        if now != self._now or any(a is not b for a, b in zip(held, self._held, strict=True)):
            self._now, self._held = now, held
            self._plan()

    def _plan(self) -> None:
        judged = self.checks.judged()
        self._pages = ()
        if judged is None:
            return
        items, wrong = judged.items, judged.wrong
        fresh = judged.open & self._of_pages()[items]
        planned = plan_second_look(1.0 - wrong, judged.given, fresh, self._costs, self._cells)
        for place in (place for page in planned for place in page.items):
            item, given, other = (int(of[place]) for of in (items, judged.given, judged.other))
            doubts = frozenset({Doubt.MODEL})
            self._listed[item] = ListedLabel(item, given, other, float(wrong[place]), doubts)
        self._pages = tuple(
            SecondPage(page.label, tuple(items[list(page.items)].tolist()), page.wrong) for page in planned
        )
