"""Fills the grid from the project's ledger, and stores what was decided there."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from studies.files.store_errors import StoreError
from studies.labeling.facts.records import LabelEvent, Purpose, Task, Timing, Verb
from studies.labeling.project.project import Project
from studies.labeling.rounds.conductor import Conductor
from studies.labeling.rounds.grid_lists import GridLists, Kind, Section
from ui.labeling.grid.grid_page import GridAnswer, GridPage, GridPageData, GridSection
from ui.labeling.grid.grid_view import GridCell


class Grids(QObject):
    """Which sections there are, which is shown, and what an answer becomes."""

    left = Signal()
    acted = Signal()

    def __init__(self, project: Project, conductor: Conductor, page: GridPage) -> None:
        super().__init__(page)
        self._project, self._conductor, self._page = project, conductor, page
        self._lists = GridLists(project, conductor)
        self._sections: list[Section] = []
        self._chosen, self._number = 0, 0
        page.section_wanted.connect(self._choose)
        page.page_wanted.connect(self._turn)
        page.confirmed.connect(self._confirm)
        page.assigned.connect(self._assign)
        page.undo_wanted.connect(self._undo)
        page.back_wanted.connect(self.left)

    def show(self) -> None:
        """List the sections and show the first that holds anything."""
        self._sections = self._lists.sections()
        self._chosen = next((i for i, s in enumerate(self._sections) if self._lists.size(s)), 0)
        self._number = 0
        self._page.say("")
        self._draw()

    def close(self) -> None:
        """End decoding."""
        self._page.close_threads()

    def _draw(self) -> None:
        section = self._sections[self._chosen]
        items = self._lists.items(section)
        size = self._page.view.capacity
        pages = max(1, -(-len(items) // size))
        self._number = min(self._number, pages - 1)
        shown = items[self._number * size : (self._number + 1) * size]
        self._page.show_data(
            GridPageData(
                sections=tuple(GridSection(s.name, self._lists.size(s)) for s in self._sections),
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
        known = section.kind is Kind.LABELED
        events = [
            LabelEvent(0, item, Verb.LABEL, Purpose.GRID, class_id, suggestion=class_id, timing=answer.timing)
            for item in (() if known else answer.accepted)
        ]
        odd = Verb.REJECT if section.kind is Kind.AUTO else Verb.RELEASE
        events += [
            LabelEvent(0, item, odd, Purpose.GRID, suggestion=class_id, timing=answer.timing)
            for item in answer.odd
        ]
        said = f"{len(answer.accepted)} accepted as {self._project.classes.name(class_id)}"
        if answer.odd:
            said += f"; {len(answer.odd)} will be asked about"
        if not events:
            self._number += 1  # they are labeled already, and stay in this list
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
