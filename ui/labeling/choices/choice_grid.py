"""Choices below each other: what each is called, how it is given, and a line of help, all with one left edge."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QWidget

from ui.kit import theme
from ui.kit.layouts import button_row
from ui.kit.theme import GRID, FontRole
from ui.labeling.choices.choices import Choice, Part, Way

_NUMBER = 14 * GRID  # px of a field for a number
_LIST = 24  # letters of a list's choice that are seen in a narrow window


class ChoiceGrid(QWidget):
    """Parts with their choices in two columns: on the left what people say, and the paper's word below it."""

    def __init__(self, fields: Mapping[Way, QWidget]) -> None:
        super().__init__()
        self._fields = fields
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(2 * GRID)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(1, 1)
        self._names: list[QLabel] = []

    @property
    def names_width(self) -> int:
        """The width in px that the longest name takes."""
        return max((label.sizeHint().width() for label in self._names), default=0)

    def align(self, width: int) -> None:
        """Begin the second column ``width`` px after the first, as another grid does."""
        self._grid.setColumnMinimumWidth(0, width)

    def add_line(self, heading: QWidget, content: QWidget, help_: QWidget) -> None:
        """Add a part that is one line, beside its heading and above its help."""
        row = self._grid.rowCount()
        self._grid.addWidget(heading, row, 0)
        self._grid.addWidget(content, row, 1)
        self._grid.addWidget(help_, row + 1, 1)

    def add_part(self, part: Part) -> None:
        """Add a heading and the choices below it."""
        if self._grid.count():
            self._gap(2 * GRID)
        self._grid.addWidget(theme.section_label(part.title), self._grid.rowCount(), 0, 1, 2)
        for choice in part.choices:
            self._add_choice(choice)

    def add_below(self, widget: QWidget) -> None:
        """Add what belongs to the field above it."""
        self._gap(GRID // 2)
        self._grid.addWidget(button_row(widget), self._grid.rowCount(), 1)

    def _add_choice(self, choice: Choice) -> None:
        self._gap(GRID)
        field = self._fields[choice.way]
        name = QLabel(choice.text)
        name.setBuddy(field)
        self._names.append(name)
        row = self._grid.rowCount()
        self._grid.addWidget(name, row, 0)
        self._grid.addLayout(_with_unit(field, choice.unit), row, 1)
        for column, words in enumerate((choice.paper, choice.help)):
            if words:
                below = theme.hint_label(words)
                below.setFont(theme.font(FontRole.SMALL))
                self._grid.addWidget(below, row + 1, column, Qt.AlignmentFlag.AlignTop)

    def _gap(self, height: int) -> None:
        self._grid.setRowMinimumHeight(self._grid.rowCount(), height)


def _with_unit(field: QWidget, unit: str) -> QHBoxLayout:
    layout = QHBoxLayout()
    layout.setSpacing(GRID)
    layout.addWidget(field)
    if isinstance(field, QComboBox):
        field.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        field.setMinimumContentsLength(_LIST)
        field.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    if unit and isinstance(field, QLineEdit):
        field.setFixedWidth(_NUMBER)
        layout.addWidget(QLabel(unit), 1)
    return layout
