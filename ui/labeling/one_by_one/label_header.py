"""The line above the image: where the project stands, what the program does meanwhile, and buttons."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from ui.kit import theme
from ui.kit.key_page import key_button
from ui.kit.keys import WINDOW_KEYS, WindowAction
from ui.kit.theme import GRID
from ui.labeling.one_by_one.label_actions import LABEL_KEYS, LabelAction
from ui.labeling.one_by_one.label_card import LabelStatus

_BUTTONS = (LabelAction.UNDO, LabelAction.SKIP, LabelAction.GRID, LabelAction.PLAN, LabelAction.PANEL)


class LabelHeader(QWidget):
    """Texts that never move anything, and buttons that never take the keyboard."""

    pressed = Signal(object)  # LabelAction
    help_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title, self._progress, self._learner = QLabel(), QLabel(), theme.hint_label("")
        self._learner.setWordWrap(False)
        self._buttons: dict[QWidget, LabelAction] = {}
        words = QHBoxLayout()
        words.setSpacing(2 * GRID)
        for label, stretch in ((self._title, 2), (self._progress, 2), (self._learner, 5)):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            label.setFixedHeight(label.fontMetrics().height() + 2)  # an empty one would be lower
            words.addWidget(label, stretch)
        keys = QHBoxLayout()
        keys.setSpacing(GRID)
        for action in _BUTTONS:
            button = key_button(LABEL_KEYS[action])
            button.clicked.connect(self._clicked)
            self._buttons[button] = action
            keys.addWidget(button)
        help_ = key_button(WINDOW_KEYS[WindowAction.HELP])
        help_.clicked.connect(self.help_wanted)
        keys.addWidget(help_)
        for taken in (*self._buttons, help_):
            taken.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Space and Enter belong to the answer
        keys.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        layout.addLayout(words)
        layout.addLayout(keys)

    def draw(self, status: LabelStatus) -> None:
        """Show where things stand."""
        self._title.setText(status.title)
        self._progress.setText(status.progress)
        self._learner.setText(status.learner)
        self._learner.setToolTip(status.learner)

    def _clicked(self) -> None:
        sender = self.sender()
        if isinstance(sender, QWidget):
            self.pressed.emit(self._buttons[sender])
