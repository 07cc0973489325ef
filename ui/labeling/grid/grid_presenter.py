"""Shows pages of the queue and lists of a project's images in the grid, and hands on what was decided there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from studies.answers import Timing
from studies.files.store_errors import StoreError
from studies.labeling.facts.records import Task
from studies.labeling.paging.page_offers import PageOffers
from studies.labeling.project.project import Project
from studies.labeling.rounds.conductor import Conductor
from studies.labeling.rounds.grid_answers import confirm_page, label_by_hand
from studies.labeling.rounds.grid_lists import GridLists, ListKind, Section
from studies.labeling.state.classes import ClassError
from studies.labeling.state.desk import Phase
from studies.numerals import counted
from ui.labeling.grid.grid_data import (
    QUEUE,
    GridAnswer,
    GridPageData,
    grid_page_data,
    list_rows,
    queue_page_data,
)
from ui.labeling.grid.grid_page import GridPage

_Stored = TypeVar("_Stored")


class GridPresenter(QObject):
    """Which lists there are, which is shown, and what an answer becomes."""

    left = Signal()
    page_left = Signal()  # by the person, while a page of the queue is asked about
    acted = Signal()

    def __init__(self, project: Project, conductor: Conductor, page: GridPage, offers: PageOffers) -> None:
        super().__init__(page)
        self._project, self._conductor, self._page = project, conductor, page
        self._offers = offers
        self._lists = GridLists(project, conductor)
        self._sections: list[Section] = []
        self._chosen = 0
        self._start = 0  # the place of the page's first image in its list
        self._shown: tuple[int, ...] = ()  # the page's images
        self._tasks: tuple[Task, ...] = ()  # those of a page of the queue
        self._counts = QTimer(self)  # after the images: the eye is there
        self._counts.setSingleShot(True)
        self._counts.setInterval(0)
        self._counts.timeout.connect(self._draw_lists)
        page.section_wanted.connect(self._choose)
        page.page_wanted.connect(self._turn)
        page.size_changed.connect(self.prepare)
        page.confirmed.connect(self._confirm)
        page.assigned.connect(self._assign)
        page.named.connect(self._name_cluster)
        page.not_one_class.connect(self._refuse_cluster)
        page.undo_wanted.connect(self._undo)
        page.back_wanted.connect(self._leave)

    def show_queue(self) -> None:
        """Show the page of the queue that is asked about."""
        self._sections = self._lists.sections()
        self._chosen = QUEUE
        self._page.say("")
        self._draw()

    def show(self) -> None:
        """List the sections and show the one that is offered, or the first that holds anything."""
        self._sections = self._lists.sections()
        offer = self._offers.best()
        offered = [
            i
            for i, section in enumerate(self._sections)
            if offer and section.kind is ListKind.LIKELY and section.class_id == offer.class_id
        ]
        filled = (i for i, section in enumerate(self._sections) if self._lists.size(section))
        self._chosen = offered[0] if offered else next(filled, 0)
        self._start = 0
        self._page.say("")
        self._draw()

    def show_doubtful(self) -> None:
        """List the sections and show the labels that may be wrong."""
        self._sections = self._lists.sections()
        self._choose(next(i for i, s in enumerate(self._sections) if s.kind is ListKind.DOUBTFUL))

    def tell_learner(self, line: str) -> None:
        """Say how far the learner is, where its answer is waited for."""
        if self._is_doubtful and self._lists.doubtful.checks.due and line:
            self._page.say(f"{line} ...")

    def show_check(self) -> None:
        """The learner knows what is doubtful: show it, unless somebody looks at a page of it."""
        if not self._is_doubtful:
            return
        self._page.say("")
        if self._shown:
            self.prepare()
            self._counts.start()
        else:
            self._draw()

    def prepare(self) -> None:
        """Have the next page's images decoded, where it may be another than it was: a model came, or another size."""
        if self._sections and self._page.isVisible():
            self._page.prepare(self._data().coming)

    def close(self) -> None:
        """End decoding."""
        self._counts.stop()
        self._page.close_threads()

    def _data(self) -> GridPageData:
        if self._chosen == QUEUE:
            return self._queue_data()
        return grid_page_data(
            self._project,
            self._conductor.predictions,
            self._lists,
            self._sections,
            self._chosen,
            self._start,
            self._page.capacity,
        )

    def _queue_data(self) -> GridPageData:
        queue, capacity = self._project.queue, self._page.capacity
        self._tasks = queue.page()[:capacity]
        shown = {task.task_id for task in self._tasks}
        coming = [task for task in queue if task.page is not None and task.task_id not in shown]
        more = len(coming) + max(0, self._conductor.pages.images_left)
        following = [task for task in coming if task.page == coming[0].page][:capacity]
        return queue_page_data(self._project, self._tasks, following, more)

    def _draw(self) -> None:
        if self._chosen == QUEUE and self._project.desk.phase is not Phase.PAGE:
            self.left.emit()
            return
        data = self._data()
        self._start, self._shown = data.start, tuple(cell.item for cell in data.cells)
        self._page.show_data(data)
        self._counts.start()

    def _draw_lists(self) -> None:
        self._page.show_lists(list_rows(self._project, self._lists, self._sections))

    @property
    def _is_doubtful(self) -> bool:
        shown = 0 <= self._chosen < len(self._sections)
        return shown and self._sections[self._chosen].kind is ListKind.DOUBTFUL

    def _choose(self, index: int) -> None:
        self._chosen, self._start = index, 0
        checks = self._lists.doubtful.checks
        (checks.want if self._is_doubtful else checks.leave)()
        self._page.say("")
        self._draw()

    def _turn(self, pages: int) -> None:
        if self._chosen == QUEUE:
            self._draw()
            return
        by = self._count_listed(self._shown) if pages > 0 else pages * self._page.capacity
        self._start = max(0, self._start + by)
        self._draw()

    def _count_listed(self, items: Sequence[int]) -> int:
        """How many images are still in the list that is shown: so many places it goes on."""
        return int(np.isin(items, self._lists.items(self._sections[self._chosen])).sum())

    def _leave(self) -> None:
        self._lists.doubtful.checks.leave()
        if self._project.desk.phase is Phase.PAGE and self._chosen == QUEUE:
            self.page_left.emit()
        self.left.emit()

    def _answered(self, answer: GridAnswer) -> tuple[list[Task], set[int], set[int]]:
        """The tasks of a page of the queue that still wait; the ids of the odd ones and of those that were not seen."""
        waiting = [task for task in self._tasks if task in self._project.queue]
        odd, unread = (
            {task.task_id for task in waiting if task.item in of} for of in (answer.odd, answer.unread)
        )
        return waiting, odd, unread

    def _name_cluster(self, answer: GridAnswer, name: str) -> None:
        waiting, odd, unread = self._answered(answer)
        classes, pages = len(self._project.classes), self._conductor.pages
        labeled = self._store(lambda: pages.name(waiting, odd, unread, name, answer.timing))
        if labeled is None:
            return
        new = "the new class " if len(self._project.classes) > classes else ""
        self._sections = self._lists.sections()  # with those of a new class
        self._show_change(_tell(f"{labeled} labeled as {new}{name}", len(odd)))

    def _refuse_cluster(self, answer: GridAnswer) -> None:
        waiting, _, unread = self._answered(answer)
        pages = self._conductor.pages
        if self._store(lambda: pages.refuse(waiting, unread, answer.timing)) is not None:
            self._show_change("Not one class: none of them is labeled.")

    def _confirm_queue(self, answer: GridAnswer) -> None:
        waiting, odd, unread = self._answered(answer)
        name = self._project.classes.name(self._tasks[0].suggestion or 0)
        pages = self._conductor.pages
        labeled = self._store(lambda: pages.confirm(waiting, odd, unread, answer.timing))
        if labeled is not None:
            self._show_change(_tell(f"{labeled} labeled as {name}", len(odd)))

    def _confirm(self, answer: GridAnswer) -> None:
        if self._chosen == QUEUE:
            self._confirm_queue(answer)
            return
        section = self._sections[self._chosen]
        if self._is_doubtful:
            self._confirm_doubtful(answer)
            return
        if section.class_id is None:
            return
        others = self._conductor.confused_with(section.class_id)
        outcome = self._store(
            lambda: confirm_page(
                self._project, section, answer.accepted, answer.odd, answer.timing, others, answer.shown
            )
        )
        if outcome is None:
            return
        self._start += self._count_listed(answer.shown)  # what is labeled already, and what cannot be read
        name = self._project.classes.name(section.class_id)
        self._show_change(_tell(f"{len(answer.accepted)} confirmed as {name}", outcome.returned))

    def _confirm_doubtful(self, answer: GridAnswer) -> None:
        doubtful = self._lists.doubtful
        stored = self._store(
            lambda: doubtful.confirm(answer.accepted, answer.odd, answer.timing, answer.shown)
        )
        if stored is not None:
            self._start += self._count_listed(answer.shown)  # what cannot be read
            self._show_change(_tell(f"{counted(len(answer.accepted), 'label')} confirmed", len(answer.odd)))

    def _store(self, store: Callable[[], _Stored]) -> _Stored | None:
        """Store the answer to a page; where that failed it is said, the marks stay, and there is ``None``."""
        try:
            stored = store()
        except (StoreError, ClassError) as error:
            self._page.say(f"{error} Nothing was changed.")
            return None
        self._page.forget_marks()
        return stored

    def _assign(self, items: tuple[int, ...], name: str, timing: Timing) -> None:
        class_id = self._project.classes.id_of(name)
        if class_id is None:
            return
        try:
            if self._is_doubtful:
                self._lists.doubtful.label(items, class_id, timing)
            else:
                label_by_hand(self._project, items, class_id, timing)
        except StoreError as error:
            self._page.say(f"{error} Nothing was changed.")
            return
        self._page.say(f"{len(items)} labeled as {name}.")
        self._page.take_away(items)
        self._counts.start()
        self.acted.emit()

    def _undo(self) -> None:
        try:
            items = self._project.undo()
        except StoreError as error:
            self._page.say(str(error))
            return
        self._show_change(
            f"Undone: {counted(len(items), 'image')}." if items else "There is nothing to undo."
        )

    def _show_change(self, text: str) -> None:
        self._page.say(text)
        self._draw()
        self.acted.emit()


def _tell(done: str, odd: int) -> str:
    return f"{done}; {odd} will be asked about." if odd else f"{done}."
