"""The keyboard interface: all classes in fixed places, answered by digit, typed letters, arrows or mouse."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from ui.answering.answer_keys import KEYBOARD_KEYS, KeyboardAction
from ui.answering.choosing import NOTHING, TAKEN_BACK, TOUCHED, PickerOutcome, answer_with
from ui.answering.class_cells import ClassCells, Mark
from ui.answering.type_ahead import digits_find, matches
from ui.kit.layouts import scrolling

_MAX_ROWS = 7  # beyond, the classes scroll


class ClassPicker(QWidget):
    """Holds the choice under way: typed letters and the class that Enter would answer."""

    clicked = Signal(object, object)  # PickerOutcome, QMouseEvent

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cells = ClassCells()
        self._cells.clicked.connect(self.clicked)
        self._cells.described.connect(self.setAccessibleDescription)
        self._area = scrolling(self._cells)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._area)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Classes")
        self._suggestion: str | None = None
        self._most_rows = _MAX_ROWS
        self._finds_digits = False

    @property
    def typed(self) -> str:
        """The letters typed so far."""
        return self._cells.typed

    @property
    def has_digits(self) -> bool:
        """Whether a digit answers (up to ten classes), or letters find a class."""
        return bool(self._cells.digits)

    @property
    def how(self) -> str:
        """How a class is answered with that is not suggested, in words."""
        if self._finds_digits:
            return "type its number or first letters, then Enter"
        return "press its digit" if self.has_digits else "type its first letters, then Enter"

    @property
    def finds_digits(self) -> bool:
        """Whether a digit is typed as part of a name."""
        return self._finds_digits

    def set_classes(self, classes: tuple[str, ...], marks: Sequence[Mark] = ()) -> None:
        """The classes of a block; their places do not change after this. ``marks``: none, or one per class."""
        self._cells.set_classes(classes, marks)
        self._finds_digits = digits_find(classes)
        self._fit_height()

    def set_most_rows(self, rows: int) -> None:
        """With more rows than this the classes scroll."""
        self._most_rows = rows
        self._fit_height()

    def reset(self, suggestion: str | None) -> None:
        """Forget the choice; ``suggestion`` is what Enter accepts."""
        self._suggestion = suggestion
        self._cells.seek("")

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
        if self._cells.candidate is not None:
            return answer_with(self._cells.classes[self._cells.candidate])
        if self._cells.typed or self._suggestion is None:
            return NOTHING
        return answer_with(self._suggestion)

    def _step(self, key: int) -> PickerOutcome:
        if not self._cells.step(key):
            return NOTHING
        self._show_cursor()
        return TOUCHED

    def _extends(self, text: str) -> bool:
        return bool(matches(self._cells.classes, self._cells.typed + text))

    def _type(self, text: str) -> PickerOutcome:
        typed = self._cells.typed + text
        self._cells.seek(typed)
        self._show_cursor()
        return TOUCHED

    def _take_back(self, typed: str) -> PickerOutcome:
        if not self._cells.typed and self._cells.candidate is None:
            return NOTHING
        self._cells.seek(typed)
        return TAKEN_BACK

    def _show_cursor(self) -> None:
        if self._cells.candidate is not None:
            place = self._cells.place(self._cells.candidate)
            self._area.ensureVisible(place.center().x(), place.center().y(), 0, place.height())

    def _fit_height(self) -> None:
        rows = min(self._most_rows, self._cells.rows(self.width()))
        self.setFixedHeight(rows * self._cells.row_height() + 2)
