"""How a project ends: what is left, what the program may label, and with which promise."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from ui.kit import theme
from ui.kit.key_page import KeyPage
from ui.kit.keys import ENTER, Key, KeyTable
from ui.kit.layouts import button_row, column_page


class FinishAction(Enum):
    """What can be done about the end."""

    ACCEPT = "accept"
    ANOTHER = "another"
    SECOND_LOOK = "second_look"
    BACK = "back"


_A = FinishAction
FINISH_KEYS = KeyTable(
    "The end",
    (
        Key(_A.ACCEPT, ENTER, "Let the program label what is certified", "Label them by program"),
        Key(
            _A.ANOTHER,
            ("Ctrl+N",),
            "Start another folder with this project's model",
            "Another folder with this model",
        ),
        Key(_A.SECOND_LOOK, ("Ctrl+L",), "A second look at what pages confirmed", "A second look"),
        Key(_A.BACK, ("Esc",), "Go on labeling", "Go on labeling"),
    ),
)


@dataclass(frozen=True)
class FinishPageData:
    """What the page shows."""

    title: str
    words: tuple[str, ...]
    offers: bool  # there is something that the program may label
    second_look: str = ""  # what it would be; empty: there is nothing to look at


class FinishPage(KeyPage):
    """Says what would be, and leaves the choice to the person."""

    accepted = Signal()
    another_wanted = Signal()
    second_look_wanted = Signal()
    back_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(FINISH_KEYS, parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("The end")
        self._title, self._words = theme.large_label(""), theme.body_label("")
        self._title.setWordWrap(True)
        self._accept = self.button(_A.ACCEPT, self.accepted.emit, primary=True)
        self._look = self.button(_A.SECOND_LOOK, self.second_look_wanted.emit)
        self._back = self.button(_A.BACK, self.back_wanted.emit)
        self._another = self.button(_A.ANOTHER, self.another_wanted.emit)
        buttons = button_row(self._accept, self._look, self._back, self._another)
        column_page(self, (self._title, self._words), (buttons,))

    def show_another(self, has_model: bool) -> None:
        """Whether there is a model that another folder can begin with."""
        self._another.setVisible(has_model)
        self._another.setEnabled(has_model)

    def show_data(self, data: FinishPageData) -> None:
        """Show what would be."""
        self._title.setText(data.title)
        self._words.setText("\n\n".join(data.words))
        self._accept.setVisible(data.offers)
        self._look.setText(data.second_look)
        self._look.setVisible(bool(data.second_look))
        self._back.set_primary(not data.offers)  # there is but one way on
