"""Takes a person's costs from a timing study into the form of choices."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QInputDialog

from model.errors import UserError
from studies.labeling.file.study_times import read_study_times
from ui.kit.file_dialogs import FileDialogs, FileKind
from ui.labeling.project.choices_form import ChoicesForm

_STUDY = FileKind("Study", "sqlite")


class StudyCosts(QObject):
    """Asks for a study's file and for the person in it, and fills the form's costs with that person's mean times."""

    message = Signal(str)

    def __init__(self, form: ChoicesForm, parent: QObject, dialogs: FileDialogs) -> None:
        super().__init__(parent)
        self._form = form
        self._dialogs = dialogs
        form.study_wanted.connect(self._ask)

    def _ask(self) -> None:
        window = self._form.window()
        file = self._dialogs.open(window, "A study's file", Path.home(), _STUDY)
        if file is None:
            return
        try:
            people = read_study_times(file)
        except UserError as error:
            self.message.emit(str(error))
            return
        names = [person.name for person in people]
        name, chosen = QInputDialog.getItem(window, "Whose times?", "Participant and images", names, 0, False)
        if chosen:
            person = people[names.index(name)]
            self._form.show_costs(round(person.c_v_mean_s, 3), round(person.c_a_mean_s, 3), person.c_0_mean_s)
            self.message.emit(f"Costs are the mean times of {person.name}.")
