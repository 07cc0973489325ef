"""The tables of an experiments' file, built by migrations that are never edited once released."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studies.files.schema import EXPERIMENT_ID, Schema, append_only
from studies.simulation.file.finish_tables import finish_rounds
from studies.simulation.file.views import VIEWS

if TYPE_CHECKING:
    from sqlite_utils import Database

_TABLES = (
    """
    CREATE TABLE experiments (
        experiment_id INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        title TEXT NOT NULL,
        toml TEXT NOT NULL,
        sha256 TEXT NOT NULL UNIQUE,
        app_version TEXT NOT NULL,
        utc TEXT NOT NULL
    )""",
    """
    CREATE TABLE datasets (
        experiment_id INTEGER NOT NULL REFERENCES experiments (experiment_id),
        position INTEGER NOT NULL,
        data TEXT NOT NULL,
        published TEXT NOT NULL,
        PRIMARY KEY (experiment_id, data)
    )""",
    """
    CREATE TABLE methods (
        experiment_id INTEGER NOT NULL REFERENCES experiments (experiment_id),
        position INTEGER NOT NULL,
        method TEXT NOT NULL,
        kind TEXT NOT NULL,
        hard TEXT NOT NULL,
        intermediate TEXT NOT NULL,
        easy TEXT NOT NULL,
        hard_budget INTEGER NOT NULL,
        intermediate_budget INTEGER NOT NULL,
        easy_budget INTEGER NOT NULL,
        PRIMARY KEY (experiment_id, method)
    )""",
    # Of drawn times c_v, c_a and c_0 are arithmetic means.
    """
    CREATE TABLE cost_settings (
        experiment_id INTEGER NOT NULL REFERENCES experiments (experiment_id),
        position INTEGER NOT NULL,
        cost TEXT NOT NULL,
        verify REAL NOT NULL,
        correct REAL NOT NULL,
        unaided REAL NOT NULL,
        seed_label REAL NOT NULL,
        drawn_from TEXT,
        PRIMARY KEY (experiment_id, cost)
    )""",
    # A run is of one experiment or of several, and one run may stand for several costs.
    """
    CREATE TABLE runs (
        run_key TEXT PRIMARY KEY,
        seed INTEGER NOT NULL,
        rounds INTEGER NOT NULL,
        step_version INTEGER NOT NULL,
        utc TEXT NOT NULL
    ) WITHOUT ROWID""",
    """
    CREATE TABLE cells (
        experiment_id INTEGER NOT NULL REFERENCES experiments (experiment_id),
        data TEXT NOT NULL,
        method TEXT NOT NULL,
        seed INTEGER NOT NULL,
        cost TEXT NOT NULL,
        run_key TEXT NOT NULL REFERENCES runs (run_key),
        PRIMARY KEY (experiment_id, data, method, seed, cost)
    ) WITHOUT ROWID""",
    # Counts of suggestions and answers are those of the round's own queue; n_human and n_auto are of all so far.
    """
    CREATE TABLE rounds (
        run_key TEXT NOT NULL REFERENCES runs (run_key),
        round INTEGER NOT NULL,
        n_seed INTEGER NOT NULL,
        n_human INTEGER NOT NULL,
        n_auto INTEGER NOT NULL,
        n_auto_right INTEGER NOT NULL,
        n_hard INTEGER NOT NULL,
        n_hard_right INTEGER NOT NULL,
        n_intermediate INTEGER NOT NULL,
        n_intermediate_right INTEGER NOT NULL,
        n_easy INTEGER NOT NULL,
        n_easy_right INTEGER NOT NULL,
        accuracy REAL NOT NULL,
        audit_accuracy REAL,
        drawn_cost REAL,
        seconds_training REAL NOT NULL,
        seconds_audit REAL NOT NULL,
        seconds_hard REAL NOT NULL,
        seconds_intermediate REAL NOT NULL,
        seconds_easy REAL NOT NULL,
        notes TEXT NOT NULL,
        device TEXT NOT NULL,
        threads INTEGER NOT NULL,
        versions TEXT NOT NULL,
        utc TEXT NOT NULL,
        PRIMARY KEY (run_key, round)
    ) WITHOUT ROWID""",
    """
    CREATE TABLE failures (
        id INTEGER PRIMARY KEY,
        run_key TEXT NOT NULL REFERENCES runs (run_key),
        round INTEGER NOT NULL,
        error TEXT NOT NULL,
        traceback TEXT NOT NULL,
        utc TEXT NOT NULL
    )""",
    # What an unfinished run goes on from; deleted with its last round. The only table that changes.
    """
    CREATE TABLE states (
        run_key TEXT PRIMARY KEY REFERENCES runs (run_key),
        round INTEGER NOT NULL,
        state BLOB NOT NULL
    )""",
)

_IMPOSSIBLE = tuple(
    f"SELECT 'cells' FROM cells AS c WHERE NOT EXISTS (SELECT 1 FROM {table} AS t "  # noqa: S608 - names from a table
    f"WHERE t.experiment_id = c.experiment_id AND t.{column} = c.{column})"
    for table, column in (("datasets", "data"), ("methods", "method"), ("cost_settings", "cost"))
)

_KEYS = {
    "experiments": "experiment_id",
    "datasets": "experiment_id, data",
    "methods": "experiment_id, method",
    "method_tiers": "experiment_id, method, tier",
    "cost_settings": "experiment_id, cost",
    "runs": "run_key",
    "cells": "experiment_id, data, method, seed, cost",
    "rounds": "run_key, round",
    "round_tiers": "run_key, round, tier",
    "folder_rounds": "run_key, round",
    "finish_rounds": "run_key, round",
    "goals": "experiment_id, method",
    "failures": "id",
}

# Numbers of tiers move from columns of their own to rows, so that another tier needs no other table.
_TIERS_AS_ROWS = (
    "DROP VIEW IF EXISTS results",
    "DROP VIEW IF EXISTS progress",
    "ALTER TABLE methods RENAME TO methods_before",
    """
    CREATE TABLE methods (
        experiment_id INTEGER NOT NULL REFERENCES experiments (experiment_id),
        position INTEGER NOT NULL,
        method TEXT NOT NULL,
        kind TEXT NOT NULL,
        PRIMARY KEY (experiment_id, method)
    )""",
    "INSERT INTO methods SELECT experiment_id, position, method, kind FROM methods_before",
    """
    CREATE TABLE method_tiers (
        experiment_id INTEGER NOT NULL,
        method TEXT NOT NULL,
        tier TEXT NOT NULL,
        strategy TEXT NOT NULL,
        budget INTEGER NOT NULL,
        PRIMARY KEY (experiment_id, method, tier),
        FOREIGN KEY (experiment_id, method) REFERENCES methods (experiment_id, method)
    ) WITHOUT ROWID""",
    """
    INSERT INTO method_tiers
    SELECT experiment_id, method, 'hard', hard, hard_budget FROM methods_before UNION ALL
    SELECT experiment_id, method, 'intermediate', intermediate, intermediate_budget FROM methods_before UNION ALL
    SELECT experiment_id, method, 'easy', easy, easy_budget FROM methods_before""",
    "DROP TABLE methods_before",
    "ALTER TABLE rounds RENAME TO rounds_before",
    """
    CREATE TABLE rounds (
        run_key TEXT NOT NULL REFERENCES runs (run_key),
        round INTEGER NOT NULL,
        n_seed INTEGER NOT NULL,
        n_human INTEGER NOT NULL,
        n_auto INTEGER NOT NULL,
        n_auto_right INTEGER NOT NULL,
        accuracy REAL NOT NULL,
        audit_accuracy REAL,
        drawn_cost REAL,
        seconds_training REAL NOT NULL,
        seconds_audit REAL NOT NULL,
        notes TEXT NOT NULL,
        device TEXT NOT NULL,
        threads INTEGER NOT NULL,
        versions TEXT NOT NULL,
        utc TEXT NOT NULL,
        PRIMARY KEY (run_key, round)
    ) WITHOUT ROWID""",
    """
    INSERT INTO rounds
    SELECT run_key, round, n_seed, n_human, n_auto, n_auto_right, accuracy, audit_accuracy, drawn_cost,
        seconds_training, seconds_audit, notes, device, threads, versions, utc
    FROM rounds_before""",
    # Of the round's own queue: suggestions, those that the answers kept, and how long choosing took.
    """
    CREATE TABLE round_tiers (
        run_key TEXT NOT NULL,
        round INTEGER NOT NULL,
        tier TEXT NOT NULL,
        n INTEGER NOT NULL,
        n_right INTEGER NOT NULL,
        seconds REAL NOT NULL,
        PRIMARY KEY (run_key, round, tier),
        FOREIGN KEY (run_key, round) REFERENCES rounds (run_key, round)
    ) WITHOUT ROWID""",
    """
    INSERT INTO round_tiers
    SELECT run_key, round, 'hard', n_hard, n_hard_right, seconds_hard FROM rounds_before UNION ALL
    SELECT run_key, round, 'intermediate', n_intermediate, n_intermediate_right, seconds_intermediate
    FROM rounds_before UNION ALL
    SELECT run_key, round, 'easy', n_easy, n_easy_right, seconds_easy FROM rounds_before""",
    "DROP TABLE rounds_before",
)


# Of runs over whole folders: labels that are there and those that are wrong, and what was asked since the last round.
_FOLDER_ROUNDS = """
    CREATE TABLE folder_rounds (
        run_key TEXT NOT NULL,
        round INTEGER NOT NULL,
        n_images INTEGER NOT NULL,
        n_labeled INTEGER NOT NULL,
        n_wrong INTEGER NOT NULL,
        pages INTEGER NOT NULL,
        cells INTEGER NOT NULL,
        marks INTEGER NOT NULL,
        named INTEGER NOT NULL,
        refused INTEGER NOT NULL,
        singles INTEGER NOT NULL,
        verified INTEGER NOT NULL,
        near INTEGER NOT NULL,
        unaided INTEGER NOT NULL,
        seconds REAL NOT NULL,
        PRIMARY KEY (run_key, round),
        FOREIGN KEY (run_key, round) REFERENCES rounds (run_key, round)
    ) WITHOUT ROWID"""


def experiment_tables(db: Database) -> None:
    """All tables of experiments."""
    for statement in _TABLES:
        db.execute(statement)


def tiers_as_rows(db: Database) -> None:
    """Strategies, budgets, counts and times of tiers as rows."""
    for statement in _TIERS_AS_ROWS:
        db.execute(statement)


def folder_rounds(db: Database) -> None:
    """Rounds of whole folders."""
    db.execute(_FOLDER_ROUNDS)


EXPERIMENT = Schema(
    application_id=EXPERIMENT_ID,
    kind="experiment",
    set_name="clarifier-experiment",
    migrations=(experiment_tables, tiers_as_rows, folder_rounds, finish_rounds),
    triggers=append_only(_KEYS),
    views=VIEWS,
    impossible=_IMPOSSIBLE,
)
"""The file of simulated experiments."""
