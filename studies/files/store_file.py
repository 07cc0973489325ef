"""An open SQLite file of append-only facts, each on disk when its call returns; what all kinds of file share."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import datetime, timezone
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Any, ClassVar, TypeVar

from filelock import FileLock

from studies.files import sqlite_file
from studies.files.copies import copy_whole
from studies.files.file_place import FilePlace, identity
from studies.files.path_check import resolve
from studies.files.rows import Convert, Row, columns_of, insertion, records
from studies.files.schema import Schema
from studies.files.store_errors import StoreError, StoreGone, in_sentences


def utc_now() -> str:
    """The wall clock as ISO 8601 with milliseconds: for dates, never for measuring."""
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds")


_log = logging.getLogger(__name__)
_File = TypeVar("_File", bound="StoreFile")
_Record = TypeVar("_Record")
_AS_IT_IS: Mapping[str, Convert] = MappingProxyType({})


class StoreFile:
    """An open file. One program writes at a time; any number read beside it. Use it from one thread at a time."""

    schema: ClassVar[Schema]

    def __init__(self, path: Path, connection: sqlite3.Connection, lock: FileLock | None) -> None:
        self.path = path
        self._connection = connection
        self._lock = lock
        self._lock_file = None if lock is None else identity(lock.lock_file)
        self._place = None if lock is None else FilePlace(path)

    @classmethod
    def open(
        cls: type[_File],
        path: Path,
        *,
        writable: bool = True,
        create: bool = True,
        check: Callable[[_File], object] | None = None,
    ) -> _File:
        """Open ``path``, or make it where ``create`` allows.

        ``check`` is given a file of an older version, to read, before that is brought up to date; what it raises
        leaves the file as it was.

        Raises ``StoreError`` with the file untouched where it is not ours, damaged, from a newer version, in use
        by another writer, or out of reach.
        """
        path = resolve(path)
        exists = sqlite_file.check_path(path, cls.schema)
        if not exists and not (writable and create):
            raise cls._missing(path)
        if not writable:
            return cls(path, sqlite_file.open_read_only(path, cls.schema), None)
        lock = sqlite_file.lock(path)
        try:
            if not sqlite_file.check_path(path, cls.schema):
                sqlite_file.create(path, cls.schema)
            elif check is not None and sqlite_file.is_older(path, cls.schema):
                with cls(path, sqlite_file.open_read_only(path, cls.schema), None) as copy:
                    check(copy)
            return cls(path, sqlite_file.open_writable(path, cls.schema), lock)
        except BaseException:
            lock.release()
            raise

    @classmethod
    def peek(cls: type[_File], path: Path) -> _File:
        """Open ``path`` for reading what every version of such a file has; no older one is copied for it.

        Raises ``StoreError`` as :meth:`open`.
        """
        path = resolve(path)
        if not sqlite_file.check_path(path, cls.schema):
            raise cls._missing(path)
        return cls(path, sqlite_file.open_read_only(path, cls.schema, update=False), None)

    @classmethod
    def _missing(cls, path: Path) -> StoreError:
        return StoreError(f"There is no {cls.schema.kind} in {path}: check the name of the file.")

    def __enter__(self: _File) -> _File:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Bring all into the one file and let others write it. May be called twice."""
        if self._lock is not None and self._lock.is_locked:
            self._bring_home()
        self._connection.close()
        if self._lock is not None:
            self._lock.release()

    def _bring_home(self) -> None:
        """Bring all into the one file; what cannot go there, as it was taken away, is saved beside it."""
        if self._place is None:
            return
        try:
            self._place.check(self._connection)
            if self._place.lost_wal():
                self._place.bring_in_wal(self._connection)
            else:
                self.checkpoint()
        except StoreGone as gone:
            _log.warning("%s", gone)
        except sqlite3.Error:
            _log.warning("%s could not be brought up to date as it was closed", self.path)

    @property
    def is_in_place(self) -> bool:
        """Whether an open file that this program writes is still the one that others find under its name."""
        return self._place is not None and self._place.is_kept

    @property
    def changes(self) -> int:
        """How many records were stored through it; larger after each."""
        return self._connection.total_changes

    def checkpoint(self) -> None:
        """Bring all into the one file, so that a copy of it alone is whole; where that fails, nothing is lost."""
        with suppress(sqlite3.Error):  # all is safe in the -wal file, and the next program to open it goes on
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def query(
        self, sql: str, parameters: Sequence[object] | Mapping[str, object] = ()
    ) -> list[tuple[Any, ...]]:
        """All rows of a SELECT."""
        with self._in_sentences():
            return self._connection.execute(sql, parameters).fetchall()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Several writes: all are stored, or none."""
        self._check_place()
        with self._in_sentences():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:  # a full disk may have rolled it back already
                    self._connection.execute("ROLLBACK")
                raise

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Several queries that see the file as of one moment, whatever another program writes meanwhile."""
        with in_sentences(self.path):
            self._connection.execute("BEGIN")
            try:
                yield
            finally:
                self._connection.execute("ROLLBACK")

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[dict[str, Any]]:
        """All rows of a SELECT, by column."""
        with self._in_sentences():
            cursor = self._connection.execute(sql, parameters)
            columns = [name for name, *_ in cursor.description]
            return [dict(zip(columns, row, strict=True)) for row in cursor]

    def table(self, view: str, columns: Sequence[str], order: str, where: str = "1") -> list[tuple[Any, ...]]:
        """Rows of a table or view, in the order of ``columns``; all names and conditions are the program's own."""
        return self.query(f"SELECT {', '.join(columns)} FROM {view} WHERE {where} ORDER BY {order}")  # noqa: S608

    def read(
        self,
        record: type[_Record],
        source: str,
        parameters: Sequence[object] | Mapping[str, object] = (),
        convert: Mapping[str, Convert] = _AS_IT_IS,
    ) -> list[_Record]:
        """Read records, whose fields are columns of ``source``: a table or view, with WHERE and ORDER BY.

        ``convert`` gives by column what makes a field of its value.
        """
        columns = ", ".join(columns_of(record))
        sql = f"SELECT {columns} FROM {source}"  # noqa: S608 - the program's own names
        return self.read_sql(record, sql, parameters, convert)

    def read_sql(
        self,
        record: type[_Record],
        sql: str,
        parameters: Sequence[object] | Mapping[str, object] = (),
        convert: Mapping[str, Convert] = _AS_IT_IS,
    ) -> list[_Record]:
        """Read records of a SELECT that names their columns; see :meth:`read`."""
        with self._in_sentences():
            cursor = self._connection.execute(sql, parameters)
            return list(records(cursor, record, columns_of(record), convert))

    def _insert(self, table: str, row: Row) -> None:
        """Insert a row, which commits itself; see :func:`studies.files.rows.insert`."""
        self._write(insertion(table, tuple(row)), tuple(row.values()))

    def _in_sentences(self) -> AbstractContextManager[None]:
        """Around statements: what is wrong with file or disk is a ``StoreError``, all else a bug."""
        return sqlite_file.in_tables(self.path, self._connection, self.schema)

    def _check_place(self) -> None:
        """Raise ``StoreGone`` where a write would go into a file that nobody finds any more."""
        if self._place is None:
            return
        put_back = self._place.holds_copy(self._connection)
        if not put_back:
            self._place.check(self._connection)
        self._keep_lock()
        if put_back:
            self._place.part_from_other()
            opened = sqlite_file.open_writable(self.path, self.schema)
            self._connection.close()
            self._connection, self._place = opened, FilePlace(self.path)
        elif self._place.lost_wal():
            with in_sentences(self.path):
                self._place.bring_in_wal(self._connection)
                self._open_again()
            self._place = FilePlace(self.path)

    def _open_again(self) -> None:
        """Open the file that holds all anew; where it cannot be, all can still be read, and the next write tries again.

        The connection is closed first: one opened beside it would share its place in the file that was taken away.
        """
        copy = copy_whole(self._connection)
        self._connection.close()
        self._connection = copy
        self._connection = sqlite_file.open_writable(self.path, self.schema)
        copy.close()

    def _keep_lock(self) -> None:
        """Take the writer's place again where its file was deleted: another window could hold a new one."""
        if self._lock is not None and identity(self._lock.lock_file) != self._lock_file:
            lock = sqlite_file.lock(self.path)
            self._lock.release()
            self._lock, self._lock_file = lock, identity(lock.lock_file)

    def _write(self, sql: str, values: Sequence[object] | Mapping[str, object]) -> None:
        self._check_place()
        with self._in_words(), self._in_sentences():
            self._connection.execute(sql, values)

    @contextmanager
    def facts(self) -> Iterator[sqlite3.Connection]:
        """Several facts of one input: all are stored, or none. Raises ``StoreError`` as a single one does."""
        with self._in_words(), self.transaction() as connection:
            yield connection

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.IntegrityError as error:
            raise StoreError(
                f"{self.path} did not take this record ({error}), and nothing was changed: it may have been stored "
                "or its session withdrawn from elsewhere. Close the session and open it again."
            ) from error
