"""Temporary copies of what a connection holds, and the mathematics that some builds of SQLite lack."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Callable


def copy_whole(connection: sqlite3.Connection) -> sqlite3.Connection:
    """All that a connection holds, in a temporary database, which SQLite deletes with its connection."""
    copy = sqlite3.connect("", isolation_level=None, check_same_thread=False)
    try:
        add_mathematics(copy)
        connection.backup(copy)
    except BaseException:
        copy.close()
        raise
    return copy


def add_mathematics(connection: sqlite3.Connection) -> None:
    """Some builds of SQLite lack the functions that the views use."""
    try:
        connection.execute("SELECT ln(1.0), exp(1.0), sqrt(1.0)")
    except sqlite3.OperationalError:
        add_functions(connection)


def add_functions(connection: sqlite3.Connection) -> None:
    """Give the connection ``ln``, ``exp`` and ``sqrt``, with NULL and infinity where SQLite's own say so."""

    def defined(function: Callable[[float], float]) -> Callable[[object], float | None]:
        def evaluate(value: object) -> float | None:
            if not isinstance(value, int | float):
                return None
            try:
                return function(value)
            except ValueError:
                return None
            except OverflowError:
                return math.inf

        return evaluate

    for name, function in (("ln", math.log), ("exp", math.exp), ("sqrt", math.sqrt)):
        connection.create_function(name, 1, defined(function), deterministic=True)
