"""Brings an open store's records into its one file whenever there is a pause, so that a copy of it is whole."""

from __future__ import annotations

import logging
from functools import partial

from PySide6.QtCore import QObject, QTimer

from model.port import Port
from studies.files.sqlite_file import checkpoint_beside
from studies.files.store_file import StoreFile
from ui.kit.job_line import JobLine
from ui.kit.jobs import JobRunner

_LOOK_MS = 3_000  # a pause: nothing was stored between two looks
_AT_LEAST_EVERY = 10  # looks, where no pause comes

_log = logging.getLogger(__name__)


class Checkpoints(QObject):
    """Looks every three seconds; the disk is written to in a thread of its own, and whoever answers never waits."""

    def __init__(self, store: StoreFile, parent: QObject) -> None:
        super().__init__(parent)
        self._store = store
        self._jobs = JobRunner(self)
        self._line = JobLine(self._jobs, parent=self)
        self._seen = self._done = store.changes
        self._looks = 0
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def close(self) -> None:
        """Stop; the store's own closing does the rest."""
        self._timer.stop()
        self._jobs.shutdown()

    def _look(self) -> None:
        changes = self._store.changes
        self._looks += 1
        pauses = changes == self._seen
        self._seen = changes
        if changes == self._done or self._line.busy:
            return
        if pauses or self._looks >= _AT_LEAST_EVERY:
            self._looks, self._done = 0, changes
            self._line.run(partial(_checkpoint, self._store), _ignore, failed=_log.warning)


def _checkpoint(store: StoreFile, _port: Port) -> None:
    if store.is_in_place:  # into another file that was put there these records must not go
        checkpoint_beside(store.path)


def _ignore(_: None) -> None:
    """There is nothing to show."""
