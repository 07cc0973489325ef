"""What a project is labeled for, asked in one line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSizePolicy, QWidget

from studies.labeling.facts.goal import GoalKind
from ui.kit import theme
from ui.kit.theme import GRID, FontRole

GOALS: Mapping[str, str] = {
    GoalKind.LABELED.value: "All images labeled, wrong at most",
    GoalKind.MODEL.value: "A model, right at least",
    GoalKind.NONE.value: "Neither: label as much as you like",
}
_UNITS = {
    GoalKind.LABELED.value: "%",
    GoalKind.MODEL.value: "%",
}
_HELP = {
    GoalKind.LABELED.value: "Of the images; 0: you see each one yourself.",
    GoalKind.MODEL.value: "Of held-out images, which you label without help to measure with.",
    GoalKind.NONE.value: "You end when you like.",
}
_WIDTH = 10 * GRID  # px of a number


class GoalLine(QWidget):
    """A choice, and the number that belongs to it."""

    def __init__(self, fields: Sequence[QWidget]) -> None:
        """Take the choice, the share that may be wrong and the accuracy, in this order."""
        super().__init__()
        kind, share, accuracy = fields
        assert isinstance(kind, QComboBox)  # as the form makes them
        self._kind, self._numbers = kind, {GoalKind.LABELED.value: share, GoalKind.MODEL.value: accuracy}
        self._unit = QLabel()
        self.help = theme.hint_label("")  # to stand below
        self.help.setFont(theme.font(FontRole.SMALL))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        row.addWidget(kind)
        for number in self._numbers.values():
            number.setFixedWidth(_WIDTH)
            row.addWidget(number)
        self._unit.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        row.addWidget(self._unit, 1)
        kind.currentIndexChanged.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        chosen = self._kind.currentData()
        for kind, number in self._numbers.items():
            number.setVisible(kind == chosen)
        self._unit.setText(_UNITS.get(chosen, ""))
        self.help.setText(_HELP.get(chosen, ""))
