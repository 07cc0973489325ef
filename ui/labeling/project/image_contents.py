"""Sees in the background whether the images of an open project still hold what they held, and notes what is new."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QObject, Signal

from model.datasets.base import ImageSet
from model.datasets.folder import FileSet
from model.datasets.listing import list_new
from model.datasets.pixels.deep import Ranges
from model.errors import UserError
from model.port import Port
from studies.labeling.facts.file_state import FileState
from studies.labeling.file.store import ProjectStore
from studies.labeling.project.contents import WINDOW, Looked, find_returned, give_back, look_at_files
from studies.labeling.project.images import stored_ranges
from ui.kit.job_line import JobLine
from ui.kit.jobs import JobRunner

_log = logging.getLogger(__name__)


class ImageContents(QObject):
    """Looks at the files one window after the other, first at those that were seen before; a thread of its own."""

    measured = Signal(object)  # Ranges: what deep images are shown by, in a project that has none noted
    returned = Signal(
        object
    )  # items that were left out: their files were away and are there again, or are other ones now
    given_back = Signal(object)  # items whose pictures were nowhere, and have files again
    found_new = Signal(int)  # so many files in the folder that the project does not know
    changed = Signal(
        object
    )  # dict[int, FileState]: images that hold something else than when they were decided about

    def __init__(self, store: ProjectStore, images: ImageSet, parent: QObject) -> None:
        super().__init__(parent)
        self._store, self._images = store, images
        self._jobs = JobRunner(self)
        self._line = JobLine(self._jobs, parent=self)
        self._known_only, self._first = True, 0
        self._changed: dict[int, FileState] = {}

    def begin(self) -> None:
        """Look at all files, from the first; before that at those that were away, and at those to be measured."""
        images = self._images
        if isinstance(images, FileSet) and stored_ranges(self._store) is None:
            self._line.run(partial(_choose_ranges, images), self._tell_measured, failed=self._give_up)
        else:
            self._find_returned()

    def _tell_measured(self, ranges: Ranges | None) -> None:
        if ranges is not None:
            self.measured.emit(ranges)
        self._find_returned()

    def _find_returned(self) -> None:
        find = partial(find_returned, self._store.path, self._images)
        self._line.run(find, self._tell_returned, failed=self._give_up)

    def look_again(self) -> None:
        """Look anew at the files that were seen before: some have changed since, as was found elsewhere."""
        if not (self._known_only and self._line.busy):  # else it is under way
            self._known_only, self._first = True, 0
            self._changed.clear()
            self._go_on()

    def stop(self) -> None:
        """Ask what is at work to stop; :meth:`close` waits for it."""
        self._jobs.stop()

    def close(self) -> None:
        """Stop; it goes on when the project is opened again."""
        self._jobs.shutdown()

    def _tell_returned(self, items: tuple[int, ...]) -> None:
        if items:
            self.returned.emit(items)
        images = self._images
        if isinstance(images, FileSet) and images.name == "folder":
            self._line.run(partial(_find_new, images), self._tell_new, failed=self._give_up_new)
        else:
            self._go_on()

    def _tell_new(self, new: tuple[str, ...]) -> None:
        if new:
            self.found_new.emit(len(new))
        self._go_on()

    def _give_up_new(self, sentence: str) -> None:
        self._give_up(sentence)
        self._go_on()

    def _go_on(self) -> None:
        if self._first >= len(self._images):
            if not self._known_only:
                return
            self._known_only, self._first = False, 0
            if self._tell_changed():
                return
        look = partial(look_at_files, self._store.path, self._images, self._first, self._known_only)
        self._line.run(look, self._note, failed=self._give_up)

    def _note(self, looked: Looked) -> None:
        self._changed.update(looked.changed)
        self._first += WINDOW
        if fresh := looked.fresh:
            try:
                if others := self._differing(fresh):  # noted meanwhile with an answer: changed since
                    fresh = {item: state for item, state in fresh.items() if item not in others}
                self._store.add_file_states(fresh)
            except UserError as error:
                self._give_up(str(error))
                return
        self._go_on()

    def _tell_changed(self) -> bool:
        """Tell of changes if a decision is about one of them; otherwise each file is taken as it is now."""
        if not self._changed:
            return False
        try:
            changed = self._differing(self._changed)
            asks = not self._store.decided_items().isdisjoint(changed)
            if asks:
                self.changed.emit(changed)
            elif given := give_back(self._store, changed):
                self.given_back.emit(given)
                return True
            else:
                self._store.add_file_states(changed)
                if replaced := changed.keys() & set(self._store.unreadable_items()):
                    self.returned.emit(tuple(sorted(replaced)))
        except UserError as error:
            self._give_up(str(error))
            return False
        return asks

    def _differing(self, found: Mapping[int, FileState]) -> dict[int, FileState]:
        """Those of the files that hold something else than is noted now: an answer may have come since the look."""
        noted = self._store.file_states_of(found)
        return {item: s for item, s in found.items() if item in noted and noted[item].hash != s.hash}

    def _give_up(self, sentence: str) -> None:
        """Labels come first: this is tried again when the project is opened the next time."""
        _log.warning("What the images hold was not noted: %s", sentence)


def _find_new(images: FileSet, port: Port) -> tuple[str, ...]:
    return list_new(images.root, frozenset(images.items), port)


def _choose_ranges(images: FileSet, _: Port) -> Ranges | None:
    return images.choose_ranges()
