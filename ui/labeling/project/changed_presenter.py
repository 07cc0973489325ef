"""Asks what is to become of labels whose files hold other pictures now, and does it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import QObject, Signal

from model.errors import UserError
from studies.labeling.facts.file_state import FileState
from studies.labeling.file.store import ProjectStore
from studies.labeling.project.contents import Contents, find_contents, follow_contents
from ui.kit.job_line import JobLine
from ui.kit.jobs import JobRunner
from ui.labeling.project.changed_page import ChangedPage
from ui.shell import Shell


class ChangedPresenter(QObject):
    """Holds a project's open file until it is decided, then hands it on."""

    decided = Signal(object)  # ProjectStore
    given_up = Signal()

    def __init__(self, shell: Shell, jobs: JobRunner) -> None:
        super().__init__()
        self._shell = shell
        self._store: ProjectStore | None = None
        self._changed: Mapping[int, FileState] = {}
        self._contents: Contents | None = None
        self.page = ChangedPage()
        shell.pages.addWidget(self.page)
        self._line = JobLine(jobs, self.page.progress, self)
        self.page.follow_wanted.connect(self._follow)
        self.page.keep_wanted.connect(self._keep)
        self.page.back_wanted.connect(self._give_up)

    def ask(self, store: ProjectStore, changed: Mapping[int, FileState]) -> None:
        """Look where the pictures are, and ask."""
        self.close_store()
        self._store, self._changed, self._contents = store, changed, None
        place, items = store.place(), store.items()
        assert place is not None  # only files can change
        self.page.show_changed(store.path.stem, len(changed), items[min(changed)])
        self._shell.pages.setCurrentWidget(self.page)
        self.page.setFocus()
        self._line.run(
            partial(find_contents, store.path, place, self._shell.paths.cache, changed),
            self._show_found,
            failed=self.page.show_message,
            text="Looking where the labeled pictures are",
        )

    def close_store(self) -> None:
        """Let go of a project about which nothing was decided."""
        self._line.drop()
        if self._store is not None:
            self._store.close()
            self._store = None

    def _show_found(self, contents: Contents) -> None:
        self._contents = contents
        self.page.show_found(len(contents.renamed), len(contents.gone), len(contents.new))

    def _follow(self) -> None:
        if self._contents is not None:
            contents = self._contents
            self._do(lambda store: follow_contents(store, contents))

    def _keep(self) -> None:
        self._do(lambda store: store.add_file_states(self._changed))

    def _do(self, change: Callable[[ProjectStore], None]) -> None:
        store = self._store
        if store is None:
            return
        try:
            change(store)
        except UserError as error:
            self.page.show_message(str(error))
            return
        self._store = None
        self.decided.emit(store)

    def _give_up(self) -> None:
        self.close_store()
        self.given_up.emit()
