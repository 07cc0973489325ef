"""What is chosen on a page of the grid by typed letters: a class for marked images, a list, what most images show."""

from __future__ import annotations

from enum import Enum, auto

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from studies.answers import Decision, Device, timing_of
from studies.pages.marking import PageOnScreen, may_confirm
from ui.answering.pages.page_view import PageView
from ui.answering.stamps import Stamp
from ui.labeling.grid.finder import Finder
from ui.labeling.grid.grid_data import GridAnswer, GridPageData
from ui.labeling.grid.grid_keys import GRID_KEYS, GridAction
from ui.labeling.grid.side_list import SideList

_TOO_SOON = "These images have only just come: look first, then label one, or mark those that you mean."
_LOOK_FIRST = "These images have only just come: look first, then say what they show."
_ALL_MARKED = f"All are marked: {GRID_KEYS[GridAction.NOT_ONE].hint} says that they are not of one class."


class _Asked(Enum):
    ASSIGN = auto()
    LIST = auto()
    NAME = auto()


class TypedChoices(QObject):
    """Asks by the finder, and tells what was chosen with its time."""

    assigned = Signal(object, str, object)  # items, class name, Timing
    named = Signal(object, str)  # GridAnswer, and a class name, which may be a new one
    not_one_class = Signal(object)  # GridAnswer
    section_wanted = Signal(int)
    said = Signal(str)

    def __init__(self, page: QWidget, view: PageView, side: SideList) -> None:
        super().__init__(page)
        self.finder = Finder(page)
        self._view, self._side = view, side
        self._data: GridPageData | None = None
        self._asked = _Asked.LIST
        self._last_class = 0
        self.finder.chosen.connect(self._found)
        self.finder.made.connect(self._name)
        self.finder.closed.connect(view.setFocus)

    def follow(self, data: GridPageData) -> None:
        """Another page is shown."""
        self.finder.leave()
        self._data = data

    def ask_class(self) -> None:
        """Ask what the marked images, or the one under the cursor, are to be labeled as."""
        cells = self._to_assign()
        if self._data is not None and cells:
            self._asked = _Asked.ASSIGN
            self.finder.open(f"Label {len(cells)} as", self._data.classes, self._last_class)

    def ask_list(self) -> None:
        """Ask which list to go to."""
        self._asked = _Asked.LIST
        self.finder.open("Go to", [row.name for row in self._side.rows])

    def ask_name(self) -> None:
        """Ask what the images of the page show that are not marked; a name that no class has can be taken too."""
        page = self._view.page
        if self._data is None or page is None:
            return
        if not page.confirmed:
            self.said.emit(_ALL_MARKED)
            return
        self._asked = _Asked.NAME
        self.finder.open(f"What do these {len(page.confirmed)} show?", self._data.classes, None, makes=True)

    def refuse(self, event: QKeyEvent | None) -> None:
        """Tell that the page's images are not of one class, by a key or, without one, by its button."""
        data, page, inputs = self._data, self._view.page, self._view.inputs
        if data is None or not data.names:
            return
        stamp = inputs.click() if event is None else inputs.stamp(event)
        if page is None or not may_confirm(page, stamp.at_ns):
            self.said.emit(_LOOK_FIRST)
        else:
            self.not_one_class.emit(self._answer(data, page, stamp, event))
            self._go_on_timing(page)

    def _found(self, index: int, event: QKeyEvent | None) -> None:
        if self._asked is _Asked.ASSIGN:
            self._assign(index, event)
        elif self._asked is _Asked.NAME and self._data is not None:
            self._name(self._data.classes[index], event)
        elif (section := self._side.section_of(index)) is not None:
            self.section_wanted.emit(section)

    def _name(self, name: str, event: QKeyEvent | None) -> None:
        data, page = self._data, self._view.page
        if data is not None and page is not None:
            self.named.emit(self._answer(data, page, self._stamp(event), event), name)
            self._go_on_timing(page)

    def _assign(self, index: int, event: QKeyEvent | None) -> None:
        data, page, cells, stamp = self._data, self._view.page, self._to_assign(), self._stamp(event)
        if data is None or page is None or not cells or not self._view.inputs.counts(stamp.at_ns):
            return
        if not self._view.marked and not may_confirm(page, stamp.at_ns):
            self.said.emit(_TOO_SOON)  # nobody chose the image under the cursor
            return
        self._last_class = index
        timing = timing_of(page.on_screen, self._decide(stamp, event), len(cells))
        self.assigned.emit(tuple(data.cells[i].item for i in cells), data.classes[index], timing)
        self._go_on_timing(page)

    def _to_assign(self) -> tuple[int, ...]:
        """The marked cells, or the one under the cursor."""
        view = self._view
        if view.marked:
            return tuple(sorted(view.marked))
        at = view.page_cursor.at
        return (at,) if view.cells and at not in view.silent else ()

    def _answer(
        self, data: GridPageData, page: PageOnScreen, stamp: Stamp, event: QKeyEvent | None
    ) -> GridAnswer:
        timing = timing_of(page.on_screen, self._decide(stamp, event), page.cells)
        return GridAnswer.of(data, page, self._view.gone, timing)

    def _stamp(self, event: QKeyEvent | None) -> Stamp:
        """Of the finder's key, or of a click in it."""
        inputs = self._view.inputs
        return inputs.clock.stamp(0, self._view.now_ns()) if event is None else inputs.stamp(event)

    def _decide(self, stamp: Stamp, event: QKeyEvent | None) -> Decision:
        device = Device.MOUSE if event is None else Device.KEYBOARD
        return Decision(*self._view.inputs.decide(stamp, device))

    def _go_on_timing(self, page: PageOnScreen) -> None:
        """The page may stay: what was chosen could not be stored, or was about some of its images."""
        if self._view.page is not None:
            self._view.inputs.begin(page.on_screen.onset_ns)
