"""The classes of a project: added, renamed, merged and parted again, each with a key, a colour and an example."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QIcon, QKeyEvent, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QColorDialog,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ui.kit import theme
from ui.kit.help_sheet import Section
from ui.kit.layouts import button_row
from ui.kit.theme import GRID

_COLUMNS = ("Class", "Your labels", "Key", "Example")
_KEYS = Section(
    "Classes",
    (
        ("Up and Down", "Choose a class"),
        ("Enter", "Add the class whose name is typed"),
        ("F2", "Give the chosen class the typed name"),
        ("F3", "Answer with the chosen class by the typed character (empty: no key)"),
        ("F4", "Give the chosen class a colour, or take it away"),
        ("F6", "Make the image on the desk the chosen class's example"),
        ("F8", "Merge the chosen class into the one beside the button, or part it again"),
        ("Esc", "Back to the images"),
    ),
)


@dataclass(frozen=True)
class ClassRow:
    """A class as the page lists it."""

    class_id: int
    name: str
    labels: int
    key: str
    colour: str
    example: str  # the image's name, or empty
    part_of: str = ""  # the class that it was merged into


class ClassesPage(QWidget):
    """Shows the list; every change goes out as a signal and comes back by ``show_rows``."""

    added = Signal(str)
    renamed = Signal(int, str)
    key_given = Signal(int, str)
    coloured = Signal(int, str)
    example_wanted = Signal(int)
    merged = Signal(int, int)  # a class into another; into itself: apart again
    back_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Classes of the project")
        self._rows: tuple[ClassRow, ...] = ()
        self._table = QTableWidget(0, len(_COLUMNS))
        self._table.setHorizontalHeaderLabels(list(_COLUMNS))
        self._table.verticalHeader().hide()
        self._table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self._table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self._table.setTabKeyNavigation(False)
        self._table.setAccessibleName("Classes")
        self._table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self._table.currentCellChanged.connect(self._chosen_changed)
        self._text = QLineEdit()
        self._text.setPlaceholderText("A name, or a character for the key")
        self._text.setAccessibleName("Name or key")
        self._into = QComboBox()
        self._into.setAccessibleName("Class to merge into")
        self._message = theme.hint_label("")
        self._build()

    def show_rows(self, rows: Sequence[ClassRow]) -> None:
        """List the classes; the chosen one stays chosen."""
        chosen = self._chosen()
        self._rows = tuple(rows)
        self._table.setRowCount(len(rows))
        for place, row in enumerate(rows):
            name = row.name if not row.part_of else f"{row.name}   (part of {row.part_of})"
            for column, text in enumerate((name, f"{row.labels:,}", row.key, row.example)):
                item = QTableWidgetItem(text)
                if column == 0 and row.colour:
                    item.setIcon(_dot(row.colour))
                if column == 1:
                    item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self._table.setItem(place, column, item)
        self._into.clear()
        for row in rows:
            if not row.part_of:
                self._into.addItem(row.name, row.class_id)
        place = next((i for i, row in enumerate(rows) if chosen and row.class_id == chosen.class_id), 0)
        self._table.setCurrentCell(place, 0)
        self._chosen_changed()

    def show_message(self, text: str) -> None:
        """Say what was done, or what is wrong."""
        self._message.setText(text)

    def begin(self) -> None:
        """The page comes on screen."""
        self.show_message("")
        self._text.clear()
        self._text.setFocus()

    def key_sections(self) -> tuple[Section, ...]:
        """The keys that hold here."""
        return (_KEYS,)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Every button by its key; arrows choose a class wherever the cursor is."""
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self.back_wanted.emit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self._add()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            place = self._table.currentRow() + (1 if key == Qt.Key.Key_Down else -1)
            if 0 <= place < len(self._rows):
                self._table.setCurrentCell(place, 0)
        elif key in self._by_key and not event.isAutoRepeat():
            self._by_key[key]()
        else:
            event.ignore()

    def _build(self) -> None:
        self._by_key: dict[int, Callable[[], None]] = {
            Qt.Key.Key_F2: self._rename,
            Qt.Key.Key_F3: self._give_key,
            Qt.Key.Key_F4: self._colour,
            Qt.Key.Key_F6: self._example,
            Qt.Key.Key_F8: self._merge,
        }
        add = theme.primary_button("Add", "Enter")
        add.clicked.connect(self._add)
        rename = theme.plain_button("Rename", "F2")
        rename.clicked.connect(self._rename)
        give = theme.plain_button("Use as key", "F3")
        give.clicked.connect(self._give_key)
        colour = theme.plain_button("Colour", "F4")
        colour.clicked.connect(self._colour)
        example = theme.plain_button("Example: this image", "F6")
        example.clicked.connect(self._example)
        self._merging = theme.plain_button("Merge into", "F8")
        self._merging.clicked.connect(self._merge)
        back = theme.plain_button("Back", "Esc")
        back.clicked.connect(self.back_wanted)
        named = QHBoxLayout()
        named.setSpacing(GRID)
        named.addWidget(self._text, 1)
        for button in (add, rename, give):
            named.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(3 * GRID, 2 * GRID, 3 * GRID, 2 * GRID)
        layout.setSpacing(GRID)
        layout.addWidget(theme.title_label("Classes"))
        layout.addWidget(
            theme.hint_label("Labels stay with their class, whatever it is called and merged into.")
        )
        layout.addWidget(self._table, 1)
        layout.addLayout(named)
        layout.addWidget(button_row(colour, example, self._merging, self._into))
        layout.addWidget(self._message)
        layout.addWidget(button_row(back))

    def _chosen(self) -> ClassRow | None:
        place = self._table.currentRow()
        return self._rows[place] if 0 <= place < len(self._rows) else None

    def _chosen_changed(self) -> None:
        chosen = self._chosen()
        apart = chosen is not None and bool(chosen.part_of)
        self._merging.setText("Part again" if apart else "Merge into")
        self._into.setEnabled(not apart)

    def _add(self) -> None:
        text = self._text.text().strip()
        if text:
            self._text.clear()
            self.added.emit(text)

    def _rename(self) -> None:
        chosen, text = self._chosen(), self._text.text().strip()
        if chosen is not None:
            self._text.clear()
            self.renamed.emit(chosen.class_id, text)

    def _give_key(self) -> None:
        chosen, text = self._chosen(), self._text.text().strip()
        if chosen is not None:
            self._text.clear()
            self.key_given.emit(chosen.class_id, text)

    def _colour(self) -> None:
        chosen = self._chosen()
        if chosen is None:
            return
        if chosen.colour:
            self.coloured.emit(chosen.class_id, "")
            return
        found = QColorDialog.getColor(QColor("#0072b2"), self, f"Colour of {chosen.name}")
        if found.isValid():
            self.coloured.emit(chosen.class_id, found.name())

    def _example(self) -> None:
        chosen = self._chosen()
        if chosen is not None:
            self.example_wanted.emit(chosen.class_id)

    def _merge(self) -> None:
        chosen = self._chosen()
        if chosen is not None:
            into = chosen.class_id if chosen.part_of else self._into.currentData()
            self.merged.emit(chosen.class_id, into)


def _dot(colour: str) -> QIcon:
    pixels = QPixmap(2 * GRID, 2 * GRID)
    pixels.fill(QColor(colour))
    return QIcon(pixels)
