"""Simulated participants on the results page: left out, unless a tick asks for them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt

from studies.timing.file.store import Store
from studies.timing.results.analysis import EVERYTHING
from tests.studies.timing.result_rows import ratio_row
from tests.studies.timing.sample import SHORT, add_study, sit
from tests.ui.dialogs import Answers
from tests.ui.results.in_memory import File, press, settle, show
from ui.results.results_columns import person_columns, person_rows
from ui.results.results_page import ResultsPage
from ui.results.sources import make_source

ALT = Qt.KeyboardModifier.AltModifier


def test_a_tick_asks_for_them_and_for_their_rows_in_exports(
    qtbot, page: ResultsPage, answers: Answers, tmp_path: Path
) -> None:
    file = File()
    file.simulated = 2
    show(qtbot, page, file)
    filters = page.filters
    assert filters.robots.isVisible()
    assert filters.simulated.text() == "2 sessions of simulated participants left out."
    press(qtbot, page, Qt.Key.Key_R, ALT)
    settle(qtbot, page)
    assert file.asked[-1] == replace(EVERYTHING, robots=True)
    assert filters.simulated.text() == "With 2 sessions of simulated participants."
    answers.to = tmp_path / "all.csv"
    page._export("ratios")
    settle(qtbot, page)
    assert file.with_robots == [True]
    filters.take_off()
    settle(qtbot, page)
    assert file.asked[-1] == EVERYTHING


def test_people_alone_need_no_tick(qtbot, page: ResultsPage) -> None:
    show(qtbot, page, File())
    assert not page.filters.robots.isVisible()
    assert not page.filters.simulated.isVisible()


def test_robots_alone_are_shown_and_said_to_be_simulated(qtbot, page: ResultsPage, tmp_path: Path) -> None:
    path = tmp_path / "demo.sqlite"
    with Store.open(path) as store:
        sit(store, add_study(store), "robot", SHORT, "R1", robot=True)
    page.show_source(make_source(path))
    settle(qtbot, page)
    assert page.view.persons.model().rowCount() == 1
    assert page.view.persons.model().index(0, 0).data() == "R1 (simulated)"
    assert not page.filters.robots.isVisible()
    assert page.filters.simulated.text() == "All participants are simulated."


def test_who_is_simulated_is_told_in_the_row(tmp_path: Path) -> None:
    data = File().load(EVERYTHING)
    data = replace(data, ratios=(ratio_row("P01"), ratio_row("R1", robot=True)))
    told = [person_columns(data)[0].value(row) for row in person_rows(data)]
    assert told == ["P01", "R1 (simulated)"]
