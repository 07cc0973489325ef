"""The results page: reading, filtering, drawing, exporting, and what it says when there is nothing."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton

from model.errors import UserError
from studies.charts.palette import surface
from studies.timing.results.analysis import EVERYTHING, Filter, FilterChoices
from studies.timing.results.export import ExportResult
from tests.studies.timing.result_rows import exclusion_row, study_of
from ui.kit import theme
from ui.kit.file_dialogs import FileDialogs
from ui.kit.jobs import JobRunner
from ui.results.results_actions import RESULTS_BINDINGS, ResultsAction
from ui.results.results_data import ResultsData, ResultsSource
from ui.results.results_page import ResultsPage

CONTROL = Qt.KeyboardModifier.ControlModifier


class Answers(FileDialogs):
    """Stands in for the system's dialogs."""

    def __init__(self) -> None:
        self.to: Path | None = None
        self.asked: list[str] = []

    def save(self, parent, title, suggestion, kinds) -> Path | None:
        self.asked.append(suggestion.name)
        return self.to

    def open(self, parent, title, folder, kind) -> Path | None:
        self.asked.append(title)
        return self.to


class File:
    """A file of two data sets held in memory, which can be slow or broken."""

    def __init__(self, datasets: tuple[str, ...] = ("digits", "shapes")) -> None:
        self.datasets = datasets
        self.asked: list[Filter] = []
        self.exported: list[tuple[str, Path]] = []
        self.error: Exception | None = None
        self.go_on = threading.Event()
        self.go_on.set()
        self.source = ResultsSource(Path("/studies/pilot.sqlite"), self.load, self.export)

    def load(self, where: Filter) -> ResultsData:
        self.asked.append(where)
        self.go_on.wait(5)
        if self.error is not None:
            raise self.error
        summary, ratios = study_of(self.datasets, 12)
        keep = [d for d in self.datasets if where.dataset in (None, d)]
        return ResultsData(
            FilterChoices(("pilot",), self.datasets, ("keyboard",)),
            tuple(row for row in ratios if row.dataset in keep),
            (),
            tuple(row for row in summary if row.dataset in keep),
            tuple(exclusion_row(dataset=dataset) for dataset in keep),
        )

    def export(self, table: str, to: Path) -> ExportResult:
        self.go_on.wait(5)
        if self.error is not None:
            raise self.error
        self.exported.append((table, to))
        return ExportResult(to, to.with_suffix(".dictionary.json"), 1234)


@pytest.fixture
def jobs(qapp: QApplication) -> Iterator[JobRunner]:
    theme.apply(qapp, theme.Theme.LIGHT)
    made = JobRunner()
    yield made
    made.shutdown()


@pytest.fixture
def answers() -> Answers:
    return Answers()


@pytest.fixture
def page(qtbot, jobs: JobRunner, answers: Answers) -> ResultsPage:
    made = ResultsPage(jobs, answers)
    qtbot.addWidget(made)
    made.resize(1024, 640)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


def settle(qtbot, page: ResultsPage) -> None:
    """Wait until nothing is under way any more."""
    qtbot.waitUntil(lambda: page._jobs.running is None and not page._load_due, timeout=10000)


def show(qtbot, page: ResultsPage, file: File) -> None:
    page.show_source(file.source)
    qtbot.waitUntil(lambda: bool(file.asked), timeout=5000)
    settle(qtbot, page)


def press(qtbot, page: ResultsPage, key: Qt.Key, modifier=Qt.KeyboardModifier.NoModifier) -> None:
    qtbot.keyClick(page.focusWidget() or page, key, modifier)


def message(page: ResultsPage) -> str:
    return page._message.sentence.text() if page._message.isVisible() else ""


def next_steps(page: ResultsPage) -> list[str]:
    return [b.text() for b in page._message.findChildren(QPushButton) if b.isVisible()]


def test_all_three_tables_and_the_figure_are_filled(qtbot, page: ResultsPage) -> None:
    show(qtbot, page, File())
    assert page.view.summary.model().rowCount() == 2
    assert page.view.persons.model().rowCount() == 24
    assert page.view.exclusions.model().rowCount() == 2
    qtbot.waitUntil(lambda: page.view.figure.image is not None, timeout=10000)
    described = page.view.figure.accessibleDescription()
    assert "digits, keyboard, 12 participants, ratio of means 2.86" in described
    assert "geometric mean ratio 2.60, 95 % interval 2.08 to 3.25" in described


def test_the_figure_has_the_pixels_of_its_place(qtbot, page: ResultsPage) -> None:
    show(qtbot, page, File())
    view = page.view.figure
    qtbot.waitUntil(lambda: view.image is not None and view.image.size() == view.size(), timeout=10000)
    page.resize(1100, 800)
    qtbot.waitUntil(lambda: view.image is not None and view.image.size() == view.size(), timeout=10000)
    assert view.width() > 1000


def test_the_figure_follows_the_theme(qtbot, qapp, page: ResultsPage) -> None:
    show(qtbot, page, File())
    view = page.view.figure
    qtbot.waitUntil(lambda: view.image is not None, timeout=10000)
    theme.apply(qapp, theme.Theme.DARK)
    dark = surface(True).base.lower()
    qtbot.waitUntil(lambda: view.image is not None and view.image.pixelColor(1, 1).name() == dark)


def test_without_sessions_it_says_what_to_do(qtbot, page: ResultsPage) -> None:
    show(qtbot, page, File(()))
    assert message(page) == "No sessions yet. Begin a study from the home page."
    assert next_steps(page) == ["Home", "Open ..."]
    with qtbot.waitSignal(page.home_wanted):
        press(qtbot, page, Qt.Key.Key_Return)


def test_a_filter_shows_its_rows_only(qtbot, page: ResultsPage) -> None:
    file = File()
    show(qtbot, page, file)
    box = page.filters.boxes[ResultsAction.DATASET]
    assert [box.itemText(i) for i in range(box.count())] == ["All", "digits", "shapes"]
    box.setCurrentIndex(2)
    qtbot.waitUntil(lambda: len(file.asked) == 2, timeout=5000)
    settle(qtbot, page)
    assert file.asked == [EVERYTHING, Filter(dataset="shapes")]
    assert page.view.summary.model().rowCount() == 1
    assert box.currentText() == "shapes"


def test_a_filter_without_a_match_offers_all(qtbot, page: ResultsPage) -> None:
    file = File()
    show(qtbot, page, file)
    file.datasets = ("digits",)
    page.filters.boxes[ResultsAction.DATASET].setCurrentIndex(2)
    qtbot.waitUntil(lambda: message(page) == "No trials match these filters.", timeout=5000)
    assert next_steps(page) == ["Show all"]
    press(qtbot, page, Qt.Key.Key_L, CONTROL)
    qtbot.waitUntil(lambda: message(page) == "", timeout=5000)
    assert page.filters.filter() == EVERYTHING
    assert page.view.summary.model().rowCount() == 1


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


def test_a_file_that_cannot_be_read_says_why_and_can_be_tried_again(qtbot, page: ResultsPage) -> None:
    file = File()
    file.error = UserError("pilot.sqlite was written by a newer version: update the program.")
    show(qtbot, page, file)
    assert message(page) == "pilot.sqlite was written by a newer version: update the program."
    assert next_steps(page) == ["Read again", "Open ..."]
    file.error = None
    press(qtbot, page, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: message(page) == "", timeout=5000)
    assert page.view.persons.model().rowCount() == 24


def test_another_file_is_opened_by_key(qtbot, page: ResultsPage, answers: Answers, tmp_path: Path) -> None:
    show(qtbot, page, File())
    answers.to = tmp_path / "other.sqlite"
    with qtbot.waitSignal(page.file_chosen) as chosen:
        press(qtbot, page, Qt.Key.Key_O, CONTROL)
    assert chosen.args == [answers.to]
    page.filters.boxes[ResultsAction.DATASET].setCurrentIndex(1)
    other = File(("birds",))
    show(qtbot, page, other)
    assert other.asked == [EVERYTHING]
    assert page.view.summary.model().index(0, 0).data() == "birds"


def test_escape_cancels_what_takes_long_and_else_goes_home(qtbot, page: ResultsPage) -> None:
    file = File()
    file.go_on.clear()
    page.show_source(file.source)
    qtbot.waitUntil(lambda: page.panel.isVisible(), timeout=5000)
    press(qtbot, page, Qt.Key.Key_Escape)
    file.go_on.set()
    qtbot.waitUntil(lambda: message(page) == "Reading was cancelled.", timeout=5000)
    with qtbot.waitSignal(page.home_wanted):
        press(qtbot, page, Qt.Key.Key_Escape)


def test_tabs_and_filters_have_keys(qtbot, page: ResultsPage) -> None:
    show(qtbot, page, File())
    for key, table in (
        (Qt.Key.Key_2, page.view.persons),
        (Qt.Key.Key_3, page.view.exclusions),
        (Qt.Key.Key_1, page.view.summary),
    ):
        press(qtbot, page, key, CONTROL)
        assert table.hasFocus()
    press(qtbot, page, Qt.Key.Key_D, Qt.KeyboardModifier.AltModifier)
    assert page.filters.boxes[ResultsAction.DATASET].hasFocus()


def test_every_button_shows_its_key_and_every_key_is_its_own(page: ResultsPage) -> None:
    for button in page.findChildren(theme.KeyButton):
        assert button.key_hint
        assert button.accessibleName()
    keys = [binding.key for binding in RESULTS_BINDINGS.values()]
    assert len(set(keys)) == len(keys)


def test_the_page_fits_a_small_window(qtbot, page: ResultsPage) -> None:
    show(qtbot, page, File(("a", "b", "c", "d", "e", "f", "g", "h")))
    smallest = page.minimumSizeHint()
    assert smallest.width() <= 800
    assert smallest.height() <= 560


def test_focus_given_to_the_page_goes_on_to_what_can_be_read(qtbot, page: ResultsPage) -> None:
    page.setFocus()
    show(qtbot, page, File())
    assert page.view.summary.hasFocus()
