"""What is read of a labeling project's file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from model.datasets.image_files import AWAY, MISSING
from studies.files.rows import columns_of
from studies.files.store_errors import damaged, in_facts
from studies.labeling.facts.file_state import FileState
from studies.labeling.facts.records import (
    AutoLabel,
    BegunWith,
    ClassChange,
    ModelRecord,
    Purpose,
    RoundRecord,
    Task,
    Verb,
)
from studies.labeling.facts.stored_event import StoredEvent
from studies.labeling.facts.task_draw import TaskDraw
from studies.labeling.file import rows
from studies.labeling.file.page_queries import PageQueries
from studies.labeling.file.schema import PROJECT
from studies.labeling.file.views import CERTIFIED, STATES
from studies.labeling.planning.costs import STOOD_STILL_NS
from studies.labeling.state.progress import Progress

_TASKS = ", ".join(f"t.{column}" for column in columns_of(Task))
_PENDING = f"""
    SELECT {_TASKS} FROM tasks AS t WHERE t.task_id NOT IN (
        SELECT e.task_id FROM label_events AS e
        WHERE e.task_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM label_events AS u WHERE u.undoes = e.action))
    ORDER BY t.task_id"""  # noqa: S608 - constants
_PENDING_OF = f"""
    SELECT {_TASKS} FROM tasks AS t WHERE t.item IN (SELECT value FROM json_each(?)) AND NOT EXISTS (
        SELECT 1 FROM label_events AS e WHERE e.item = t.item AND e.task_id = t.task_id
        AND NOT EXISTS (SELECT 1 FROM label_events AS u WHERE u.undoes = e.action))
    ORDER BY t.task_id"""  # noqa: S608 - constants
_ROUNDS = """
    SELECT r.*, (SELECT json_group_object(s.tier, s.strategy) FROM round_strategies AS s WHERE s.round = r.round)
        AS strategies
    FROM rounds AS r ORDER BY r.round"""
_EVENTS = f"""
    SELECT e.action, e.item, e.verb, e.purpose, e.class_id, e.suggestion, e.task_id, e.undoes,
        e.response_ns - e.onset_ns AS took_ns, e.images, e.focus_lost, t.tier, t.round,
        coalesce(e.longest_stall_ns, 0) > {STOOD_STILL_NS} AS stood_still, e.rank,
        e.place IS NOT NULL AS on_page
    FROM label_events AS e LEFT JOIN tasks AS t ON t.task_id = e.task_id"""  # noqa: S608 - constants

_DRAWS = """
    SELECT t.task_id, r.from_action, t.tier, t.strategy, t.purpose = 'ahead' AS ahead,
        coalesce(json_extract(r.plan, '$.published'), 0) AS published
    FROM tasks AS t JOIN rounds AS r ON r.round = t.round
    WHERE t.purpose IN ('queue', 'ahead') AND t.tier IS NOT NULL"""

_COUNTS = f"""
WITH states AS ({STATES})
SELECT (SELECT count(*) FROM items), (
    SELECT count(*) FROM (
        SELECT a.item FROM auto_labels AS a WHERE a.round = (SELECT max(round) FROM rounds)
        {{certified}})
    WHERE item NOT IN (SELECT item FROM states))"""  # noqa: S608 - constants
_BY_STATE = f"""
WITH states AS ({STATES})
SELECT e.verb, count(*) FROM states JOIN label_events AS e ON e.seq = states.seq GROUP BY e.verb"""  # noqa: S608


@dataclass(frozen=True)
class ProjectHead:
    """What a project is of."""

    uuid: str
    name: str
    dataset: str  # a name that model.datasets knows
    path: Path | None  # where its images lay at first, if they are a person's own
    app_version: str


class ProjectReader(PageQueries):
    """An open project that is read; :class:`studies.labeling.file.store.ProjectStore` writes too."""

    schema = PROJECT

    def head(self) -> ProjectHead:
        """What the project is of."""
        uuid, name, dataset, version = self._first("SELECT uuid, name, dataset, app_version FROM project")
        (first,) = self._first("SELECT path FROM places ORDER BY id")
        return ProjectHead(uuid, name, dataset, None if first is None else Path(first), version)

    def place(self) -> Path | None:
        """Where the images lie now, as far as the project knows."""
        (path,) = self._first("SELECT path FROM places ORDER BY id DESC")
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
        return tuple(self.read(ClassChange, "class_changes ORDER BY id", convert=rows.CLASS_CHANGE))

    def settings(self) -> str:
        """The settings that hold (JSON)."""
        text: str = self._first("SELECT json FROM settings ORDER BY id DESC")[0]
        return text

    def events(self) -> list[StoredEvent]:
        """All label events in order."""
        return self.read_sql(StoredEvent, _EVENTS + " ORDER BY e.seq", convert=rows.EVENT)

    def events_of(self, action: int) -> tuple[StoredEvent, ...]:
        """The events of one action."""
        sql = _EVENTS + " WHERE e.action = ? ORDER BY e.seq"
        return tuple(self.read_sql(StoredEvent, sql, (action,), rows.EVENT))

    def pending_tasks(self) -> tuple[Task, ...]:
        """Tasks that no standing event answers, in order; some may be about items that were answered otherwise."""
        return tuple(self.read_sql(Task, _PENDING, convert=rows.TASK))

    def pending_tasks_of(self, items: Iterable[int]) -> tuple[Task, ...]:
        """Those of :meth:`pending_tasks` that are about ``items``, found without reading the others."""
        return tuple(self.read_sql(Task, _PENDING_OF, (json.dumps(list(items)),), rows.TASK))

    def tasks(self, ids: Sequence[int]) -> tuple[Task, ...]:
        """Tasks by their ids, in the order given."""
        return tuple(
            task
            for task_id in dict.fromkeys(ids)
            for task in self.read(Task, "tasks WHERE task_id = ?", (task_id,), rows.TASK)
        )

    def asked_about_groups(self) -> bool:
        """Whether groups of images that look alike were made tasks."""
        sql = "SELECT EXISTS (SELECT 1 FROM tasks WHERE purpose IN (?, ?))"
        return bool(self.query(sql, (Purpose.TYPICAL.value, Purpose.CLUSTER.value))[0][0])

    def task_draws(self) -> list[TaskDraw]:
        """How and when the tasks of all rounds were chosen."""
        return self.read_sql(TaskDraw, _DRAWS)

    def count(self, table: str) -> int:
        """How many rows a table of ids from 0 without a gap has: the next id."""
        column = {"tasks": "task_id", "models": "model_id", "rounds": "round", "refits": "refit"}[table]
        number: int = self.query(f"SELECT coalesce(max({column}) + 1, 0) FROM {table}")[0][0]  # noqa: S608
        return number

    def auto_labels(self, round_: int) -> tuple[AutoLabel, ...]:
        """The labels that the program gave in a round."""
        return tuple(self.read(AutoLabel, "auto_labels WHERE round = ?", (round_,)))

    def models(self) -> tuple[ModelRecord, ...]:
        """All models, the oldest first."""
        return tuple(self.read(ModelRecord, "models ORDER BY model_id", convert=rows.MODEL))

    def rounds(self) -> tuple[RoundRecord, ...]:
        """All rounds, the oldest first."""
        return tuple(self.read_sql(RoundRecord, _ROUNDS, convert=rows.ROUND))

    def begun_with(self) -> BegunWith | None:
        """The model that the project was begun with."""
        found = self.read(BegunWith, "begun_with", convert=rows.BEGUN_WITH)
        return found[0] if found else None

    def begun_content(self) -> bytes:
        """The file of that model, as it was when it was chosen."""
        content: bytes = self._first("SELECT content FROM begun_with")[0]
        return content

    def hashes(self) -> dict[int, str]:
        """What items hold, as far as it was looked at."""
        return {item: state.hash for item, state in self.file_states().items()}

    def file_states(self, first: int = 0, count: int = 1 << 40) -> dict[int, FileState]:
        """What is known of the files of items from ``first`` on."""
        return self._file_states("item >= ? AND item < ?", (first, first + count))

    def file_states_of(self, items: Iterable[int]) -> dict[int, FileState]:
        """What is known of the files of ``items``."""
        return self._file_states("item IN (SELECT value FROM json_each(?))", (json.dumps(list(items)),))

    def file_states_before(self, action: int) -> dict[int, FileState]:
        """What was known, before an action noted something else, of the files that it did so for."""
        noted = self.query("SELECT item, min(id) FROM item_files WHERE action = ? GROUP BY item", (action,))
        earlier = (
            "SELECT hash, size, mtime_ns FROM item_files WHERE item = ? AND id < ? ORDER BY id DESC LIMIT 1"
        )
        oldest = "SELECT hash FROM item_hashes WHERE item = ? AND hash <> ''"
        found = {at: self.query(earlier, (at, first)) or self.query(oldest, (at,)) for at, first in noted}
        return {item: FileState(*known[0]) for item, known in found.items() if known}

    def _file_states(self, where: str, values: Sequence[object]) -> dict[int, FileState]:
        # An empty hash stood for a file that could not be read: nothing is known of it.
        older = f"SELECT item, hash FROM item_hashes WHERE {where} AND hash <> ''"  # noqa: S608 - constants
        noted = f"SELECT item, hash, size, mtime_ns FROM item_files WHERE {where} ORDER BY id"  # noqa: S608
        return {
            item: FileState(*known)
            for item, *known in (*self.query(older, values), *self.query(noted, values))
        }

    def missing_items(self) -> list[int]:
        """Items that were left out because their files could not be opened, and nothing was decided since."""
        return self._left_out(MISSING)

    def given_up_items(self) -> list[int]:
        """Those of :meth:`missing_items` that a person goes on without, because their place is away."""
        return self._left_out((AWAY,))

    def unreadable_items(self) -> list[int]:
        """Items that were left out because their files could not be opened or read, and nothing was decided since."""
        return self._left_out(("",))

    def _left_out(self, signs: Sequence[str]) -> list[int]:
        sql = (
            f"WITH states AS ({STATES}) SELECT e.item, e.detail FROM states JOIN label_events AS e "  # noqa: S608
            "ON e.seq = states.seq WHERE e.verb = 'unreadable'"
        )
        return [item for item, reason in self.query(sql) if any(sign in (reason or "") for sign in signs)]

    def decided_items(self) -> set[int]:
        """Items whose picture something was said about; that it may be asked about, or could not, is none."""
        sql = (
            f"WITH states AS ({STATES}) SELECT e.item FROM states JOIN label_events AS e "  # noqa: S608
            "ON e.seq = states.seq WHERE e.verb NOT IN ('release', 'unreadable') "
            "OR (e.verb = 'release' AND e.suggestion IS NOT NULL) "
            "UNION SELECT item FROM label_events WHERE verb = 'flag'"
        )
        return {item for (item,) in self.query(sql)}

    def progress(self) -> Progress:
        """How far the project is, as its ledger says when it is open."""
        # A file of an earlier version that is only glanced at has no table of them.
        (has,) = self.query("SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'folder_labels')")[0]
        certified = f"UNION SELECT item FROM ({CERTIFIED})" if has else ""  # noqa: S608
        images, by_program = self.query(_COUNTS.format(certified=certified))[0]
        by_state = self.query(_BY_STATE)
        with in_facts(self.path):
            return Progress(images, {Verb(verb): n for verb, n in by_state}, by_program)

    def _first(self, sql: str) -> tuple[Any, ...]:
        """The first row of what every project has one of."""
        for row in self.query(f"{sql} LIMIT 1"):
            return row
        raise damaged(self.path)

    def last_sitting(self) -> int:
        """The number of the sitting that began last; 0 before the first."""
        number: int = self.query("SELECT coalesce(max(sitting), 0) FROM sittings")[0][0]
        return number

    def answer_times(self, sitting: int) -> list[tuple[int, float]]:
        """The timed answers of a sitting to tasks: the task's id, and the time from onset to response in s."""
        sql = (
            "SELECT task_id, (response_ns - onset_ns) / 1e9 FROM label_events "
            "WHERE sitting = ? AND onset_ns IS NOT NULL AND task_id IS NOT NULL"
        )
        return self.query(sql, (sitting,))

    def duration_s(self, sitting: int) -> float:
        """From the first image of a sitting to its last answer, in s; 0 without an answer."""
        sql = (
            "SELECT coalesce(max(response_ns) - min(onset_ns), 0) / 1e9 FROM label_events "
            "WHERE sitting = ? AND onset_ns IS NOT NULL"
        )
        seconds: float = self.query(sql, (sitting,))[0][0]
        return seconds

    def idle_share(self, sitting: int) -> float | None:
        """The share of a sitting's duration in which there was nothing to do."""
        sql = "SELECT coalesce(sum(to_ns - from_ns), 0) / 1e9 FROM idle WHERE sitting = ?"
        duration_s, idle_s = self.duration_s(sitting), self.query(sql, (sitting,))[0][0]
        return idle_s / duration_s if duration_s else None
