"""What makes a kind of file: its tables, built by migrations, the triggers that guard its facts, and its views."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database


STUDY_ID = 0x434C4152  # "CLAR"
PROJECT_ID = 0x434C4150  # "CLAP"
EXPERIMENT_ID = 0x434C4145  # "CLAE"
KINDS = {
    STUDY_ID: 'a timing study: open it with "See results", or take part in it with "Begin"',
    PROJECT_ID: 'a labeling project: open it with "Label a folder of images"',
    EXPERIMENT_ID: 'a file of experiments: open it with "See results", or draw it with "clarifier-desktop figures"',
}
"""What the program's files are, by their application ids, and where each is opened."""
_COLUMNS = """
    SELECT t.name, c.name, c."notnull", c.pk FROM sqlite_master AS t JOIN pragma_table_info(t.name) AS c
    WHERE t.type = 'table' UNION SELECT name, sql, 0, 0 FROM sqlite_master WHERE type = 'index'"""


def _nothing_at_odds(_: sqlite3.Connection) -> str | None:
    return None


@dataclass(frozen=True)
class Schema:
    """A kind of SQLite file. Migrations are never edited once released."""

    application_id: int  # at byte 68 of the file
    kind: str  # in words
    set_name: str  # under which its migrations are recorded
    migrations: tuple[Callable[[Database], None], ...]
    triggers: Mapping[str, str]  # by name
    views: Mapping[str, str]  # by name
    impossible: tuple[
        str, ...
    ] = ()  # SELECTs of a table's name, on those of the first version; a row is nothing that was ever stored
    impossible_since: tuple[
        tuple[str, str], ...
    ] = ()  # the same on what a migration added, each with its name
    at_odds: Callable[[sqlite3.Connection], str | None] = (
        _nothing_at_odds  # the table of a file of this version that does not fit the others, as SQL cannot see
    )

    @property
    def names(self) -> tuple[str, ...]:
        """The migrations' names."""
        return tuple(migration.__name__ for migration in self.migrations)

    @property
    def version(self) -> int:
        """The file's PRAGMA user_version."""
        return len(self.migrations)

    def applied(self, connection: sqlite3.Connection) -> frozenset[str]:
        """The names of the migrations that a file has had."""
        rows = connection.execute(
            "SELECT name FROM _sqlite_migrations WHERE migration_set = ?", (self.set_name,)
        )
        return frozenset(name for (name,) in rows)

    def apply(self, connection: sqlite3.Connection) -> None:
        """Bring the tables up to date, each migration with its record in one transaction."""
        from sqlite_utils import Database, Migrations  # 0.1 s that only a new or an older file costs

        migrations = Migrations(self.set_name)
        for migration in self.migrations:
            migrations(name=migration.__name__)(migration)
        migrations.apply(Database(connection, execute_plugins=False))
        connection.execute(f"PRAGMA user_version = {self.version}")

    def fits(self, connection: sqlite3.Connection) -> bool:
        """Whether a file has the tables that its migrations make; slow, to see whose fault an error is."""
        from sqlite_utils import Database

        with closing(sqlite3.connect(":memory:", isolation_level=None)) as fresh:
            try:
                applied = self.applied(connection)
                for migration in self.migrations:
                    if migration.__name__ in applied:
                        migration(Database(fresh, execute_plugins=False))
                return set(fresh.execute(_COLUMNS)) <= set(connection.execute(_COLUMNS))
            except (sqlite3.DatabaseError, UnicodeDecodeError):
                return False

    def restore(self, connection: sqlite3.Connection) -> None:
        """Create again, in one transaction, every trigger and view that is missing or reads differently.

        Triggers that are not ours are dropped: they would run with what this program stores.
        """
        stale = [*self._strange(connection), *self._stale(connection)]
        if not stale:
            return
        connection.execute("BEGIN IMMEDIATE")
        try:
            for kind, name, sql in stale:
                connection.execute(f"DROP {kind} IF EXISTS {name}")
                if sql:
                    connection.execute(sql)
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")

    def overlay(self, connection: sqlite3.Connection) -> None:
        """Give a reader of a file from another version this version's views, without touching the file."""
        if any(
            kind == "VIEW" for kind, _, _ in self._stale(connection)
        ):  # a view of the file does not see ours
            for sql in self.views.values():
                connection.execute(sql.replace("CREATE VIEW", "CREATE TEMP VIEW", 1))

    def cover(self, connection: sqlite3.Connection, changed: Mapping[str, str]) -> None:
        """Give a connection views of its own, some of them ``changed``, in place of the file's, which stay."""
        for name, sql in {**self.views, **changed}.items():
            connection.execute(f"DROP VIEW IF EXISTS temp.{name}")
            connection.execute(sql.replace("CREATE VIEW", "CREATE TEMP VIEW", 1))

    def _strange(self, connection: sqlite3.Connection) -> Iterator[tuple[str, str, str]]:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
            if name not in self.triggers:
                quoted = str(name).replace('"', '""')
                yield "TRIGGER", f'"{quoted}"', ""

    def _stale(self, connection: sqlite3.Connection) -> Iterator[tuple[str, str, str]]:
        present = dict(
            connection.execute("SELECT name, sql FROM sqlite_master WHERE type IN ('trigger', 'view')")
        )
        for kind, statements in (("TRIGGER", self.triggers), ("VIEW", self.views)):
            for name, text in statements.items():
                sql = text.strip()  # as SQLite keeps it
                if present.get(name) != sql:
                    yield kind, name, sql


def refuse(table: str, what: str, operation: str, when: str, reason: str) -> tuple[str, str]:
    """The name and the SQL of a trigger that refuses an operation."""
    name = f"{table}_never_{what}"
    return name, (
        f"CREATE TRIGGER {name} BEFORE {operation} ON {table} {when}\n"
        f"BEGIN SELECT RAISE(ABORT, '{table}: {reason}'); END"
    )


def exists(table: str, key: str) -> str:
    """SQL: whether a row with the new row's key (columns, with commas) is there."""
    same = " AND ".join(f"{column} = NEW.{column}" for column in key.split(", "))
    return f"EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608 - names from a table in the program


def append_only(keys: Mapping[str, str]) -> Mapping[str, str]:
    """Triggers by name that let rows of tables be added only; ``keys``: by table, its key (columns, with commas)."""
    triggers: dict[str, str] = {}
    for table, key in keys.items():
        # A BEFORE trigger runs ahead of OR REPLACE, also where recursive_triggers is off.
        stored = f"WHEN {exists(table, key)}"
        triggers |= [
            refuse(table, "changed", "UPDATE", "", "facts are never changed"),
            refuse(table, "deleted", "DELETE", "", "facts are never deleted"),
            refuse(table, "replaced", "INSERT", stored, "already stored"),
        ]
    return triggers
