"""Notes what the images of an open project hold, in the background."""

from __future__ import annotations

import logging
from functools import partial

from PySide6.QtCore import QObject

from model.datasets.base import ImageSet
from model.errors import UserError
from studies.labeling.file.store import ProjectStore
from studies.labeling.project.moving import hash_some
from ui.kit.job_line import JobLine
from ui.kit.jobs import JobRunner

_log = logging.getLogger(__name__)


class ImageHashes(QObject):
    """Hashes the images one batch after the other, so that renamed ones are known again; a thread of its own."""

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
            self._line.run(partial(hash_some, self._images, first), self._add, failed=self._give_up)

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
