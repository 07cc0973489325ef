"""The key sheet, drawn from the tables that bind the keys."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QGridLayout, QLabel, QVBoxLayout, QWidget

from ui.kit import theme
from ui.kit.key_page import key_button
from ui.kit.keys import WINDOW_KEYS, HasKeys, Tables, WindowAction
from ui.kit.layouts import scrolling
from ui.kit.theme import GRID, FontRole

_SIZE = (560, 520)


def tables_of(page: QWidget | None) -> Tables:
    """All keys that hold while a page is open: its own and the window's."""
    return (*(page.key_tables() if isinstance(page, HasKeys) else ()), WINDOW_KEYS)


class KeyList(QWidget):
    """Tables of keys, one under the other: each key with what it does."""

    def __init__(self, tables: Tables, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(2 * GRID)
        grid.setColumnStretch(1, 1)
        row = 0
        for table in tables:
            heading = theme.section_label(table.title)
            heading.setContentsMargins(0, GRID if row else 0, 0, 0)
            grid.addWidget(heading, row, 0, 1, 2)
            for key in table.keys:
                row += 1
                names = QLabel(key.key_names)
                names.setFont(theme.font(FontRole.BODY, bold=True))
                text = QLabel(key.text)
                text.setWordWrap(True)
                grid.addWidget(names, row, 0, Qt.AlignmentFlag.AlignTop)
                grid.addWidget(text, row, 1)
            row += 1
        grid.setRowStretch(row, 1)


class HelpSheet(QDialog):
    """All keys on one sheet; F1 or Escape closes it."""

    def __init__(self, tables: Tables, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys")
        self.resize(*_SIZE)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(3 * GRID, 2 * GRID, 3 * GRID, 2 * GRID)
        layout.setSpacing(2 * GRID)
        area = scrolling(KeyList(tables))  # at 200 % a small screen does not hold all keys
        area.setAccessibleName("All keys")
        layout.addWidget(area, 1)
        close = key_button(WINDOW_KEYS[WindowAction.HELP], "Close", primary=True)
        close.clicked.connect(self.accept)
        layout.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close by the key that opened it."""
        if WINDOW_KEYS.action_of(event.key()) is WindowAction.HELP:
            self.accept()
        else:
            super().keyPressEvent(event)
