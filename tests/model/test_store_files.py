"""What holds a person's answers, or lies beside it while it is open, is never overwritten by an export."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from model.disk import is_of_a_store, is_same_place
from studies.table_files import Column, ExportError, write_table


@pytest.mark.parametrize("ending", ["", "-wal", "-shm", "-journal", ".lock"])
def test_no_export_takes_the_place_of_a_store(tmp_path: Path, ending: str) -> None:
    with sqlite3.connect(tmp_path / "p.clarifier") as store:
        store.execute("CREATE TABLE a (b)")
    store.close()
    (tmp_path / "link.csv").symlink_to(tmp_path / "p.clarifier")
    before = (tmp_path / "p.clarifier").read_bytes()
    for to in (tmp_path / f"p.clarifier{ending}", tmp_path / "link.csv"):
        with pytest.raises(ExportError, match="name another file"):
            write_table(to, "t", {"a": Column("text", "", "x")}, [("1",)])
    assert (tmp_path / "p.clarifier").read_bytes() == before


def test_other_files_may_be_overwritten(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a")
    assert not is_of_a_store(tmp_path / "a.csv")
    assert not is_of_a_store(tmp_path / "none-wal")


def test_places_are_compared_by_what_they_lead_to(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").symlink_to(tmp_path / "a")
    assert is_same_place(tmp_path / "a", tmp_path / "b")
    assert is_same_place(tmp_path / "none", tmp_path / "a" / ".." / "none")
    assert not is_same_place(tmp_path / "a", tmp_path)
    assert not is_same_place(tmp_path, None)
