"""Where a project's images are, when they are not where they were."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from ui.kit import theme
from ui.kit.key_page import KeyPage
from ui.kit.keys import ENTER, Key, KeyTable
from ui.kit.layouts import button_row, column_page
from ui.kit.progress_panel import ProgressPanel


class MovedAction(Enum):
    """What can be done about images that moved."""

    CHOOSE = "choose"
    BACK = "back"


_A = MovedAction
MOVED_KEYS = KeyTable(
    "Images that moved",
    (
        Key(_A.CHOOSE, ENTER, "Choose the folder where they are", "Choose where they are"),
        Key(_A.BACK, ("Esc",), "Cancel what is going on, or go back to the home page", "Back"),
    ),
)


class MovedPage(KeyPage):
    """Asks for the folder; nothing of the project is lost meanwhile."""

    choose_wanted = Signal()
    back_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(MOVED_KEYS, parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Where are the images?")
        self._words, self._message = theme.hint_label(""), theme.hint_label("")
        self.progress = ProgressPanel()
        self.cancels_first(self.progress)
        choose = self.button(_A.CHOOSE, self.choose_wanted.emit, primary=True)
        back = self.button(_A.BACK, self.back_wanted.emit)
        column_page(
            self,
            (theme.title_label("Where are the images?"), self._words, self._message, self.progress),
            (button_row(choose, back),),
        )

    def show_project(self, name: str, place: str) -> None:
        """Say which images are missed."""
        self._words.setText(
            f"The images of {name} are no longer in {place}. They are recognized by their names and, if they were "
            "renamed, by their contents. All labels are safe."
        )
        self._message.setText("")

    def show_message(self, text: str) -> None:
        """Say what was found."""
        self._message.setText(text)
