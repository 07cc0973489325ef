"""Asks where the images of a project are that are not where they were, and looks for them there."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from model.errors import UserError
from studies.labeling.file.store import ProjectStore
from studies.labeling.project.moving import LocatedImages, look_beside
from ui.kit.file_dialogs import FileKind
from ui.kit.job_line import JobLine
from ui.kit.jobs import JobRunner
from ui.labeling.project.moved_page import MovedPage
from ui.shell import Shell

_CSV = FileKind("CSV", "csv")


class MovedPresenter(QObject):
    """Holds a project's open file until its images are found, then hands it on."""

    found = Signal(object)  # ProjectStore
    given_up = Signal()

    def __init__(self, shell: Shell, jobs: JobRunner) -> None:
        super().__init__()
        self._shell = shell
        self._store: ProjectStore | None = None
        self.page = MovedPage()
        shell.pages.addWidget(self.page)
        self._line = JobLine(jobs, self.page.progress, self)
        self.page.choose_wanted.connect(self._choose)
        self.page.back_wanted.connect(self._give_up)

    def ask(self, store: ProjectStore) -> None:
        """Ask where the images of ``store`` are."""
        self.close_store()
        self._store = store
        self.page.show_project(store.path.stem, str(store.place()))
        self._shell.pages.setCurrentWidget(self.page)
        self.page.setFocus()

    def look_in(self, place: Path) -> None:
        """Look for the images in a place."""
        if self._store is not None:
            self._line.run(
                partial(look_beside, self._store.path, place, self._shell.paths.cache),
                self._move,
                failed=self.page.show_message,
                text="Looking for the images",
            )

    def close_store(self) -> None:
        """Let go of a project whose images were not found."""
        self._line.drop()
        if self._store is not None:
            self._store.close()
            self._store = None

    def _choose(self) -> None:
        if self._store is None or self._line.busy:
            return
        if self._store.head().dataset == "csv":
            place = self._shell.dialogs.open(self.page, "List of images", Path(), _CSV)
        else:
            place = self._shell.dialogs.folder(self.page, "Folder of the images")
        if place is not None:
            self.look_in(place)

    def _give_up(self) -> None:
        self.close_store()
        self.given_up.emit()

    def _move(self, located: LocatedImages) -> None:
        store = self._store
        if store is None:
            return
        items = len(store.items())
        if located.missing == items:
            self.page.show_message(
                f"None of the project's images is in {located.place}. Choose another place."
            )
            return
        try:
            store.move(located.place, located.renamed)
        except UserError as error:
            self.page.show_message(str(error))
            return
        self._store = None
        if located.missing:
            self._shell.say(f"{items - located.missing:,} of {items:,} images were found again.")
        self.found.emit(store)
