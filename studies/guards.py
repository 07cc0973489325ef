"""The triggers that keep facts as they were written, and the check that a file has them and its views."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping

from studies.timing.views import VIEWS

# Every key by which INSERT OR REPLACE could take the place of a row.
_KEYS = {
    "studies": ("id", "sha256"),
    "sessions": ("session_id",),
    "planned_trials": ("session_id, position",),
    "responses": ("session_id, position",),
    "events": ("session_id, seq",),
    "withdrawals": ("session_id",),
}
_NEVER_DELETED = ("studies", "withdrawals")


def _triggers() -> Iterator[tuple[str, str]]:
    for table, keys in _KEYS.items():
        withdrawn = "WHEN NOT EXISTS (SELECT 1 FROM withdrawals WHERE session_id = OLD.session_id)"
        unless = "" if table in _NEVER_DELETED else withdrawn
        # A BEFORE trigger runs ahead of OR REPLACE, also where recursive_triggers is off.
        exists = " OR ".join(_exists(table, key) for key in keys)
        yield _refuse(table, "changed", "UPDATE", "", "facts are never changed")
        yield _refuse(table, "deleted", "DELETE", unless, "facts are deleted by a withdrawal only")
        yield _refuse(table, "replaced", "INSERT", f"WHEN {exists}", "already stored")
    gone = "WHEN EXISTS (SELECT 1 FROM withdrawals WHERE session_id = NEW.session_id)"
    yield _refuse("sessions", "withdrawn", "INSERT", gone, "this session was withdrawn")


def _exists(table: str, key: str) -> str:
    same = " AND ".join(f"{column} = NEW.{column}" for column in key.split(", "))
    return f"EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608 - names from the table above


def _refuse(table: str, what: str, operation: str, when: str, reason: str) -> tuple[str, str]:
    name = f"{table}_never_{what}"
    return name, (
        f"CREATE TRIGGER {name} BEFORE {operation} ON {table} {when}\n"
        f"BEGIN SELECT RAISE(ABORT, '{table}: {reason}'); END"
    )


TRIGGERS: Mapping[str, str] = dict(_triggers())


def restore(connection: sqlite3.Connection) -> None:
    """Create again, in one transaction, every trigger and view that is missing or reads differently."""
    stale = list(_stale(connection))
    if not stale:
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        for kind, name, sql in stale:
            connection.execute(f"DROP {kind} IF EXISTS {name}")
            connection.execute(sql)
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def overlay(connection: sqlite3.Connection) -> None:
    """Give a reader of a file from another version this version's views, without touching the file."""
    for kind, _, sql in _stale(connection):
        if kind == "VIEW":
            connection.execute(sql.replace("CREATE VIEW", "CREATE TEMP VIEW", 1))


def _stale(connection: sqlite3.Connection) -> Iterator[tuple[str, str, str]]:
    found = dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE type IN ('trigger', 'view')"))
    for kind, wanted in (("TRIGGER", TRIGGERS), ("VIEW", VIEWS)):
        for name, sql in wanted.items():
            if found.get(name) != sql:
                yield kind, name, sql
