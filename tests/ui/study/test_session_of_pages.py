"""A session of pages in the window: what is marked and confirmed is stored, and what is covered is void."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from model.errors import UserError
from studies.pages.marking import LOOKED_AFTER_NS
from studies.timing.facts.pages import PlannedPage
from studies.timing.facts.records import EventKind
from studies.timing.file.store import StoreFull
from studies.timing.session.material import Material
from studies.timing.session.state import Phase
from tests.ui.driving import Stage, make_stage, press_here, unnamed
from ui.answering.pages import timed_view
from ui.answering.pages.cell_codes import cell_codes
from ui.kit import theme
from ui.study.marking_page import MarkingPage

PLAN = """\
name = "s"
seed = 2
[trials]
practice = 0
fixation_ms = 0
[pages]
practice = {practice}
break_every = {break_every}
ask_marked = {ask_marked}
[[blocks]]
dataset = "digits"
interface = "page"
page_count = {pages}
page_sizes = 6
odd_share = 0.4
"""
Make = Callable[..., Stage]


@pytest.fixture
def make(qapp: QApplication, qtbot, tmp_path: Path) -> Iterator[Make]:
    theme.apply(qapp, theme.Theme.LIGHT)
    made: list[Stage] = []

    def one(**changes: object) -> Stage:
        usual = {"practice": 0, "break_every": 0, "ask_marked": "false", "pages": 2}
        made.append(make_stage(qtbot, tmp_path, PLAN.format(**{**usual, **changes})))
        return made[-1]

    yield one
    for stage in made:
        stage.close()


def to_page(stage: Stage, qtbot) -> PlannedPage:
    """Wait until a page is on screen and was there long enough for marks to count."""
    qtbot.waitUntil(lambda: stage.state.phase is Phase.PAGE, timeout=10_000)
    qtbot.wait(200)
    assert stage.state.planned_page is not None
    return stage.state.planned_page


def to_first_page(stage: Stage, qtbot) -> PlannedPage:
    for phase in (Phase.CONSENT, Phase.INSTRUCTIONS, Phase.BLOCK_INTRO):
        assert stage.state.phase is phase
        press_here(Qt.Key.Key_Return)
    return to_page(stage, qtbot)


def mark(page: PlannedPage, *cells: int) -> None:
    for cell in cells:
        code = cell_codes(page.images)[cell]
        press_here(Qt.Key(ord(code.upper())), code)


def confirm(qtbot) -> None:
    qtbot.wait(LOOKED_AFTER_NS // 1_000_000)
    press_here(Qt.Key.Key_Return)


def shown(stage: Stage) -> MarkingPage:
    page = stage.window.pages.currentWidget()
    assert isinstance(page, MarkingPage)
    return page


def texts(stage: Stage) -> str:
    return " | ".join(label.text() for label in shown(stage).findChildren(QLabel))


def responses(stage: Stage) -> list[tuple[int, int]]:
    return stage.host.store.query("SELECT position, attempt FROM page_responses ORDER BY position")


def marks(stage: Stage) -> list[tuple[int, int, int, int]]:
    return stage.host.store.query("SELECT position, attempt, cell, marked FROM marks ORDER BY seq")


def test_marks_are_stored_as_they_are_set_and_the_page_when_confirmed(make: Make, qtbot) -> None:
    stage = make()
    page = to_first_page(stage, qtbot)
    assert f"Mark every image that is not:  {page.suggestion}" in texts(stage)
    assert "Page 1 / 2" in texts(stage)
    mark(page, 1, 4, 1)
    assert marks(stage) == [(0, 1, 1, 1), (0, 1, 4, 1), (0, 1, 1, 0)]
    confirm(qtbot)
    assert responses(stage) == [(0, 1)]
    (found,) = stage.host.store.query("SELECT marks, device, focus_lost FROM pages")
    assert found == (1, "keyboard", 0)
    to_page(stage, qtbot)
    qtbot.wait(LOOKED_AFTER_NS // 1_000_000)
    shown(stage)._done.click()
    assert responses(stage) == [(0, 1), (1, 1)]
    assert stage.host.store.query("SELECT device FROM page_responses WHERE position = 1") == [("mouse",)]
    assert stage.title == "Thank you"


def test_a_confirmation_that_comes_too_soon_does_nothing(make: Make, qtbot, monkeypatch) -> None:
    stage = make()
    to_first_page(stage, qtbot)
    monkeypatch.setattr(timed_view, "may_confirm", lambda *_: False)  # as within a second of the onset
    press_here(Qt.Key.Key_Return)
    assert stage.state.phase is Phase.PAGE
    assert responses(stage) == []
    assert "look first" in texts(stage)


def test_practice_tells_what_was_missed_and_falsely_marked(make: Make, qtbot) -> None:
    stage = make(practice=1, pages=1)
    page = to_first_page(stage, qtbot)
    right = next(cell for cell in range(page.images) if cell not in page.odd)
    codes = [code.upper() for code in cell_codes(page.images)]
    mark(page, right)
    confirm(qtbot)
    assert stage.host.store.query("SELECT practice FROM pages") == [(1,)]
    missed = ", ".join(codes[cell] for cell in sorted(page.odd))
    assert f"Missed: {missed} (!). Marked, but {page.suggestion}: {codes[right]}." in texts(stage)
    mark(page, right)  # nothing is marked any more
    assert len(marks(stage)) == 1
    press_here(Qt.Key.Key_Escape)  # nothing is timed that could be paused
    assert not next(b for b in shown(stage).findChildren(QPushButton) if "Pause" in b.text()).isEnabled()
    assert f"Missed: {missed}" in texts(stage)
    press_here(Qt.Key.Key_Return)
    assert stage.state.phase is Phase.BLOCK_INTRO
    assert stage.words is not None
    assert "Now 1 page that counts (6 images)" in stage.words.accessibleDescription()


def test_a_pause_voids_the_page_and_it_comes_again(make: Make, qtbot) -> None:
    stage = make()
    page = to_first_page(stage, qtbot)
    mark(page, 0)
    press_here(Qt.Key.Key_Escape)
    assert stage.title == "Paused"
    press_here(Qt.Key.Key_Return)
    order = []
    for _ in range(2):
        order.append(to_page(stage, qtbot).position)
        assert stage.state.page is not None
        assert stage.state.page.marked == frozenset()
        confirm(qtbot)
    assert order == [1, 0]
    assert responses(stage) == [(0, 2), (1, 1)]
    found = stage.host.store.query("SELECT position, repeated, kept, marks FROM pages ORDER BY 1")
    assert [row for row in found if row[0] == 0] == [(0, 1, 0, 0)]
    assert found[1][:2] == (1, 0)


def test_what_was_marked_is_asked_about_afterwards(make: Make, qtbot) -> None:
    stage = make(ask_marked="true", pages=1)
    page = to_first_page(stage, qtbot)
    mark(page, 2, 5)
    confirm(qtbot)
    assert stage.state.phase is Phase.BLOCK_INTRO
    assert stage.words is not None
    assert "Now 2 images that you marked, one by one" in stage.words.accessibleDescription()
    press_here(Qt.Key.Key_Return)
    for cell in (2, 5):
        trial = stage.to_image(qtbot)
        assert (trial.page, trial.cell, trial.item) == (0, cell, page.cells[cell].item)
        qtbot.wait(200)
        press_here(Qt.Key.Key_5, "5")
    assert stage.answers() == [(1, "5"), (2, "5")]
    assert stage.title == "Thank you"


def test_breaks_come_between_pages(make: Make, qtbot) -> None:
    stage = make(break_every=1)
    to_first_page(stage, qtbot)
    confirm(qtbot)
    assert stage.title == "Time for a short break"
    press_here(Qt.Key.Key_Return)
    assert to_page(stage, qtbot).position == 1


def test_a_full_disk_voids_the_page_once_saving_works_again(make: Make, qtbot, monkeypatch) -> None:
    stage = make()
    page = to_first_page(stage, qtbot)

    def full(*_: object) -> None:
        raise StoreFull("The disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(stage.host.store, "append_marks", full)
        mark(page, 1)
        assert stage.title == "The last step could not be saved yet"
        assert marks(stage) == []
    qtbot.wait(600)
    press_here(Qt.Key.Key_Return)
    assert marks(stage) == [(0, 1, 1, 1)]
    assert stage.title == "Paused"
    assert stage.count(EventKind.PAUSED) == 1


def test_a_window_that_is_left_marks_the_page(make: Make, qtbot) -> None:
    stage = make()
    to_first_page(stage, qtbot)
    QApplication.sendEvent(shown(stage).view, QEvent(QEvent.Type.WindowDeactivate))
    confirm(qtbot)
    assert stage.host.store.query("SELECT focus_lost, kept FROM pages") == [(1, 0)]


def test_a_page_with_an_image_that_is_gone_is_left_out(make: Make, qtbot, monkeypatch) -> None:
    stage = make(pages=2)
    bad = next(unit for unit in stage.state.units if isinstance(unit, PlannedPage)).cells[3].item
    load = Material.load_image

    def broken(self: Material, dataset: str, item: str, *rest: object):
        if item == bad:
            raise UserError(f"The image {item} is gone.")
        return load(self, dataset, item, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(Material, "load_image", broken)
    assert to_first_page(stage, qtbot).position == 1
    (failed,) = stage.host.store.query("SELECT position, detail FROM events WHERE kind = 'image_failed'")
    assert failed == (0, f"The image {bad} is gone.")


def test_a_session_is_resumed_with_the_marks_of_a_new_attempt(make: Make, qtbot) -> None:
    stage = make()
    page = to_first_page(stage, qtbot)
    mark(page, 3)
    stage.controller.close()
    (unfinished,) = stage.host.store.unfinished_sessions()
    session = stage.host.resume(unfinished, 10**15)
    assert [unit.position for unit in session.state.upcoming(2)] == [1, 0]
    assert dict(session.state.presented) == {0: 1}
    stage.controller = type(stage.controller)(
        stage.host, session, stage.controller._material, stage.window.pages, stage.page
    )
    stage.controller.begin()
    assert stage.title == "Part 1 of 1: digits"
    press_here(Qt.Key.Key_Return)
    assert to_page(stage, qtbot).position == 1


def test_every_control_has_a_name(make: Make, qtbot) -> None:
    stage = make()
    page = to_first_page(stage, qtbot)
    assert unnamed(stage.window) == []
    mark(page, 0)
    assert "Marked: B" in shown(stage).view.accessibleDescription()


def test_a_page_whose_images_do_not_come_is_told_of_and_read_anew(
    make: Make, qtbot, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage, gates = make(), [threading.Event()]
    paging = stage.controller._pages
    paging._place._slow.setInterval(50)
    usual = paging.page.view.images._load

    def load(*wanted: Any) -> Any:
        assert gates[-1].wait(10)
        return usual(*wanted)

    monkeypatch.setattr(paging.page.view.images, "_load", load)
    for _ in range(3):
        press_here(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: stage.title == "The images cannot be shown at the moment")
    assert "An image of the page has not come yet" in stage.controller._words._text._body.text()
    gates.append(threading.Event())
    gates[-1].set()
    paging._place._slow.setInterval(60_000)
    press_here(Qt.Key.Key_Return)
    assert to_page(stage, qtbot) is stage.state.units[0]
    assert stage.count(EventKind.IMAGE_FAILED) == 0
    gates[0].set()
