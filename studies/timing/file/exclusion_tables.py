"""The table of the rules that plans turn on: the migration, and rows written."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import TYPE_CHECKING

from studies.files.rows import insert_all
from studies.timing.facts.exclusions import USUAL_LIMITS

if TYPE_CHECKING:
    from sqlite_utils import Database

_TABLE = """
    CREATE TABLE exclusion_limits (
        study_id INTEGER NOT NULL REFERENCES studies (id),
        rule TEXT NOT NULL,
        value REAL NOT NULL,
        PRIMARY KEY (study_id, rule)
    ) WITHOUT ROWID"""
EXCLUSION_KEYS = {"exclusion_limits": ("study_id, rule",)}
"""The table, and the key by which a row of it could be replaced."""

_RULES = ", ".join(f"'{rule}'" for rule in USUAL_LIMITS)
IMPOSSIBLE_LIMITS = f"""
SELECT 'exclusion_limits' FROM exclusion_limits
WHERE value <= 0 OR value > 3600000 OR rule NOT IN ({_RULES})"""  # noqa: S608 - built from constants
"""What no row of it can hold."""


def exclusion_tables(db: Database) -> None:
    """The rules of a plan's own; plans of before have none."""
    db.execute(_TABLE)


def insert_limits(connection: sqlite3.Connection, study_id: int, limits: Mapping[str, float]) -> None:
    """Store the rules that a plan turns on, inside a transaction."""
    rows = ({"study_id": study_id, "rule": rule, "value": value} for rule, value in limits.items())
    insert_all(connection, "exclusion_limits", rows)
