"""The keyboard interface: all classes in fixed places, answered by digit, typed letters, arrows or mouse.

Classes that do not fit stand closer to each other, and where that is not enough they scroll. Typing scrolls nothing:
in their place it lists the classes that match, until one is chosen or the letters are erased.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QStackedLayout, QWidget

from ui.answering.answer_keys import KEYBOARD_KEYS, KeyboardAction
from ui.answering.choosing import NOTHING, TAKEN_BACK, TOUCHED, PickerOutcome, answer_with
from ui.answering.class_cells import ClassCells, Mark
from ui.answering.type_ahead import digits_find, matches
from ui.kit.layouts import scrolling

_LEAST_ROWS, _MAX_ROWS = 2, 7  # of the usual height; beyond, the classes scroll


class ClassPicker(QWidget):
    """Holds the choice under way: typed letters and the class that Enter would answer."""

    clicked = Signal(object, object)  # PickerOutcome, QMouseEvent

    def __init__(self, parent: QWidget | None = None, cells: type[ClassCells] = ClassCells) -> None:
        super().__init__(parent)
        self._cells = cells()
        self._found = cells(found_of=self._cells)
        for either in (self._cells, self._found):
            either.clicked.connect(self.clicked)
            either.described.connect(self.setAccessibleDescription)
        self._area = scrolling(self._cells)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._stack = QStackedLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.addWidget(self._area)
        self._stack.addWidget(self._found)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Classes")
        self._suggestion: str | None = None
        self._most_rows = _MAX_ROWS
        self._finds_digits = False
        self._usual_row = self._cells.row_height()  # px
        self._matching: list[int] = []  # the classes that the letters typed may mean, best first

    @property
    def typed(self) -> str:
        """The letters typed so far."""
        return self._cells.typed

    @property
    def scrolls(self) -> bool:
        """Whether not all classes are in sight at once."""
        return self._cells.rows(self.width()) * self._cells.row_height() > self._room()

    @property
    def finding(self) -> str:
        """What the letters typed find, in words; empty where none are typed."""
        shown = self._shown_cells
        if not shown.typed:
            return ""
        if shown.candidate is None:
            erase = KEYBOARD_KEYS[KeyboardAction.ERASE]
            return f'No class matches "{shown.typed}".   {erase.hint}: {erase.text.lower()}'
        enter = KEYBOARD_KEYS[KeyboardAction.ACCEPT].hint
        unseen = len(self._matching) - self._capacity() if shown is self._found else 0
        more = f"   (and {unseen:,} more: type on)" if unseen > 0 else ""
        return f"Find: {shown.typed}_   {enter}: {shown.classes[shown.candidate]}{more}"

    @property
    def has_digits(self) -> bool:
        """Whether a digit answers (up to ten classes), or letters find a class."""
        return bool(self._cells.digits)

    @property
    def how(self) -> str:
        """How a class is answered with that is not suggested, in words."""
        if self._finds_digits:
            return "type its number or first letters, then Enter"
        if not self.has_digits:
            return "type its first letters, then Enter"
        return "press its digit" if all(self._cells.digits) else "press its key"

    @property
    def finds_digits(self) -> bool:
        """Whether a digit is typed as part of a name."""
        return self._finds_digits

    def set_classes(self, classes: tuple[str, ...], marks: Sequence[Mark] = ()) -> None:
        """The classes of a block; their places do not change after this. ``marks``: none, or one per class."""
        for cells in (self._cells, self._found):
            cells.set_classes(classes, marks)
        self._finds_digits = digits_find(classes)
        self._fit_height()

    def take_height(self, most: int) -> None:
        """Take no more than ``most`` px of height, as whole rows, but room for two."""
        rows = min(_MAX_ROWS, max(_LEAST_ROWS, most // self._usual_row))
        if rows != self._most_rows:
            self._most_rows = rows
            self._fit_height()

    def reset(self, suggestion: str | None) -> None:
        """Forget the choice; ``suggestion`` is what Enter accepts."""
        self._suggestion = suggestion
        classes = self._cells.classes
        for cells in (self._cells, self._found):
            cells.suggest(classes.index(suggestion) if suggestion in classes else None)
        self._seek("")

    def press(self, key: int, text: str, digit: str = "", latin: str = "") -> PickerOutcome:
        """Take a key; says what it did to the choice.

        ``digit`` and ``latin``: what the key means by its place (:mod:`ui.kit.places`), where ``text`` means nothing.
        """
        cells = self._cells
        digit = digit or (str(int(text)) if text.isdecimal() else "")
        if digit and cells.digits:
            return answer_with(cells.classes[cells.digits.index(digit)]) if digit in cells.digits else NOTHING
        # Without NumLock the number pad's digits are arrows and the like.
        action = None if digit and self._finds_digits else KEYBOARD_KEYS.action_of(key)
        if key == Qt.Key.Key_Space and cells.typed and self._extends(" "):
            return self._type(" ")
        if action is KeyboardAction.ACCEPT:
            return self._accept()
        if action is KeyboardAction.MOVE:
            return self._step(key)
        if action in (KeyboardAction.ERASE, KeyboardAction.CLEAR):
            return self._take_back(cells.typed[:-1] if action is KeyboardAction.ERASE else "")
        if cells.digits:
            return NOTHING
        meant = next((sign for sign in (text, digit, latin) if sign and self._extends(sign)), text)
        if meant and meant.isprintable() and not meant.isspace():
            return self._type(meant)
        return NOTHING

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the classes as many rows as the new width needs."""
        super().resizeEvent(event)
        self._fit_height()

    def _accept(self) -> PickerOutcome:
        candidate = self._shown_cells.candidate
        if candidate is not None:
            return answer_with(self._cells.classes[candidate])
        if self._cells.typed or self._suggestion is None:
            return NOTHING
        return answer_with(self._suggestion)

    def _step(self, key: int) -> PickerOutcome:
        if not self._shown_cells.step(key):
            return NOTHING
        if self._cells.candidate is not None and not self._cells.typed:
            place = self._cells.place(self._cells.candidate)
            self._area.ensureVisible(place.center().x(), place.center().y(), 0, place.height())
        return TOUCHED

    def _extends(self, text: str) -> bool:
        return bool(matches(self._cells.classes, self._cells.typed + text))

    def _type(self, text: str) -> PickerOutcome:
        self._seek(self._cells.typed + text)
        return TOUCHED

    def _take_back(self, typed: str) -> PickerOutcome:
        if not self._cells.typed and self._cells.candidate is None:
            return NOTHING
        self._seek(typed)
        return TAKEN_BACK

    @property
    def _shown_cells(self) -> ClassCells:
        return self._found if self._stack.currentWidget() is self._found else self._cells

    def _seek(self, typed: str) -> None:
        self._matching = matches(self._cells.classes, typed)
        self._cells.seek(typed, self._matching)
        self._list_found()

    def _list_found(self) -> None:
        """Put the classes that were found in the place of all classes, where these are not all in sight."""
        listed = bool(self._cells.typed) and self.scrolls
        self._found.seek(self._cells.typed, self._matching[: self._capacity()])
        self._stack.setCurrentWidget(self._found if listed else self._area)

    def _capacity(self) -> int:
        return self._room() // self._found.row_height() * self._found.columns(self.width())

    def _room(self) -> int:
        return self._most_rows * self._usual_row

    def _fit_height(self) -> None:
        self._cells.set_tight(False)
        self._usual_row = self._cells.row_height()
        tight = self.scrolls
        for cells in (self._cells, self._found):
            cells.set_tight(tight)
        row = self._cells.row_height()
        rows = min(self._room() // row, self._cells.rows(self.width()))
        self.setFixedHeight(rows * row + 2)
        self._list_found()
