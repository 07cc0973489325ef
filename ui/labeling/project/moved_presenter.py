"""Finds the images of a project again: by itself where they moved with its file, else where the annotator says."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog

from model.datasets.base import ImageSet
from model.errors import UserError
from model.port import Port
from studies.labeling.file.store import ProjectStore
from studies.labeling.project import moving
from studies.labeling.project.moving import Found, images_are_there, likely_place
from ui.kit.jobs import Cancelled, Failed, Finished, JobRunner, Progress
from ui.labeling.project.moved_page import MovedPage
from ui.shell import Shell


class Moved(QObject):
    """Holds a project's open file until its images are found, then hands it on."""

    found = Signal(object)  # ProjectStore
    given_up = Signal()

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self._shell = shell
        self._store: ProjectStore | None = None
        self.page = MovedPage()
        shell.pages.addWidget(self.page)
        self._jobs = JobRunner(self)
        self.page.choose_wanted.connect(self._choose)
        self.page.back_wanted.connect(self._give_up)
        self.page.progress.cancel_requested.connect(self._jobs.cancel)
        self._jobs.progressed.connect(self._progressed)
        self._jobs.finished.connect(self._finished)
        self._jobs.failed.connect(self._failed)
        self._jobs.cancelled.connect(self._cancelled)

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
            self.page.progress.begin("Looking for the images")
            self._jobs.start(partial(_look, self._store, place, self._shell.paths.cache))

    def close_store(self) -> None:
        """Let go of a project whose images were not found."""
        if self._store is not None:
            self._store.close()
            self._store = None

    def close(self) -> None:
        """End the background work."""
        self._jobs.shutdown()
        self.close_store()

    def _choose(self) -> None:
        if self._store is None or self._jobs.running is not None:
            return
        if self._store.head().dataset == "csv":
            chosen, _ = QFileDialog.getOpenFileName(self.page, "List of images", "", "CSV (*.csv)")
        else:
            chosen = QFileDialog.getExistingDirectory(self.page, "Folder of the images")
        if chosen:
            self.look_in(Path(chosen))

    def _give_up(self) -> None:
        self.close_store()
        self.given_up.emit()

    def _progressed(self, report: Progress) -> None:
        self.page.progress.show_progress(report)

    def _finished(self, report: Finished) -> None:
        self.page.progress.end()
        store, found = self._store, report.result
        if store is None or not isinstance(found, Found):
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

    def _failed(self, report: Failed) -> None:
        self.page.progress.end()
        self.page.show_message(report.message)

    def _cancelled(self, _report: Cancelled) -> None:
        self.page.progress.end()


class ImageHashes(QObject):
    """Notes what the images of an open project hold, in the background, so that renamed ones are known again."""

    def __init__(self, store: ProjectStore, images: ImageSet, parent: QObject) -> None:
        super().__init__(parent)
        self._store, self._images = store, images
        self._jobs = JobRunner(self)
        self._jobs.finished.connect(self._finished)
        self._go_on()

    def close(self) -> None:
        """Stop; it goes on when the project is opened again."""
        self._jobs.shutdown()

    def _go_on(self) -> None:
        first = self._store.first_unhashed()
        if first < len(self._images):
            self._jobs.start(partial(_hash, self._images, first))

    def _finished(self, report: Finished) -> None:
        found = report.result
        if not isinstance(found, dict) or not found:
            return
        try:
            self._store.add_hashes(found)
        except UserError:
            return  # a full disk: labels come first, and this is tried again another time
        self._go_on()


def find_by_itself(store: ProjectStore) -> bool:
    """Whether a project's images are there, or were moved together with its file, which is noted then."""
    if images_are_there(store):
        return True
    place = likely_place(store)
    if place is None:
        return False
    store.move(place, {})
    return True


def _look(store: ProjectStore, place: Path, cache: Path, port: Port) -> Found:
    with ProjectStore.open(store.path, writable=False) as reading:
        return moving.look(reading, place, cache, port)


def _hash(images: ImageSet, first: int, port: Port) -> dict[int, str]:
    return moving.hash_some(images, first, port)
