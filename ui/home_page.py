"""The first page: what one can do here, and what was open lately."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ui.kit import theme
from ui.kit.key_page import KeyPage
from ui.kit.keys import ENTER, Key, KeyTable
from ui.kit.layouts import column_page, empty
from ui.kit.theme import GRID

_DIGITS = tuple("123456789")  # as many files are listed


class HomeAction(Enum):
    """What can be done on the home page."""

    STUDY = "study"
    PROJECT = "project"
    RESULTS = "results"
    THEME = "theme"
    RECENT = "recent"


_A = HomeAction
HOME_KEYS = KeyTable(
    "Home",
    (
        Key(_A.STUDY, ENTER, "Take part in a study", "Begin"),
        Key(_A.PROJECT, ("L",), "Label a folder of images", "Open"),
        Key(_A.RESULTS, ("R",), "See results", "View"),
        Key(_A.RECENT, _DIGITS, "Open a recent file", names="1 to 9"),
        Key(_A.THEME, ("T",), "Switch between light and dark", "Light or dark"),
    ),
)


@dataclass(frozen=True)
class Recent:
    """A file that was open lately, with a line about it."""

    path: Path
    text: str


class HomePage(KeyPage):
    """Leads to taking part in a study, to labeling a folder, and to results."""

    study_wanted = Signal()
    project_wanted = Signal()
    results_wanted = Signal()
    recent_wanted = Signal(object)  # Path
    theme_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(HOME_KEYS, parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("CLARIFIER Desktop")
        begin = self.button(_A.STUDY, self.study_wanted.emit, primary=True)
        label = self.button(_A.PROJECT, self.project_wanted.emit, primary=True)
        view = self.button(_A.RESULTS, self.results_wanted.emit)
        look = self.button(_A.THEME, self.theme_wanted.emit)
        self.on_each(_A.RECENT, self._open_recent)
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
        for row, (action, button) in enumerate(((_A.STUDY, begin), (_A.PROJECT, label), (_A.RESULTS, view))):
            text = HOME_KEYS[action].text
            button.setAccessibleName(f"{text}: {button.text()}")
            doings.addWidget(QLabel(text), row, 0)
            doings.addWidget(button, row, 1)
        content = QWidget()
        words = QVBoxLayout(content)
        words.setContentsMargins(0, 4 * GRID, 0, 0)
        words.setSpacing(3 * GRID)
        words.addLayout(head)
        words.addWidget(
            theme.hint_label(
                "Measures how long people take to verify a right label suggestion and to correct a wrong one, "
                "and spends that time where it gains most accuracy when a folder of images is labeled."
            )
        )
        words.addLayout(doings)
        words.addLayout(self._recent)
        column_page(self, (content,))

    def set_recent(self, recent: Sequence[Recent]) -> None:
        """List the files that were open lately."""
        empty(self._recent)
        self._paths.clear()
        self._recent.addWidget(theme.section_label("Recent"))
        if not recent:
            self._recent.addWidget(
                theme.hint_label("Nothing yet. Begin a study or open a folder, and its file is listed here.")
            )
        for digit, entry in zip(_DIGITS, recent, strict=False):
            button = theme.plain_button(f"{entry.path.stem}   {entry.text}", digit)
            button.setToolTip(str(entry.path))
            button.clicked.connect(self._emit_recent)
            self._paths[button] = entry.path
            self._recent.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)

    def _open_recent(self, place: int) -> None:
        paths = list(self._paths.values())
        if place < len(paths):
            self.recent_wanted.emit(paths[place])

    def _emit_recent(self) -> None:
        button = self.sender()
        if isinstance(button, QPushButton):
            self.recent_wanted.emit(self._paths[button])
