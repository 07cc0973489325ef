"""Joins the page of settings to an open project: its choices, its held-out sample, new images in its folder."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from model.datasets.pixels.deep import Ranges
from model.errors import UserError
from model.port import Port
from studies.labeling.facts.settings import ProjectSettings
from studies.labeling.project.images import is_local, measure_project
from studies.labeling.project.moving import LocatedImages, look_beside
from studies.labeling.project.project import Project
from studies.numerals import counted
from ui.kit.file_dialogs import FileDialogs
from ui.kit.job_line import JobLine
from ui.kit.jobs import JobRunner
from ui.labeling.child import run_child
from ui.labeling.choices.form_files import FormFiles
from ui.labeling.choices.network_check import NetworkChoice
from ui.labeling.project.files import project_folder
from ui.labeling.project.settings_page import SETTINGS_KEYS, SettingsAction, SettingsPage

_log = logging.getLogger(__name__)
_NAMES_SHOWN = 3
_MEASURE = SETTINGS_KEYS[SettingsAction.MEASURE].hint


class SettingsPresenter(QObject):
    """Settings hold from the next round."""

    kept = Signal()  # other settings hold
    left = Signal()
    reopen_wanted = Signal(str)  # there are more images now, or they look otherwise; what to know of them

    def __init__(self, project: Project, page: SettingsPage, cache: Path, dialogs: FileDialogs) -> None:
        super().__init__(page)
        self._project, self.page, self._cache = project, page, cache
        self._form_files = FormFiles(page.form, self, dialogs)
        self._form_files.message.connect(page.show_message)
        self._jobs = JobRunner(self)
        self._line = JobLine(self._jobs, page.progress, self)
        self._network = NetworkChoice(self._line, page.show_message)
        page.saved.connect(self._settle)
        page.look_wanted.connect(self._look)
        page.measure_wanted.connect(self._measure)
        page.back_wanted.connect(self.left)

    def show(self) -> None:
        """Show what holds."""
        self.page.show_settings(self._project.settings, is_local(self._project.head.dataset))

    def close(self) -> None:
        """End the background work."""
        self._jobs.shutdown()

    def _settle(self, settings: ProjectSettings) -> None:
        self._network.settle(self._project.settings.learner, settings, self._save)

    def _save(self, settings: ProjectSettings) -> None:
        if self._change(settings):
            self.kept.emit()
            self.left.emit()

    def _change(self, settings: ProjectSettings) -> bool:
        try:
            self._project.change_settings(settings)
        except UserError as error:
            self.page.show_message(str(error))
            return False
        return True

    def _look(self) -> None:
        place = self._project.place
        if place is not None and not self._line.busy:
            self._line.run(
                partial(look_beside, self._project.store.path, place, self._cache),
                self._add_new,
                failed=self.page.show_message,
                text="Looking for new images",
            )

    def _add_new(self, located: LocatedImages) -> None:
        if not located.new and not located.renamed:
            self.page.show_message("There are no new images in the folder.")
            return
        if not located.new or not self._project.models:
            self._take_in(located)
            return
        # Before they are in the project: meanwhile it goes on with the images that it knows.
        file, work = self._project.store.path, project_folder(self._cache, self._project.head.uuid)
        self._line.run(
            partial(_predict, file, located.new, work, self._cache),
            partial(self._take_in, located),
            failed=partial(self._take_in_unknown, located),
            cancelled=partial(self._take_in, located),
            text="Predicting the new images; Esc takes them in without",
        )

    def _take_in_unknown(self, located: LocatedImages, sentence: str) -> None:
        _log.warning("The new images were not predicted: %s", sentence)
        self._take_in(located)

    def _take_in(self, located: LocatedImages, predicted: int = 0) -> None:
        try:
            self._project.store.follow(located.renamed, located.new, {})
        except UserError as error:
            self.page.show_message(str(error))
            return
        beyond = tell_beyond(located.beyond, self._project.settings.display_ranges)
        self.reopen_wanted.emit(f"{tell_added(located, predicted)} {beyond}".rstrip())

    def _measure(self) -> None:
        if not self._line.busy:
            self._line.run(
                partial(measure_project, self._project.store.path, self._cache),
                self._take_ranges,
                failed=self.page.show_message,
                text="Measuring the display range",
            )

    def _take_ranges(self, ranges: Ranges | None) -> None:
        settings = self._project.settings
        if ranges is None:
            self.page.show_message("Most of the images cannot be read at the moment: nothing was changed.")
        elif ranges == settings.display_ranges:
            self.page.show_message("The images are within the display range that holds already.")
        elif self._change(settings.model_copy(update={"display_ranges": ranges})):
            self.reopen_wanted.emit("")


def _predict(file: Path, new: Sequence[str], work: Path, cache: Path, port: Port) -> int:
    arguments = [str(path) for path in (file, work, cache)]
    return int(run_child("studies.labeling.project.predicting_new", arguments, port, json.dumps(new)) or 0)


def tell_added(located: LocatedImages, predicted: int) -> str:
    """What became of what was found."""
    said = []
    if located.new:
        said.append(f"{counted(len(located.new), 'new image is', 'new images are')} in the project")
    if located.renamed:
        said.append(f"{counted(len(located.renamed), 'image was', 'images were')} found under another name")
    later = ", to be asked about" if located.new else ""
    if located.new and not predicted:
        later += "; the next model says what they are"
    return f"{'; '.join(reversed(said))}{later}."


def tell_beyond(names: Sequence[str], ranges: Ranges | None) -> str:
    """A sentence about new images that go beyond the display range; empty if none does."""
    if not names:
        return ""
    shown, more = ", ".join(names[:_NAMES_SHOWN]), ", ..." if len(names) > _NAMES_SHOWN else ""
    return (
        f"{len(names):,} of the new images go beyond the display range ({str(ranges) or 'there was none'}) and are "
        f"shown by their own: {shown}{more}. {_MEASURE} in the settings measures one for all."
    )
