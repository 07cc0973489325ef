"""A study with pages, made before questions and stored consent, opens, exports the same, and takes both."""

from __future__ import annotations

from pathlib import Path

import pytest

from studies.timing.file.merge import merge
from studies.timing.file.sittings import Completion
from studies.timing.file.store import Store
from studies.timing.results.export import export
from tests.files_made_before.opened import differences, unpack
from tests.studies.timing.person_sample import REPLIES, say


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return unpack("study_with_pages.sqlite", tmp_path)


@pytest.mark.parametrize("what", ["trials", "pages"])
@pytest.mark.parametrize("writable", [True, False])
def test_exports_are_those_of_then(file: Path, what: str, writable: bool, tmp_path: Path) -> None:
    with Store.open(file, writable=writable, create=False) as store:
        export(store, what, tmp_path / "now.csv")
    assert differences(tmp_path / "now.csv", f"study_with_pages.{what}.csv") == set()


@pytest.mark.parametrize("writable", [True, False])
def test_nothing_was_agreed_to_or_answered_in_it(file: Path, writable: bool) -> None:
    with Store.open(file, writable=writable, create=False) as store:
        told = [(s.participant, s.state) for s in store.sessions()]
        assert told == [
            ("P1", Completion.FINISHED),
            ("P2", Completion.FINISHED),
            ("P3", Completion.UNFINISHED),
        ]
        assert store.query("SELECT * FROM questions") == store.query("SELECT * FROM agreements") == []
        progress = store.progress("open")
        assert (progress.consented, progress.questioned) == (True, False)
        assert store.withdrawn() == ("gone",)


def test_it_takes_both_is_pooled_and_gives_them_up_again(file: Path, tmp_path: Path) -> None:
    with Store.open(file, create=False) as store:
        say(store, "pages")
    merge([file], tmp_path / "pool.sqlite")
    with Store.open(tmp_path / "pool.sqlite") as store:
        answers = store.query("SELECT participant, question, answer FROM questions ORDER BY place")
        assert answers == [("P2", reply.question, reply.answer) for reply in REPLIES]
        assert len(store.query("SELECT * FROM agreements")) == 1
        store.withdraw("pages")
        assert store.query("SELECT * FROM replies") == store.query("SELECT * FROM consents") == []
