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
from ui.labeling.choices.choices_form import ChoicesForm


class SettingsAction(Enum):
    """What can be done with a project's settings."""

    SAVE = "save"
    LOOK = "look"
    MEASURE = "measure"
    BACK = "back"


_A = SettingsAction
SETTINGS_KEYS = KeyTable(
    "Settings",
    (
        Key(_A.SAVE, ENTER, "Keep these settings; they hold from the next round", "Keep these"),
        Key(_A.LOOK, ("F9",), "Look for new images in the folder", "Look for new images"),
        Key(
            _A.MEASURE,
            ("F8",),
            "Measure the display range of images with more than 8 bits anew, over all images",
            "Measure the display range",
        ),
        Key(_A.BACK, ("Esc",), "Cancel what is going on, or go back to the images", "Back"),
    ),
)


class SettingsPage(KeyPage):
    """Enter keeps what stands there; it holds from the next round."""

    saved = Signal(object)  # ProjectSettings
    look_wanted = Signal()  # for new images in the folder
    measure_wanted = Signal()  # the display range, anew
    back_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(SETTINGS_KEYS, parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Settings of the project")
        self.form = ChoicesForm()
        self.form.edited.connect(self._forget_message)
        self._ranges = theme.hint_label("")
        self._message = theme.hint_label("")
        self.progress = ProgressPanel()
        self.cancels_first(self.progress)
        self._look = self.button(_A.LOOK, self.look_wanted.emit)
        save = self.button(_A.SAVE, self._save, primary=True)
        self._measure = self.button(_A.MEASURE, self.measure_wanted.emit)
        back = self.button(_A.BACK, self.back_wanted.emit)
        column_page(
            self,
            (
                theme.title_label("Settings of the project"),
                theme.hint_label("They hold from the next round. Nothing that was labeled changes."),
                self.form,
            ),
            (
                self._ranges,
                self._message,
                self.progress,
                button_row(save, self._look, self._measure, back),
            ),
        )

    def show_settings(self, settings: ProjectSettings, folder: bool) -> None:
        """Show what holds now; ``folder``: the images lie in a folder, to which some may have been added."""
        self._look.setVisible(folder)
        self._measure.setVisible(folder)
        shown = str(settings.display_ranges or "")
        self._ranges.setText(
            f"Images of more than 8 bits are shown, black to white, by {shown}." if shown else ""
        )
        self._ranges.setVisible(bool(shown))
        self.form.show_settings(settings)
        self.show_message("")
        self.setFocus()

    def show_message(self, text: str) -> None:
        """Say what is wrong; without words the choices have the room."""
        self._message.setText(text)
        self._message.setVisible(bool(text))

    def _forget_message(self) -> None:
        """What was wrong may be right now."""
        self.show_message("")

    def _save(self) -> None:
        try:
            self.saved.emit(self.form.settings())
        except SettingsError as error:
            self.show_message(str(error))
