"""The store of a labeling project: one SQLite file of append-only facts, each on disk when its call returns."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from model.port import Port
from studies.files import sqlite_file
from studies.files.path_check import resolve
from studies.files.rows import Row, insert, insert_all, row_of
from studies.files.store_errors import StoreError
from studies.files.store_file import utc_now
from studies.labeling.facts.file_state import FileState
from studies.labeling.facts.finish import FolderLabels, LookRecord, SampleDraw
from studies.labeling.facts.records import (
    AutoLabel,
    BegunWith,
    ClassChange,
    Idle,
    LabelEvent,
    ModelRecord,
    Refit,
    RoundRecord,
    Task,
)
from studies.labeling.file import rows
from studies.labeling.file.reader import ProjectHead, ProjectReader
from studies.labeling.file.schema import PROJECT

__all__ = ["ProjectHead", "ProjectStore"]

_CHUNK = 20_000


class ProjectStore(ProjectReader):
    """An open project."""

    _begun: Row | None = None  # the sitting, until it is stored with its first event
    _idle_before: Sequence[Row] = ()
    shown: Mapping[int, FileState] = MappingProxyType(
        {}
    )  # what the files of the images on screen held when read

    @classmethod
    def create(
        cls,
        path: Path,
        head: ProjectHead,
        items: Sequence[str],
        holdout: Iterable[int],
        changes: Iterable[ClassChange],
        settings: str,
        port: Port,
        begun: tuple[BegunWith, bytes] | None = None,
    ) -> ProjectStore:
        """Make a project, whole or not at all; raises ``StoreError`` where a file is already.

        ``begun``: the model that it is begun with, and its file's bytes.
        """
        path = resolve(path)
        if sqlite_file.check_path(path, PROJECT):
            raise StoreError(f"{path} is a project already: open it, or name another file.")
        lock = sqlite_file.lock(path)
        try:

            def fill(connection: sqlite3.Connection) -> None:
                connection.execute("BEGIN")
                _fill(connection, head, items, holdout, changes, settings, port)
                if begun is not None:
                    insert(connection, "begun_with", rows.begun_row(*begun, utc_now()))
                connection.execute("COMMIT")

            sqlite_file.create(path, PROJECT, fill)
            return cls(path, sqlite_file.open_writable(path, PROJECT), lock)
        except BaseException:
            lock.release()
            raise

    def start_sitting(self, annotator: str, app_version: str, environment: Mapping[str, object]) -> int:
        """Someone begins; returns the sitting's number. It is stored with its first event, and without one never."""
        number = self.last_sitting() + 1
        self._begun = {
            "sitting": number,
            "annotator": annotator,
            "app_version": app_version,
            "environment": json.dumps(environment, sort_keys=True),
            "utc": utc_now(),
        }
        self._idle_before = ()
        return number

    def append(
        self,
        sitting: int,
        events: Sequence[LabelEvent],
        tasks: Sequence[Task] = (),
        changes: Sequence[ClassChange] = (),
    ) -> None:
        """Store events, the tasks that follow from them and the changes of classes that they need, all or none.

        They are on disk when this returns, and so is what the files that were answered about held when shown; where an
        answer is taken back, what was noted before it holds again.

        Raises ``StoreFull`` with nothing stored.
        """
        utc = utc_now()
        states = self._answered_states(events)
        undone = [event.undoes for event in events if event.undoes is not None]
        restored = self.file_states_before(undone[0]) if undone else {}
        if len(events) == 1 and not (states or restored or tasks or changes) and self._begun is None:
            self._check_place()
            with self._in_sentences():
                insert(self._connection, "label_events", rows.event_row(sitting, events[0], utc))
            return
        with self.transaction() as connection:
            if self._begun is not None:
                insert(connection, "sittings", self._begun)
                insert_all(connection, "idle", self._idle_before)
            _add_class_changes(connection, changes)
            insert_all(connection, "label_events", (rows.event_row(sitting, event, utc) for event in events))
            insert_all(connection, "tasks", map(rows.task_row, tasks))
            _add_file_states(connection, states, events[0].action)
            _add_file_states(connection, restored)
        self._begun = None

    def _answered_states(self, events: Sequence[LabelEvent]) -> dict[int, FileState]:
        """What files held that were answered about on screen, where something else is noted, or nothing."""
        answered = {e.item for e in events if e.timing is not None and e.verb.meaning.state}
        shown = {item: self.shown[item] for item in answered if item in self.shown}
        noted = self.file_states_of(shown) if shown else {}
        return {item: state for item, state in shown.items() if noted.get(item) != state}

    def add_tasks(self, tasks: Sequence[Task], draw: SampleDraw | None = None) -> None:
        """Store what is to be asked, and the draw of a random sample that it is of."""
        with self.transaction() as connection:
            _add_draw(connection, draw)
            insert_all(connection, "tasks", map(rows.task_row, tasks))

    def begin_round(
        self,
        model: ModelRecord,
        round_: RoundRecord,
        tasks: Sequence[Task],
        auto_labels: Sequence[AutoLabel],
        draw: SampleDraw | None = None,
        look: LookRecord | None = None,
    ) -> None:
        """Store a round whole, with its draw of the random sample and the look that its model took, or nothing."""
        utc = utc_now()
        with self.transaction() as connection:
            insert(connection, "models", rows.model_row(model, utc))
            insert(connection, "rounds", rows.round_row(round_, utc))
            insert_all(connection, "round_strategies", rows.strategy_rows(round_))
            _add_draw(connection, draw)
            if look is not None:
                insert(connection, "looks", row_of(look, utc=utc))
            insert_all(connection, "tasks", map(rows.task_row, tasks))
            labels = (row_of(label, round=round_.round) for label in auto_labels)
            insert_all(connection, "auto_labels", labels)

    def add_folder_labels(self, look: int, labels: Sequence[FolderLabels]) -> None:
        """Store the labels that a look has certified, all or none."""
        utc = utc_now()
        with self.transaction() as connection:
            insert_all(connection, "folder_labels", (row_of(label, look=look, utc=utc) for label in labels))

    def add_refit(self, refit: Refit) -> None:
        """Store that suggestions were renewed."""
        self._insert("refits", row_of(refit, utc=utc_now()))

    def add_idle(self, sitting: int, idle: Idle) -> None:
        """Store a span in which the annotator had nothing to do; before the first event, with that."""
        row = row_of(idle, sitting=sitting)
        if self._begun is None:
            self._insert("idle", row)
        else:
            self._idle_before = [*self._idle_before, row]

    def add_class_changes(self, changes: Sequence[ClassChange]) -> None:
        """Store changes of classes, all or none."""
        with self.transaction() as connection:
            _add_class_changes(connection, changes)

    def add_settings(self, settings: str) -> None:
        """Store new settings (JSON)."""
        self._insert("settings", {"json": settings, "utc": utc_now()})

    def add_items(self, names: Sequence[str]) -> None:
        """Store new items behind those that are there."""
        first = self.query("SELECT count(*) FROM items")[0][0]
        with self.transaction() as connection:
            insert_all(connection, "items", _items(names, first))

    def add_holdout(self, items: Iterable[int]) -> None:
        """Store more items to measure accuracy with."""
        with self.transaction() as connection:
            insert_all(connection, "holdout", ({"item": item} for item in items))

    def add_file_states(self, states: Mapping[int, FileState]) -> None:
        """Store what the files of items hold, to know the pictures under other names."""
        with self.transaction() as connection:
            _add_file_states(connection, states)

    def follow(self, names: Mapping[int, str], new: Sequence[str], states: Mapping[int, FileState]) -> None:
        """Store new names of items, new items behind those that are there, and what files hold; all or nothing."""
        first = self.query("SELECT count(*) FROM items")[0][0]
        with self.transaction() as connection:
            insert_all(connection, "item_names", ({"item": i, "name": name} for i, name in names.items()))
            insert_all(connection, "items", _items(new, first))
            _add_file_states(connection, states)

    def move(self, path: Path, renamed: Mapping[int, str]) -> None:
        """The images lie elsewhere now, some of them under other names."""
        with self.transaction() as connection:
            insert(connection, "places", {"path": str(path), "utc": utc_now()})
            names = ({"item": item, "name": name} for item, name in renamed.items())
            insert_all(connection, "item_names", names)


def _fill(
    connection: sqlite3.Connection,
    head: ProjectHead,
    items: Sequence[str],
    holdout: Iterable[int],
    changes: Iterable[ClassChange],
    settings: str,
    port: Port,
) -> None:
    utc = utc_now()
    place = None if head.path is None else str(head.path)
    about = row_of(head, id=1, utc=utc)
    del about["path"]
    insert(connection, "project", about)
    insert(connection, "places", {"path": place, "utc": utc})
    for start in range(0, len(items), _CHUNK):
        port.progress(start, len(items), f"Listing the images: {start:,} of {len(items):,}")
        insert_all(connection, "items", _items(items[start : start + _CHUNK], start))
    insert_all(connection, "holdout", ({"item": item} for item in holdout))
    _add_class_changes(connection, changes)
    insert(connection, "settings", {"json": settings, "utc": utc})


def _add_draw(connection: sqlite3.Connection, draw: SampleDraw | None) -> None:
    if draw is not None:
        insert(connection, "sample_draws", {"draw": draw.draw, "items": draw.items, "pool": draw.pool})


def _items(names: Sequence[str], first: int) -> Iterator[Row]:
    return ({"item": item, "name": name} for item, name in enumerate(names, start=first))


def _add_file_states(
    connection: sqlite3.Connection, states: Mapping[int, FileState], action: int | None = None
) -> None:
    noted = ({"item": i, **state._asdict(), "action": action} for i, state in states.items())
    insert_all(connection, "item_files", noted)


def _add_class_changes(connection: sqlite3.Connection, changes: Iterable[ClassChange]) -> None:
    utc = utc_now()
    insert_all(connection, "class_changes", (row_of(change, utc=utc) for change in changes))
