"""Studies made before simulated participants were marked, with rules of their own or without, open and take them."""

from __future__ import annotations

from pathlib import Path

import pytest

from studies.timing.file.merge import merge
from studies.timing.file.store import Store
from studies.timing.file.tables import STUDY
from studies.timing.results.analysis import ratio_rows
from studies.timing.results.export import export
from tests.files_made_before.opened import differences, unpack
from tests.studies.timing.sample import SHORT, add_study, sit


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return unpack("study_with_rules.sqlite", tmp_path)


@pytest.mark.parametrize("what", ["trials", "ratios", "summary", "sensitivity"])
@pytest.mark.parametrize("writable", [True, False])
def test_exports_are_those_of_then(file: Path, what: str, writable: bool, tmp_path: Path) -> None:
    with Store.open(file, writable=writable, create=False) as store:
        export(store, what, tmp_path / "now.csv")
    assert differences(tmp_path / "now.csv", f"study_with_rules.{what}.csv") == set()


@pytest.mark.parametrize(("name", "before"), [("study_with_persons", 4), ("study_with_rules", 5)])
def test_it_becomes_one_of_this_layout_and_takes_robots_beside_its_people(
    name: str, before: int, tmp_path: Path
) -> None:
    path = unpack(f"{name}.sqlite", tmp_path)
    assert int.from_bytes(path.read_bytes()[60:64], "big") == before
    with Store.open(path, create=False) as store:
        assert store.query("PRAGMA user_version") == [(STUDY.version,)]
        assert {session.robot for session in store.sessions()} == {False}
        people = ratio_rows(store)
        sit(store, add_study(store), "new", SHORT, "R1", 9, robot=True)
        assert ratio_rows(store) == people
    merge([path], tmp_path / "pool.sqlite")
    with Store.open(tmp_path / "pool.sqlite", writable=False) as pool:
        assert ratio_rows(pool) == people
        pool.count_robots()
        assert {row.participant for row in ratio_rows(pool)} - {row.participant for row in people} == {"R1"}
