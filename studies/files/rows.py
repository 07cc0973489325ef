"""Rows written and read by the names of their columns; a record's fields are the columns of its table."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any, TypeVar, get_type_hints

from studies.files.store_errors import ImpossibleValue

Row = Mapping[str, object]
Convert = Callable[[Any], object]
_Record = TypeVar("_Record")
_ENUMERATIONS: dict[type, tuple[str, ...]] = {}  # by record


@cache
def insertion(table: str, columns: tuple[str, ...]) -> str:
    """The statement that inserts a row; its values are given in the order of ``columns``."""
    marks = ", ".join("?" * len(columns))
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608 - the program's own names


def insert(connection: sqlite3.Connection, table: str, row: Row) -> int:
    """Insert a row given by column; columns that are not named are NULL.

    Returns its number, in a table that numbers its rows.
    """
    return connection.execute(insertion(table, tuple(row)), tuple(row.values())).lastrowid or 0


def insert_all(connection: sqlite3.Connection, table: str, rows: Iterable[Row]) -> None:
    """Insert rows that all name the same columns, in whatever order."""
    iterator = iter(rows)
    first = next(iterator, None)
    if first is None:
        return
    columns = tuple(first)

    def values() -> Iterator[tuple[object, ...]]:
        yield tuple(first.values())
        for row in iterator:
            assert len(row) == len(columns)
            yield tuple(row[column] for column in columns)

    connection.executemany(insertion(table, columns), values())


def row_of(record: object, **others: object) -> dict[str, object]:
    """A dataclass's fields by column, enumerations by their values; ``others`` beside them or in their place."""
    row = dict(vars(record))
    for name in _enumerations(type(record)):
        row[name] = row[name].value
    row.update(others)
    return row


def _enumerations(record: type) -> tuple[str, ...]:
    """The fields that are enumerations, looked up once: a row is made between an answer and the next image."""
    names = _ENUMERATIONS.get(record)
    if names is None:
        hints = get_type_hints(record)
        names = tuple(
            name for name, hint in hints.items() if isinstance(hint, type) and issubclass(hint, Enum)
        )
        _ENUMERATIONS[record] = names
    return names


def columns_of(record: type) -> tuple[str, ...]:
    """The columns that a dataclass or a named tuple is read from: its fields."""
    if is_dataclass(record):
        return tuple(field.name for field in fields(record))
    names: tuple[str, ...] = record._fields  # type: ignore[attr-defined]
    return names


def records(
    cursor: sqlite3.Cursor,
    record: Callable[..., _Record],
    columns: tuple[str, ...],
    convert: Mapping[str, Convert],
) -> Iterator[_Record]:
    """Make a record of each row, of ``columns`` of the cursor by name; ``convert`` by column.

    Raises ``KeyError`` for a column that the cursor lacks, and ``ImpossibleValue``.
    """
    places = {name: place for place, (name, *_) in enumerate(cursor.description)}
    order = [places[column] for column in columns]
    changes = [(columns.index(column), change) for column, change in convert.items()]
    for row in cursor:
        values = [row[place] for place in order]
        try:
            for place, change in changes:
                values[place] = change(values[place])
        except (ValueError, LookupError, TypeError, OverflowError, RecursionError) as error:
            raise ImpossibleValue from error
        yield record(*values)
