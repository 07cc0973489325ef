"""Where a project's images are, when they are not where they were."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from ui.kit import theme
from ui.kit.help_sheet import Section
from ui.kit.layouts import button_row, click_focused, column_page
from ui.kit.progress_panel import ProgressPanel

_KEYS = Section(
    "Images that moved", (("Enter", "Choose where they are"), ("Esc", "Cancel, or back to the first page"))
)


class MovedPage(QWidget):
    """Asks for the folder; nothing of the project is lost meanwhile."""

    choose_wanted = Signal()
    back_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Where are the images?")
        self._words, self._message = theme.hint_label(""), theme.hint_label("")
        self.progress = ProgressPanel()
        choose = theme.primary_button("Choose where they are", "Enter")
        choose.clicked.connect(self.choose_wanted)
        back = theme.plain_button("Back", "Esc")
        back.clicked.connect(self.back_wanted)
        column_page(
            self,
            (theme.title_label("Where are the images?"), self._words, self._message, self.progress),
            (button_row(choose, back),),
        )

    def show_project(self, name: str, place: str) -> None:
        """Say which images are missed."""
        self._words.setText(
            f"The images of {name} are not in {place} any more. Images are known again by their names and, where they "
            "were renamed, by what they hold. All labels are safe."
        )
        self._message.setText("")

    def show_message(self, text: str) -> None:
        """Say what was found."""
        self._message.setText(text)

    def key_sections(self) -> tuple[Section, ...]:
        """The keys that hold here."""
        return (_KEYS,)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter chooses, Escape cancels or goes back."""
        if event.key() == Qt.Key.Key_Escape:
            if not self.progress.cancel_shown():
                self.back_wanted.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            if not click_focused(self):
                self.choose_wanted.emit()
        else:
            event.ignore()
