"""Files of a project that hold other pictures than the ones that were labeled: what is to become of the labels."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from studies.numerals import counted
from ui.kit import theme
from ui.kit.key_page import KeyPage
from ui.kit.keys import ENTER, Key, KeyTable
from ui.kit.layouts import button_row, column_page
from ui.kit.progress_panel import ProgressPanel


class ChangedAction(Enum):
    """What can be done about files that hold other pictures."""

    FOLLOW = "follow"
    KEEP = "keep"
    BACK = "back"


_A = ChangedAction
CHANGED_KEYS = KeyTable(
    "Files that changed",
    (
        Key(_A.FOLLOW, ENTER, "Let each label go with its picture", "Follow the pictures"),
        Key(
            _A.KEEP,
            ("K",),
            "Keep each label with the file's name: the pictures were only edited",
            "Only edited: keep the labels",
        ),
        Key(_A.BACK, ("Esc",), "Decide later, and go back to the home page", "Later"),
    ),
)


class ChangedPage(KeyPage):
    """Asks once; until then nothing is labeled, trained on or saved."""

    follow_wanted = Signal()
    keep_wanted = Signal()
    back_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(CHANGED_KEYS, parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("These files hold other pictures now")
        self._words = theme.hint_label("")
        self._found, self._message = theme.message_label(), theme.message_label()
        self.progress = ProgressPanel()
        self._follow = self.button(_A.FOLLOW, self.follow_wanted.emit, primary=True)
        self._keep = self.button(_A.KEEP, self.keep_wanted.emit)
        back = self.button(_A.BACK, self.back_wanted.emit)
        title = theme.title_label("These files hold other pictures now")
        column_page(
            self,
            (title, self._words, self._found, self._message, self.progress),
            (button_row(self._follow, self._keep, back),),
        )

    def show_changed(self, project: str, changed: int, first: str) -> None:
        """Say how many files changed; what can be done shows once it is known."""
        self._words.setText(
            f"{counted(changed, 'image holds', 'images hold')} something else than when labeled in {project}, "
            f"the first: {first}. Files that were renumbered, swapped or replaced do. "
            "No label is lost, and none is used until you decide."
        )
        self._found.setText("")
        self._message.setText("")
        self.set_ready(False)

    def show_found(self, elsewhere: int, gone: int, new: int) -> None:
        """Say where the labeled pictures are."""
        parts = [
            (elsewhere, "picture is under another name now", "pictures are under other names now"),
            (
                gone,
                "is nowhere in the folder: its label is kept",
                "are nowhere in the folder: their labels are kept",
            ),
            (
                new,
                "file holds a new picture, to be asked about",
                "files hold new pictures, to be asked about",
            ),
        ]
        said = [counted(number, one, many) for number, one, many in parts if number]
        self._found.setText(f"{'; '.join(said)}.")
        self.set_ready(True)

    def set_ready(self, ready: bool) -> None:
        """Whether it can be decided."""
        self._follow.setEnabled(ready)
        self._keep.setEnabled(ready)
        if ready:
            self._follow.setFocus()

    def show_message(self, text: str) -> None:
        """Say what is wrong."""
        self._message.setText(text)
