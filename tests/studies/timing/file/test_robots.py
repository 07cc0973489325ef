"""Simulated participants are marked in the file, and left out of what is read unless they are asked for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from studies.timing.file.merge import merge
from studies.timing.file.store import Store
from studies.timing.results import analysis
from studies.timing.results.export import WHAT, export
from studies.timing.results.page_costs import page_cost_rows
from tests.files_made_before.opened import rows_of
from tests.studies.timing.page_sample import PAGES, sit_pages
from tests.studies.timing.person_sample import say
from tests.studies.timing.sample import FULL, SHORT, add_study, sit


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
    assert store.session_times("robot").c_a_geomean_s == pytest.approx(9.0)


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


@pytest.mark.parametrize("what", WHAT)
def test_no_table_names_a_robot_unless_asked(what, file, tmp_path):
    with Store.open(file) as store:
        sit_pages(store, "pages", PAGES, "P9")
    with Store.open(file, writable=False) as store:
        export(store, what, tmp_path / "people.csv")
        store.count_robots()
        export(store, what, tmp_path / "all.csv")
    people, everybody = rows_of(tmp_path / "people.csv"), rows_of(tmp_path / "all.csv")
    named = {row.get("participant") for row in everybody} - {row.get("participant") for row in people}
    assert named == ({"R1"} if what in ("trials", "ratios", "questions", "agreements") else set())
    if "robot" in everybody[0]:
        assert {row["robot"] for row in people} == {"0"}
        assert {row["robot"] for row in everybody if row["participant"] == "R1"} <= {"1"}


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
