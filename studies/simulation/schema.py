"""The tables of an experiments' file, built by migrations that are never edited once released."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from studies.schema import EXPERIMENT_ID, Schema, exists, refuse

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
    # Of drawn times c_v, c_a and c_0 are means.
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
        n_verified INTEGER NOT NULL,
        n_corrected INTEGER NOT NULL,
        n_unaided INTEGER NOT NULL,
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

_KEYS = {
    "experiments": "experiment_id",
    "datasets": "experiment_id, data",
    "methods": "experiment_id, method",
    "cost_settings": "experiment_id, cost",
    "runs": "run_key",
    "cells": "experiment_id, data, method, seed, cost",
    "rounds": "run_key, round",
    "failures": "id",
}

# One row a run, round and cost. Drawn costs are those of the run; all others follow from the counts.
_RESULTS = """
SELECT e.name AS experiment, c.experiment_id, c.data, c.method, m.kind, m.hard, m.intermediate, m.easy,
    m.hard_budget, m.intermediate_budget, m.easy_budget, c.cost AS cost_setting, c.seed, r.round,
    coalesce(r.drawn_cost, r.n_seed * s.seed_label
        + s.verify * sum(r.n_verified) OVER run + s.correct * sum(r.n_corrected) OVER run
        + s.unaided * sum(r.n_unaided) OVER run) AS cost,
    r.accuracy, r.audit_accuracy, r.n_seed, r.n_human, r.n_auto, r.n_auto_right,
    r.n_hard, r.n_hard_right, r.n_intermediate, r.n_intermediate_right, r.n_easy, r.n_easy_right,
    r.n_verified, r.n_corrected, r.n_unaided,
    r.n_hard_right * 1.0 / nullif(r.n_hard, 0) AS hard_right,
    r.n_intermediate_right * 1.0 / nullif(r.n_intermediate, 0) AS intermediate_right,
    r.n_easy_right * 1.0 / nullif(r.n_easy, 0) AS easy_right,
    r.n_auto_right * 1.0 / nullif(r.n_auto, 0) AS auto_right,
    r.seconds_training, r.seconds_audit, r.seconds_hard, r.seconds_intermediate, r.seconds_easy,
    r.device, r.threads, r.versions, r.notes, c.run_key, r.utc
FROM cells AS c
JOIN experiments AS e ON e.experiment_id = c.experiment_id
JOIN methods AS m ON m.experiment_id = c.experiment_id AND m.method = c.method
JOIN cost_settings AS s ON s.experiment_id = c.experiment_id AND s.cost = c.cost
JOIN rounds AS r ON r.run_key = c.run_key
WINDOW run AS (PARTITION BY c.experiment_id, c.data, c.method, c.seed, c.cost ORDER BY r.round)"""

_PROGRESS = """
SELECT r.run_key, r.rounds, coalesce(d.done, 0) AS rounds_done, coalesce(d.done, 0) > r.rounds AS finished,
    (SELECT error FROM failures AS f WHERE f.run_key = r.run_key ORDER BY id DESC LIMIT 1) AS last_error
FROM runs AS r
LEFT JOIN (SELECT run_key, count(*) AS done FROM rounds GROUP BY run_key) AS d ON d.run_key = r.run_key"""

VIEWS: Mapping[str, str] = {
    "results": f"CREATE VIEW results AS{_RESULTS}",
    "progress": f"CREATE VIEW progress AS{_PROGRESS}",
}


def experiment_tables(db: Database) -> None:
    """All tables of experiments."""
    for statement in _TABLES:
        db.execute(statement)


def _triggers() -> Iterator[tuple[str, str]]:
    for table, key in _KEYS.items():
        yield refuse(table, "changed", "UPDATE", "", "facts are never changed")
        yield refuse(table, "deleted", "DELETE", "", "facts are never deleted")
        # A BEFORE trigger runs ahead of OR REPLACE, also where recursive_triggers is off.
        yield refuse(table, "replaced", "INSERT", f"WHEN {exists(table, key)}", "already stored")


TRIGGERS: Mapping[str, str] = dict(_triggers())

EXPERIMENT = Schema(
    application_id=EXPERIMENT_ID,
    kind="experiment",
    set_name="clarifier-experiment",
    migrations=(experiment_tables,),
    triggers=TRIGGERS,
    views=VIEWS,
)
"""The file of simulated experiments."""
