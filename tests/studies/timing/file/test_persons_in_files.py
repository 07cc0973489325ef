"""What participants agreed to and answered in files: shown, pooled, and gone with their session."""

from __future__ import annotations

from pathlib import Path

import pytest

from studies.timing.file.merge import merge
from studies.timing.file.store import Store, StoreError
from tests.studies.timing.person_sample import REPLIES, say
from tests.studies.timing.sample import SHORT, add_study, sit

TABLES = ("questions", "agreements", "replies", "consents")


def sat(path: Path, session_id: str = "one", participant: str = "P1", number: int = 1) -> Path:
    with Store.open(path) as store:
        sit(store, add_study(store), session_id, SHORT, participant, number)
        say(store, session_id)
    return path


def counts(store: Store) -> list[int]:
    return [store.query(f"SELECT count(*) FROM {table}")[0][0] for table in TABLES]


def test_answers_are_shown_in_the_plans_order_with_numbers_as_numbers(tmp_path: Path) -> None:
    with Store.open(sat(tmp_path / "a.sqlite"), writable=False) as store:
        rows = store.query("SELECT study, participant, place, question, answer, number, unit FROM questions")
        assert rows == [
            ("study", "P1", 0, "hand", "left", None, ""),
            ("study", "P1", 1, "age", "23", 23.0, "years"),
            ("study", "P1", 2, "else", None, None, ""),
        ]
        agreed = store.query("SELECT participant, version, sha256, contact FROM agreements")
        assert agreed == [("P1", "2 of May", "c" * 64, "Ada, ada@example.org")]
        assert store.progress("one").questioned


def test_they_are_never_changed_and_stored_once(tmp_path: Path) -> None:
    with Store.open(sat(tmp_path / "a.sqlite")) as store:
        with pytest.raises(StoreError):
            say(store, "one")
        for sql in ("UPDATE replies SET answer = 'right'", "DELETE FROM consents"):
            with pytest.raises(StoreError, match="facts are"):
                store._write(sql, ())
        assert counts(store) == [3, 1, 3, 1]
        assert len(store.query("SELECT * FROM events WHERE kind = 'consented'")) == 1


def test_they_are_gone_with_a_withdrawn_session(tmp_path: Path) -> None:
    path = sat(tmp_path / "a.sqlite")
    with Store.open(path) as store:
        store.withdraw("one")
        assert counts(store) == [0, 0, 0, 0]
    for word in ("Which hand", "ada@example.org"):
        assert word.encode() not in path.read_bytes()


def test_they_are_pooled(tmp_path: Path) -> None:
    files = [sat(tmp_path / "a.sqlite"), sat(tmp_path / "b.sqlite", "two", "P2", 2)]
    merge(files, tmp_path / "c.sqlite")
    with Store.open(tmp_path / "c.sqlite", writable=False) as store:
        assert counts(store) == [2 * len(REPLIES), 2, 2 * len(REPLIES), 2]
        assert store.query("PRAGMA foreign_key_check") == []
    with Store.open(files[0]) as store:
        store.withdraw("one")
    merge(files, tmp_path / "c.sqlite")
    with Store.open(tmp_path / "c.sqlite", writable=False) as store:
        assert store.query("SELECT DISTINCT participant FROM questions") == [("P2",)]
