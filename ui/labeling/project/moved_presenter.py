"""Asks where the images of a project are that are not where they were, and looks for them there."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from studies.labeling.file.store import ProjectStore
from studies.labeling.project.moving import LocatedImages, look_beside
from studies.numerals import counted
from ui.kit.file_dialogs import FileKind
from ui.kit.jobs import JobRunner
from ui.labeling.project.held_project import HeldProject
from ui.labeling.project.moved_page import MovedPage
from ui.shell import Shell

_CSV = FileKind("CSV", "csv")


class MovedPresenter(HeldProject):
    """Asks for the place of the images."""

    def __init__(self, shell: Shell, jobs: JobRunner) -> None:
        self.page = MovedPage()
        super().__init__(shell, jobs, self.page)
        shell.pages.addWidget(self.page)
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

    def _choose(self) -> None:
        if self._store is None or self._line.busy:
            return
        if self._store.head().dataset == "csv":
            place = self._shell.dialogs.open(self.page, "List of images", Path(), _CSV)
        else:
            place = self._shell.dialogs.folder(self.page, "Folder of the images")
        if place is not None:
            self.look_in(place)

    def _move(self, located: LocatedImages) -> None:
        if self._store is None:
            return
        items = len(self._store.items())
        if located.missing == items:
            self.page.show_message(
                f"None of the project's images is in {located.place}. Choose another place."
            )
            return
        found = (
            f"{items - located.missing:,} of {counted(items, 'image was', 'images were')} found again."
            if located.missing
            else ""
        )
        self._hand_on(lambda store: store.move(located.place, located.renamed), found)
