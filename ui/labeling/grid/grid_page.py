"""Many images of one class at once: one key confirms all but the odd ones, which a key or a click marks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from studies.answers import Device
from studies.pages.marking import confirm
from ui.answering.pages.page_images import LoadImage
from ui.answering.pages.page_keys import PAGE_KEYS, PageAction
from ui.answering.pages.page_layout import PAGE_SIZES
from ui.answering.pages.page_values import PageCell, PageConfirmed
from ui.answering.pages.page_view import PageView
from ui.kit import theme
from ui.kit.keys import Tables
from ui.kit.menus import MenuEntry, PageMenu
from ui.kit.theme import GRID, FontRole
from ui.labeling.elided_label import ElidedLabel
from ui.labeling.grid.grid_data import QUEUE, GridAnswer, GridCell, GridPageData, ListRow
from ui.labeling.grid.grid_foot import GridFoot
from ui.labeling.grid.grid_keys import GRID_KEYS, GridAction
from ui.labeling.grid.side_list import SideList
from ui.labeling.grid.typed_choices import TypedChoices

_USUAL = 24  # images of a page
_LEAST_BESIDE = 420  # px for the images, where the lists stand beside them
_UNREAD = "None of these images can be read: nothing is said about them."
_NO_CLASS = "This list is of no class: mark images, then label them with A."


class GridPage(QWidget):
    """Draws a page of a list and emits what was decided; it holds no state of the project."""

    confirmed = Signal(object)  # GridAnswer
    assigned = Signal(object, str, object)  # items, class name, Timing
    named = Signal(object, str)  # GridAnswer, and what its images show
    not_one_class = Signal(object)  # GridAnswer
    section_wanted = Signal(int)
    page_wanted = Signal(int)  # by how many pages
    size_changed = Signal()  # another number of images from the next page on
    undo_wanted = Signal()
    back_wanted = Signal()

    def __init__(self, load: LoadImage, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Many images at once")
        self.view, self.side = PageView(load), SideList()
        self._typed = TypedChoices(self, self.view, self.side)
        self._finder = self._typed.finder
        self._data: GridPageData | None = None
        self._marks: set[int] = set()  # items of the list's other pages
        self.wanted_size = _USUAL  # images of a page, where there is room
        self._title = ElidedLabel(cut=Qt.TextElideMode.ElideMiddle)
        self._title.setFont(theme.font(FontRole.LARGE))
        self._place = theme.hint_label("")
        self._words = theme.hint_label("")
        self._said = theme.hint_label("")
        self._foot = GridFoot()
        self._build()
        self.setFocusProxy(self.view)
        self.view.confirmed.connect(self._confirmed)
        self.view.refused.connect(self.say)
        self.view.images.away.connect(self.say)
        self.view.marks_changed.connect(self._count_marks)
        self.side.wanted.connect(self._go_to)
        self._typed.section_wanted.connect(self._go_to)
        self._typed.said.connect(self.say)
        self._typed.assigned.connect(self.assigned)
        self._typed.named.connect(self.named)
        self._typed.not_one_class.connect(self.not_one_class)

    @property
    def capacity(self) -> int:
        """How many images the next page holds: what is chosen, or as many as can be judged in this room."""
        if (layout := self.layout()) is not None:
            layout.activate()  # the lists may have made room just now
        return self.view.fitting(self.wanted_size, caption=True)

    @property
    def items(self) -> tuple[int, ...]:
        """The images of the page that is shown, in their places."""
        return () if self._data is None else tuple(cell.item for cell in self._data.cells)

    def show_data(self, data: GridPageData) -> None:
        """Show a page, its pixels first; its time runs from when all its images are on screen."""
        same = self._data is not None and self._data.section == data.section
        self._marks = (self._marks - self._shown()) | self._marked() if same else set()
        self._data = data
        self._typed.follow(data)
        self._title.setText(data.title if data.cells else data.explanation)
        self._place.setText(data.place)
        self._words.setText(data.explanation if data.cells else "")
        self._foot.show_confirm(data.accepts and bool(data.cells), data.following, data.names)
        self._foot.show_turns(self._can_turn(-1), self._can_turn(1))
        marks = [i for i, item in enumerate(self.items) if item in self._marks]
        self.view.show_page(_page_cells(data.cells), marks)
        self.prepare(data.coming)

    def prepare(self, coming: Sequence[GridCell]) -> None:
        """Decode the images of the next page."""
        self.view.prepare(_page_cells(coming))

    def show_lists(self, rows: tuple[ListRow, ...]) -> None:
        """Show what else there is to look at."""
        if self._data is not None:
            self.side.show_rows(rows, self._data.section)

    def forget_marks(self) -> None:
        """What was marked is decided."""
        self.view.hold_marks(())

    def take_away(self, items: Iterable[int]) -> None:
        """Images of the page were decided about: their places are empty, and all others stay."""
        gone = set(items)
        cells = () if self._data is None else self._data.cells
        self.view.take_away(i for i, cell in enumerate(cells) if cell.item in gone)
        if self.view.is_done:
            self.page_wanted.emit(0)

    def say(self, text: str) -> None:
        """A sentence below the images."""
        self._said.setText(text)

    def key_tables(self) -> Tables:
        """The keys that hold here."""
        return (PAGE_KEYS, GRID_KEYS)

    def menus(self) -> tuple[PageMenu, ...]:
        """All that its keys do, but those that mark images."""
        return (PageMenu("Images", self._menu_entries),)

    def close_threads(self) -> None:
        """End decoding."""
        self.view.close_threads()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keys that the images do not take."""
        entry = GRID_KEYS.find(event)
        fresh = self.view.inputs.held.is_fresh(event.key(), event.timestamp(), event.isAutoRepeat())
        if entry is not None:
            if fresh:
                self._act(entry[0].action, event)
        elif PAGE_KEYS.action_of(event.key()) is PageAction.CONFIRM and fresh and self._goes_on():
            pass
        else:
            event.ignore()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The lists stand beside the images where there is room."""
        super().resizeEvent(event)
        self.side.setVisible(self.width() - self.side.width() >= _LEAST_BESIDE)
        self._finder.leave()

    def _menu_entries(self) -> tuple[MenuEntry, ...]:
        confirm = PAGE_KEYS[PageAction.CONFIRM]
        said = MenuEntry(confirm.text, confirm.hint, self._confirm_clicked, self._foot.confirm.isEnabled())
        return (
            said,
            *(MenuEntry(key.text, key.hint, partial(self._act, key.action)) for key in GRID_KEYS.keys),
        )

    def _act(self, action: GridAction, event: QKeyEvent | None = None) -> None:
        does: dict[GridAction, Callable[[], object]] = {
            GridAction.ASSIGN: self._typed.ask_class,
            GridAction.NOT_ONE: partial(self._typed.refuse, event),
            GridAction.LISTS: self._typed.ask_list,
            GridAction.NEXT_PAGE: partial(self._turn, 1),
            GridAction.PAGE_BEFORE: partial(self._turn, -1),
            GridAction.MORE: partial(self._step_size, 1),
            GridAction.FEWER: partial(self._step_size, -1),
            GridAction.UNDO: self.undo_wanted.emit,
            GridAction.BACK: self.back_wanted.emit,
        }
        does[action]()

    def _build(self) -> None:
        self._foot.confirm.clicked.connect(self._confirm_clicked)
        self._foot.wanted.connect(self._act)
        self._foot.size_wanted.connect(self._choose_size)
        self._foot.show_size(self.wanted_size)
        for button in (self._foot.confirm, self._foot.not_one):
            self.view.inputs.watch(button)
        self._place.setWordWrap(False)
        head = QHBoxLayout()
        head.setSpacing(2 * GRID)
        head.addWidget(self._title, 1)
        head.addWidget(self._place, 0, Qt.AlignmentFlag.AlignBottom)
        middle = QVBoxLayout()
        middle.setSpacing(GRID)
        middle.addLayout(head)
        middle.addWidget(self._words)
        middle.addWidget(self.view, 1)
        above = QWidget()
        above.setMinimumWidth(self.view.minimumSizeHint().width())
        beside = QHBoxLayout(above)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.setSpacing(2 * GRID)
        beside.addWidget(self.side)
        beside.addLayout(middle, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, GRID, 2 * GRID, 2 * GRID)
        layout.setSpacing(GRID)
        for part in (above, self._foot):  # what there is no room for is hidden: it keeps no window wide
            part.setSizePolicy(QSizePolicy.Policy.Ignored, part.sizePolicy().verticalPolicy())
        layout.addWidget(above, 1)
        layout.addWidget(self._said)
        layout.addWidget(self._foot)

    def _shown(self) -> set[int]:
        return set(self.items)

    def _marked(self) -> set[int]:
        return set() if self._data is None else {self._data.cells[i].item for i in self.view.marked}

    def _count_marks(self, _mark: object) -> None:
        marked = len(self.view.marked)
        self.say(f"{marked} marked" if marked else "")

    def _choose_size(self, size: int) -> None:
        self.wanted_size = size
        self._foot.show_size(size)
        fits = self.capacity
        self.say(
            f"{size} images a page, from the next page on."
            if fits == size
            else f"No more than {fits} images of a page can be judged in a window of this size."
        )
        self.size_changed.emit()

    def _step_size(self, steps: int) -> None:
        place = PAGE_SIZES.index(self.wanted_size) + steps
        self._choose_size(PAGE_SIZES[min(len(PAGE_SIZES) - 1, max(0, place))])

    def _turn(self, pages: int) -> None:
        if self._can_turn(pages):
            self.page_wanted.emit(pages)

    def _can_turn(self, pages: int) -> bool:
        data = self._data
        return data is not None and 0 <= data.start + (len(data.cells) if pages > 0 else -1) < data.count

    def _go_to(self, section: int) -> None:
        self.section_wanted.emit(section)
        self.view.setFocus()

    def _goes_on(self) -> bool:
        """Go to the next list, where this one is done."""
        if self._data is None or self._data.following is None:
            return False
        self._go_to(self._data.following.section)
        return True

    def _confirm_clicked(self) -> None:
        if not self._goes_on():
            self.view.confirm(self.view.inputs.click(), Device.MOUSE)

    def _confirmed(self, said: PageConfirmed) -> None:
        data, timing = self._data, confirm(said.page, said.decision)
        if data is None or timing is None:
            return
        if not data.accepts:
            self.say(_NO_CLASS)
            return
        answer = GridAnswer.of(data, said.page, self.view.gone, timing)
        if answer.says_something and data.names:
            self._typed.ask_name()
        elif (
            answer.says_something or data.section == QUEUE
        ):  # a page of the queue goes on whatever can be seen
            self.confirmed.emit(answer)
        else:
            self.say(_UNREAD)
            self._turn(1)


def _page_cells(cells: Sequence[GridCell]) -> list[PageCell]:
    return [PageCell(cell.item, cell.note) for cell in cells]
