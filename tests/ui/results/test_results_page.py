"""The results page: reading, filtering, drawing, exporting, and what it says when there is nothing."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt

from model.errors import UserError
from studies.charts.palette import surface
from studies.timing.results.analysis import EVERYTHING, Filter
from tests.ui.dialogs import Answers
from tests.ui.results.in_memory import CONTROL, File, message, next_steps, press, settle, show
from ui.kit import theme
from ui.results.results_actions import ResultsAction
from ui.results.results_page import ResultsPage


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


def test_every_button_shows_its_key(page: ResultsPage) -> None:
    for button in page.findChildren(theme.KeyButton):
        assert button.key_hint
        assert button.accessibleName()


def test_the_page_fits_a_small_window(qtbot, page: ResultsPage) -> None:
    show(qtbot, page, File(("a", "b", "c", "d", "e", "f", "g", "h")))
    smallest = page.minimumSizeHint()
    assert smallest.width() <= 800
    assert smallest.height() <= 560


def test_focus_given_to_the_page_goes_on_to_what_can_be_read(qtbot, page: ResultsPage) -> None:
    page.setFocus()
    show(qtbot, page, File())
    assert page.view.summary.hasFocus()
