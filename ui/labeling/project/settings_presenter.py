"""Joins the page of settings to an open project: its choices, its held-out sample, new images in its folder."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from model.errors import UserError
from model.port import Port
from studies.labeling.facts.settings import ProjectSettings
from studies.labeling.file.store import ProjectStore
from studies.labeling.project.images import is_local
from studies.labeling.project.moving import Found, look
from studies.labeling.project.project import Project
from ui.kit.file_dialogs import FileDialogs
from ui.kit.jobs import Cancelled, Failed, Finished, JobRunner, Progress
from ui.labeling.project.settings_page import SettingsPage
from ui.labeling.project.study_costs import StudyCosts


class Choices(QObject):
    """Settings hold from the next round."""

    left = Signal()
    reopen_wanted = Signal()  # there are more images now

    def __init__(
        self, project: Project, page: SettingsPage, cache: Path, dialogs: FileDialogs | None = None
    ) -> None:
        super().__init__(page)
        self._project, self.page, self._cache = project, page, cache
        self._costs = StudyCosts(page.form, self, dialogs)
        self._costs.said.connect(page.show_message)
        self._jobs = JobRunner(self)
        page.saved.connect(self._save)
        page.look_wanted.connect(self._look)
        page.back_wanted.connect(self.left)
        page.progress.cancel_requested.connect(self._jobs.cancel)
        self._jobs.progressed.connect(self._progressed)
        self._jobs.finished.connect(self._finished)
        self._jobs.failed.connect(self._failed)
        self._jobs.cancelled.connect(self._cancelled)

    def show(self) -> None:
        """Show what holds."""
        self.page.show_settings(self._project.settings, is_local(self._project.head.dataset))

    def close(self) -> None:
        """End the background work."""
        self._jobs.shutdown()

    def _save(self, settings: ProjectSettings) -> None:
        try:
            self._project.change_settings(settings)
        except UserError as error:
            self.page.show_message(str(error))
            return
        self.left.emit()

    def _look(self) -> None:
        if self._project.place is not None and self._jobs.running is None:
            self.page.progress.begin("Looking for new images")
            self._jobs.start(partial(_look, self._project.store.path, self._project.place, self._cache))

    def _progressed(self, report: Progress) -> None:
        self.page.progress.show_progress(report)

    def _finished(self, report: Finished) -> None:
        self.page.progress.end()
        found = report.result
        if not isinstance(found, Found):
            return
        if not found.new:
            self.page.show_message("There are no new images in the folder.")
            return
        try:
            self._project.store.add_items(found.new)
        except UserError as error:
            self.page.show_message(str(error))
            return
        self.reopen_wanted.emit()

    def _failed(self, report: Failed) -> None:
        self.page.progress.end()
        self.page.show_message(report.message)

    def _cancelled(self, _report: Cancelled) -> None:
        self.page.progress.end()


def _look(file: Path, place: Path, cache: Path, port: Port) -> Found:
    with ProjectStore.open(file, writable=False) as store:
        return look(store, place, cache, port)
