from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

import pytest

from studies.files.rows import columns_of, insert, insert_all, records, row_of


class Colour(str, Enum):
    RED = "red"


@dataclass(frozen=True)
class Thing:
    name: str
    colour: Colour
    size: int | None = None


class Named(NamedTuple):
    size: int | None
    name: str


@pytest.fixture
def connection():
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE things (id INTEGER PRIMARY KEY, size INTEGER, colour TEXT, name TEXT)")
    yield connection
    connection.close()


def stored(connection: sqlite3.Connection) -> list[tuple[object, ...]]:
    return connection.execute("SELECT name, colour, size FROM things ORDER BY id").fetchall()


def test_a_row_goes_in_by_column_wherever_the_columns_are(connection):
    assert insert(connection, "things", {"name": "a", "colour": "red"}) == 1
    assert insert(connection, "things", {"size": 3, "name": "b"}) == 2
    assert stored(connection) == [("a", "red", None), ("b", None, 3)]


def test_rows_that_name_their_columns_in_another_order_go_in_by_name(connection):
    insert_all(connection, "things", [{"name": "a", "size": 1}, {"size": 2, "name": "b"}])
    insert_all(connection, "things", [])
    assert stored(connection) == [("a", None, 1), ("b", None, 2)]


@pytest.mark.parametrize(
    ("other", "error"), [({"name": "b"}, AssertionError), ({"name": "b", "colour": "red"}, KeyError)]
)
def test_rows_of_one_insertion_name_the_same_columns(connection, other, error):
    with pytest.raises(error):
        insert_all(connection, "things", [{"name": "a", "size": 1}, other])


def test_a_column_that_is_not_there_is_refused(connection):
    with pytest.raises(sqlite3.OperationalError, match="weight"):
        insert(connection, "things", {"name": "a", "weight": 1})


def test_a_records_fields_are_columns():
    thing = Thing("a", Colour.RED, 3)
    assert row_of(thing) == {"name": "a", "colour": "red", "size": 3}
    assert type(row_of(thing)["colour"]) is str
    assert row_of(thing, size="large", utc="now") == {
        "name": "a",
        "colour": "red",
        "size": "large",
        "utc": "now",
    }
    assert columns_of(Thing) == ("name", "colour", "size")
    assert columns_of(Named) == ("size", "name")


def test_records_are_read_by_name(connection):
    insert(connection, "things", row_of(Thing("a", Colour.RED, 3)))
    cursor = connection.execute("SELECT * FROM things")
    (thing,) = records(cursor, Thing, columns_of(Thing), {"colour": Colour})
    assert thing == Thing("a", Colour.RED, 3)
    assert isinstance(thing.colour, Colour)
    cursor = connection.execute("SELECT upper(name) AS name, size, 1 FROM things")
    assert list(records(cursor, Named, columns_of(Named), {})) == [Named(3, "A")]


def test_a_query_that_lacks_a_field_is_a_mistake(connection):
    with pytest.raises(KeyError, match="size"):
        list(records(connection.execute("SELECT name FROM things"), Named, columns_of(Named), {}))
