"""Joins the page of settings to an open project, and takes costs from a timing study."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QInputDialog

from model.errors import UserError
from studies.rounds.project import Project
from studies.rounds.settings import ProjectSettings
from studies.rounds.study_times import StudyTimes, read_study_times
from ui.choices_form import ChoicesForm
from ui.file_dialogs import FileDialogs, FileKind
from ui.settings_page import SettingsPage

_STUDY = FileKind("Study", "sqlite")


class Choices(QObject):
    """Settings hold from the next round."""

    left = Signal()

    def __init__(self, project: Project, page: SettingsPage, dialogs: FileDialogs | None = None) -> None:
        super().__init__(page)
        self._project, self._page = project, page
        self._costs = StudyCosts(page.form, self, dialogs)
        self._costs.said.connect(page.show_message)
        page.saved.connect(self._save)
        page.back_wanted.connect(self.left)

    def show(self) -> None:
        """Show what holds."""
        self._page.show_settings(self._project.settings)

    def _save(self, settings: ProjectSettings) -> None:
        try:
            self._project.change_settings(settings)
        except UserError as error:
            self._page.show_message(str(error))
            return
        self.left.emit()


class StudyCosts(QObject):
    """Asks for a study's file and for the person in it, and fills the form's costs with that person's times."""

    said = Signal(str)

    def __init__(self, form: ChoicesForm, parent: QObject, dialogs: FileDialogs | None = None) -> None:
        super().__init__(parent)
        self._form = form
        self._dialogs = dialogs or FileDialogs()
        form.study_wanted.connect(self._ask)

    def _ask(self) -> None:
        window = self._form.window()
        file = self._dialogs.open(window, "A study's file", Path.home(), _STUDY)
        if file is None:
            return
        try:
            people = read_study_times(file)
        except UserError as error:
            self.said.emit(str(error))
            return
        names = [person.name for person in people]
        name, chosen = QInputDialog.getItem(window, "Whose times?", "Participant and images", names, 0, False)
        if chosen:
            self._take(people[names.index(name)])

    def _take(self, person: StudyTimes) -> None:
        self._form.show_costs(round(person.verify_s, 3), round(person.correct_s, 3), person.unaided_s)
        self.said.emit(f"Costs are the mean times of {person.name}.")
