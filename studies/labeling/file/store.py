"""The store of a labeling project: one SQLite file of append-only facts, each on disk when its call returns."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from model.port import Port
from studies.files import sqlite_file
from studies.files.store_errors import StoreError, in_sentences
from studies.files.store_file import StoreFile, utc_now
from studies.labeling.facts.records import (
    AutoLabel,
    Change,
    ClassChange,
    Idle,
    LabelEvent,
    ModelRecord,
    RoundRecord,
    Task,
)
from studies.labeling.facts.rows import (
    StoredEvent,
    event_row,
    model_of,
    model_row,
    stored_event,
    task_of,
    task_row,
)
from studies.labeling.file.schema import PROJECT

_CHUNK = 20_000
_TASK_COLUMNS = "task_id, round, item, purpose, tier, strategy, suggestion, score, model_id, top"
_INSERT_TASK = "INSERT INTO tasks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_INSERT_EVENT = "INSERT INTO label_events VALUES (NULL" + 21 * ", ?" + ")"
_PENDING = f"""
    SELECT {_TASK_COLUMNS} FROM tasks WHERE task_id NOT IN (
        SELECT e.task_id FROM label_events AS e
        WHERE e.task_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM label_events AS u WHERE u.undoes = e.action))
    ORDER BY task_id"""  # noqa: S608 - constants
_PENDING_OF = f"""
    SELECT {_TASK_COLUMNS} FROM tasks AS t WHERE t.item IN (SELECT value FROM json_each(?)) AND NOT EXISTS (
        SELECT 1 FROM label_events AS e WHERE e.item = t.item AND e.task_id = t.task_id
        AND NOT EXISTS (SELECT 1 FROM label_events AS u WHERE u.undoes = e.action))
    ORDER BY t.task_id"""  # noqa: S608 - constants
_EVENTS = """
    SELECT e.action, e.item, e.verb, e.purpose, e.class_id, e.suggestion, e.task_id, e.undoes,
        e.response_ns - e.onset_ns, e.images, e.focus_lost, t.tier, t.round
    FROM label_events AS e LEFT JOIN tasks AS t ON t.task_id = e.task_id"""


@dataclass(frozen=True)
class ProjectHead:
    """What a project is of."""

    uuid: str
    name: str
    dataset: str  # a name that model.datasets knows
    path: Path | None  # where its images lay at first, if they are a person's own
    app_version: str


class ProjectStore(StoreFile):
    """An open project."""

    schema = PROJECT

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
    ) -> ProjectStore:
        """Make a project, whole or not at all; raises ``StoreError`` where a file is already."""
        path = path.resolve()
        if sqlite_file.check_path(path, PROJECT):
            raise StoreError(f"{path} is a project already: open it, or name another file.")
        lock = sqlite_file.lock(path)
        try:

            def fill(connection: sqlite3.Connection) -> None:
                connection.execute("BEGIN")
                _fill(connection, head, items, holdout, changes, settings, port)
                connection.execute("COMMIT")

            sqlite_file.create(path, PROJECT, fill)
            return cls(path, sqlite_file.open_writable(path, PROJECT), lock)
        except BaseException:
            lock.release()
            raise

    # Writing

    def start_sitting(self, annotator: str, app_version: str, environment: Mapping[str, object]) -> int:
        """Note that someone begins; returns the sitting's number."""
        row = (annotator, app_version, json.dumps(environment, sort_keys=True), utc_now())
        with self.transaction() as connection:
            sitting = connection.execute("INSERT INTO sittings VALUES (NULL, ?, ?, ?, ?)", row).lastrowid
        assert sitting is not None  # an INSERT that returned has a row
        return sitting

    def append(
        self,
        sitting: int,
        events: Sequence[LabelEvent],
        tasks: Sequence[Task] = (),
        changes: Sequence[ClassChange] = (),
    ) -> None:
        """Store events, the tasks that follow from them and the changes of classes that they need, all or none.

        They are on disk when this returns.

        Raises ``StoreFull`` with nothing stored.
        """
        utc = utc_now()
        if len(events) == 1 and not tasks and not changes:
            with in_sentences(self.path):
                self._connection.execute(_INSERT_EVENT, event_row(sitting, events[0], utc))
            return
        with self.transaction() as connection:
            _add_class_changes(connection, changes)
            connection.executemany(_INSERT_EVENT, (event_row(sitting, event, utc) for event in events))
            connection.executemany(_INSERT_TASK, map(task_row, tasks))

    def add_tasks(self, tasks: Sequence[Task]) -> None:
        """Store what is to be asked."""
        with self.transaction() as connection:
            connection.executemany(_INSERT_TASK, map(task_row, tasks))

    def begin_round(
        self,
        model: ModelRecord,
        round_: RoundRecord,
        tasks: Sequence[Task],
        auto_labels: Sequence[AutoLabel],
    ) -> None:
        """Store a round whole, or nothing."""
        utc, r = utc_now(), round_
        with self.transaction() as connection:
            connection.execute(
                "INSERT INTO models VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", model_row(model, utc)
            )
            row = (
                r.round,
                r.seed,
                r.model_id,
                r.plan,
                r.predicted_s,
                r.reason,
                r.notes,
                r.seconds,
                r.from_action,
            )
            connection.execute("INSERT INTO rounds VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", (*row, utc))
            connection.executemany(_INSERT_TASK, map(task_row, tasks))
            connection.executemany(
                "INSERT INTO auto_labels VALUES (?, ?, ?, ?)",
                ((r.round, label.item, label.class_id, label.score) for label in auto_labels),
            )

    def add_idle(self, sitting: int, idle: Idle) -> None:
        """Store a span in which the annotator had nothing to do."""
        self._write(
            "INSERT INTO idle VALUES (NULL, ?, ?, ?, ?)", (sitting, idle.from_ns, idle.to_ns, idle.why)
        )

    def add_class_changes(self, changes: Sequence[ClassChange]) -> None:
        """Store changes of classes, all or none."""
        with self.transaction() as connection:
            _add_class_changes(connection, changes)

    def add_settings(self, settings: str) -> None:
        """Store new settings (JSON)."""
        self._write("INSERT INTO settings VALUES (NULL, ?, ?)", (settings, utc_now()))

    def add_items(self, names: Sequence[str]) -> None:
        """Store new items behind those that are there."""
        first = self.query("SELECT count(*) FROM items")[0][0]
        with self.transaction() as connection:
            connection.executemany("INSERT INTO items VALUES (?, ?)", enumerate(names, start=first))

    def add_holdout(self, items: Iterable[int]) -> None:
        """Store more items to measure accuracy with."""
        with self.transaction() as connection:
            connection.executemany("INSERT INTO holdout VALUES (?)", ((item,) for item in items))

    def add_hashes(self, hashes: Mapping[int, str]) -> None:
        """Store what items hold, so that they are known again under other names; the first hash of an item stays."""
        with self.transaction() as connection:
            # The trigger against replacing runs before OR IGNORE would.
            known = {item for (item,) in connection.execute("SELECT item FROM item_hashes")}
            new = [(item, hash_) for item, hash_ in hashes.items() if item not in known]
            connection.executemany("INSERT INTO item_hashes VALUES (?, ?)", new)

    def move(self, path: Path, renamed: Mapping[int, str]) -> None:
        """The images lie elsewhere now, some of them under other names."""
        with self.transaction() as connection:
            connection.execute("INSERT INTO places VALUES (NULL, ?, ?)", (str(path), utc_now()))
            connection.executemany("INSERT INTO item_names VALUES (NULL, ?, ?)", renamed.items())

    # Reading

    def head(self) -> ProjectHead:
        """What the project is of."""
        uuid, name, dataset, version = self.query("SELECT uuid, name, dataset, app_version FROM project")[0]
        first = self.query("SELECT path FROM places ORDER BY id LIMIT 1")[0][0]
        return ProjectHead(uuid, name, dataset, None if first is None else Path(first), version)

    def place(self) -> Path | None:
        """Where the images lie now, as far as the project knows."""
        path = self.query("SELECT path FROM places ORDER BY id DESC LIMIT 1")[0][0]
        return None if path is None else Path(path)

    def items(self) -> list[str]:
        """The items' names by number."""
        names: list[str] = [name for (name,) in self.query("SELECT name FROM items ORDER BY item")]
        for item, name in self.query("SELECT item, name FROM item_names ORDER BY id"):
            names[item] = name
        return names

    def sample(self, count: int) -> list[str]:
        """Names of up to ``count`` items, spread evenly over all."""
        items = self.query("SELECT count(*) FROM items")[0][0]
        most = min(items, count)
        chosen = [items * place // most for place in range(most)]
        sql = "SELECT name FROM names WHERE item IN (SELECT value FROM json_each(?))"
        return [name for (name,) in self.query(sql, (json.dumps(chosen),))]

    def holdout(self) -> list[int]:
        """The held-out sample."""
        return [item for (item,) in self.query("SELECT item FROM holdout ORDER BY item")]

    def class_changes(self) -> tuple[ClassChange, ...]:
        """All changes of classes, in order."""
        rows = self.query("SELECT class_id, change, value FROM class_changes ORDER BY id")
        return tuple(ClassChange(class_id, Change(change), value) for class_id, change, value in rows)

    def settings(self) -> str:
        """The settings that hold (JSON)."""
        text: str = self.query("SELECT json FROM settings ORDER BY id DESC LIMIT 1")[0][0]
        return text

    def events(self) -> Iterator[StoredEvent]:
        """All label events in order."""
        for row in self.query(_EVENTS + " ORDER BY e.seq"):
            yield stored_event(row)

    def events_of(self, action: int) -> tuple[StoredEvent, ...]:
        """The events of one action."""
        return tuple(
            stored_event(row) for row in self.query(_EVENTS + " WHERE e.action = ? ORDER BY e.seq", (action,))
        )

    def pending_tasks(self) -> tuple[Task, ...]:
        """Tasks that no standing event answers, in order; some may be about items that were answered otherwise."""
        return tuple(task_of(row) for row in self.query(_PENDING))

    def pending_tasks_of(self, items: Iterable[int]) -> tuple[Task, ...]:
        """Those of :meth:`pending_tasks` that are about ``items``, found without reading the others."""
        return tuple(task_of(row) for row in self.query(_PENDING_OF, (json.dumps(list(items)),)))

    def tasks(self, ids: Sequence[int]) -> tuple[Task, ...]:
        """Tasks by their ids, in the order given."""
        found = {}
        for task_id in ids:
            sql = f"SELECT {_TASK_COLUMNS} FROM tasks WHERE task_id = ?"  # noqa: S608 - constants
            found[task_id] = task_of(self.query(sql, (task_id,))[0])
        return tuple(found.values())

    def count(self, table: str) -> int:
        """How many rows a table of ids from 0 without a gap has: the next id."""
        column = {"tasks": "task_id", "models": "model_id", "rounds": "round"}[table]
        number: int = self.query(f"SELECT coalesce(max({column}) + 1, 0) FROM {table}")[0][0]  # noqa: S608
        return number

    def auto_labels(self, round_: int) -> tuple[AutoLabel, ...]:
        """The labels that the program gave in a round."""
        rows = self.query("SELECT item, class_id, score FROM auto_labels WHERE round = ?", (round_,))
        return tuple(AutoLabel(*row) for row in rows)

    def models(self) -> tuple[ModelRecord, ...]:
        """All models, the oldest first."""
        return tuple(model_of(row) for row in self.query("SELECT * FROM models ORDER BY model_id"))

    def rounds(self) -> tuple[RoundRecord, ...]:
        """All rounds, the oldest first."""
        rows = self.query(
            "SELECT round, seed, model_id, plan, predicted_s, reason, notes, seconds, from_action "
            "FROM rounds ORDER BY round"
        )
        return tuple(RoundRecord(*row) for row in rows)

    def first_unhashed(self) -> int:
        """The first item of which it is not noted what it holds; they are noted in order."""
        first: int = self.query("SELECT coalesce(max(item) + 1, 0) FROM item_hashes")[0][0]
        return first

    def hashes(self) -> dict[int, str]:
        """What items hold, as far as it was looked at."""
        return dict(self.query("SELECT item, hash FROM item_hashes"))

    def standing_in_words(self) -> str:
        """How far the project is, for a list of files."""
        sql = "SELECT count(DISTINCT item), (SELECT max(round) FROM rounds) FROM label_events WHERE verb = 'label'"
        labels, round_ = self.query(sql)[0]
        return f"{'first labels' if round_ is None else f'round {round_}'}, {labels:,} labels"

    def idle_share(self, sitting: int) -> float | None:
        """The share of a sitting, from its first image to its last answer, in which there was nothing to do."""
        sql = "SELECT max(response_ns) - min(onset_ns) FROM label_events WHERE sitting = ? AND onset_ns IS NOT NULL"
        lasted_ns = self.query(sql, (sitting,))[0][0]
        idle_ns = self.query(
            "SELECT coalesce(sum(to_ns - from_ns), 0) FROM idle WHERE sitting = ?", (sitting,)
        )
        return idle_ns[0][0] / lasted_ns if lasted_ns else None


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
    row = (head.uuid, head.name, head.dataset, head.app_version, utc)
    connection.execute("INSERT INTO project VALUES (1, ?, ?, ?, ?, ?)", row)
    place = None if head.path is None else str(head.path)
    connection.execute("INSERT INTO places VALUES (NULL, ?, ?)", (place, utc))
    for start in range(0, len(items), _CHUNK):
        port.progress(start, len(items), f"Listing the images: {start:,} of {len(items):,}")
        chunk = items[start : start + _CHUNK]
        connection.executemany("INSERT INTO items VALUES (?, ?)", enumerate(chunk, start=start))
    connection.executemany("INSERT INTO holdout VALUES (?)", ((item,) for item in holdout))
    _add_class_changes(connection, changes)
    connection.execute("INSERT INTO settings VALUES (NULL, ?, ?)", (settings, utc))


def _add_class_changes(connection: sqlite3.Connection, changes: Iterable[ClassChange]) -> None:
    utc = utc_now()
    connection.executemany(
        "INSERT INTO class_changes VALUES (NULL, ?, ?, ?, ?)",
        ((change.class_id, change.change.value, change.value, utc) for change in changes),
    )
