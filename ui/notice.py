"""A message of the program over the top of the window: it is read whole, and moves nothing on the page below."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from ui.kit import theme
from ui.kit.keys import WINDOW_KEYS, WindowAction
from ui.kit.theme import GRID


class Notice(QFrame):
    """Stays until it is closed, replaced or taken back; it never takes the focus, and is in no layout."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.setAccessibleName("Message")
        self.setAutoFillBackground(True)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._words = theme.message_label()
        key = WINDOW_KEYS[WindowAction.CLOSE_NOTICE]
        button = theme.plain_button(key.label, key.hint)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.clicked.connect(self.close_notice)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2 * GRID, GRID, 2 * GRID, GRID)
        layout.setSpacing(2 * GRID)
        layout.addWidget(self._words, 1)
        layout.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    @property
    def text(self) -> str:
        """What it says; empty while it is closed."""
        return self._words.text() if not self.isHidden() else ""

    def show_text(self, text: str) -> None:
        """Say ``text`` in place of what was said before."""
        self._words.setText(text)
        self.fit()
        self.show()
        self.raise_()

    def take_back(self, text: str) -> None:
        """Close it, if it says ``text``: that holds no longer."""
        if self.text == text:
            self.close_notice()

    def close_notice(self) -> None:
        """Be gone."""
        self.hide()

    def fit(self) -> None:
        """Be as wide as the window and as high as the words need."""
        width = self._window.width()
        self.setGeometry(QRect(0, 0, width, self.heightForWidth(width)))
