"""A study's tables, built by migrations that are never edited once released."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studies.estimates import T975
from studies.files.schema import STUDY_ID, Schema
from studies.timing.facts.codes import code_key
from studies.timing.file.against_plan import contradicts_plan
from studies.timing.file.exclusion_tables import IMPOSSIBLE_LIMITS, exclusion_tables
from studies.timing.file.impossible import IMPOSSIBLE, IMPOSSIBLE_PAGES
from studies.timing.file.page_tables import page_tables
from studies.timing.file.page_views import PAGE_VIEWS
from studies.timing.file.person_tables import IMPOSSIBLE_PERSONS, PERSON_VIEWS, person_tables
from studies.timing.file.result_views import RESULT_VIEWS
from studies.timing.file.robots import ROBOT_VIEWS, robots
from studies.timing.file.session_views import SESSION_VIEWS
from studies.timing.file.triggers import TRIGGERS
from studies.timing.file.views import VIEWS

if TYPE_CHECKING:
    from sqlite_utils import Database

# Session tables have no rowid: its number would be one more key by which INSERT OR REPLACE could hit a row.
_TIMING_TABLES = (
    """
    CREATE TABLE studies (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        toml TEXT NOT NULL,
        sha256 TEXT NOT NULL UNIQUE,
        too_fast_ms INTEGER NOT NULL,
        utc TEXT NOT NULL
    )""",
    """
    CREATE TABLE sessions (
        session_id TEXT PRIMARY KEY NOT NULL,
        study_id INTEGER NOT NULL REFERENCES studies (id),
        participant TEXT NOT NULL,
        participant_number INTEGER NOT NULL,
        interface TEXT NOT NULL,
        seed INTEGER NOT NULL,
        app_version TEXT NOT NULL,
        environment TEXT NOT NULL,
        utc TEXT NOT NULL
    ) WITHOUT ROWID""",
    """
    CREATE TABLE planned_trials (
        session_id TEXT NOT NULL REFERENCES sessions (session_id),
        position INTEGER NOT NULL,
        block INTEGER NOT NULL,
        dataset TEXT NOT NULL,
        practice INTEGER NOT NULL CHECK (practice IN (0, 1)),
        item TEXT NOT NULL,
        true_class TEXT NOT NULL,
        suggestion TEXT,
        PRIMARY KEY (session_id, position)
    ) WITHOUT ROWID""",
    """
    CREATE TABLE responses (
        session_id TEXT NOT NULL,
        position INTEGER NOT NULL,
        attempt INTEGER NOT NULL,
        answer TEXT NOT NULL,
        onset_ns INTEGER NOT NULL,
        first_input_ns INTEGER,
        response_ns INTEGER NOT NULL,
        handler_ns INTEGER NOT NULL,
        stamp_source TEXT NOT NULL,
        device TEXT NOT NULL,
        backtracks INTEGER NOT NULL,
        focus_lost INTEGER NOT NULL CHECK (focus_lost IN (0, 1)),
        longest_stall_ns INTEGER NOT NULL,
        utc TEXT NOT NULL,
        PRIMARY KEY (session_id, position),
        FOREIGN KEY (session_id, position) REFERENCES planned_trials (session_id, position)
    ) WITHOUT ROWID""",
    """
    CREATE TABLE events (
        session_id TEXT NOT NULL REFERENCES sessions (session_id),
        seq INTEGER NOT NULL,
        kind TEXT NOT NULL,
        at_ns INTEGER NOT NULL,
        position INTEGER,
        detail TEXT NOT NULL,
        utc TEXT NOT NULL,
        PRIMARY KEY (session_id, seq)
    ) WITHOUT ROWID""",
    """
    CREATE TABLE withdrawals (
        session_id TEXT PRIMARY KEY NOT NULL,
        study_id INTEGER NOT NULL REFERENCES studies (id),
        utc TEXT NOT NULL
    ) WITHOUT ROWID""",
    "CREATE TABLE t_quantiles (df INTEGER PRIMARY KEY, t975 REAL NOT NULL)",
    "CREATE INDEX sessions_by_study ON sessions (study_id)",
    "CREATE INDEX events_by_position ON events (session_id, position, kind)",
)


def timing_tables(db: Database) -> None:
    """Studies, sessions and their facts, and the quantiles that the views' intervals need."""
    for statement in _TIMING_TABLES:
        db.execute(statement)
    for df, t975 in enumerate(T975, start=1):
        db.execute("INSERT INTO t_quantiles (df, t975) VALUES (?, ?)", (df, t975))


def code_keys(db: Database) -> None:
    """By what the sessions of one person are known, however the code was written in each."""
    db.execute("ALTER TABLE sessions ADD COLUMN code_key TEXT NOT NULL DEFAULT ''")
    db.execute("DROP TRIGGER IF EXISTS sessions_never_changed")  # what every opening puts back
    for session_id, code in db.execute("SELECT session_id, participant FROM sessions").fetchall():
        db.execute("UPDATE sessions SET code_key = ? WHERE session_id = ?", (code_key(code), session_id))


STUDY = Schema(
    application_id=STUDY_ID,
    kind="study",
    set_name="clarifier",
    migrations=(timing_tables, code_keys, page_tables, person_tables, exclusion_tables, robots),
    triggers=TRIGGERS,
    views={**VIEWS, **RESULT_VIEWS, **PAGE_VIEWS, **PERSON_VIEWS, **SESSION_VIEWS, **ROBOT_VIEWS},
    impossible=IMPOSSIBLE,
    impossible_since=(
        (code_keys.__name__, "SELECT 'sessions' FROM sessions WHERE code_key = ''"),
        *((page_tables.__name__, check) for check in IMPOSSIBLE_PAGES),
        *((person_tables.__name__, check) for check in IMPOSSIBLE_PERSONS),
        (exclusion_tables.__name__, IMPOSSIBLE_LIMITS),
    ),
    at_odds=contradicts_plan,
)
"""The file of a timing study."""
