"""The lines between the image and the classes: how to answer, or a sentence of the program."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QSizePolicy

from ui.kit import theme
from ui.kit.theme import FontRole


class HintLine(QLabel):
    """Two small lines, whatever the text: a new one never moves anything."""

    def __init__(self) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setWordWrap(True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFont(theme.font(FontRole.SMALL))
        self.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.setFixedHeight(2 * self.fontMetrics().height() + 2)
