"""Finds the images of a project again: by itself where they moved with its file, else where the annotator says."""

from __future__ import annotations

import logging
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from model.datasets.base import ImageSet
from model.errors import UserError
from model.port import Port
from studies.labeling.file.store import ProjectStore
from studies.labeling.project import moving
from studies.labeling.project.moving import Found, images_are_there, likely_place
from ui.kit.file_dialogs import FileKind
from ui.kit.job_line import JobLine
from ui.kit.jobs import JobRunner
from ui.labeling.project.moved_page import MovedPage
from ui.shell import Shell

_CSV = FileKind("CSV", "csv")

_log = logging.getLogger(__name__)


class Moved(QObject):
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
                partial(_look, self._store.path, place, self._shell.paths.cache),
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

    def _move(self, found: Found) -> None:
        store = self._store
        if store is None:
            return
        items = len(store.items())
        if found.missing == items:
            self.page.show_message(f"None of the project's images is in {found.place}. Choose another place.")
            return
        try:
            store.move(found.place, found.renamed)
        except UserError as error:
            self.page.show_message(str(error))
            return
        self._store = None
        if found.missing:
            self._shell.say(f"{items - found.missing:,} of {items:,} images were found again.")
        self.found.emit(store)


class ImageHashes(QObject):
    """Notes what the images of an open project hold, in the background, so that renamed ones are known again."""

    def __init__(self, store: ProjectStore, images: ImageSet, parent: QObject) -> None:
        super().__init__(parent)
        self._store, self._images = store, images
        self._jobs = JobRunner(self)
        self._line = JobLine(self._jobs, parent=self)
        self._go_on()

    def close(self) -> None:
        """Stop; it goes on when the project is opened again."""
        self._jobs.shutdown()

    def _go_on(self) -> None:
        first = self._store.first_unhashed()
        if first < len(self._images):
            self._line.run(partial(_hash, self._images, first), self._add, failed=self._give_up)

    def _add(self, hashes: dict[int, str]) -> None:
        if not hashes:
            return
        try:
            self._store.add_hashes(hashes)
        except UserError as error:
            self._give_up(str(error))
            return
        self._go_on()

    def _give_up(self, sentence: str) -> None:
        """Labels come first: this is tried again when the project is opened the next time."""
        _log.warning("The images' hashes were not noted: %s", sentence)


def find_by_itself(store: ProjectStore) -> bool:
    """Whether a project's images are there, or were moved together with its file, which is noted then."""
    if images_are_there(store):
        return True
    place = likely_place(store)
    if place is None:
        return False
    store.move(place, {})
    return True


def _look(file: Path, place: Path, cache: Path, port: Port) -> Found:
    with ProjectStore.open(file, writable=False) as store:
        return moving.look(store, place, cache, port)


def _hash(images: ImageSet, first: int, port: Port) -> dict[int, str]:
    return moving.hash_some(images, first, port)
