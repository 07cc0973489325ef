"""The results page on a real study file: what it shows is what the store's views say."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from studies.numerals import three_digits
from studies.timing.file.store import Store
from tests.studies.timing.page_sample import PAGES, sit_pages
from tests.studies.timing.sample import SHORT, add_study, sit, two_participants
from tests.ui.dialogs import Answers
from tests.ui.on_screen import open_on_screen
from tests.ui.results.in_memory import CONTROL, message, settle
from ui.kit.jobs import JobRunner
from ui.results.results_page import ResultsPage
from ui.results.sources import make_source


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "study.sqlite"
    with Store.open(path) as store:
        two_participants(store)
    return path


def test_the_table_and_the_export_agree_with_the_file(qtbot, jobs: JobRunner, file: Path) -> None:
    answers = Answers()
    page = ResultsPage(jobs, answers)
    open_on_screen(qtbot, page, 1024, 640)
    page.show_source(make_source(file))
    model = page.view.persons.model()
    qtbot.waitUntil(lambda: model.rowCount() > 0, timeout=10000)
    settle(qtbot, page)

    answers.to = file.with_name("ratios.csv")
    qtbot.keyClick(page.view.summary, Qt.Key.Key_R, CONTROL)
    qtbot.waitUntil(lambda: page.notice.text().startswith("Wrote"), timeout=10000)
    with answers.to.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert model.rowCount() == len(rows) >= 2

    headers = [model.headerData(c, Qt.Orientation.Horizontal) for c in range(model.columnCount())]
    for number, row in enumerate(rows):
        shown = {title: model.index(number, c).data() for c, title in enumerate(headers)}
        assert shown["participant"] == row["participant"]
        for title, name in (("c_v mean (s)", "c_v_mean_s"), ("ratio, geom. mean", "ratio_geomean")):
            assert shown[title] == (three_digits(float(row[name])) if row[name] else "–")
        assert shown["shown"] == row["n_shown"]


def test_what_pages_cost_is_shown_and_exported(qtbot, jobs: JobRunner, file: Path) -> None:
    with Store.open(file) as store:
        sit_pages(store, "pages", PAGES, "P3")
    answers = Answers()
    page = ResultsPage(jobs, answers)
    open_on_screen(qtbot, page, 1024, 640)
    page.show_source(make_source(file))
    model = page.view.page_costs.model()
    qtbot.waitUntil(lambda: model.rowCount() > 0, timeout=10000)
    settle(qtbot, page)
    headers = [model.headerData(c, Qt.Orientation.Horizontal) for c in range(model.columnCount())]
    shown = {title: model.index(0, c).data() for c, title in enumerate(headers)}
    assert (shown["participant"], shown["odd share"], shown["kept (pages)"]) == ("P3", "all", "6")
    assert (shown["a (s)"], shown["c_g (s)"], shown["c_m (s)"]) == ("1.00", "0.500", "2.00")
    answers.to = file.with_name("cells.csv")
    qtbot.keyClick(page.view.summary, Qt.Key.Key_I, CONTROL)
    qtbot.waitUntil(lambda: page.notice.text().startswith("Wrote"), timeout=10000)
    assert answers.to.exists()


def test_a_file_without_results_says_what_became_of_its_sessions(
    qtbot, jobs: JobRunner, tmp_path: Path
) -> None:
    file = tmp_path / "study.sqlite"
    page = ResultsPage(jobs, Answers())
    open_on_screen(qtbot, page, 1024, 640)

    def told() -> str:
        page.show_source(make_source(file))
        settle(qtbot, page)
        return message(page)

    with Store.open(file) as store:
        study = add_study(store)
        sit(store, study, "one", SHORT, "P1", 1)
        store.withdraw("one")
    assert told() == "1 session, withdrawn: no answer is kept."
    with Store.open(file) as store:
        sit(store, study, "two", (), "P2", 2)
    assert told() == "2 sessions, 1 of them withdrawn: no answer that counts yet."
