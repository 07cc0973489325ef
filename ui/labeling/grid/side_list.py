"""The lists beside a page: classes with how many images are sure, likely and done; then lists of no class."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from ui.answering.type_ahead import matches
from ui.kit import theme
from ui.kit.theme import GRID, FontRole
from ui.labeling.grid.grid_data import ListRow

_Index = QModelIndex | QPersistentModelIndex
_Role = Qt.ItemDataRole
_TITLES = ("Class", "sure", "likely", "done")
_MEANINGS = (
    "Of each class what there is to look at",
    "Labeled by the program, not yet confirmed by you",
    "Not labeled yet; the model predicts this class",
    "Labeled by you",
)
_COUNTS = range(1, 4)
_LAST = 3
_NEW_WORD_S = 1.0


class _Lists(QAbstractTableModel):
    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[ListRow, ...] = ()
        self.chosen = -1

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(_TITLES)

    def section(self, index: _Index) -> int | None:
        """The list that a cell leads to; of a name the first that holds anything."""
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        if index.column() in _COUNTS:
            return row.sections[index.column() - 1]
        filled = [s for s, count in zip(row.sections, row.counts, strict=True) if count and s is not None]
        return next(iter([*filled, *(s for s in row.sections if s is not None)]), None)

    def data(self, index: _Index, role: int = _Role.DisplayRole) -> Any:
        row, column = self.rows[index.row()], index.column()
        if role == _Role.DisplayRole:
            return row.name if column == 0 else self._count(row, column)
        if role == _Role.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignLeft if column == 0 else Qt.AlignmentFlag.AlignRight
            return side | Qt.AlignmentFlag.AlignVCenter
        if role == _Role.ToolTipRole:
            return row.name if column == 0 else _MEANINGS[column]
        if role == _Role.FontRole and self.chosen in row.sections:
            here = column == 0 or row.sections[column - 1] == self.chosen
            font = QFont(theme.font(FontRole.BODY))
            font.setBold(here)
            return font
        if role == _Role.AccessibleTextRole and column in _COUNTS:
            return f"{row.name}, {_TITLES[column]}: {row.counts[column - 1]:,}" if row.of_class else row.name
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole
    ) -> str | Qt.AlignmentFlag | None:
        if orientation is Qt.Orientation.Vertical:
            return None
        if role == _Role.DisplayRole:
            return _TITLES[section]
        if role == _Role.ToolTipRole:
            return _MEANINGS[section]
        if role == _Role.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft if section == 0 else Qt.AlignmentFlag.AlignRight
        return None

    def _count(self, row: ListRow, column: int) -> str:
        count = row.counts[column - 1]
        return f"{count:,}" if count or (not row.of_class and column == _LAST) else ""


class SideList(QTableView):
    """A click, or Enter, goes to a list; typed letters find a class."""

    wanted = Signal(int)  # a section's place

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = _Lists()
        self._typed, self._typed_at = "", 0.0
        self.setModel(self._model)
        self.setAccessibleName("Classes and lists")
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setStyleSheet("QTableView::item { padding: 0 4px; } QHeaderView::section { padding: 2px 4px; }")
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 6)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        bold = QFontMetrics(
            theme.font(FontRole.BODY, bold=True)
        )  # the list on the page: a number is never cut
        digits = bold.horizontalAdvance("00,000") + 2 * GRID
        for column in _COUNTS:
            header.resizeSection(column, digits)
        self.setFixedWidth(3 * digits + self.fontMetrics().horizontalAdvance("a usual name") + 3 * GRID)
        self.clicked.connect(self._go)

    def show_rows(self, rows: Sequence[ListRow], chosen: int) -> None:
        """Show the lists as they are now; ``chosen`` is the one on the page."""
        model, before = self._model, self._model.rows
        alike = [row.name for row in rows] == [row.name for row in before]
        if not alike:
            model.beginResetModel()
        model.rows, model.chosen = tuple(rows), chosen
        if alike:
            model.dataChanged.emit(model.index(0, 0), model.index(len(rows) - 1, _LAST))
        else:
            model.endResetModel()
            self.clearSpans()
            for place, row in enumerate(rows):
                if not row.of_class:
                    self.setSpan(place, 0, 1, _LAST)
        place = next(
            (i for i, row in enumerate(rows) if chosen in row.sections), -1
        )  # -1: a page of the queue
        if not self.hasFocus():
            self.setCurrentIndex(model.index(place, 0))
            self.scrollTo(self.currentIndex())

    @property
    def rows(self) -> tuple[ListRow, ...]:
        """What it shows."""
        return self._model.rows

    def section_of(self, row: int) -> int | None:
        """The list that a row's name leads to."""
        return self._model.section(self._model.index(row, 0))

    def keyboardSearch(self, search: str) -> None:
        """Go to the row that the letters typed within a second may mean."""
        now = time.monotonic()
        self._typed = search if now > self._typed_at + _NEW_WORD_S else self._typed + search
        self._typed_at = now
        found = matches([row.name for row in self.rows], self._typed)
        if found:
            self.setCurrentIndex(self._model.index(found[0], 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes to the list, wherever the platform would not."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():
                self._go(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def _go(self, index: _Index) -> None:
        section = self._model.section(index)
        if section is not None:
            self.wanted.emit(section)
