"""A table of frozen rows: sortable, copyable, with units in its header and reasons for what is undefined."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QItemSelectionModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from studies.numerals import three_digits

UNDEFINED = "–"

Value = str | int | float | None
_Index = QModelIndex | QPersistentModelIndex
_Role = Qt.ItemDataRole


@dataclass(frozen=True)
class Column:
    """A column: its header, what it means, its value of a row, and why a value may be undefined."""

    title: str
    meaning: str
    value: Callable[[Any], Value]
    unit: str = ""
    undefined: str = ""

    @property
    def header(self) -> str:
        """The title with its unit."""
        return f"{self.title} ({self.unit})" if self.unit else self.title


class RowsModel(QAbstractTableModel):
    """Shows rows through columns; the first column names the row to a screen reader."""

    def __init__(self) -> None:
        super().__init__()
        self._columns: Sequence[Column] = ()
        self._rows: list[object] = []

    def set_rows(self, columns: Sequence[Column], rows: Sequence[object]) -> None:
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
        column = self._columns[index.column()]
        value = column.value(self._rows[index.row()])
        if role == _Role.DisplayRole:
            return _shown(value)
        if role == _Role.TextAlignmentRole:
            return _side(value)
        if role == _Role.ToolTipRole:
            return _tool_tip(column, value)
        if role == _Role.AccessibleTextRole:
            return self._spoken(index.row(), column, value)
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

    def _spoken(self, row: int, column: Column, value: Value) -> str:
        name = _shown(self._columns[0].value(self._rows[row]))
        said = column.undefined or "undefined" if value is None else f"{_shown(value)} {column.unit}".strip()
        return said if column is self._columns[0] else f"{name}, {column.title}: {said}"


def _side(value: Value) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignLeft if isinstance(value, str) else Qt.AlignmentFlag.AlignRight
    return side | Qt.AlignmentFlag.AlignVCenter


def _shown(value: Value) -> str:
    if value is None:
        return UNDEFINED
    return three_digits(value) if isinstance(value, float) else str(value)


def _tool_tip(column: Column, value: Value) -> str | None:
    if value is None:
        return column.undefined
    return f"{value:.9g} {column.unit}".strip() if isinstance(value, float) else None


def _sort_key(value: Value) -> tuple[bool, str | float]:
    return (True, value.casefold()) if isinstance(value, str) else (False, value or 0)


class ResultsTable(QTableView):
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

    def set_rows(self, columns: Sequence[Column], rows: Sequence[object]) -> None:
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
            "\t".join(self._copied(row, column) if (row, column) in chosen else "" for column in columns)
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

    def _copied(self, row: int, column: int) -> str:
        text = str(self._model.data(self._model.index(row, column)))
        # An empty cell is what a spreadsheet takes for undefined; a tab within would shift the rest.
        return "" if text == UNDEFINED else " ".join(text.split())
