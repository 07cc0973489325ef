"""The tables of an experiments' file, built by migrations that are never edited once released."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from studies.files.schema import EXPERIMENT_ID, Schema, append_only

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
WITH answered AS (
    SELECT c.*, m.kind, m.hard, m.intermediate, m.easy, m.hard_budget, m.intermediate_budget, m.easy_budget,
        r.round, r.n_seed, r.n_human, r.n_auto, r.n_auto_right, r.n_hard, r.n_hard_right,
        r.n_intermediate, r.n_intermediate_right, r.n_easy, r.n_easy_right, r.accuracy, r.audit_accuracy,
        r.drawn_cost, r.seconds_training, r.seconds_audit, r.seconds_hard, r.seconds_intermediate,
        r.seconds_easy, r.notes, r.device, r.threads, r.versions, r.utc,
        CASE m.kind WHEN 'al-without-suggestions' THEN 0 ELSE r.n_hard_right + r.n_intermediate_right END
            AS n_verified,
        CASE m.kind WHEN 'al-without-suggestions' THEN 0
            ELSE r.n_hard + r.n_intermediate - r.n_hard_right - r.n_intermediate_right END AS n_corrected,
        CASE m.kind WHEN 'al-without-suggestions' THEN r.n_hard + r.n_intermediate ELSE 0 END AS n_unaided
    FROM cells AS c
    JOIN methods AS m ON m.experiment_id = c.experiment_id AND m.method = c.method
    JOIN rounds AS r ON r.run_key = c.run_key
)
SELECT e.name AS experiment, a.experiment_id, a.data, a.method, a.kind, a.hard, a.intermediate, a.easy,
    a.hard_budget, a.intermediate_budget, a.easy_budget, a.cost AS cost_setting, a.seed, a.round,
    coalesce(a.drawn_cost, a.n_seed * s.seed_label
        + s.verify * sum(a.n_verified) OVER run + s.correct * sum(a.n_corrected) OVER run
        + s.unaided * sum(a.n_unaided) OVER run) AS cost,
    a.accuracy, a.audit_accuracy, a.n_seed, a.n_human, a.n_auto, a.n_auto_right,
    a.n_hard, a.n_hard_right, a.n_intermediate, a.n_intermediate_right, a.n_easy, a.n_easy_right,
    a.n_verified, a.n_corrected, a.n_unaided,
    a.n_hard_right * 1.0 / nullif(a.n_hard, 0) AS hard_right,
    a.n_intermediate_right * 1.0 / nullif(a.n_intermediate, 0) AS intermediate_right,
    a.n_easy_right * 1.0 / nullif(a.n_easy, 0) AS easy_right,
    a.n_auto_right * 1.0 / nullif(a.n_auto, 0) AS auto_right,
    a.seconds_training, a.seconds_audit, a.seconds_hard, a.seconds_intermediate, a.seconds_easy,
    a.device, a.threads, a.versions, a.notes, a.run_key, a.utc
FROM answered AS a
JOIN experiments AS e ON e.experiment_id = a.experiment_id
JOIN cost_settings AS s ON s.experiment_id = a.experiment_id AND s.cost = a.cost
WINDOW run AS (PARTITION BY a.experiment_id, a.data, a.method, a.seed, a.cost ORDER BY a.round)"""

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


EXPERIMENT = Schema(
    application_id=EXPERIMENT_ID,
    kind="experiment",
    set_name="clarifier-experiment",
    migrations=(experiment_tables,),
    triggers=append_only(_KEYS),
    views=VIEWS,
)
"""The file of simulated experiments."""
