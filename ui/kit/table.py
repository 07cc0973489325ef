"""A table of frozen rows: sortable, copyable, with units in its header and reasons for what is undefined."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QKeyEvent, QKeySequence, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from studies.numerals import three_digits
from ui.kit.columns import UNDEFINED, TableColumn, Value
from ui.kit.theme import GRID

_DOT = 2 * GRID  # px

_Index = QModelIndex | QPersistentModelIndex
_Role = Qt.ItemDataRole


class RowsModel(QAbstractTableModel):
    """Shows rows through columns; the first column names the row to a screen reader."""

    def __init__(self) -> None:
        super().__init__()
        self._columns: Sequence[TableColumn] = ()
        self._rows: list[object] = []

    def set_rows(self, columns: Sequence[TableColumn], rows: Sequence[object]) -> None:
        """Replace everything."""
        self.beginResetModel()
        self._columns = columns
        self._rows = list(rows)
        self.endResetModel()

    def rowCount(self, parent: _Index | None = None) -> int:
        """Return the number of rows."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index | None = None) -> int:
        """Return the number of columns."""
        return 0 if parent is not None and parent.isValid() else len(self._columns)

    def data(self, index: _Index, role: int = _Role.DisplayRole) -> Any:
        """Return a cell as text, its alignment, tool tip or accessible text."""
        column, row = self._columns[index.column()], self._rows[index.row()]
        value = column.value(row)
        if role == _Role.DisplayRole:
            return _write(column, value)
        if role == _Role.DecorationRole:
            return _dot(column, row)
        if role == _Role.TextAlignmentRole:
            return _side(value)
        if role == _Role.ToolTipRole:
            return _tool_tip(column, value)
        if role == _Role.AccessibleTextRole:
            return self._speak(index.row(), column, value)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole) -> Any:
        """Return a column's header with its unit, or what it means."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self._columns):
            return None
        column = self._columns[section]
        if role in (_Role.DisplayRole, _Role.AccessibleTextRole):
            return column.header
        if role == _Role.ToolTipRole:
            return column.meaning
        if role == _Role.TextAlignmentRole:
            return _side(column.value(self._rows[0]) if self._rows else None)
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; undefined values stay at the end either way, and what is selected stays so."""
        if not 0 <= column < len(self._columns):
            return
        self.layoutAboutToBeChanged.emit()
        value = self._columns[column].value
        places = [i for i, row in enumerate(self._rows) if value(row) is not None]
        places.sort(
            key=lambda i: _sort_key(value(self._rows[i])), reverse=order is Qt.SortOrder.DescendingOrder
        )
        places += [i for i, row in enumerate(self._rows) if value(row) is None]
        moved = {old: new for new, old in enumerate(places)}
        self._rows = [self._rows[i] for i in places]
        before = self.persistentIndexList()
        self.changePersistentIndexList(
            before, [self.index(moved[index.row()], index.column()) for index in before]
        )
        self.layoutChanged.emit()

    def _speak(self, row: int, column: TableColumn, value: Value) -> str:
        first = self._columns[0]
        name = _write(first, first.value(self._rows[row]))
        text = f"{_write(column, value)} {column.unit}".strip()
        if value is None:
            text = column.undefined or "undefined"
        return text if column is first else f"{name}, {column.title}: {text}"


def _side(value: Value) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignLeft if isinstance(value, str) else Qt.AlignmentFlag.AlignRight
    return side | Qt.AlignmentFlag.AlignVCenter


def _write(column: TableColumn, value: Value) -> str:
    if value is None:
        return UNDEFINED
    if column.text is not None:
        return column.text(value)
    return three_digits(value) if isinstance(value, float) else str(value)


def _dot(column: TableColumn, row: object) -> QIcon | None:
    colour = column.colour(row) if column.colour is not None else ""
    if not colour:
        return None
    pixels = QPixmap(_DOT, _DOT)
    pixels.fill(QColor(colour))
    icon = QIcon(pixels)
    icon.addPixmap(pixels, QIcon.Mode.Selected)  # which would tint it
    return icon


def _tool_tip(column: TableColumn, value: Value) -> str | None:
    if value is None:
        return column.undefined
    return f"{value:.9g} {column.unit}".strip() if isinstance(value, float) else None


def _sort_key(value: Value) -> tuple[bool, str | float]:
    return (True, value.casefold()) if isinstance(value, str) else (False, value or 0)


class RowsTable(QTableView):
    """A view of a :class:`RowsModel`; Ctrl+C copies what is selected as tab-separated text."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._model = RowsModel()
        self.setModel(self._model)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)  # Tab leaves the table, arrows move in it
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 10)
        header = self.horizontalHeader()
        header.setSortIndicatorClearable(False)
        header.setHighlightSections(False)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)

    def set_rows(self, columns: Sequence[TableColumn], rows: Sequence[object]) -> None:
        """Show other rows, in the order given until a header is clicked."""
        self.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self._model.set_rows(columns, rows)
        self.resizeColumnsToContents()
        if rows:
            first = QItemSelectionModel.SelectionFlag.ClearAndSelect
            self.selectionModel().setCurrentIndex(self._model.index(0, 0), first)

    def fit_height(self, most_rows: int) -> None:
        """Take no more height than the rows there are, up to ``most_rows``; two rows are always seen."""
        least, most = (min(limit, max(1, self._model.rowCount())) for limit in (2, most_rows))
        self.setMinimumHeight(self._height_of(least))
        self.setMaximumHeight(self._height_of(most))

    def selected_text(self) -> str:
        """Return what is selected, tab-separated; with its header if it is more than one cell."""
        cells = sorted((index.row(), index.column()) for index in self.selectedIndexes())
        if not cells:
            return ""
        columns = sorted({column for _, column in cells})
        chosen = set(cells)
        lines = [
            "\t".join(self._copy_cell(row, column) if (row, column) in chosen else "" for column in columns)
            for row in sorted({row for row, _ in cells})
        ]
        if len(cells) > 1:
            titles = [self._model.headerData(c, Qt.Orientation.Horizontal) for c in columns]
            lines.insert(0, "\t".join(titles))
        return "\n".join(lines)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy by the platform's key; all else as ever."""
        if event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(self.selected_text())
        else:
            super().keyPressEvent(event)

    def _height_of(self, rows: int) -> int:
        inside = (
            self.horizontalHeader().sizeHint().height() + rows * self.verticalHeader().defaultSectionSize()
        )
        bar = self.horizontalScrollBar().sizeHint().height()
        return inside + bar + 2 * self.frameWidth() + 4

    def _copy_cell(self, row: int, column: int) -> str:
        text = str(self._model.data(self._model.index(row, column)))
        # An empty cell is what a spreadsheet takes for undefined; a tab within would shift the rest.
        return "" if text == UNDEFINED else " ".join(text.split())


class ChoiceTable(RowsTable):
    """A list of rows with one chosen, in the order given; the first column takes the remaining room."""

    chosen_changed = Signal()
    typed = Signal(str)  # a sign, for the page's own field: it searches nothing here

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self.setSortingEnabled(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.selectionModel().currentRowChanged.connect(self.chosen_changed)

    def set_rows(self, columns: Sequence[TableColumn], rows: Sequence[object]) -> None:
        """Show other rows; the first is chosen."""
        super().set_rows(columns, rows)
        self.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.choose(0)

    def keyboardSearch(self, search: str) -> None:
        """Tell what is typed."""
        self.typed.emit(search)

    @property
    def chosen(self) -> int | None:
        """The place of the chosen row; ``None`` where there are no rows."""
        index = self.currentIndex()
        return index.row() if index.isValid() else None

    def choose(self, place: int) -> None:
        """Choose a row by its place; one that there is not changes nothing."""
        index = self.model().index(place, 0)
        if index.isValid():
            self.setCurrentIndex(index)
