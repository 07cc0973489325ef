"""Shows pages of the queue and lists of a project's images in the grid, and hands on what was decided there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from studies.answers import Timing
from studies.files.store_errors import StoreError
from studies.labeling.doubts.look_again import DoubtfulLabels
from studies.labeling.doubts.second_look import SecondLook
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
)
from ui.labeling.grid.grid_page import GridPage
from ui.labeling.grid.queue_page_shown import QueuePageShown

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
        self._queue = QueuePageShown(project, conductor)
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
        self._show_list(ListKind.DOUBTFUL)

    def show_second_look(self) -> None:
        """List the sections and show once more what pages confirmed."""
        self._show_list(ListKind.SECOND_LOOK)

    @property
    def looks_again(self) -> bool:
        """Whether a page of a second look is shown."""
        return self._again is self._lists.second_look and bool(self._shown)

    def tell_learner(self, line: str) -> None:
        """Say how far the learner is, where its answer is waited for."""
        if self._again is not None and self._again.checks.due and line:
            self._page.say(f"{line} ...")

    def show_check(self) -> None:
        """The learner knows what is doubtful: show it, unless somebody looks at a page of it."""
        if self._again is None:
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
            return self._queue.data(self._page.capacity)
        return grid_page_data(
            self._project,
            self._conductor.predictions,
            self._lists,
            self._sections,
            self._chosen,
            self._start,
            self._page.capacity,
        )

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
    def _again(self) -> DoubtfulLabels | SecondLook | None:
        """The list that is shown, where it is of labels that are looked at again."""
        shown = 0 <= self._chosen < len(self._sections)
        return self._lists.looked_at_again(self._sections[self._chosen]) if shown else None

    def _show_list(self, kind: ListKind) -> None:
        self._sections = self._lists.sections()
        self._choose(next(i for i, section in enumerate(self._sections) if section.kind is kind))

    def _choose(self, index: int) -> None:
        self._chosen, self._start = index, 0
        again = self._again
        (self._lists.doubtful.checks.leave if again is None else again.want)()
        self._page.say("")
        self._draw()

    def _turn(self, pages: int) -> None:
        if self._chosen == QUEUE:
            self._draw()
            return
        back = 1 if self.looks_again else self._page.capacity  # pages of a second look are of any size
        by = self._count_listed(self._shown) if pages > 0 else pages * back
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

    def _name_cluster(self, answer: GridAnswer, name: str) -> None:
        classes = len(self._project.classes)
        odd = self._queue.count_odd(answer)
        labeled = self._store(lambda: self._queue.name(answer, name))
        if labeled is None:
            return
        new = "the new class " if len(self._project.classes) > classes else ""
        self._sections = self._lists.sections()  # with those of a new class
        self._show_change(_tell(f"{labeled} labeled as {new}{name}", odd))

    def _refuse_cluster(self, answer: GridAnswer) -> None:
        if self._store(lambda: self._queue.refuse(answer)) is not None:
            self._show_change("Not one class: none of them is labeled.")

    def _confirm_queue(self, answer: GridAnswer) -> None:
        name, odd = self._queue.name_of_class, self._queue.count_odd(answer)
        labeled = self._store(lambda: self._queue.confirm(answer))
        if labeled is not None:
            self._show_change(_tell(f"{labeled} labeled as {name}", odd))

    def _confirm(self, answer: GridAnswer) -> None:
        if self._chosen == QUEUE:
            self._confirm_queue(answer)
            return
        section = self._sections[self._chosen]
        if self._again is not None:
            self._confirm_again(self._again, answer)
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

    def _confirm_again(self, again: DoubtfulLabels | SecondLook, answer: GridAnswer) -> None:
        stored = self._store(lambda: again.confirm(answer.accepted, answer.odd, answer.timing, answer.shown))
        if stored is None:
            return
        self._start += self._count_listed(answer.shown)  # what cannot be read
        self._show_change(_tell(f"{counted(len(answer.accepted), 'label')} confirmed", len(answer.odd)))
        if again is self._lists.second_look and self._start >= len(again.items):
            self._leave()  # it is done: what was marked is asked about

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
            if self._again is not None:
                self._again.label(items, class_id, timing)
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
