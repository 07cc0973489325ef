"""Many images of one class at once: one key accepts all, a click or a key marks the odd ones out."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QMouseEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from studies.answers import Decision, Device, OnScreen, Timing, Touch, counts, observe, timing_of
from studies.numerals import counted
from ui.answering.stall_meter import StallMeter
from ui.answering.stamps import EventClock, HeldKeys, Stamp
from ui.answering.thumbnails import LoadImage
from ui.kit import theme
from ui.kit.key_page import key_button
from ui.kit.keys import Tables
from ui.kit.layouts import ChoiceBox
from ui.kit.theme import GRID, FontRole
from ui.labeling.elided_label import ElidedLabel
from ui.labeling.grid.grid_data import GridAnswer, GridPageData
from ui.labeling.grid.grid_keys import GRID_KEYS, GridAction
from ui.labeling.grid.grid_view import GridView

_USUAL_LETTERS, _LEAST_LETTERS = 24, 8  # of a class's name
_LOOKED_AFTER_NS = 1_000_000_000  # nobody looks through a page of images sooner


class GridPage(QWidget):
    """Draws a page of a section and emits what was decided; it holds no state of the project.

    A page stays as it is until it is done: what Enter accepts is what was looked at.
    """

    looked_after_ns = _LOOKED_AFTER_NS

    confirmed = Signal(object)  # GridAnswer
    assigned = Signal(object, str, object)  # items, class name, Timing
    section_wanted = Signal(int)
    page_wanted = Signal(int)
    undo_wanted = Signal()
    back_wanted = Signal()

    def __init__(self, load: LoadImage, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Many images at once")
        self.clock, self.held = EventClock(), HeldKeys()
        self.view = GridView(load)
        self._data: GridPageData | None = None
        self._marks: set[int] = (
            set()
        )  # of the list's pages before; those of the page that shows are the view's
        self._stalls = StallMeter(self)
        self._on_screen: OnScreen | None = None  # since all images of the page are on screen
        self._title = ElidedLabel(cut=Qt.TextElideMode.ElideMiddle)
        self._title.setFont(theme.font(FontRole.LARGE))
        self._words = theme.hint_label("")
        self._said = theme.hint_label("")
        self._sections, self._classes = ChoiceBox(), ChoiceBox()
        self._build()
        self.view.filled.connect(self._filled)
        self.view.returned.connect(self._filled_anew)
        self.view.touched.connect(self._clicked)

    def show_data(self, data: GridPageData) -> None:
        """Show a page; its time runs from when all its images are on screen."""
        same = self._data is not None and self._data.section == data.section
        self._marks = (self._marks - self._shown()) | self.view.marked if same else set()
        self._data = data
        self._on_screen = None
        section = data.sections[data.section]
        page = f", page {data.page + 1} of {data.pages}" if data.pages > 1 else ""
        self._words.setText(f"{data.explanation}   {counted(section.count, 'image')}{page}")
        _fill(self._sections, [f"{s.name} ({s.count:,})" for s in data.sections], data.section)
        if [self._classes.itemText(i) for i in range(self._classes.count())] != list(data.classes):
            _fill(self._classes, data.classes, 0)
        self._title.setText(section.name)
        self._accept.setEnabled((data.accepts and bool(data.cells)) or data.following is not None)
        following = None if data.following is None else data.sections[data.following]
        usual = GRID_KEYS[GridAction.ACCEPT].label
        self._accept.setText(usual if following is None else f"Next: {following.name} ({following.count:,})")
        self.view.show_cells(data.cells, self._marks)
        self._stalls.start()

    def _shown(self) -> set[int]:
        return {cell.item for cell in self.view.cells}

    def forget_marks(self) -> None:
        """What was marked is decided."""
        self.view.marked.clear()

    def take_away(self, items: Iterable[int]) -> None:
        """Images of the page were decided about: their places are empty, and all others stay."""
        self.view.take_away(items)
        if self._shown() == self.view.gone and self._data is not None:
            self.page_wanted.emit(self._data.page)
        else:
            self._filled_anew()

    def _filled_anew(self) -> None:
        """Time what is left of the page from now on."""
        self._on_screen = None
        self._stalls.start()
        self._filled()

    def say(self, text: str) -> None:
        """A sentence below the images."""
        self._said.setText(text)

    def key_tables(self) -> Tables:
        """The keys that hold here."""
        return (GRID_KEYS,)

    def close_threads(self) -> None:
        """End decoding."""
        self._stalls.stop()
        self.view.close_threads()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing is measured, and nothing accepted, while another page is on screen or the window is hidden."""
        super().hideEvent(event)
        self._on_screen = None
        self._stalls.stop()

    def showEvent(self, event: QShowEvent) -> None:
        """What is there already has been on screen since now."""
        super().showEvent(event)
        if self._data is not None:
            self._filled_anew()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another size holds another number of images."""
        super().resizeEvent(event)
        if self._data is not None and self.isVisible():
            self.page_wanted.emit(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Every action by its key."""
        stamp = self.clock.stamp(event.timestamp(), time.perf_counter_ns())
        entry = GRID_KEYS.find(event)
        fresh = self.held.is_fresh(event.key(), event.timestamp(), event.isAutoRepeat())
        if entry is None:
            event.ignore()
        elif fresh or entry[0].repeats:
            self._act(entry[0].action, event.key(), stamp, fresh)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Releases only teach the clock and what is held."""
        self.clock.stamp(event.timestamp(), time.perf_counter_ns())
        self.held.release(event.key(), event.timestamp())

    def _act(self, action: GridAction, key: int, stamp: Stamp, fresh: bool) -> None:
        if fresh and action in (GridAction.MARK, GridAction.MOVE):
            self._touch(stamp)
        does: dict[GridAction, Callable[[], object]] = {
            GridAction.ACCEPT: partial(self._confirm, stamp, Device.KEYBOARD),
            GridAction.MARK: partial(self.view.toggle, self.view.at),
            GridAction.MOVE: partial(self.view.step, key),
            GridAction.ASSIGN: partial(self._assign, stamp, Device.KEYBOARD),
            GridAction.NEXT_PAGE: partial(self._turn, 1),
            GridAction.PAGE_BEFORE: partial(self._turn, -1),
            GridAction.LARGER: partial(self._resize_cells, 1),
            GridAction.SMALLER: partial(self._resize_cells, -1),
            GridAction.UNDO: self.undo_wanted.emit,
            GridAction.BACK: self.back_wanted.emit,
        }
        does[action]()

    def _resize_cells(self, steps: int) -> None:
        self.view.resize_cells(steps)
        self.page_wanted.emit(0)

    def _build(self) -> None:
        self._accept = key_button(GRID_KEYS[GridAction.ACCEPT], primary=True)
        self._accept.clicked.connect(self._accept_clicked)
        label = key_button(GRID_KEYS[GridAction.ASSIGN])
        label.clicked.connect(self._label_clicked)
        undo = key_button(GRID_KEYS[GridAction.UNDO])
        undo.clicked.connect(self.undo_wanted)
        back = key_button(GRID_KEYS[GridAction.BACK])
        back.clicked.connect(self.back_wanted)
        for button in (self._accept, label, undo, back):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Space and Enter belong to the images
        self._sections.setAccessibleName("Class or list")
        self._classes.setAccessibleName("Class to label as")
        for button in (self._accept, label, undo, back):
            button.let_fold()
        for box in (self._sections, self._classes):  # as wide as usual names; the list shows all of them
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(_USUAL_LETTERS)
            box.setMaximumWidth(box.sizeHint().width())
            box.setMinimumContentsLength(_LEAST_LETTERS)
            box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            box.view().setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self._sections.activated.connect(self._section_chosen)
        self._classes.activated.connect(self.setFocus)
        head = QHBoxLayout()
        head.setSpacing(2 * GRID)
        head.addWidget(self._title, 1)
        head.addWidget(self._sections, 1)
        foot = QHBoxLayout()
        foot.setSpacing(GRID)
        for widget, stretch in ((self._accept, 0), (label, 0), (self._classes, 3), (undo, 0)):
            foot.addWidget(widget, stretch)
        foot.addStretch(1)
        foot.addWidget(back)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        layout.setSpacing(GRID)
        layout.addLayout(head)
        layout.addWidget(self._words)
        layout.addWidget(self.view, 1)
        layout.addWidget(self._said)
        layout.addLayout(foot)

    def _filled(self) -> None:
        if self._on_screen is None and self.isVisible() and self.view.is_filled:
            self._on_screen = OnScreen(time.perf_counter_ns())

    def _touch(self, stamp: Stamp) -> None:
        if self._on_screen is not None and counts(self._on_screen, stamp.at_ns):
            self._on_screen = observe(self._on_screen, Touch(stamp.at_ns))

    def _timing(self, stamp: Stamp, device: Device, images: int) -> Timing | None:
        if self._on_screen is None or not counts(self._on_screen, stamp.at_ns) or images == 0:
            return None  # not all images have been seen
        decision = Decision(stamp.at_ns, stamp.handler_ns, stamp.source, device, self._stalls.stop())
        return timing_of(self._on_screen, decision, images)

    def _confirm(self, stamp: Stamp, device: Device) -> None:
        data = self._data
        if data is not None and data.following is not None:
            self.section_wanted.emit(data.following)
            return
        if data is None or not data.accepts:
            return
        if self._on_screen is None or stamp.at_ns < self._on_screen.onset_ns + self.looked_after_ns:
            self.say("These images have only just come: look first, then accept them.")
            return
        unread = self.view.unread | self.view.gone
        items = [cell.item for cell in data.cells if cell.item not in unread]
        timing = self._timing(stamp, device, len(items))
        if timing is not None:
            odd = tuple(item for item in items if item in self.view.marked)
            accepted = tuple(item for item in items if item not in self.view.marked)
            self.confirmed.emit(GridAnswer(accepted, odd, timing))

    def _assign(self, stamp: Stamp, device: Device) -> None:
        cells = self.view.cells
        if not cells:
            return
        at = cells[self.view.at].item
        items = [cell.item for cell in cells if cell.item in self.view.marked]
        if not items and at not in self.view.gone:
            items = [at]
        timing = self._timing(stamp, device, len(items))
        if timing is not None:
            self.assigned.emit(tuple(items), self._classes.currentText(), timing)

    def _turn(self, by: int) -> None:
        data = self._data
        if data is not None and 0 <= data.page + by < data.pages:
            self.page_wanted.emit(data.page + by)

    def _clicked(self, event: QMouseEvent) -> None:
        self._touch(self.clock.stamp(event.timestamp(), time.perf_counter_ns()))

    def _section_chosen(self, index: int) -> None:
        self.section_wanted.emit(index)
        self.setFocus()

    def _accept_clicked(self) -> None:
        self._confirm(self.clock.stamp(0, time.perf_counter_ns()), Device.MOUSE)

    def _label_clicked(self) -> None:
        self._assign(self.clock.stamp(0, time.perf_counter_ns()), Device.MOUSE)


def _fill(box: QComboBox, texts: Sequence[str], chosen: int) -> None:
    box.blockSignals(True)
    box.clear()
    box.addItems(list(texts))
    box.setCurrentIndex(chosen)
    box.blockSignals(False)
