"""The page of a file of experiments: its figures one after the other, saved, and what it says where there is none."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from model.errors import UserError
from studies.charts.palette import surface
from studies.simulation.figures.results import Results
from tests.studies.simulation.figures.test_figures import WHOLE, results
from tests.ui.dialogs import Answers
from tests.ui.on_screen import open_on_screen
from ui.kit import theme
from ui.kit.jobs import JobRunner
from ui.results.experiment_page import ExperimentPage
from ui.results.experiment_source import ExperimentSource

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def page(qtbot, jobs: JobRunner, answers: Answers) -> ExperimentPage:
    made = ExperimentPage(jobs, answers)
    open_on_screen(qtbot, made, 1280, 720)
    made.setFocus()
    return made


def show(qtbot, page: ExperimentPage, *found: Results) -> None:
    page.show_source(ExperimentSource(Path("/studies/birds.sqlite"), lambda: found))
    qtbot.waitUntil(lambda: not page._line.busy and page.figure.image is not None, timeout=20000)


def press(qtbot, page: ExperimentPage, key: Qt.Key, modifier=Qt.KeyboardModifier.NoModifier) -> None:
    qtbot.keyClick(page, key, modifier)


def test_the_first_figure_is_shown_with_what_it_says(qtbot, page: ExperimentPage) -> None:
    show(qtbot, page, results(WHOLE))
    assert [page.choice.itemText(i) for i in range(page.choice.count())] == [
        "birds: Birds: accuracy and labeling efficiency, costs 4:1",
        "birds: Birds: right suggestions by tier",
        "birds: Birds: tiers switched off",
    ]
    assert "6 of 6 runs are done." in page.words.text()
    assert "Without easy over SUGGEST: 1.33 on average over 30 levels" in page.words.text()
    image = page.figure.image
    assert image is not None
    assert image.size() == page.figure.size()
    assert "Without easy over SUGGEST" in page.figure.accessibleDescription()


def test_the_other_figures_come_by_key(qtbot, page: ExperimentPage) -> None:
    show(qtbot, page, results(WHOLE))
    first = page.figure.image
    press(qtbot, page, Qt.Key.Key_PageDown)
    assert page.choice.currentIndex() == 1
    qtbot.waitUntil(lambda: not page._line.busy and page.figure.image != first, timeout=20000)
    assert "over SUGGEST" not in page.words.text()
    for _ in range(3):
        press(qtbot, page, Qt.Key.Key_PageDown)
    assert page.choice.currentIndex() == 2
    for _ in range(4):
        press(qtbot, page, Qt.Key.Key_PageUp)
    assert page.choice.currentIndex() == 0
    qtbot.waitUntil(lambda: not page._line.busy and page.figure.image == first, timeout=20000)


def test_it_follows_the_theme(qtbot, qapp, page: ExperimentPage) -> None:
    show(qtbot, page, results(WHOLE))
    theme.apply(qapp, theme.Theme.DARK)
    dark = surface(True).base.lower()
    qtbot.waitUntil(
        lambda: page.figure.image is not None and page.figure.image.pixelColor(1, 1).name() == dark,
        timeout=20000,
    )


def test_all_figures_are_saved_with_the_report(
    qtbot, page: ExperimentPage, answers: Answers, tmp_path
) -> None:
    show(qtbot, page, results(WHOLE))
    answers.to = tmp_path / "birds.html"
    press(qtbot, page, Qt.Key.Key_G, CONTROL)
    qtbot.waitUntil(lambda: page.notice.text().startswith("Wrote"), timeout=30000)
    names = {path.name for path in (tmp_path / "birds").iterdir()}
    assert {"report.html", "figure-4-birds-4-1.png", "figure-6-birds.csv"} <= names


def test_a_file_where_nothing_has_been_run_yet_says_so(qtbot, page: ExperimentPage) -> None:
    page.show_source(ExperimentSource(Path("/studies/birds.sqlite"), lambda: (results(),)))
    qtbot.waitUntil(lambda: "run them with clarifier-desktop simulate" in page.figure._words, timeout=10000)
    assert page.choice.count() == 0


def test_a_file_that_cannot_be_read_says_why_and_can_be_read_again(qtbot, page: ExperimentPage) -> None:
    broken = [True]

    def load() -> tuple[Results, ...]:
        if broken:
            raise UserError("birds.sqlite is damaged.")
        return (results(WHOLE),)

    page.show_source(ExperimentSource(Path("/studies/birds.sqlite"), load))
    qtbot.waitUntil(lambda: page.notice.text() == "birds.sqlite is damaged.", timeout=10000)
    broken.clear()
    press(qtbot, page, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: page.figure.image is not None, timeout=20000)


def test_ways_out(qtbot, page: ExperimentPage, answers: Answers) -> None:
    show(qtbot, page, results(WHOLE))
    with qtbot.waitSignal(page.home_wanted):
        press(qtbot, page, Qt.Key.Key_Escape)
    answers.to = Path("/studies/other.sqlite")
    with qtbot.waitSignal(page.file_chosen) as chosen:
        press(qtbot, page, Qt.Key.Key_O, CONTROL)
    assert chosen.args == [answers.to]
