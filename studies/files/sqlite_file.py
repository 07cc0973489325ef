"""Opening the SQLite file: whose it is, who may write it, and nothing touched before that is known."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from model.disk import is_folder, is_there, sync_folder
from studies.files.copies import add_mathematics, copy_whole
from studies.files.facts_check import CHECKED_BYTES, check_facts
from studies.files.path_check import nameless, refuse_second_name, resolve
from studies.files.schema import KINDS, Schema
from studies.files.store_errors import StoreError, damaged, in_sentences, unwritable

_MAGIC = b"SQLite format 3\x00"
_BUSY_S = 5.0  # how long to wait for another program that reads or copies the file


def lock(path: Path) -> FileLock:
    """Take the file's one writer's place; the system gives it back when the process ends, however it ends.

    Raises ``StoreError`` where another window has it or the folder cannot be written.
    """
    own = FileLock(path.with_name(path.name + ".lock"), timeout=0, thread_local=False)
    try:
        own.acquire()
    except Timeout as error:
        raise StoreError(
            f"{path} is in use by another CLARIFIER window: close that window, or choose another file."
        ) from error
    except OSError as error:
        raise (nameless if error.errno == errno.ENAMETOOLONG else unwritable)(path) from error
    return own


def check_path(path: Path, schema: Schema) -> bool:
    """Whether there is a file with something in it; reads its first 100 bytes and touches nothing.

    Raises ``StoreError`` where it is not of this kind, from a newer version, or out of reach.
    """
    if not is_folder(path.parent):
        raise StoreError(
            f"There is no folder {path.parent}: create it, or choose another place for the file."
        )
    if not is_there(path):
        return False
    try:
        with path.open("rb") as file:
            head = file.read(100)
    except OSError as error:
        raise StoreError(f"{path} cannot be read ({error.strerror}): see that you may read it.") from error
    if not head:
        return False
    if len(head) < 100 or not head.startswith(_MAGIC):
        raise StoreError(f"{path} is not a CLARIFIER file (nor an SQLite database): choose another file.")
    kind = int.from_bytes(head[68:72], "big")
    if kind in KINDS and kind != schema.application_id:
        raise StoreError(f"{path} is {KINDS[kind]}.")
    if kind != schema.application_id:
        raise StoreError(f"{path} is a database of another program: choose another file.")
    if int.from_bytes(head[60:64], "big") > schema.version:
        raise _newer(path)
    return True


def is_older(path: Path, schema: Schema) -> bool:
    """Whether a file that :func:`check_path` found is of an earlier version, by its first bytes."""
    with path.open("rb") as file:
        head = file.read(100)
    return int.from_bytes(head[60:64], "big") < schema.version


def kind_of(path: Path) -> int | None:
    """The application id of a file; ``None`` where it is no SQLite file that can be read."""
    try:
        with resolve(path).open("rb") as file:
            head = file.read(100)
    except (OSError, StoreError):
        return None
    return int.from_bytes(head[68:72], "big") if len(head) == 100 and head.startswith(_MAGIC) else None


def create(path: Path, schema: Schema, fill: Callable[[sqlite3.Connection], None] | None = None) -> None:
    """Build a store beside ``path`` and rename it, so that no half-made file is ever found there.

    ``fill`` writes what a new file begins with.
    """
    building = path.with_name(path.name + ".new")
    with in_sentences(path):
        try:
            building.unlink(missing_ok=True)
            with _closing(sqlite3.connect(building, isolation_level=None)) as connection:
                connection.execute(f"PRAGMA application_id = {schema.application_id}")
                schema.apply(connection)
                schema.restore(connection)
                if fill is not None:
                    fill(connection)
            for leftover in ("-wal", "-shm"):  # of a file deleted by hand: it must not run into the new one
                path.with_name(path.name + leftover).unlink(missing_ok=True)
            building.replace(path)
            sync_folder(path.parent)
        except OSError as error:
            raise unwritable(path) from error
        finally:
            building.unlink(missing_ok=True)


def open_writable(path: Path, schema: Schema) -> sqlite3.Connection:
    """A connection whose commits are on disk when they return; the file is checked first, then brought up to date."""
    try:
        path.open("r+b").close()
        refuse_second_name(path)
    except OSError as error:
        raise unwritable(path) from error
    _check_content(path, schema)
    with in_sentences(path):
        connection = _connect(path, "mode=rw")
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA recursive_triggers = ON")
            connection.execute("PRAGMA secure_delete = ON")
            with in_tables(path, connection, schema):
                if schema.applied(connection) != set(schema.names):
                    schema.apply(connection)
                schema.restore(connection)
        except BaseException:
            connection.close()
            raise
    return connection


@contextmanager
def in_tables(path: Path, connection: sqlite3.Connection, schema: Schema) -> Iterator[None]:
    """Say of a file that it is damaged where a statement finds it without the tables of its kind.

    If they are there, the statement is at fault: that is a bug, and passes.
    """
    try:
        with in_sentences(path):
            yield
    except sqlite3.OperationalError as error:
        if schema.fits(connection):
            raise
        raise damaged(path) from error


def checkpoint_beside(path: Path) -> None:
    """Bring what is committed into the one file, beside the program that writes it; nobody waits for it."""
    with in_sentences(path), _closing(_connect(path, "mode=rw")) as connection:
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()


def checkpoint_whole(connection: sqlite3.Connection, *, wait: bool) -> bool:
    """Bring all into the one file; whether that went, as nobody was reading an earlier moment of it."""
    connection.execute(f"PRAGMA busy_timeout = {int(1000 * _BUSY_S) if wait else 0}")
    busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    connection.execute(f"PRAGMA busy_timeout = {int(1000 * _BUSY_S)}")
    return not busy


def open_read_only(path: Path, schema: Schema, *, update: bool = True) -> sqlite3.Connection:
    """A connection that reads, also beside a program that writes; it never changes the file.

    Of a file with tables of an older version a copy of this moment is read, brought up to date. Without ``update`` it
    is read as it is: only what every version has may be asked for.
    """
    with in_sentences(path):
        try:
            connection = _probe(path, "mode=ro")
        except sqlite3.OperationalError:  # in a read-only folder the files beside it cannot be made
            connection = _probe(path, "mode=ro&immutable=1")
        try:
            with in_tables(path, connection, schema):
                current = _check_migrations(path, connection, schema)
                if update:
                    check_facts(path, connection, schema)
                    if not current:
                        return _updated_copy(connection, schema)
                if current:
                    schema.overlay(connection)
        except BaseException:
            connection.close()
            raise
    return connection


def _updated_copy(connection: sqlite3.Connection, schema: Schema) -> sqlite3.Connection:
    """Read from a copy in a temporary database, which SQLite deletes with its connection; the original is closed."""
    with _closing(connection):
        copy = copy_whole(connection)
        try:
            schema.apply(copy)
            schema.restore(copy)
            copy.execute("PRAGMA query_only = ON")
        except BaseException:
            copy.close()
            raise
    return copy


def _probe(path: Path, mode: str) -> sqlite3.Connection:
    connection = _connect(path, mode)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def _check_content(path: Path, schema: Schema) -> None:
    """Look for newer migrations and damage through a connection that cannot write. The caller holds the lock.

    An older file is brought up to date in a copy first: damage may show only then.
    """
    wal = path.with_name(path.name + "-wal")
    pending = is_there(wal) and wal.stat().st_size > 0
    with (
        in_sentences(path),
        _closing(_connect(path, "mode=ro" if pending else "mode=ro&immutable=1")) as connection,
        in_tables(path, connection, schema),
    ):
        current = _check_migrations(path, connection, schema)
        check_facts(path, connection, schema)
        if not current and path.stat().st_size <= CHECKED_BYTES:
            _updated_copy(connection, schema).close()


def _check_migrations(path: Path, connection: sqlite3.Connection, schema: Schema) -> bool:
    """Whether a file has all migrations; raises where it has others."""
    try:
        applied = schema.applied(connection)
    except sqlite3.OperationalError as error:
        if "no such table" in str(error):
            raise damaged(path) from error
        raise
    if applied - set(schema.names):
        raise _newer(path)
    return applied == set(schema.names)


def _newer(path: Path) -> StoreError:
    return StoreError(
        f"{path} was written by a newer version of CLARIFIER Desktop: update this program to open it."
    )


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    # No implicit transactions: a single INSERT commits itself, several stand between BEGIN and COMMIT.
    connection = sqlite3.connect(
        f"{path.as_uri()}?{mode}", uri=True, isolation_level=None, timeout=_BUSY_S, check_same_thread=False
    )
    add_mathematics(connection)
    return connection


@contextmanager
def _closing(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    try:
        yield connection
    finally:
        connection.close()
