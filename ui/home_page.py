"""The first page: go on with what was open last, begin something, or open another file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from ui.home_cards import Bar, FileCard, Pictures, Recent
from ui.kit import theme
from ui.kit.key_page import TakesDrops
from ui.kit.keys import ENTER, Key, KeyTable
from ui.kit.layouts import FlowLayout, column_page, empty
from ui.kit.look.icons import Icon
from ui.kit.theme import GRID, FontRole
from ui.labeling.elided_label import ElidedLabel
from ui.labeling.project.files import PROJECT_SUFFIX

_DIGITS = tuple("123456789")  # as many files are listed
_WIDTH = 924  # px: three cards beside each other


class HomeAction(Enum):
    """What can be done on the home page."""

    CONTINUE = "continue"
    STUDY = "study"
    PROJECT = "project"
    RESULTS = "results"
    THEME = "theme"
    RECENT = "recent"


_A = HomeAction
HOME_KEYS = KeyTable(
    "Home",
    (
        Key(
            _A.CONTINUE,
            ENTER,
            "Go on with what was open last; where there is nothing, label a folder",
            "Continue",
        ),
        Key(_A.PROJECT, ("L",), "Label a folder of images", "Label a folder"),
        Key(_A.STUDY, ("S",), "Take part in a study", "Run a study"),
        Key(_A.RESULTS, ("R",), "See results", "See results"),
        Key(_A.RECENT, _DIGITS, "Open a recent file", names="1 to 9"),
        Key(_A.THEME, ("T",), "Switch between light and dark", "Light or dark"),
    ),
)


class HomePage(TakesDrops):
    """Leads to taking part in a study, to labeling a folder, and to results; a folder may be dropped on it."""

    study_wanted = Signal()
    project_wanted = Signal()
    results_wanted = Signal()
    recent_wanted = Signal(object)  # Path
    theme_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(HOME_KEYS, parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("CLARIFIER Desktop")
        self.on_each(_A.RECENT, self._open_recent)
        self._recent: tuple[Recent, ...] = ()
        self._cards: dict[QPushButton, Path] = {}
        self._go = self.button(_A.CONTINUE, self._continue, primary=True)
        self._pictures, self._bar = Pictures(), Bar()
        self._name, self._line = theme.title_label(""), ElidedLabel()
        self._line.fix_height()
        self._others = QWidget()
        self._flow = FlowLayout(self._others)
        self._heading = theme.section_label("Recent")
        content = QWidget()
        words = QVBoxLayout(content)
        words.setContentsMargins(0, 3 * GRID, 0, 0)
        words.setSpacing(3 * GRID)
        words.addLayout(self._head())
        words.addWidget(self._hero())
        words.addWidget(self._doings())
        words.addWidget(self._heading)
        words.addWidget(self._others)
        column_page(self, (content,), width=_WIDTH)
        self.set_recent(())

    def set_recent(self, recent: Sequence[Recent]) -> None:
        """Show the files that were open lately: the last one large, the others as cards."""
        if tuple(recent) == self._recent and (self._cards or len(recent) < 2) and recent:
            return
        self._recent = tuple(recent)
        empty(self._flow)
        self._cards.clear()
        self._heading.setVisible(len(recent) > 1)
        self._show_last(recent[0] if recent else None)
        for digit, entry in list(zip(_DIGITS, recent, strict=False))[1:]:
            card = FileCard(entry, digit, icon_of(entry.path))
            card.clicked.connect(self._open_card)
            self._cards[card] = entry.path
            self._flow.addWidget(card)
        self._others.updateGeometry()

    def show_pictures(self, pictures: Mapping[Path, Sequence[QImage]]) -> None:
        """Show a few images of each project."""
        for card, path in self._cards.items():
            if isinstance(card, FileCard) and path in pictures:
                card.show_images(pictures[path])
        if self._recent and self._recent[0].path in pictures:
            last = self._recent[0].path
            self._pictures.show_images(pictures[last], icon_of(last))

    def each_text(self, action: Enum, place: int) -> str:
        """The name of a file that a digit opens."""
        return self._recent[place].path.stem if action is _A.RECENT and place < len(self._recent) else ""

    def _head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.addWidget(theme.title_label("CLARIFIER Desktop"))
        head.addStretch()
        head.addWidget(self.button(_A.THEME, self.theme_wanted.emit))
        return head

    def _hero(self) -> QFrame:
        frame = QFrame()
        frame.setProperty("card", True)
        frame.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        words = QVBoxLayout()
        words.setSpacing(GRID)
        words.addStretch()
        for widget in (self._name, self._line, self._bar):
            words.addWidget(widget)
        words.addSpacing(GRID)
        words.addWidget(self._go, 0, Qt.AlignmentFlag.AlignLeading)
        words.addStretch()
        row = QHBoxLayout(frame)
        row.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        row.setSpacing(3 * GRID)
        row.addWidget(self._pictures)
        row.addLayout(words, 1)
        return frame

    def _doings(self) -> QWidget:
        """What one does here, in a few words each."""
        place = QWidget()
        flow = FlowLayout(place)
        does = {_A.PROJECT: self.project_wanted, _A.STUDY: self.study_wanted, _A.RESULTS: self.results_wanted}
        for action, wanted in does.items():
            button = self.button(action, wanted.emit)
            button.setAccessibleName(HOME_KEYS[action].text)
            flow.addWidget(button)
        hint = QLabel("or drop a folder of images on this window")
        hint.setFont(theme.font(FontRole.SMALL))
        hint.setContentsMargins(GRID, GRID, 0, 0)
        flow.addWidget(hint)
        return place

    def _show_last(self, last: Recent | None) -> None:
        if last is None:
            self._name.setText("Label images with suggestions")
            self._line.setText("Begin a study or open a folder, and its file is listed here.")
            self._go.setText(HOME_KEYS[_A.PROJECT].label)
            self._pictures.show_images((), Icon.IMAGE)
        else:
            self._name.setText(last.path.stem)
            self._name.setToolTip(str(last.path))
            self._line.setText(last.text)
            self._go.setText(HOME_KEYS[_A.CONTINUE].label)
            self._pictures.show_images((), icon_of(last.path))
        self._bar.show_share(None if last is None else last.share)

    def _continue(self) -> None:
        if self._recent:
            self.recent_wanted.emit(self._recent[0].path)
        else:
            self.project_wanted.emit()

    def _open_recent(self, place: int) -> None:
        if place < len(self._recent):
            self.recent_wanted.emit(self._recent[place].path)

    def _open_card(self) -> None:
        button = self.sender()
        if isinstance(button, QPushButton):
            self.recent_wanted.emit(self._cards[button])


def icon_of(path: Path) -> Icon:
    """What stands in the place of pictures."""
    return Icon.IMAGE if path.suffix == PROJECT_SUFFIX else Icon.STUDY
