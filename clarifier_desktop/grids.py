"""Fills the grid from the project's ledger, and stores what was decided there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from studies.rounds.conductor import Conductor
from studies.rounds.project import Project
from studies.rounds.records import LabelEvent, Purpose, Task, Timing, Verb
from studies.store_errors import StoreError
from ui.grid_page import GridAnswer, GridPage, GridPageData, GridSection
from ui.grid_view import GridCell

_REMARKS = {
    "Skipped": Verb.SKIP,
    "Not any of the classes": Verb.NONE,
    "Several classes": Verb.SEVERAL,
    "Cannot be read": Verb.UNREADABLE,
}
_MANY = 100_000  # images of a list that can be gone through by pages


@dataclass(frozen=True)
class _Section:
    name: str
    explanation: str
    items: Callable[[], NDArray[np.int64]]
    class_id: int | None = None  # accepting labels with it
    auto: bool = False  # what is odd is an auto-label


class Grids(QObject):
    """Which sections there are, which is shown, and what an answer becomes."""

    left = Signal()
    acted = Signal()

    def __init__(self, project: Project, conductor: Conductor, page: GridPage) -> None:
        super().__init__(page)
        self._project, self._conductor, self._page = project, conductor, page
        self._sections: list[_Section] = []
        self._chosen, self._number = 0, 0
        page.section_wanted.connect(self._choose)
        page.page_wanted.connect(self._turn)
        page.confirmed.connect(self._confirm)
        page.assigned.connect(self._assign)
        page.undo_wanted.connect(self._undo)
        page.back_wanted.connect(self.left)

    def show(self) -> None:
        """List the sections and show the first that holds anything."""
        self._sections = self._list()
        sizes = [len(section.items()) for section in self._sections]
        self._chosen = next((i for i, size in enumerate(sizes) if size), 0)
        self._number = 0
        self._page.say("")
        self._draw()

    def close(self) -> None:
        """End decoding."""
        self._page.close_threads()

    def _list(self) -> list[_Section]:
        classes = self._project.classes.standing
        sections = [
            _Section(
                f"{c.name}: labeled by the program",
                "The program is sure of these. Mark what is not right.",
                partial(self._auto_of, c.class_id),
                c.class_id,
                auto=True,
            )
            for c in classes
        ]
        sections += [
            _Section(
                f"{c.name}: likely",
                "Not labeled yet; the model takes them for this class, the surest first. Mark what is not.",
                partial(self._likely, c.class_id),
                c.class_id,
            )
            for c in classes
        ]
        sections += [
            _Section(
                f"{c.name}: labeled by you",
                "Mark what is not right: it is asked about again.",
                partial(self._labeled, c.class_id),
                c.class_id,
            )
            for c in classes
        ]
        sections += [
            _Section("No label yet", "At random, to search for a class that has no example.", self._open),
            _Section("Marked to be looked at again", "Label them anew, or leave them.", self._flagged),
        ]
        sections += [
            _Section(name, "Label them, or leave them.", partial(self._project.ledger.with_state, verb))
            for name, verb in _REMARKS.items()
        ]
        return sections

    def _draw(self) -> None:
        section = self._sections[self._chosen]
        items = section.items()[:_MANY]
        size = self._page.view.capacity
        pages = max(1, -(-len(items) // size))
        self._number = min(self._number, pages - 1)
        shown = items[self._number * size : (self._number + 1) * size]
        self._page.show_data(
            GridPageData(
                sections=tuple(GridSection(s.name, len(s.items())) for s in self._sections),
                section=self._chosen,
                explanation=section.explanation if len(items) else "Nothing here at the moment.",
                accepts=section.class_id is not None,
                cells=tuple(GridCell(int(item), self._note(int(item))) for item in shown),
                page=self._number,
                pages=pages,
                classes=tuple(c.name for c in self._project.classes.standing),
            )
        )

    def _note(self, item: int) -> str:
        project, seen = self._project, self._conductor.seen
        label = project.label_of(item)
        if label is not None:
            return project.classes.name(label)
        if seen is not None and item < len(seen.predicted) and seen.predicted[item] >= 0:
            name = project.classes.name(seen.class_ids[seen.predicted[item]])
            return f"{name} {seen.confidence[item]:.0%}"
        return ""

    def _auto_of(self, class_id: int) -> NDArray[np.int64]:
        project = self._project
        items = np.flatnonzero(project.resolved(project.ledger.auto) == class_id)
        # The least sure first: what is odd is there.
        return items[np.argsort(project.ledger.auto_scores[items], kind="stable")]

    def _likely(self, class_id: int) -> NDArray[np.int64]:
        seen, ledger = self._conductor.seen, self._project.ledger
        if seen is None:
            return np.zeros(0, np.int64)
        mine = [i for i, c in enumerate(seen.class_ids) if self._project.classes.resolve(c) == class_id]
        n = len(seen.predicted)
        free = ~(ledger.settled | ledger.holdout)[:n] & (ledger.auto < 0)[:n]
        items = np.flatnonzero(np.isin(seen.predicted, mine) & free)
        return items[np.argsort(-seen.confidence[items], kind="stable")]

    def _labeled(self, class_id: int) -> NDArray[np.int64]:
        project = self._project
        return np.flatnonzero(project.resolved(project.ledger.labels) == class_id)

    def _open(self) -> NDArray[np.int64]:
        project = self._project
        items = np.flatnonzero(~(project.ledger.settled | project.ledger.holdout))
        return np.random.default_rng(project.settings.seed).permutation(items)

    def _flagged(self) -> NDArray[np.int64]:
        return np.flatnonzero(self._project.ledger.flagged)

    def _choose(self, index: int) -> None:
        self._chosen, self._number = index, 0
        self._draw()

    def _turn(self, page: int) -> None:
        self._number = page
        self._draw()

    def _confirm(self, answer: GridAnswer) -> None:
        section = self._sections[self._chosen]
        class_id = section.class_id
        if class_id is None:
            return
        known = section.name.endswith("by you")
        events = [
            LabelEvent(0, item, Verb.LABEL, Purpose.GRID, class_id, suggestion=class_id, timing=answer.timing)
            for item in (() if known else answer.accepted)
        ]
        odd = Verb.REJECT if section.auto else Verb.RELEASE
        events += [
            LabelEvent(0, item, odd, Purpose.GRID, suggestion=class_id, timing=answer.timing)
            for item in answer.odd
        ]
        said = f"{len(answer.accepted)} accepted as {self._project.classes.name(class_id)}"
        if answer.odd:
            said += f"; {len(answer.odd)} will be asked about"
        if self._store(events, said + "."):
            self._ask_about(answer.odd)

    def _assign(self, items: tuple[int, ...], name: str, timing: Timing) -> None:
        class_id = self._project.classes.id_of(name)
        if class_id is None:
            return
        events = [LabelEvent(0, item, Verb.LABEL, Purpose.SEARCH, class_id, timing=timing) for item in items]
        self._store(events, f"{len(items)} labeled as {name}.")

    def _ask_about(self, items: tuple[int, ...]) -> None:
        project = self._project
        waiting = project.queue.items()
        tasks = [
            Task(project.tasks_made + place, project.round, item, Purpose.RETURNED)
            for place, item in enumerate(item for item in items if item not in waiting)
        ]
        try:
            project.add_tasks(tasks)
        except StoreError as error:
            self._page.say(str(error))

    def _store(self, events: list[LabelEvent], said: str) -> bool:
        try:
            self._project.record(events)
        except StoreError as error:
            self._page.say(f"{error} Nothing was changed.")
            return False
        self._page.say(said)
        self._draw()
        self.acted.emit()
        return True

    def _undo(self) -> None:
        try:
            items = self._project.undo()
        except StoreError as error:
            self._page.say(str(error))
            return
        self._page.say(f"Taken back, {len(items)} images." if items else "There is nothing to take back.")
        self._draw()
        self.acted.emit()
