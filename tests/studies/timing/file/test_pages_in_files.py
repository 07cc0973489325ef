"""Pages in a study's file: read back as written, never changed, pooled whole, and withdrawn whole."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from studies.pages.marking import Marked
from studies.timing.facts.pages import PageMarks, PlannedCell, PlannedPage, Unit
from studies.timing.facts.records import Event, EventKind, Interface, PlannedTrial
from studies.timing.file.merge import MergeError, merge
from studies.timing.file.store import Completion, Store, StoreError
from tests.studies.timing.page_sample import (
    PAGES,
    Looked,
    asked_about,
    look,
    page_response,
    planned,
    sit_pages,
)
from tests.studies.timing.sample import add_study, record

TABLES = ("planned_trials", "planned_pages", "planned_cells", "page_responses", "marks")
FIRST = Looked("aabb", (2, 3), 7.0, taken_back=(0,))


def dump(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with Store.open(path, writable=False) as store:
        return {table: store.query(f"SELECT * FROM {table} ORDER BY 1, 2, 3") for table in TABLES}


def half(path: Path) -> None:
    """A session of two pages, of which the first is confirmed and what was marked on it is to be asked about."""
    with Store.open(path) as store:
        store.start_session(add_study(store), record("s"), [planned(FIRST, 0), planned(PAGES[1], 1)])
        look(store, "s", FIRST, 0, (asked_about(2, 0, 2), asked_about(3, 0, 3)))


def test_trials_and_pages_read_back_as_they_were_written(tmp_path: Path) -> None:
    units: list[Unit] = [
        PlannedTrial(0, 0, "d", False, "img 0", "مرحبا", None, Interface.DROPDOWN),
        PlannedPage(1, 0, "猫", True, "a", 0.1, (PlannedCell("x'", "a"), PlannedCell("=1", "é"))),
        PlannedTrial(2, 1, "d", False, "img 2", "a", "b"),
        PlannedPage(3, 1, "d", False, "b", 0.0, (PlannedCell("img3.0", "b"),)),
    ]
    asked = asked_about(4, 3, 0, "b")
    with Store.open(tmp_path / "s.sqlite") as store:
        store.start_session(add_study(store), record("s"), units)
        look(store, "s", Looked("b", (0,), 2.0), 3, (asked,))
    with Store.open(tmp_path / "s.sqlite", writable=False) as store:
        assert store.planned_units("s") == (*units, asked)
        progress = store.progress("s")
        assert (set(progress.answered), dict(progress.presented)) == ({3}, {3: 1})
        (summary,) = store.sessions()
        assert (summary.answered, summary.total, summary.state) == (1, 5, Completion.UNFINISHED)


def test_a_page_is_confirmed_once_and_with_all_it_brings(tmp_path: Path) -> None:
    half(tmp_path / "s.sqlite")
    before = dump(tmp_path / "s.sqlite")
    with Store.open(tmp_path / "s.sqlite") as store:
        with pytest.raises(StoreError, match="nothing was changed"):
            store.append_page("s", page_response(FIRST, 0, (asked_about(4, 0, 2),)))
        with pytest.raises(
            StoreError, match="nothing was changed"
        ):  # the trial of that position is there already
            store.append_page("s", page_response(PAGES[1], 1, (asked_about(2, 1, 3),)))
        with pytest.raises(StoreError, match="nothing was changed"):  # the page has four cells
            store.append_marks("s", PageMarks(1, 1, (Marked(0, True, 5), Marked(4, True, 5))))
    assert dump(tmp_path / "s.sqlite") == before


@pytest.mark.parametrize("table", [*TABLES])
def test_facts_of_pages_are_never_changed(tmp_path: Path, table: str) -> None:
    half(tmp_path / "s.sqlite")
    before = dump(tmp_path / "s.sqlite")
    connection = sqlite3.connect(tmp_path / "s.sqlite", isolation_level=None)
    for statement in (
        f"UPDATE {table} SET position = 9",
        f"DELETE FROM {table}",
        f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
    ):
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute(statement)
    connection.close()
    assert dump(tmp_path / "s.sqlite") == before


def test_the_longer_copy_of_a_session_counts(tmp_path: Path) -> None:
    short, long, pool = (tmp_path / f"{name}.sqlite" for name in ("short", "long", "pool"))
    half(short)
    shutil.copy(short, long)
    with Store.open(long) as store:
        look(store, "s", PAGES[1], 1, (asked_about(4, 1, 3),))
        store.append("s", Event(EventKind.FINISHED, 9))
    report = merge([short, long], pool)
    assert (report.added, report.extended) == (1, 0)
    assert dump(pool) == dump(long)
    report = merge([long], short)
    assert (report.added, report.extended, report.unchanged) == (0, 1, 0)
    assert dump(short) == dump(long)


def test_copies_whose_marks_differ_are_refused(tmp_path: Path) -> None:
    one, other = tmp_path / "one.sqlite", tmp_path / "other.sqlite"
    half(one)
    shutil.copy(one, other)
    for path, cell in ((one, 0), (other, 1)):
        with Store.open(path) as store:
            store.append_marks("s", PageMarks(1, 1, (Marked(cell, True, 5),)))
    with pytest.raises(MergeError, match="differ between files"):
        merge([one, other], tmp_path / "pool.sqlite")


def test_a_withdrawal_leaves_nothing_of_pages(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    half(path)
    with Store.open(path) as store:
        sit_pages(store, "other", PAGES[:2], "P2")
        store.withdraw("s")
        assert {sid for table in TABLES for (sid,) in store.query(f"SELECT session_id FROM {table}")} == {
            "other"
        }
    assert b"img0.3" not in path.read_bytes()
