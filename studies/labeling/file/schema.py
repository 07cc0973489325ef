"""The tables of a labeling project, built by migrations that are never edited once released."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studies.files.schema import PROJECT_ID, Schema, append_only
from studies.labeling.file.finish_schema import finish
from studies.labeling.file.later_tables import (
    begun_with,
    item_files,
    looks,
    noted_with,
    pages,
    refits,
    round_strategies,
    second_looks,
)
from studies.labeling.file.views import VIEWS

if TYPE_CHECKING:
    from sqlite_utils import Database

# A project may have a million items and as many events: rows are narrow, and indices are few.
_TABLES = (
    """
    CREATE TABLE project (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        uuid TEXT NOT NULL,
        name TEXT NOT NULL,
        dataset TEXT NOT NULL,
        app_version TEXT NOT NULL,
        utc TEXT NOT NULL
    )""",
    # Where the images lie; the latest holds. NULL for sets that come with the program.
    "CREATE TABLE places (id INTEGER PRIMARY KEY, path TEXT, utc TEXT NOT NULL)",
    "CREATE TABLE items (item INTEGER PRIMARY KEY, name TEXT NOT NULL)",
    """
    CREATE TABLE item_names (
        id INTEGER PRIMARY KEY,
        item INTEGER NOT NULL REFERENCES items (item),
        name TEXT NOT NULL
    )""",
    "CREATE INDEX item_names_by_item ON item_names (item)",
    "CREATE TABLE item_hashes (item INTEGER PRIMARY KEY REFERENCES items (item), hash TEXT NOT NULL)",
    "CREATE TABLE holdout (item INTEGER PRIMARY KEY REFERENCES items (item))",
    """
    CREATE TABLE class_changes (
        id INTEGER PRIMARY KEY,
        class_id INTEGER NOT NULL,
        change TEXT NOT NULL,
        value TEXT NOT NULL,
        utc TEXT NOT NULL
    )""",
    "CREATE TABLE settings (id INTEGER PRIMARY KEY, json TEXT NOT NULL, utc TEXT NOT NULL)",
    """
    CREATE TABLE sittings (
        sitting INTEGER PRIMARY KEY,
        annotator TEXT NOT NULL,
        app_version TEXT NOT NULL,
        environment TEXT NOT NULL,
        utc TEXT NOT NULL
    )""",
    """
    CREATE TABLE models (
        model_id INTEGER PRIMARY KEY,
        sha256 TEXT NOT NULL,
        file TEXT NOT NULL,
        network TEXT NOT NULL,
        settings TEXT NOT NULL,
        seed INTEGER NOT NULL,
        class_ids TEXT NOT NULL,
        trained_on INTEGER NOT NULL,
        upto_action INTEGER NOT NULL,
        history TEXT NOT NULL,
        holdout_n INTEGER NOT NULL,
        holdout_right INTEGER NOT NULL,
        device TEXT NOT NULL,
        utc TEXT NOT NULL
    )""",
    """
    CREATE TABLE rounds (
        round INTEGER PRIMARY KEY,
        seed INTEGER NOT NULL,
        model_id INTEGER REFERENCES models (model_id),
        plan TEXT NOT NULL,
        predicted_s REAL,
        reason TEXT NOT NULL,
        notes TEXT NOT NULL,
        seconds TEXT NOT NULL,
        from_action INTEGER NOT NULL,
        utc TEXT NOT NULL
    )""",
    """
    CREATE TABLE tasks (
        task_id INTEGER PRIMARY KEY,
        round INTEGER NOT NULL,
        item INTEGER NOT NULL REFERENCES items (item),
        purpose TEXT NOT NULL,
        tier TEXT,
        strategy TEXT,
        suggestion INTEGER,
        score REAL,
        model_id INTEGER REFERENCES models (model_id),
        top TEXT NOT NULL
    )""",
    "CREATE INDEX tasks_by_item ON tasks (item)",
    """
    CREATE TABLE auto_labels (
        round INTEGER NOT NULL REFERENCES rounds (round),
        item INTEGER NOT NULL REFERENCES items (item),
        class_id INTEGER NOT NULL,
        score REAL NOT NULL,
        PRIMARY KEY (round, item)
    ) WITHOUT ROWID""",
    """
    CREATE TABLE label_events (
        seq INTEGER PRIMARY KEY,
        action INTEGER NOT NULL,
        sitting INTEGER NOT NULL REFERENCES sittings (sitting),
        item INTEGER NOT NULL REFERENCES items (item),
        verb TEXT NOT NULL,
        purpose TEXT NOT NULL,
        class_id INTEGER,
        suggestion INTEGER,
        task_id INTEGER REFERENCES tasks (task_id),
        undoes INTEGER,
        onset_ns INTEGER,
        first_input_ns INTEGER,
        response_ns INTEGER,
        handler_ns INTEGER,
        stamp_source TEXT,
        device TEXT,
        backtracks INTEGER,
        focus_lost INTEGER,
        longest_stall_ns INTEGER,
        images INTEGER,
        detail TEXT NOT NULL,
        utc TEXT NOT NULL
    )""",
    "CREATE INDEX label_events_by_action ON label_events (action)",
    "CREATE INDEX label_events_by_item ON label_events (item)",
    "CREATE INDEX label_events_by_undone ON label_events (undoes) WHERE undoes IS NOT NULL",
    """
    CREATE TABLE idle (
        id INTEGER PRIMARY KEY,
        sitting INTEGER NOT NULL REFERENCES sittings (sitting),
        from_ns INTEGER NOT NULL,
        to_ns INTEGER NOT NULL,
        why TEXT NOT NULL
    )""",
)

_OF_ITEMS = ("holdout", "item_names", "tasks", "label_events")
_OF_CLASSES = (
    ("tasks", "suggestion"),
    ("auto_labels", "class_id"),
    ("label_events", "suggestion"),
    ("label_events", "class_id"),
)
_IMPOSSIBLE = (
    *(
        f"SELECT '{table}' WHERE NOT EXISTS (SELECT 1 FROM {table})"  # noqa: S608
        for table in ("project", "places", "settings")
    ),
    """
    SELECT 'items' FROM (SELECT count(*) AS n, max(item) AS most, min(item) AS least FROM items)
    WHERE most >= n OR least < 0""",
    *(
        f"""
        SELECT '{table}' WHERE (SELECT max(item) FROM {table}) >= (SELECT count(*) FROM items)
            OR (SELECT min(item) FROM {table}) < 0"""  # noqa: S608
        for table in _OF_ITEMS
    ),
    *(
        f"""
        SELECT '{table}' FROM (SELECT max({column}) AS most, min({column}) AS least FROM {table})
        WHERE most >= (SELECT count(*) FROM class_changes WHERE change = 'added') OR least < 0"""  # noqa: S608
        for table, column in _OF_CLASSES
    ),
    "SELECT 'label_events' FROM label_events WHERE verb = 'label' AND class_id IS NULL",
    "SELECT 'tasks' FROM tasks WHERE round < 0 OR round > (SELECT coalesce(max(round), 0) FROM rounds)",
    "SELECT 'label_events' FROM label_events "
    "WHERE purpose IN ('doubt', 'second-look') AND verb <> 'undo' AND detail NOT GLOB '[0-9]* [0-9]*'",
)
# A page asks about other images each, with one suggestion for all, or with none.
_IMPOSSIBLE_PAGES = """
    SELECT 'tasks' FROM tasks WHERE page IS NOT NULL GROUP BY page
    HAVING page NOT BETWEEN 0 AND (SELECT count(*) FROM tasks) OR min(suggestion) <> max(suggestion)
        OR count(suggestion) NOT IN (0, count(*)) OR count(DISTINCT item) < count(*)"""

_KEYS = {
    "project": "id",
    "places": "id",
    "items": "item",
    "item_names": "id",
    "item_hashes": "item",
    "item_files": "id",
    "holdout": "item",
    "class_changes": "id",
    "settings": "id",
    "sittings": "sitting",
    "models": "model_id",
    "rounds": "round",
    "round_strategies": "round, tier",
    "tasks": "task_id",
    "auto_labels": "round, item",
    "label_events": "seq",
    "refits": "refit",
    "begun_with": "id",
    "sample_draws": "draw",
    "looks": "look",
    "folder_labels": "look, class_id",
    "idle": "id",
}


def project_tables(db: Database) -> None:
    """All tables of a project."""
    for statement in _TABLES:
        db.execute(statement)


PROJECT = Schema(
    application_id=PROJECT_ID,
    kind="labeling project",
    set_name="clarifier-project",
    migrations=(
        project_tables,
        round_strategies,
        item_files,
        refits,
        pages,
        noted_with,
        looks,
        finish,
        begun_with,
        second_looks,
    ),
    triggers=append_only(_KEYS),
    views=VIEWS,
    impossible=_IMPOSSIBLE,
    impossible_since=((pages.__name__, _IMPOSSIBLE_PAGES),),
)
"""The file of a labeling project."""
