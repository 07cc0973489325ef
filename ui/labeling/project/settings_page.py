"""A project's choices, to be changed between rounds."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from studies.labeling.facts.settings import ProjectSettings, SettingsError
from ui.kit import theme
from ui.kit.help_sheet import Section
from ui.kit.layouts import button_row, click_focused, column_page
from ui.kit.progress_panel import ProgressPanel
from ui.labeling.project.choices_form import ChoicesForm

_KEYS = Section(
    "Settings",
    (
        ("Enter", "Keep these; they hold from the next round"),
        ("F9", "Look for new images in the folder"),
        ("Tab", "The next choice"),
        ("Esc", "Cancel what is going on, or back to the images"),
    ),
)


class SettingsPage(QWidget):
    """Enter keeps what stands there; it holds from the next round."""

    saved = Signal(object)  # ProjectSettings
    look_wanted = Signal()  # for new images in the folder
    back_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Settings of the project")
        self.form = ChoicesForm()
        self._message = theme.hint_label("")
        self.progress = ProgressPanel()
        self._look = theme.plain_button("Look for new images", "F9")
        self._look.clicked.connect(self.look_wanted)
        save = theme.primary_button("Keep these", "Enter")
        save.clicked.connect(self._save)
        back = theme.plain_button("Back", "Esc")
        back.clicked.connect(self.back_wanted)
        column_page(
            self,
            (
                theme.title_label("Settings of the project"),
                theme.hint_label("They hold from the next round. Nothing that was labeled changes."),
                self.form,
            ),
            (self._message, self.progress, button_row(save, self._look, back)),
        )

    def show_settings(self, settings: ProjectSettings, folder: bool) -> None:
        """Show what holds now; ``folder``: the images lie in a folder, to which some may have been added."""
        self._look.setVisible(folder)
        self.form.show_settings(settings)
        self._message.setText("")
        self.setFocus()

    def show_message(self, text: str) -> None:
        """Say what is wrong."""
        self._message.setText(text)

    def key_sections(self) -> tuple[Section, ...]:
        """The keys that hold here."""
        return (_KEYS,)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter keeps, Escape goes back."""
        if event.key() == Qt.Key.Key_Escape:
            if not self.progress.cancel_shown():
                self.back_wanted.emit()
        elif event.key() == Qt.Key.Key_F9 and self._look.isVisible():
            self.look_wanted.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            if not click_focused(self):
                self._save()
        else:
            event.ignore()

    def _save(self) -> None:
        try:
            self.saved.emit(self.form.settings())
        except SettingsError as error:
            self.show_message(str(error))
