"""The classes of a project: added, renamed, merged and parted again, each with a key, a colour and an example."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from functools import partial
from operator import attrgetter

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QColorDialog,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from ui.kit import theme
from ui.kit.columns import TableColumn
from ui.kit.key_page import KeyPage
from ui.kit.keys import ENTER, Key, KeyTable
from ui.kit.layouts import ChoiceBox, button_row
from ui.kit.table import ChoiceTable
from ui.kit.theme import GRID
from ui.labeling.classes.class_rows import ClassRow


class ClassesAction(Enum):
    """What can be done with classes."""

    UP = "up"
    DOWN = "down"
    ADD = "add"
    RENAME = "rename"
    KEY = "key"
    TEXT = "text"
    COLOUR = "colour"
    EXAMPLE = "example"
    MERGE = "merge"
    BACK = "back"


_A = ClassesAction
CLASSES_KEYS = KeyTable(
    "Classes",
    (
        Key(_A.UP, ("Up",), "Choose the class above", repeats=True),
        Key(_A.DOWN, ("Down",), "Choose the class below", repeats=True),
        Key(_A.ADD, ENTER, "Add the class whose name is typed", "Add"),
        Key(_A.RENAME, ("F2",), "Give the chosen class the typed name", "Rename"),
        Key(
            _A.KEY,
            ("F3",),
            "Answer with the chosen class by the typed character (empty: no key)",
            "Use as key",
        ),
        Key(
            _A.TEXT,
            ("F7",),
            "Let the network read the typed text for the chosen class (empty: the template with its name)",
            "Use as text",
        ),
        Key(_A.COLOUR, ("F4",), "Give the chosen class a colour, or take it away", "Colour"),
        Key(_A.EXAMPLE, ("F6",), "Make the current image the chosen class's example", "Example: this image"),
        Key(
            _A.MERGE,
            ("F8",),
            "Merge the chosen class into the one beside the button, or separate it again",
            "Merge into",
        ),
        Key(_A.BACK, ("Esc",), "Back to the images", "Back"),
    ),
)


def _full_name(row: ClassRow) -> str:
    return f"{row.name}   (merged into {row.part_of})" if row.part_of else row.name


_COLUMNS = (
    TableColumn(
        "Class", "Its name, and the class that it was merged into.", _full_name, colour=attrgetter("colour")
    ),
    TableColumn("Your labels", "Images to which a person gave it.", attrgetter("labels"), text="{:,}".format),
    TableColumn("Key", "The character that answers with it.", attrgetter("key")),
    TableColumn("Example", "The image that stands for it.", attrgetter("example")),
)


_TEXT = TableColumn("Text", "What the network reads for it.", attrgetter("text"))


class ClassesPage(KeyPage):
    """Shows the list; every change goes out as a signal and comes back by ``show_rows``."""

    added = Signal(str)
    renamed = Signal(int, str)
    key_given = Signal(int, str)
    text_given = Signal(int, str)
    coloured = Signal(int, str)
    example_wanted = Signal(int)
    merged = Signal(int, int)  # a class into another; into itself: apart again
    back_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(CLASSES_KEYS, parent)
        self.setAccessibleName("Classes of the project")
        self._rows: tuple[ClassRow, ...] = ()
        self._reads = False  # the network reads the classes' names
        self._table = ChoiceTable("Classes")
        self._table.chosen_changed.connect(self._follow_chosen)
        self._table.typed.connect(self._type)
        self._text = QLineEdit()
        self._text.setPlaceholderText("A name, or a character for the key")
        self._text.setAccessibleName("Name or key")
        self._into = ChoiceBox()
        self._into.setAccessibleName("Class to merge into")
        self._into.setPlaceholderText("Class")
        self._message = theme.hint_label("")
        self._build()

    def show_rows(self, rows: Sequence[ClassRow]) -> None:
        """List the classes; the chosen one stays chosen."""
        chosen = self._chosen_row()
        self._rows = tuple(rows)
        self._table.set_rows((*_COLUMNS, _TEXT) if self._reads else _COLUMNS, rows)
        place = next((i for i, row in enumerate(rows) if chosen and row.class_id == chosen.class_id), 0)
        self._table.choose(place)
        self._follow_chosen()

    def show_message(self, text: str) -> None:
        """Say what was done, or what is wrong."""
        self._message.setText(text)

    def begin(self, reads: bool) -> None:
        """The page comes on screen; ``reads``: the network reads the classes' names."""
        self._reads = reads
        self._as_text.setVisible(reads)
        self.show_message("")
        self._text.clear()
        self._text.setFocus()

    def _build(self) -> None:
        self.on(_A.UP, partial(self._move, -1))
        self.on(_A.DOWN, partial(self._move, 1))
        add = self.button(_A.ADD, self._add, primary=True)
        rename = self.button(_A.RENAME, self._rename)
        give = self.button(_A.KEY, self._give_key)
        self._as_text = self.button(_A.TEXT, self._give_text)
        colour = self.button(_A.COLOUR, self._colour)
        example = self.button(_A.EXAMPLE, self._example)
        self._merging = self.button(_A.MERGE, self._merge)
        back = self.button(_A.BACK, self.back_wanted.emit)
        named = QHBoxLayout()
        named.setSpacing(GRID)
        named.addWidget(self._text, 1)
        for button in (add, rename, give):
            named.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(3 * GRID, GRID, 3 * GRID, GRID)
        layout.setSpacing(GRID)
        head = QHBoxLayout()
        head.setSpacing(2 * GRID)
        head.addWidget(theme.title_label("Classes"))
        head.addWidget(
            theme.hint_label("Labels stay with their class, whatever it is called and merged into."), 1
        )
        layout.addLayout(head)
        layout.addWidget(self._table, 1)
        layout.addLayout(named)
        layout.addWidget(button_row(self._as_text, colour, example, self._merging, self._into))
        foot = QHBoxLayout()
        foot.setSpacing(GRID)
        foot.addWidget(back)
        foot.addWidget(self._message, 1)
        layout.addLayout(foot)

    def _chosen_row(self) -> ClassRow | None:
        place = self._table.chosen
        return None if place is None else self._rows[place]

    def _follow_chosen(self) -> None:
        chosen = self._chosen_row()
        apart = chosen is not None and bool(chosen.part_of)
        self._merging.setText("Separate again" if apart else "Merge into")
        self._into.setEnabled(not apart)
        before = self._into.currentData()
        self._into.clear()
        for row in self._rows:
            if row is not chosen and not row.part_of:
                self._into.addItem(row.name, row.class_id)
        self._into.setCurrentIndex(self._into.findData(before))

    def _move(self, by: int) -> None:
        place = self._table.chosen
        if place is not None:
            self._table.choose(place + by)

    def _type(self, text: str) -> None:
        self._text.setFocus()
        self._text.insert(text)

    def _add(self) -> None:
        text = self._text.text().strip()
        if text:
            self._text.clear()
            self.added.emit(text)

    def _rename(self) -> None:
        chosen, text = self._chosen_row(), self._text.text().strip()
        if chosen is not None:
            self._text.clear()
            self.renamed.emit(chosen.class_id, text)

    def _give_key(self) -> None:
        chosen, text = self._chosen_row(), self._text.text().strip()
        if chosen is not None:
            self._text.clear()
            self.key_given.emit(chosen.class_id, text)

    def _give_text(self) -> None:
        chosen, text = self._chosen_row(), self._text.text().strip()
        if chosen is not None:
            self._text.clear()
            self.text_given.emit(chosen.class_id, text)

    def _colour(self) -> None:
        chosen = self._chosen_row()
        if chosen is None:
            return
        if chosen.colour:
            self.coloured.emit(chosen.class_id, "")
            return
        colour = QColorDialog.getColor(QColor("#0072b2"), self, f"Colour of {chosen.name}")
        if colour.isValid():
            self.coloured.emit(chosen.class_id, colour.name())

    def _example(self) -> None:
        chosen = self._chosen_row()
        if chosen is not None:
            self.example_wanted.emit(chosen.class_id)

    def _merge(self) -> None:
        chosen = self._chosen_row()
        if chosen is None:
            return
        into = chosen.class_id if chosen.part_of else self._into.currentData()
        if into is None:
            self.show_message(f"Choose the class that {chosen.name} is merged into, beside the button.")
            self._into.setFocus()
        else:
            self.merged.emit(chosen.class_id, into)
