"""The key sheet, drawn from the table that binds the keys."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QGridLayout, QLabel, QVBoxLayout, QWidget

from ui import theme
from ui.actions import BINDINGS, Action, Scope, find, key_names
from ui.layouts import scrolling
from ui.theme import GRID, FontRole

_SIZE = (560, 520)


class KeyTable(QWidget):
    """The keys of some scopes, each with what it does."""

    def __init__(self, scopes: tuple[Scope, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(2 * GRID)
        grid.setColumnStretch(1, 1)
        row = 0
        for scope in scopes:
            heading = theme.section_label(scope.value)
            heading.setContentsMargins(0, GRID if row else 0, 0, 0)
            grid.addWidget(heading, row, 0, 1, 2)
            for binding in (b for b in BINDINGS if b.scope is scope):
                row += 1
                keys = QLabel(binding.key_names)
                keys.setFont(theme.font(FontRole.BODY, bold=True))
                text = QLabel(binding.text)
                text.setWordWrap(True)
                grid.addWidget(keys, row, 0, Qt.AlignmentFlag.AlignTop)
                grid.addWidget(text, row, 1)
            row += 1
        grid.setRowStretch(row, 1)


class HelpSheet(QDialog):
    """All keys on one sheet; F1 or Escape closes it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys")
        self.resize(*_SIZE)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(3 * GRID, 2 * GRID, 3 * GRID, 2 * GRID)
        layout.setSpacing(2 * GRID)
        area = scrolling(KeyTable(tuple(Scope)))  # at 200 % a small screen does not hold all keys
        area.setAccessibleName("All keys")
        layout.addWidget(area, 1)
        close = theme.primary_button("Close", key_names(Action.HELP))
        close.clicked.connect(self.accept)
        layout.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close by the key that opened it."""
        if find(event.key(), Scope.ANYWHERE) is Action.HELP:
            self.accept()
        else:
            super().keyPressEvent(event)
