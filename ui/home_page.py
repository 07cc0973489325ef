"""The first page: what one can do here, and what was open lately."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ui.kit import theme
from ui.kit.layouts import click_focused, empty
from ui.kit.theme import GRID

_WIDTH = 640


@dataclass(frozen=True)
class Recent:
    """A file that was open lately, with a line about it."""

    path: Path
    text: str


class HomePage(QWidget):
    """Leads to taking part in a study, to labeling a folder, and to results."""

    study_wanted = Signal()
    project_wanted = Signal()
    results_wanted = Signal()
    recent_wanted = Signal(object)  # Path
    theme_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("CLARIFIER Desktop")
        begin = theme.primary_button("Begin", "Enter")
        begin.clicked.connect(self.study_wanted)
        label = theme.primary_button("Open", "L")
        label.clicked.connect(self.project_wanted)
        view = theme.plain_button("View", "R")
        view.clicked.connect(self.results_wanted)
        look = theme.plain_button("Light or dark", "T")
        look.clicked.connect(self.theme_wanted)
        self._recent = QVBoxLayout()
        self._recent.setSpacing(GRID // 2)
        self._paths: dict[QPushButton, Path] = {}

        head = QHBoxLayout()
        head.addWidget(theme.title_label("CLARIFIER Desktop"))
        head.addStretch()
        head.addWidget(look)
        doings = QGridLayout()
        doings.setVerticalSpacing(2 * GRID)
        doings.setColumnStretch(0, 1)
        rows = (("Take part in a study", begin), ("Label a folder of images", label), ("See results", view))
        for row, (text, button) in enumerate(rows):
            button.setAccessibleName(f"{text}: {button.text()}")
            doings.addWidget(QLabel(text), row, 0)
            doings.addWidget(button, row, 1)
        column = QWidget()
        column.setFixedWidth(_WIDTH)
        words = QVBoxLayout(column)
        words.setSpacing(3 * GRID)
        words.addLayout(head)
        words.addWidget(
            theme.hint_label(
                "Measures how long people take to verify a right label suggestion and to correct a wrong one, "
                "and spends that time where it buys most when a folder of images is labeled."
            )
        )
        words.addLayout(doings)
        words.addLayout(self._recent)
        words.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(3 * GRID, 6 * GRID, 3 * GRID, 3 * GRID)
        layout.addWidget(column, 1, Qt.AlignmentFlag.AlignHCenter)

    def set_recent(self, recent: Sequence[Recent]) -> None:
        """List the files that were open lately."""
        empty(self._recent)
        self._paths.clear()
        self._recent.addWidget(theme.section_label("Recent"))
        if not recent:
            self._recent.addWidget(
                theme.hint_label("Nothing yet. Begin a study or open a folder, and its file is listed here.")
            )
        for number, entry in enumerate(recent[:9], start=1):
            button = theme.plain_button(f"{entry.path.stem}   {entry.text}", str(number))
            button.setToolTip(str(entry.path))
            button.clicked.connect(self._recent_clicked)
            self._paths[button] = entry.path
            self._recent.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Every button by its key."""
        key = event.key()
        if event.isAutoRepeat():
            return
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not click_focused(self):
                self.study_wanted.emit()
        elif key == Qt.Key.Key_R:
            self.results_wanted.emit()
        elif key == Qt.Key.Key_L:
            self.project_wanted.emit()
        elif key == Qt.Key.Key_T:
            self.theme_wanted.emit()
        elif Qt.Key.Key_1 <= key < Qt.Key.Key_1 + len(self._paths):
            self.recent_wanted.emit(list(self._paths.values())[key - Qt.Key.Key_1])
        else:
            event.ignore()

    def _recent_clicked(self) -> None:
        button = self.sender()
        if isinstance(button, QPushButton):
            self.recent_wanted.emit(self._paths[button])
