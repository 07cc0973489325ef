"""The buttons below a page of the grid, each with its key."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QPushButton, QWidget

from ui.answering.pages.page_keys import PAGE_KEYS, PageAction
from ui.answering.pages.page_layout import PAGE_SIZES
from ui.kit.key_page import key_button
from ui.kit.theme import GRID
from ui.labeling.grid.grid_data import Following
from ui.labeling.grid.grid_keys import GRID_KEYS, GridAction

_NAME = "Name them"
_NAME_WIDTH = 160  # px of the next list's name


class GridFoot(QWidget):
    """No button takes the focus: Space and Enter belong to the images."""

    wanted = Signal(object)  # GridAction
    size_wanted = Signal(int)  # images a page

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.confirm = key_button(PAGE_KEYS[PageAction.CONFIRM], primary=True)
        self._sizes = QButtonGroup(self)
        self._sizes.idClicked.connect(self.size_wanted)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addWidget(self.confirm)
        self.not_one = self._button(GridAction.NOT_ONE)
        self._names = False  # the page is of no class, and the person names it
        layout.addWidget(self.not_one)
        self.not_one.hide()
        self._undo = self._button(GridAction.UNDO)
        for button in (self._button(GridAction.ASSIGN), self._undo, self._button(GridAction.LISTS)):
            layout.addWidget(button)
        layout.addStretch()
        self._before = self._button(GridAction.PAGE_BEFORE)
        self._next = self._button(GridAction.NEXT_PAGE)
        self._before.setAccessibleName("Page before")
        self._next.setAccessibleName("Next page")
        layout.addWidget(self._before)
        layout.addWidget(self._next)
        layout.addStretch()
        layout.addLayout(self._size_buttons())
        layout.addStretch()
        layout.addWidget(self._button(GridAction.BACK))
        for child in self.findChildren(QAbstractButton):
            child.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_size(self, size: int) -> None:
        """Which page size is chosen."""
        self._sizes.button(size).setChecked(True)

    def show_confirm(self, holds: bool, after: Following | None, names: bool = False) -> None:
        """What Enter does: confirm the page, if that ``holds``, or ask for its name, or go on to the next list."""
        usual = _NAME if names else PAGE_KEYS[PageAction.CONFIRM].label
        if after is not None:
            name = self.fontMetrics().elidedText(after.name, Qt.TextElideMode.ElideMiddle, _NAME_WIDTH)
            usual = f"Next: {name}, {after.count:,}"
        self.confirm.setText(usual)
        self.confirm.setEnabled(holds or after is not None)
        if names is not self._names:
            self._names = names
            self.not_one.setVisible(names)
            self._fold()

    def show_turns(self, before: bool, after: bool) -> None:
        """Whether there is a page before and after this one."""
        self._before.setEnabled(before)
        self._next.setEnabled(after)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Without room first the sizes and Undo go, then the turning of pages; every key holds as before."""
        super().resizeEvent(event)
        self._fold()

    def _fold(self) -> None:
        buttons = self.findChildren(QAbstractButton)
        needed = sum(_width(button) for button in buttons if self._names or button is not self.not_one)
        for folding in ((*self._sizes.buttons(), self._undo), (self._before, self._next)):
            for button in folding:
                button.setVisible(needed <= self.width())
            if needed > self.width():
                needed -= sum(_width(button) for button in folding)

    def _button(self, action: GridAction) -> QPushButton:
        button = key_button(GRID_KEYS[action])
        button.clicked.connect(partial(self.wanted.emit, action))
        return button

    def _size_buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(2)
        keys = f"{GRID_KEYS[GridAction.MORE].hint} and {GRID_KEYS[GridAction.FEWER].hint}"
        for size in PAGE_SIZES:
            button = QPushButton(str(size))
            button.setCheckable(True)
            button.setAccessibleName(f"{size} images a page")
            button.setToolTip(f"{size} images a page, from the next page on ({keys})")
            self._sizes.addButton(button, size)
            row.addWidget(button)
        return row


def _width(button: QAbstractButton) -> int:
    return button.sizeHint().width() + GRID
