"""Asks what is to become of labels whose files hold other pictures now, and does it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from studies.labeling.facts.file_state import FileState
from studies.labeling.file.store import ProjectStore
from studies.labeling.project.contents import Contents, find_contents, follow_contents
from ui.kit.jobs import JobRunner
from ui.labeling.project.changed_page import ChangedPage
from ui.labeling.project.held_project import HeldProject
from ui.shell import Shell


class ChangedPresenter(HeldProject):
    """Asks whether labels go with the pictures or stay with the names."""

    def __init__(self, shell: Shell, jobs: JobRunner) -> None:
        self.page = ChangedPage()
        super().__init__(shell, jobs, self.page)
        self._changed: Mapping[int, FileState] = {}
        self._contents: Contents | None = None
        shell.pages.addWidget(self.page)
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

    def _show_found(self, contents: Contents) -> None:
        self._contents = contents
        self.page.show_found(len(contents.renamed), len(contents.gone), len(contents.new))

    def _follow(self) -> None:
        if self._contents is not None:
            contents = self._contents
            self._hand_on(lambda store: follow_contents(store, contents))

    def _keep(self) -> None:
        self._hand_on(lambda store: store.add_file_states(self._changed))
