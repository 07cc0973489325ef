"""The tables of the finish line, built by a migration that is never edited once released."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

# Draws of the random sample of what has no label, looks at it, and labels that were certified by one.
_FINISH = (
    "CREATE TABLE sample_draws (draw INTEGER PRIMARY KEY, items INTEGER NOT NULL, pool BLOB NOT NULL)",
    "ALTER TABLE tasks ADD COLUMN draw INTEGER REFERENCES sample_draws (draw)",
    "CREATE INDEX tasks_by_draw ON tasks (draw) WHERE draw IS NOT NULL",
    """
    CREATE TABLE looks (
        look INTEGER PRIMARY KEY,
        round INTEGER NOT NULL REFERENCES rounds (round),
        share REAL NOT NULL,
        chance REAL NOT NULL,
        items INTEGER NOT NULL,
        elsewhere INTEGER NOT NULL,
        allowed INTEGER NOT NULL,
        sampled INTEGER NOT NULL,
        most INTEGER NOT NULL,
        seen INTEGER NOT NULL,
        threshold REAL,
        by_program INTEGER NOT NULL,
        sentence TEXT NOT NULL,
        utc TEXT NOT NULL
    )""",
    # As many as images: each class in one piece, JSON pairs of an item and its score.
    """
    CREATE TABLE folder_labels (
        look INTEGER NOT NULL REFERENCES looks (look),
        class_id INTEGER NOT NULL,
        labels TEXT NOT NULL,
        utc TEXT NOT NULL,
        PRIMARY KEY (look, class_id)
    )""",
)


def finish(db: Database) -> None:
    """The random sample by its draws, looks at it, and what was certified; of older files no label is of a sample."""
    for statement in _FINISH:
        db.execute(statement)
