"""Finding one of many names by typed letters, over the page that asks for it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QStringListModel, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QListView, QVBoxLayout, QWidget

from ui.answering.type_ahead import fold, matches
from ui.kit import theme
from ui.kit.theme import GRID

_WIDTH, _MOST_ROWS = 360, 8
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_COMES_BACK = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)


class Finder(QFrame):
    """A line to type in, and the names that it may mean, best first; Enter takes one, Esc leaves."""

    chosen = Signal(int, object)  # which of the names; the QKeyEvent, or None for a click
    made = Signal(str, object)  # a new name; as above
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._around = parent
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAutoFillBackground(True)
        self._names: tuple[str, ...] = ()
        self._found: list[int] = []
        self._first: int | None = 0
        self._makes = False
        self._model = QStringListModel(self)
        self._title = theme.section_label("")
        self._line, self._list = QLineEdit(), QListView()
        self._line.setPlaceholderText("Type its first letters, then Enter")
        self._list.setModel(self._model)
        self._list.setAccessibleName("What is found")
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setUniformItemSizes(True)
        self._list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID, GRID, GRID, GRID)
        layout.setSpacing(GRID)
        for widget in (self._title, self._line, self._list):
            layout.addWidget(widget)
        self._line.installEventFilter(self)
        self._line.textEdited.connect(self._search)
        self._list.clicked.connect(lambda index: self._choose(index.row(), None))
        self.hide()

    def open(self, title: str, names: Sequence[str], first: int | None = 0, *, makes: bool = False) -> None:
        """Ask for one of ``names``; ``first`` is what Enter takes before anything is typed, if anything.

        ``makes``: the last row takes what is typed for a new name where none is like it. Enter alone never does: one
        has to go there first, so that a slip makes nothing.
        """
        self._names, self._first, self._makes = tuple(names), first, makes
        self._title.setText(title)
        self._line.setAccessibleName(title)
        self._line.clear()
        self._search("")
        self._place()
        self.show()
        self.raise_()
        self._list.scrollTo(self._list.currentIndex())
        self._line.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The line's keys that are not letters."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            return self._press(event)
        if isinstance(event, QFocusEvent) and event.lostFocus() and event.reason() not in _COMES_BACK:
            self.leave()
        return super().eventFilter(watched, event)

    def leave(self) -> None:
        """Ask no more."""
        if not self.isHidden():
            self.hide()
            self.closed.emit()

    def _press(self, event: QKeyEvent) -> bool:
        row = self._list.currentIndex().row()
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        elif event.key() in _ENTER:
            if not event.isAutoRepeat():
                self._choose(row, event)
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            index = self._model.index(row + (1 if event.key() == Qt.Key.Key_Down else -1))
            if index.isValid():
                self._list.setCurrentIndex(index)
        else:
            return False
        return True

    def _search(self, typed: str) -> None:
        self._found = matches(self._names, typed) if typed.strip() else list(range(len(self._names)))
        rows = [self._names[index] for index in self._found]
        if self._new_name():
            rows.append(f"New class: {self._new_name()}   (↓, then Enter)")
        self._model.setStringList(rows)
        current = 0 if typed.strip() else self._first
        last = len(self._found) - 1
        self._list.setCurrentIndex(self._model.index(-1 if current is None else min(current, last)))

    def _new_name(self) -> str:
        """What is typed, where it can be taken for a new name; else nothing."""
        typed = self._line.text().strip()
        is_new = all(fold(name) != fold(typed) for name in self._names)
        return typed if self._makes and is_new else ""

    def _choose(self, row: int, event: QKeyEvent | None) -> None:
        if 0 <= row < len(self._found):
            index = self._found[row]
            self.leave()
            self.chosen.emit(index, event)
        elif row == len(self._found) and (name := self._new_name()):
            self.leave()
            self.made.emit(name, event)

    def _place(self) -> None:
        around = self._around
        rows = min(_MOST_ROWS, len(self._names) + self._makes)
        self._list.setFixedHeight(
            min(rows * (self.fontMetrics().height() + 4) + 8, max(60, around.height() - 140))
        )
        self.setFixedWidth(min(_WIDTH, around.width() - 4 * GRID))
        self.adjustSize()
        self.move((around.width() - self.width()) // 2, max(0, (around.height() - self.height()) // 3))
