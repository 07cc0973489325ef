"""Asks for the files that the form of choices takes: a timing study with a person's costs, and a network's weights."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QInputDialog

from model.errors import UserError
from studies.labeling.file.study_times import read_study_times
from ui.kit.file_dialogs import FileDialogs, FileKind
from ui.labeling.choices.choices_form import ChoicesForm

_STUDY, _WEIGHTS = FileKind("Study", "sqlite"), FileKind("Weights", "safetensors", or_any=True)


class FormFiles(QObject):
    """Fills the form's costs with the mean times of a person in a study, and its weights with a file's place."""

    message = Signal(str)

    def __init__(self, form: ChoicesForm, parent: QObject, dialogs: FileDialogs) -> None:
        super().__init__(parent)
        self._form = form
        self._dialogs = dialogs
        form.study_wanted.connect(self._ask_study)
        form.weights_wanted.connect(self._ask_weights)

    def _ask_weights(self) -> None:
        file = self._dialogs.open(self._form.window(), "A network's weights", Path(), _WEIGHTS)
        if file is not None:
            self._form.show_weights(file)

    def _ask_study(self) -> None:
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
