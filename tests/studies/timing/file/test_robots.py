"""Simulated participants are marked in the file, and left out of what is read unless they are asked for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from studies.timing.file.merge import merge
from studies.timing.file.store import Store
from studies.timing.results import analysis
from studies.timing.results.data_package import export_package
from studies.timing.results.export import WHAT
from studies.timing.results.page_costs import page_cost_rows
from tests.files_made_before.opened import rows_of
from tests.studies.timing.page_sample import PAGES, sit_pages
from tests.studies.timing.person_sample import say
from tests.studies.timing.sample import FULL, SHORT, Answered, add_study, sit

LISTS = {"sessions", "events"}
MARKED = {"trials", "ratios", "scratch", "pages", *LISTS}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A person, and a robot that errs more seldom."""
    path = tmp_path / "study.sqlite"
    with Store.open(path) as store:
        study = add_study(store)
        sit(store, study, "person", FULL, "P1", 1)
        sit(store, study, "robot", SHORT, "R1", 2, robot=True)
        say(store, "person")
        say(store, "robot")
    return path


@pytest.fixture
def store(file: Path) -> Iterator[Store]:
    with Store.open(file, writable=False) as opened:
        yield opened


def test_results_are_those_of_people(store):
    assert [row.participant for row in analysis.ratio_rows(store)] == ["P1"]
    assert [row.n_participants for row in analysis.summary_rows(store)] == [1]
    assert store.kept_times("R1") == []
    assert store.session_times("robot").c_a_geomean_s == pytest.approx(9.0), (
        "its own, for the page that ends it"
    )
    assert store.query("SELECT DISTINCT participant FROM questions") == [("P1",)]
    assert store.query("SELECT DISTINCT participant FROM agreements") == [("P1",)]
    shown = {row.rule: row.n_flagged for row in analysis.exclusion_rows(store)}
    assert shown["wrong_answer"] == 3
    assert [(session.participant, session.robot) for session in store.sessions()] == [
        ("P1", False),
        ("R1", True),
    ]


def test_with_robots_there_are_all(store):
    chosen = analysis.choose_sessions(store, robots=True)
    assert chosen.in_words == "With 1 session of simulated participants."
    assert [(row.participant, row.robot) for row in analysis.ratio_rows(store)] == [("P1", 0), ("R1", 1)]
    assert [row.n_participants for row in analysis.summary_rows(store)] == [2]


def test_without_robots_it_is_said_that_they_are_left_out(store):
    chosen = analysis.choose_sessions(store, robots=False)
    assert chosen.in_words == "1 session of simulated participants left out."
    assert [row.participant for row in analysis.ratio_rows(store)] == ["P1"]


def test_a_file_without_people_is_read_with_its_robots(tmp_path):
    with Store.open(tmp_path / "robots.sqlite") as store:
        sit(store, add_study(store), "robot", SHORT, "R1", robot=True)
        assert analysis.ratio_rows(store) == ()
        assert analysis.choices(store).studies == ()
        chosen = analysis.choose_sessions(store, robots=False)
        assert (chosen.counted, chosen.in_words) == (True, "All participants are simulated.")
        assert [row.ratio_geomean for row in analysis.ratio_rows(store)] == pytest.approx([9.0])
        assert analysis.choices(store).studies == ("study",)


def test_a_file_without_robots_needs_no_word(tmp_path):
    with Store.open(tmp_path / "people.sqlite") as store:
        assert analysis.choose_sessions(store, robots=True).in_words == ""
        sit(store, add_study(store), "person", SHORT)
        assert analysis.choose_sessions(store, robots=False).in_words == ""


def _tables(folder: Path, robot: bool | None, count: bool = False) -> dict[str, list[dict[str, str]]]:
    """All tables of a study with a person and, but for ``None``, somebody else, who may be a robot."""
    folder.mkdir()
    with Store.open(folder / "study.sqlite") as store:
        study = add_study(store, outlier=3.0, incomplete=0.5)
        sit(store, study, "person", FULL, "P1", 1)
        say(store, "person")
        if robot is not None:
            sit(store, study, "robot", [*SHORT * 4, Answered(None, 3.0)], "R1", 2, robot=robot)
            sit_pages(store, "pages", PAGES, "R1", robot=robot)
            say(store, "robot")
        if count:
            store.count_robots()
        export_package(store, folder)
    return {what: [_lasting(row) for row in rows_of(folder / f"{what}.csv")] for what in WHAT}


def _lasting(row: dict[str, str]) -> dict[str, str]:
    """What two runs of the same session have in common."""
    return {name: cell for name, cell in row.items() if name not in ("utc", "started_utc", "last_utc")}


def test_each_table_is_as_if_robots_were_not_there_or_as_if_they_were_people(tmp_path):
    nobody, people = _tables(tmp_path / "nobody", None), _tables(tmp_path / "people", robot=False)
    left_out = _tables(tmp_path / "left out", robot=True)
    asked_for = _tables(tmp_path / "asked for", robot=True, count=True)
    for what in WHAT:
        assert nobody[what] != people[what], what
        whole = people[what]
        if what in MARKED:
            code = "session" if what in LISTS else "participant"
            own = ("robot", "pages") if what in LISTS else ("R1",)
            whole = [{**row, "robot": str(int(row[code] in own))} for row in whole]
        assert asked_for[what] == whole, what
        assert left_out[what] == (whole if what in LISTS else nobody[what]), what
    assert {what for what in WHAT if "robot" in asked_for[what][0]} == MARKED


def test_pages_of_robots_are_left_out(tmp_path):
    with Store.open(tmp_path / "pages.sqlite") as store:
        sit_pages(store, "pages", PAGES, "R1", robot=True)
        assert page_cost_rows(store) == ()
        assert store.query("SELECT count(*) FROM cells") == [(0,)]
        store.count_robots()
        assert {row.participant for row in page_cost_rows(store)} == {"R1"}


def test_what_a_reader_asks_for_changes_nothing_in_the_file(file):
    before = file.read_bytes()
    with Store.open(file, writable=False) as store:
        store.count_robots()
        assert len(analysis.ratio_rows(store)) == 2
    with Store.open(file, writable=False) as store:
        assert len(analysis.ratio_rows(store)) == 1
    assert file.read_bytes() == before


def test_a_pool_keeps_the_mark(file, tmp_path):
    merge([file], tmp_path / "pool.sqlite")
    with Store.open(tmp_path / "pool.sqlite", writable=False) as pool:
        assert [session.robot for session in pool.sessions()] == [False, True]
        assert [row.participant for row in analysis.ratio_rows(pool)] == ["P1"]
