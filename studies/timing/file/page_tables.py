"""The tables of pages: the migration that adds them, and rows written and read."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from studies.files.rows import insert, insert_all, row_of
from studies.files.store_file import StoreFile, utc_now
from studies.timing.facts.pages import PageMarks, PageResponse, PlannedCell, PlannedPage
from studies.timing.facts.records import PlannedTrial

if TYPE_CHECKING:
    from sqlite_utils import Database

_TABLES = (
    # Which trials are answered otherwise than the session, and which ask about what was marked on a page.
    "ALTER TABLE planned_trials ADD COLUMN interface TEXT",
    "ALTER TABLE planned_trials ADD COLUMN page INTEGER",
    "ALTER TABLE planned_trials ADD COLUMN cell INTEGER",
    """
    CREATE TABLE planned_pages (
        session_id TEXT NOT NULL REFERENCES sessions (session_id),
        position INTEGER NOT NULL,
        block INTEGER NOT NULL,
        dataset TEXT NOT NULL,
        practice INTEGER NOT NULL CHECK (practice IN (0, 1)),
        suggestion TEXT NOT NULL,
        odd_share REAL NOT NULL,
        PRIMARY KEY (session_id, position)
    ) WITHOUT ROWID""",
    """
    CREATE TABLE planned_cells (
        session_id TEXT NOT NULL,
        position INTEGER NOT NULL,
        cell INTEGER NOT NULL,
        item TEXT NOT NULL,
        true_class TEXT NOT NULL,
        PRIMARY KEY (session_id, position, cell),
        FOREIGN KEY (session_id, position) REFERENCES planned_pages (session_id, position)
    ) WITHOUT ROWID""",
    """
    CREATE TABLE page_responses (
        session_id TEXT NOT NULL,
        position INTEGER NOT NULL,
        attempt INTEGER NOT NULL,
        onset_ns INTEGER NOT NULL,
        first_input_ns INTEGER,
        response_ns INTEGER NOT NULL,
        handler_ns INTEGER NOT NULL,
        stamp_source TEXT NOT NULL,
        device TEXT NOT NULL,
        focus_lost INTEGER NOT NULL CHECK (focus_lost IN (0, 1)),
        longest_stall_ns INTEGER NOT NULL,
        utc TEXT NOT NULL,
        PRIMARY KEY (session_id, position),
        FOREIGN KEY (session_id, position) REFERENCES planned_pages (session_id, position)
    ) WITHOUT ROWID""",
    """
    CREATE TABLE marks (
        session_id TEXT NOT NULL,
        seq INTEGER NOT NULL,
        position INTEGER NOT NULL,
        attempt INTEGER NOT NULL,
        cell INTEGER NOT NULL,
        marked INTEGER NOT NULL CHECK (marked IN (0, 1)),
        at_ns INTEGER NOT NULL,
        utc TEXT NOT NULL,
        PRIMARY KEY (session_id, seq),
        FOREIGN KEY (session_id, position, cell) REFERENCES planned_cells (session_id, position, cell)
    ) WITHOUT ROWID""",
    "CREATE INDEX marks_by_cell ON marks (session_id, position, cell)",
)
PAGE_KEYS = {
    "planned_pages": ("session_id, position",),
    "planned_cells": ("session_id, position, cell",),
    "page_responses": ("session_id, position",),
    "marks": ("session_id, seq",),
}
"""The tables, and the keys by which a row of each could be replaced."""

_INSERT_MARK = """
    INSERT INTO marks (session_id, seq, position, attempt, cell, marked, at_ns, utc)
    VALUES (:session_id, (SELECT coalesce(max(seq), 0) + 1 FROM marks WHERE session_id = :session_id),
        :position, :attempt, :cell, :marked, :at_ns, :utc)"""


def page_tables(db: Database) -> None:
    """Pages, their cells, confirmations and marks; trials of other interfaces and about marked images."""
    for statement in _TABLES:
        db.execute(statement)


class _PageRow(NamedTuple):
    position: int
    block: int
    dataset: str
    practice: bool
    suggestion: str
    odd_share: float


class _CellRow(NamedTuple):
    position: int
    item: str
    true_class: str


def insert_pages(connection: sqlite3.Connection, session_id: str, pages: Sequence[PlannedPage]) -> None:
    """Store a session's pages with their cells, inside a transaction."""
    insert_all(
        connection,
        "planned_pages",
        (_without(row_of(page, session_id=session_id), "cells") for page in pages),
    )
    insert_all(
        connection,
        "planned_cells",
        (
            row_of(cell, session_id=session_id, position=page.position, cell=place)
            for page in pages
            for place, cell in enumerate(page.cells)
        ),
    )


def insert_trials(connection: sqlite3.Connection, session_id: str, trials: Iterable[PlannedTrial]) -> None:
    """Store trials, inside a transaction."""
    insert_all(connection, "planned_trials", (trial_row(session_id, trial) for trial in trials))


def trial_row(session_id: str, trial: PlannedTrial) -> dict[str, object]:
    """The row of a planned trial."""
    interface = None if trial.interface is None else trial.interface.value
    return row_of(trial, session_id=session_id, interface=interface)


def insert_marks(connection: sqlite3.Connection, session_id: str, marks: PageMarks) -> None:
    """Store marks that one input set or took back, inside a transaction."""
    utc = utc_now()
    for change in marks.changes:
        row = row_of(change, session_id=session_id, position=marks.position, attempt=marks.attempt, utc=utc)
        connection.execute(_INSERT_MARK, row)


def insert_page_response(connection: sqlite3.Connection, session_id: str, response: PageResponse) -> None:
    """Store a confirmation and the trials that it brings, inside a transaction."""
    row = row_of(response.timing, session_id=session_id, utc=utc_now())
    row.update(position=response.position, attempt=response.attempt)
    insert(connection, "page_responses", _without(row, "images", "backtracks"))
    insert_trials(connection, session_id, response.asked)


def read_pages(store: StoreFile, session_id: str) -> list[PlannedPage]:
    """A session's pages in the plan's order."""
    cells: defaultdict[int, list[PlannedCell]] = defaultdict(list)
    source = "planned_cells WHERE session_id = ? ORDER BY position, cell"
    for row in store.read(_CellRow, source, (session_id,)):
        cells[row.position].append(PlannedCell(row.item, row.true_class))
    source = "planned_pages WHERE session_id = ? ORDER BY position"
    rows = store.read(_PageRow, source, (session_id,), {"practice": bool})
    return [PlannedPage(*row, tuple(cells[row.position])) for row in rows]


def _without(row: dict[str, object], *columns: str) -> dict[str, object]:
    return {name: value for name, value in row.items() if name not in columns}
