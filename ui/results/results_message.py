"""What stands in the results' place when there are none: a sentence, and buttons for what to do next."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ui.kit.theme import GRID, KeyButton
from ui.results.results_actions import ResultsAction

_WIDTH = 560


class ResultsMessage(QWidget):
    """A sentence in the middle of the page, with its next steps below."""

    def __init__(self, steps: Mapping[ResultsAction, KeyButton], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps = steps
        self.sentence = QLabel()
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.sentence.setWordWrap(True)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.sentence.setMinimumWidth(_WIDTH)
        self.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID)
        buttons.addStretch()
        for button in steps.values():
            buttons.addWidget(button)
        buttons.addStretch()
        layout = QVBoxLayout(self)
        layout.setSpacing(2 * GRID)
        layout.addStretch()
        layout.addWidget(self.sentence, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addLayout(buttons)
        layout.addStretch()

    def tell(self, sentence: str, *next_steps: ResultsAction) -> None:
        """Show a sentence and its next steps; the first of them gets the focus."""
        self.sentence.setText(sentence)
        for action, button in self._steps.items():
            button.setVisible(action in next_steps)
        self._steps[next_steps[0]].setFocus()
