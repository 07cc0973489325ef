"""The key sheet, drawn from the table that binds the keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QGridLayout, QLabel, QVBoxLayout, QWidget

from ui.kit import theme
from ui.kit.actions import BINDINGS, Action, Scope, find, key_names
from ui.kit.layouts import scrolling
from ui.kit.theme import GRID, FontRole

_SIZE = (560, 520)


@dataclass(frozen=True)
class Section:
    """Keys that hold in one place: each with what it does."""

    title: str
    rows: tuple[tuple[str, str], ...]


def study_sections(scopes: tuple[Scope, ...] = tuple(Scope)) -> tuple[Section, ...]:
    """The keys of a study's scopes."""
    return tuple(
        Section(scope.value, tuple((b.key_names, b.text) for b in BINDINGS if b.scope is scope))
        for scope in scopes
    )


@runtime_checkable
class HasKeys(Protocol):
    """A page with keys of its own."""

    def key_sections(self) -> tuple[Section, ...]:
        """The keys that hold on it."""
        ...


class KeyTable(QWidget):
    """Sections of keys, one under the other."""

    def __init__(self, sections: tuple[Section, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(2 * GRID)
        grid.setColumnStretch(1, 1)
        row = 0
        for section in sections:
            heading = theme.section_label(section.title)
            heading.setContentsMargins(0, GRID if row else 0, 0, 0)
            grid.addWidget(heading, row, 0, 1, 2)
            for names, what in section.rows:
                row += 1
                keys = QLabel(names)
                keys.setFont(theme.font(FontRole.BODY, bold=True))
                text = QLabel(what)
                text.setWordWrap(True)
                grid.addWidget(keys, row, 0, Qt.AlignmentFlag.AlignTop)
                grid.addWidget(text, row, 1)
            row += 1
        grid.setRowStretch(row, 1)


class HelpSheet(QDialog):
    """All keys on one sheet; F1 or Escape closes it."""

    def __init__(self, parent: QWidget | None = None, sections: tuple[Section, ...] | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys")
        self.resize(*_SIZE)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(3 * GRID, 2 * GRID, 3 * GRID, 2 * GRID)
        layout.setSpacing(2 * GRID)
        table = KeyTable(study_sections() if sections is None else sections)
        area = scrolling(table)  # at 200 % a small screen does not hold all keys
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
