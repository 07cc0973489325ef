"""Exports of the results page, one at a time and beside the reading."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from model.errors import UserError
from studies.timing.results.analysis import Filter
from tests.ui.dialogs import Answers
from tests.ui.results.in_memory import CONTROL, File, press, settle, show
from ui.results.results_actions import ResultsAction
from ui.results.results_page import ResultsPage


@pytest.mark.parametrize(
    ("key", "table"),
    [(Qt.Key.Key_T, "trials"), (Qt.Key.Key_R, "ratios"), (Qt.Key.Key_M, "summary")],
)
def test_export_by_key(qtbot, page: ResultsPage, answers: Answers, tmp_path: Path, key, table: str) -> None:
    file = File()
    show(qtbot, page, file)
    answers.to = tmp_path / f"{table}.csv"
    press(qtbot, page, key, CONTROL)
    qtbot.waitUntil(lambda: page.notice.text().startswith("Wrote"), timeout=5000)
    assert file.exported == [(table, answers.to)]
    assert answers.asked == [f"pilot-{table}.csv"]
    assert page.notice.text().startswith(f"Wrote 1,234 rows to {table}.csv")


def test_a_table_for_excel_by_key(qtbot, page: ResultsPage, answers: Answers, tmp_path: Path) -> None:
    file = File()
    show(qtbot, page, file)
    answers.to = tmp_path / "trials.csv"
    for expected in (False, True):
        page.notice.setText("")
        press(qtbot, page, Qt.Key.Key_T, CONTROL)
        qtbot.waitUntil(lambda n=expected: len(file.styles) == 1 + n, timeout=5000)
        qtbot.waitUntil(lambda: page.notice.text().startswith("Wrote"), timeout=5000)
        assert file.styles[-1].for_excel is expected
        press(qtbot, page, Qt.Key.Key_X, Qt.KeyboardModifier.AltModifier)


def test_export_thought_better_of_writes_nothing(qtbot, page: ResultsPage, answers: Answers) -> None:
    file = File()
    show(qtbot, page, file)
    press(qtbot, page, Qt.Key.Key_T, CONTROL)
    assert answers.asked
    assert page._jobs.running is None
    assert file.exported == []


def test_a_failed_export_says_why_and_f5_tries_again(
    qtbot, page: ResultsPage, answers: Answers, tmp_path: Path
) -> None:
    file = File()
    show(qtbot, page, file)
    answers.to = tmp_path / "trials.csv"
    file.error = UserError("The disk is full: free some space.")
    press(qtbot, page, Qt.Key.Key_T, CONTROL)
    qtbot.waitUntil(lambda: page.notice.text() == "The disk is full: free some space.", timeout=5000)
    assert page._retry.isVisible()
    file.error = None
    press(qtbot, page, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: file.exported == [("trials", answers.to)], timeout=5000)
    settle(qtbot, page)
    assert not page._retry.isVisible()


def test_an_export_is_not_broken_off_by_a_filter(
    qtbot, page: ResultsPage, answers: Answers, tmp_path: Path
) -> None:
    file = File()
    show(qtbot, page, file)
    answers.to = tmp_path / "trials.csv"
    file.go_on.clear()
    press(qtbot, page, Qt.Key.Key_T, CONTROL)
    page.filters.boxes[ResultsAction.DATASET].setCurrentIndex(1)
    file.go_on.set()
    qtbot.waitUntil(lambda: len(file.asked) == 2, timeout=5000)
    settle(qtbot, page)
    assert file.exported == [("trials", answers.to)]
    assert file.asked[-1] == Filter(dataset="digits")
    assert page.notice.text().startswith("Wrote")


def test_an_export_during_reading_lets_the_reading_come_later(
    qtbot, page: ResultsPage, answers: Answers, tmp_path: Path
) -> None:
    file = File()
    answers.to = tmp_path / "trials.csv"
    file.go_on.clear()
    page.show_source(file.source)
    press(qtbot, page, Qt.Key.Key_T, CONTROL)
    file.go_on.set()
    qtbot.waitUntil(lambda: page.view.persons.model().rowCount() == 24, timeout=5000)
    assert file.exported == [("trials", answers.to)]


@pytest.mark.parametrize("ending", ["png", "svg"])
def test_the_figure_is_saved_with_its_numbers(
    qtbot, page: ResultsPage, answers: Answers, tmp_path: Path, ending: str
) -> None:
    show(qtbot, page, File())
    answers.to = tmp_path / f"figure.{ending}"
    press(qtbot, page, Qt.Key.Key_G, CONTROL)
    qtbot.waitUntil(lambda: page.notice.text().startswith("Saved"), timeout=10000)
    assert answers.to.stat().st_size > 1000
    numbers = (tmp_path / "figure.numbers.csv").read_text(encoding="utf-8")
    assert numbers.count("\n") == 1 + 2 * (2 * 13 + 1)
