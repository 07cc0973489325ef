"""Whether a file's pages and facts fit together, seen before anything is read or written."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from studies.files.schema import Schema
from studies.files.store_errors import damaged

# Reading a file of a million images through takes seconds; damage there is reported when a query meets it.
CHECKED_BYTES = 32 << 20
"""Of larger files only what is found fast is looked for."""
# For each table a SELECT of rows with text where a number belongs, a fraction where a whole one does, or bytes where
# text does: SQLite takes any value.
_TYPE_CHECKS = """
    SELECT printf('SELECT %Q FROM "%w" WHERE %s', t.name, t.name, group_concat(printf('typeof("%w") IN (%s)', c.name,
        CASE c.type WHEN 'TEXT' THEN '''blob''' WHEN 'INTEGER' THEN '''real'', ''text'', ''blob'''
        ELSE '''text'', ''blob''' END), ' OR '))
    FROM sqlite_master AS t JOIN pragma_table_info(t.name) AS c
    WHERE t.type = 'table' AND c.type IN ('INTEGER', 'REAL', 'TEXT') GROUP BY t.name"""


def check_facts(path: Path, connection: sqlite3.Connection, schema: Schema) -> None:
    """Look for damaged pages, values of another type than their columns, and rows that nothing ever stored.

    Raises ``StoreError``.
    """
    applied = schema.applied(connection)
    checks = (*schema.impossible, *(sql for name, sql in schema.impossible_since if name in applied))
    if path.stat().st_size <= CHECKED_BYTES:
        if connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            raise damaged(path)
        types = (sql for (sql,) in connection.execute(_TYPE_CHECKS).fetchall())
        checks = ("PRAGMA foreign_key_check", *types, *checks)
    for sql in checks:
        found = connection.execute(sql).fetchone()
        if found is not None:
            raise damaged(path, found[0] if isinstance(found[0], str) else "")
    if applied >= set(schema.names):
        table = schema.at_odds(connection)
        if table is not None:
            raise damaged(path, table)
