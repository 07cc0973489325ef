"""Opens and closes the program's one labeling project; asks where its images are, or what changed files mean."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer

from model.disk import is_same_place
from model.errors import UserError
from model.parts import need_learner
from studies.labeling.facts.file_state import FileState
from studies.labeling.file.store import ProjectStore
from studies.labeling.project.loading import open_to_write
from studies.labeling.project.moving import locate_images
from ui.kit.jobs import JobRunner
from ui.labeling.project.changed_presenter import ChangedPresenter
from ui.labeling.project.held_project import HeldProject
from ui.labeling.project.moved_presenter import MovedPresenter
from ui.labeling.project.to_go import keep_to_go
from ui.labeling.sitting import Labeling
from ui.shell import Shell

_LATER_MS = 1_000  # until what waits to be stored may be

_Held = TypeVar("_Held", MovedPresenter, ChangedPresenter)


class OpenProject(QObject):
    """Holds at most one project."""

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self._shell = shell
        self.jobs = JobRunner(self)  # of the pages on the way to an open project: one at a time
        self.labeling: Labeling | None = None
        # The pages between a file and its project, once made.
        self._asking: dict[type[HeldProject], HeldProject] = {}

    def open(self, path: Path, annotator: str = "") -> None:
        """Open a project's file; raises ``UserError`` where that cannot be."""
        need_learner("Labeling")
        if self.labeling is not None and is_same_place(self.labeling.project.store.path, path):
            self.close_project()  # it cannot be open twice
        self.open_store(open_to_write(path), annotator)

    def open_store(self, store: ProjectStore, annotator: str = "") -> None:
        """Go on with a project whose file is open; where its images were moved, ask for them first."""
        self.close_project()
        try:
            if not locate_images(store):
                self._page_of(MovedPresenter).ask(store)
                return
            labeling = Labeling(self._shell, store, annotator)
        except BaseException:
            store.close()
            raise
        self.labeling = labeling
        labeling.left.connect(self._leave)
        labeling.others.another_wanted.connect(self._begin_another_soon)
        labeling.reopen_wanted.connect(self._reopen_soon)
        labeling.changed.connect(self._ask_what)
        self._shell.keep(self._shell.preferences.with_recent(store.path))
        labeling.open()

    def close_project(self) -> None:
        """Close the open project; it goes on where it stopped."""
        for asking in self._asking.values():
            asking.close_store()
        if self.labeling is not None:
            labeling, self.labeling = self.labeling, None
            status, uuid = labeling.conductor.finish.status(), labeling.project.head.uuid
            keep_to_go(self._shell.paths.cache, uuid, status.progress.labeled, status.to_go)
            labeling.close()
            labeling.deleteLater()

    def close(self) -> None:
        """Close everything."""
        self.close_project()
        self.jobs.shutdown()

    def _page_of(self, kind: type[_Held]) -> _Held:
        held = self._asking.get(kind)
        if not isinstance(held, kind):
            held = self._asking[kind] = kind(self._shell, self.jobs)
            held.decided.connect(self._open_found)
            held.given_up.connect(self._shell.go_home)
        return held

    def _ask_what(self, changed: Mapping[int, FileState]) -> None:
        QTimer.singleShot(0, self, partial(self._ask_soon, changed))  # what tells of it is closed by it

    def _ask_soon(self, changed: Mapping[int, FileState]) -> None:
        if self.labeling is None:
            return
        if self.labeling.controller.keeps_input:
            QTimer.singleShot(_LATER_MS, self, partial(self._ask_soon, changed))
            return
        path = self.labeling.project.store.path
        self.close_project()
        try:
            store = open_to_write(path)
        except UserError as error:
            self._shell.say(str(error))
            self._shell.go_home()
            return
        self._page_of(ChangedPresenter).ask(store, changed)

    def _open_found(self, store: ProjectStore) -> None:
        try:
            self.open_store(store)
        except UserError as error:
            self._shell.say(str(error))
            self._shell.go_home()

    def _leave(self) -> None:
        self.close_project()
        self._shell.go_home()

    def _begin_another_soon(self) -> None:
        QTimer.singleShot(0, self, self._begin_another)  # what asked for it is closed by it

    def _begin_another(self) -> None:
        if self.labeling is None:
            return
        if not self.labeling.project.models:
            self._shell.say("Another folder cannot begin with a model yet: label here until the first round.")
            return
        path = self.labeling.project.store.path
        self.close_project()
        self._shell.begin_with(path)

    def _reopen_soon(self, text: str) -> None:
        QTimer.singleShot(0, self, partial(self._reopen, text))  # what asked for it is closed by it

    def _reopen(self, text: str) -> None:
        if self.labeling is None:
            return
        path = self.labeling.project.store.path
        try:
            self.open(path)
            if text:
                self._shell.say(text)
        except UserError as error:
            self._shell.say(str(error))
            self._shell.go_home()
