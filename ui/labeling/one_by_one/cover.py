"""What covers the image and the classes while no image is asked about."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.kit import theme
from ui.kit.key_page import key_button
from ui.kit.layouts import FlowLayout, scrolling
from ui.kit.theme import GRID
from ui.labeling.one_by_one.label_actions import PAUSED_KEYS, PausedAction

_WIDEST = 680  # px of a line that reads well


class Cover(QWidget):
    """A column in the middle of ``place``, as large as it; it takes no keys."""

    def __init__(self, place: QWidget) -> None:
        super().__init__(place)
        self._place = place
        self.setAutoFillBackground(True)
        inner, narrow = QWidget(), QWidget()
        narrow.setMaximumWidth(_WIDEST)
        beside = QHBoxLayout(inner)
        beside.addStretch()
        beside.addWidget(narrow, 10)
        beside.addStretch()
        self.column = QVBoxLayout(narrow)
        self.column.setSpacing(2 * GRID)
        self.column.addStretch()
        area = scrolling(inner)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(area)
        place.installEventFilter(self)
        self.hide()

    def add(self, widget: QWidget) -> None:
        """Put one more below the others."""
        widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.column.addWidget(widget)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Be as large as the place."""
        if watched is self._place and event.type() is QEvent.Type.Resize:
            self.resize(self._place.size())
        return super().eventFilter(watched, event)

    def setVisible(self, visible: bool) -> None:
        """Come above all that is in the place."""
        if visible:
            self.resize(self._place.size())
            self.raise_()
        super().setVisible(visible)


class PauseCover(Cover):
    """A pause, or what the page waits for, with the way on as a button."""

    go_on = Signal()

    def __init__(self, place: QWidget) -> None:
        super().__init__(place)
        self.words = theme.body_label("")
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        key = PAUSED_KEYS[PausedAction.CONTINUE]
        button = key_button(key, "Go on", primary=True)
        button.clicked.connect(self.go_on)
        row = QWidget()
        FlowLayout(row, centred=True).addWidget(button)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        for widget in (self.words, row):
            self.add(widget)
        self.column.addStretch()

    def tell(self, text: str) -> None:
        """Say why the page waits."""
        self.words.setText(text)
        self.show()
