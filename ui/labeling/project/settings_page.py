"""A project's choices, to be changed between rounds."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from studies.labeling.facts.settings import ProjectSettings, SettingsError
from ui.kit import theme
from ui.kit.key_page import KeyPage
from ui.kit.keys import ENTER, Key, KeyTable
from ui.kit.layouts import button_row, column_page
from ui.kit.progress_panel import ProgressPanel
from ui.labeling.project.choices_form import ChoicesForm


class SettingsAction(Enum):
    """What can be done with a project's settings."""

    SAVE = "save"
    LOOK = "look"
    BACK = "back"


_A = SettingsAction
SETTINGS_KEYS = KeyTable(
    "Settings",
    (
        Key(_A.SAVE, ENTER, "Keep these settings; they hold from the next round", "Keep these"),
        Key(_A.LOOK, ("F9",), "Look for new images in the folder", "Look for new images"),
        Key(_A.BACK, ("Esc",), "Cancel what is going on, or go back to the images", "Back"),
    ),
)


class SettingsPage(KeyPage):
    """Enter keeps what stands there; it holds from the next round."""

    saved = Signal(object)  # ProjectSettings
    look_wanted = Signal()  # for new images in the folder
    back_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(SETTINGS_KEYS, parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Settings of the project")
        self.form = ChoicesForm()
        self._message = theme.hint_label("")
        self.progress = ProgressPanel()
        self.cancels_first(self.progress)
        self._look = self.button(_A.LOOK, self.look_wanted.emit)
        save = self.button(_A.SAVE, self._save, primary=True)
        back = self.button(_A.BACK, self.back_wanted.emit)
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

    def _save(self) -> None:
        try:
            self.saved.emit(self.form.settings())
        except SettingsError as error:
            self.show_message(str(error))
