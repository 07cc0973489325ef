"""A project whose file is open while something is asked about its images."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from model.errors import UserError
from studies.labeling.file.store import ProjectStore
from ui.kit.job_line import JobLine
from ui.kit.jobs import JobRunner
from ui.kit.progress_panel import ProgressPanel
from ui.shell import Shell


class AskingPage(Protocol):
    """What such a page needs to have."""

    progress: ProgressPanel

    def show_message(self, text: str) -> None:
        """Say what is wrong."""
        ...


class HeldProject(QObject):
    """Holds the file until it is decided, then hands it on; what it asks is its subclasses' part."""

    decided = Signal(object)  # ProjectStore
    given_up = Signal()

    def __init__(self, shell: Shell, jobs: JobRunner, page: AskingPage) -> None:
        super().__init__()
        self._shell = shell
        self._asking = page
        self._store: ProjectStore | None = None
        self._line = JobLine(jobs, page.progress, self)

    def close_store(self) -> None:
        """Let go of a project about which nothing was decided."""
        self._line.drop()
        if self._store is not None:
            self._store.close()
            self._store = None

    def _hand_on(self, change: Callable[[ProjectStore], None], said: str = "") -> None:
        """Store what was decided, and hand the project on; where that cannot be stored it is still held."""
        store = self._store
        if store is None:
            return
        try:
            change(store)
        except UserError as error:
            self._asking.show_message(str(error))
            return
        self._store = None
        if said:
            self._shell.say(said)
        self.decided.emit(store)

    def _give_up(self) -> None:
        self.close_store()
        self.given_up.emit()
