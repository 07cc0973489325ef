"""A study with questions, made before plans had rules of their own, opens, exports the same, and takes them."""

from __future__ import annotations

from pathlib import Path

import pytest

from studies.timing.file.merge import merge
from studies.timing.file.store import Store
from studies.timing.results.export import export
from tests.files_made_before.opened import differences, unpack
from tests.studies.timing.sample import SHORT, add_study, sit


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return unpack("study_with_persons.sqlite", tmp_path)


@pytest.mark.parametrize("what", ["trials", "summary", "questions"])
@pytest.mark.parametrize("writable", [True, False])
def test_exports_are_those_of_then(file: Path, what: str, writable: bool, tmp_path: Path) -> None:
    with Store.open(file, writable=writable, create=False) as store:
        export(store, what, tmp_path / "now.csv")
    assert differences(tmp_path / "now.csv", f"study_with_persons.{what}.csv") == set()


def test_its_rules_stay_as_they_were_beside_those_of_a_new_study(file: Path, tmp_path: Path) -> None:
    with Store.open(file, create=False) as store:
        assert store.query("SELECT * FROM exclusion_limits") == []
        assert add_study(store, too_slow=1.0) == 1, "the same plan is the same study, with its rules"
        sit(store, add_study(store, "new", "e" * 64, too_slow=2000.0), "new", SHORT, "P9", 9)
    merge([file], tmp_path / "pool.sqlite")
    with Store.open(tmp_path / "pool.sqlite", writable=False) as store:
        removed = dict(
            store.query("SELECT study, count(*) FROM trials WHERE too_slow AND NOT kept GROUP BY 1")
        )
        assert store.query("SELECT rule, value FROM exclusion_limits") == [("too_slow", 2000.0)]
        assert removed["new"] == 1
        by_it = store.query("SELECT study FROM trials WHERE excluded_by LIKE '%too_slow%'")
        assert by_it == [("new",)]
