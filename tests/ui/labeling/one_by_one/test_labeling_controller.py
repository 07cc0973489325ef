"""A project joined to the labeling page: what a key stores, what comes on screen, and what a failure does."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QWidget

from studies.files.store_errors import StoreFull
from studies.labeling.facts import inputs as ev
from studies.labeling.facts.records import LabelEvent, Purpose, Verb
from studies.labeling.state.desk import Phase
from tests.studies.labeling import sample
from tests.ui.driving import key_event, press_here
from tests.ui.sittings import SECOND, LiveSitting, make_sitting


@pytest.fixture
def sitting(qtbot, tmp_path: Path) -> Iterator[LiveSitting]:
    made = make_sitting(qtbot, tmp_path)
    made.controller.begin()
    yield made
    made.close()


def test_a_key_is_a_stored_label_and_the_next_image_comes(sitting: LiveSitting, qtbot) -> None:
    order = [task.item for task in sitting.project.queue.upcoming(3)]
    answered = [sitting.answer(qtbot) for _ in range(3)]
    assert answered == order
    assert sitting.to_image(qtbot) not in order
    assert sitting.events() == [(item, "label", 1, 0) for item in order]
    rows = sitting.project.store.query(
        "SELECT onset_ns, first_input_ns, response_ns, handler_ns FROM label_events"
    )
    assert all(onset < first <= response <= handler for onset, first, response, handler in rows)


def test_a_key_before_the_next_image_is_there_answers_nothing(sitting: LiveSitting, qtbot) -> None:
    sitting.to_image(qtbot)
    qtbot.waitUntil(lambda: all(f.done() for f in sitting.controller._decoder._futures.values()))
    sitting.images.gate.clear()
    for _ in range(4):  # those decoded ahead are used up
        press_here(*SECOND)
        QApplication.processEvents()
    assert sitting.phase is Phase.COMING
    stored = len(sitting.events())
    assert not sitting.page.asks
    for key, text in (SECOND, (Qt.Key.Key_Return, "\r"), (Qt.Key.Key_F2, ""), (Qt.Key.Key_F8, "")):
        press_here(key, text)
    assert len(sitting.events()) == stored
    sitting.images.gate.set()
    item = sitting.to_image(qtbot)
    press_here(*SECOND)
    assert sitting.events()[-1][0] == item


def test_keys_about_nothing_do_nothing(qtbot, tmp_path: Path) -> None:
    sitting = make_sitting(qtbot, tmp_path)
    for task in list(sitting.project.queue):
        sitting.project.queue.remove(task.task_id)
    sitting.project._clear_desk()
    sitting.controller.begin()
    assert sitting.phase is Phase.NOTHING
    for key, text in (SECOND, (Qt.Key.Key_F8, ""), (Qt.Key.Key_F3, ""), (Qt.Key.Key_PageUp, "")):
        press_here(key, text)
    assert sitting.events() == []
    assert "nothing to label" in sitting.hint
    sitting.controller.wait_with("Nothing to label until the next round is there.")
    assert "next round" in sitting.hint
    sitting.close()


def test_undo_brings_the_image_back(sitting: LiveSitting, qtbot) -> None:
    first, second = sitting.answer(qtbot), sitting.answer(qtbot)
    for item in (second, first):
        sitting.to_image(qtbot)
        key_event(sitting.page, Qt.Key.Key_Z, "", held=Qt.KeyboardModifier.ControlModifier)
        assert sitting.to_image(qtbot) == item
        assert sitting.project.label_of(item) is None
        key_event(sitting.page, Qt.Key.Key_Z, at_ms=1, kind=QEvent.Type.KeyRelease)
    assert sitting.answer(qtbot, Qt.Key.Key_3, "3") == first
    assert sitting.project.label_of(first) == 2


def test_taking_back_many_at_once_is_said(sitting: LiveSitting, qtbot) -> None:
    sitting.project.record([LabelEvent(0, item, Verb.LABEL, Purpose.IMPORT, 1) for item in (31, 32, 33)])
    sitting.controller.take(ev.Undo(0))
    assert sitting.said == ["An action on 3 images at once is undone."]
    assert sitting.project.label_of(31) is None


def test_an_image_of_before_is_looked_at_and_labeled_anew(sitting: LiveSitting, qtbot) -> None:
    first, second = sitting.answer(qtbot), sitting.answer(qtbot)
    present = sitting.to_image(qtbot)
    press_here(Qt.Key.Key_PageUp)
    assert sitting.to_image(qtbot) == second
    assert "1 back" in sitting.hint
    press_here(Qt.Key.Key_PageUp)
    assert sitting.to_image(qtbot) == first
    press_here(Qt.Key.Key_3, "3")
    assert sitting.project.label_of(first) == 2
    assert sitting.to_image(qtbot) == second
    press_here(Qt.Key.Key_Return, "\r")  # keeps what was said
    assert len(sitting.events()) == 3
    assert sitting.to_image(qtbot) == first, "what was said last is one step back"
    press_here(Qt.Key.Key_PageDown)
    assert sitting.to_image(qtbot) == present


def test_remarks_and_a_flag(sitting: LiveSitting, qtbot) -> None:
    items = [sitting.answer(qtbot, key, "") for key in (Qt.Key.Key_F2, Qt.Key.Key_F3, Qt.Key.Key_F4)]
    states = [sitting.project.ledger.state(item) for item in items]
    assert states == [Verb.SKIP, Verb.NONE, Verb.SEVERAL]
    flagged = sitting.to_image(qtbot)
    press_here(Qt.Key.Key_F8)
    assert sitting.project.ledger.flagged[flagged]
    assert "marked" in sitting.hint
    assert sitting.to_image(qtbot) == flagged
    press_here(Qt.Key.Key_F8)
    assert not sitting.project.ledger.flagged[flagged]
    assert "marked" not in sitting.hint


@pytest.mark.parametrize("key", [Qt.Key.Key_F8, Qt.Key.Key_PageUp])
def test_after_a_full_disk_a_flag_is_set_and_its_image_comes_again(
    sitting: LiveSitting, qtbot, monkeypatch: pytest.MonkeyPatch, key: Qt.Key
) -> None:
    def no_room(*_: object) -> None:
        raise StoreFull("The disk is full: make room.")

    item = sitting.to_image(qtbot)
    with monkeypatch.context() as disk:
        disk.setattr(sitting.project.store, "append", no_room)
        press_here(Qt.Key.Key_F8)
        assert "The disk is full" in sitting.hint
        press_here(key)  # nothing happens but by Enter
    assert not sitting.project.ledger.flagged[item]
    press_here(Qt.Key.Key_Return, "\r")
    assert sitting.project.ledger.flagged[item]
    assert sitting.to_image(qtbot) == item
    assert "marked" in sitting.hint
    press_here(*SECOND)
    assert sitting.project.label_of(item) == 1


def test_a_full_disk_keeps_the_answer_and_says_so(
    sitting: LiveSitting, qtbot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(*_: object) -> None:
        raise StoreFull("The disk is full: make room.")

    item = sitting.to_image(qtbot)
    with monkeypatch.context() as disk:
        disk.setattr(sitting.project.store, "append", no_room)
        press_here(*SECOND)
        assert sitting.events() == []
        assert "Nothing is lost" in sitting.hint
        for key, text in ((Qt.Key.Key_3, "3"), (Qt.Key.Key_F2, ""), (Qt.Key.Key_PageUp, "")):
            press_here(key, text)
        press_here(Qt.Key.Key_Return, "\r")
        assert sitting.events() == []
        assert "Nothing is lost" in sitting.hint
        sitting.controller.look_away()
        sitting.controller.leave()
        sitting.controller.come_back()
        assert "Nothing is lost" in sitting.hint, "nothing hides it"
    press_here(Qt.Key.Key_Return, "\r")
    assert sitting.events() == [(item, "label", 1, 0)]
    assert sitting.to_image(qtbot) != item


def test_an_image_that_cannot_be_read_is_left_out_with_a_sentence(qtbot, tmp_path: Path) -> None:
    sitting = make_sitting(qtbot, tmp_path)
    first, second = (task.item for task in sitting.project.queue.upcoming(2))
    sitting.images.bad = {second}
    sitting.controller.begin()
    assert sitting.answer(qtbot) == first
    third = sitting.to_image(qtbot)
    assert third not in (first, second)
    sentence = f"{second:03d}.png was left out: OSError: it is cut short"
    assert sitting.said == [sentence]
    assert sitting.hint == sentence, "it stays while the next image is looked at"
    assert sitting.project.ledger.state(second) is Verb.UNREADABLE
    sitting.answer(qtbot)
    sitting.to_image(qtbot)
    assert sitting.hint != sentence
    sitting.close()


def test_a_pause_voids_the_image_which_comes_again(sitting: LiveSitting, qtbot) -> None:
    item = sitting.to_image(qtbot)
    press_here(Qt.Key.Key_Escape)
    assert sitting.phase is Phase.PAUSED
    assert "Paused" in sitting.hint
    for key, text in (SECOND, (Qt.Key.Key_F8, ""), (Qt.Key.Key_3, "3"), (Qt.Key.Key_PageUp, "")):
        press_here(key, text)
    assert sitting.phase is Phase.PAUSED
    assert "Paused" in sitting.hint
    assert sitting.events() == []
    press_here(Qt.Key.Key_Return, "\r")
    assert sitting.to_image(qtbot) == item


def test_another_page_and_back(sitting: LiveSitting, qtbot) -> None:
    item = sitting.to_image(qtbot)
    other = QWidget()
    sitting.window.pages.addWidget(other)
    sitting.controller.leave()
    sitting.window.pages.setCurrentWidget(other)
    QApplication.processEvents()
    assert sitting.phase is Phase.PAUSED
    sitting.window.pages.setCurrentWidget(sitting.page)
    sitting.controller.come_back()
    assert sitting.to_image(qtbot) == item
    assert sitting.answer(qtbot) == item


def test_a_pause_of_ones_own_outlives_another_page(sitting: LiveSitting, qtbot) -> None:
    sitting.to_image(qtbot)
    press_here(Qt.Key.Key_Escape)
    sitting.controller.leave()
    sitting.controller.come_back()
    assert sitting.phase is Phase.PAUSED
    assert "Paused" in sitting.hint


def test_the_key_sheet_leaves_the_image_and_marks_its_time(sitting: LiveSitting, qtbot) -> None:
    item = sitting.to_image(qtbot)
    sitting.controller.look_away()
    assert (sitting.phase, sitting.project.desk.item) == (Phase.SHOWN, item)
    press_here(*SECOND)
    assert sitting.events() == [(item, "label", 1, 1)], "answered without another key, and marked"
    following = sitting.to_image(qtbot)
    sitting.answer(qtbot)
    assert sitting.events()[1:] == [(following, "label", 1, 0)]


def test_a_window_that_is_left_marks_the_answer(sitting: LiveSitting, qtbot) -> None:
    item = sitting.to_image(qtbot)
    QApplication.sendEvent(sitting.window, QEvent(QEvent.Type.WindowDeactivate))
    press_here(*SECOND)
    following = sitting.answer(qtbot)
    assert sitting.events() == [(item, "label", 1, 1), (following, "label", 1, 0)]


def test_a_rounds_suggestion_is_accepted_by_enter(qtbot, tmp_path: Path) -> None:
    sitting = make_sitting(qtbot, tmp_path, items=80)
    sitting.controller.begin()
    for _ in range(3):
        sitting.answer(qtbot)
    on_screen = sitting.to_image(qtbot)
    waiting = sitting.project.queue.items()
    free = [item for item in range(5, 80) if item not in waiting and sitting.project.label_of(item) is None]
    for task in list(sitting.project.queue):
        if task.item != on_screen:
            sitting.project.queue.remove(task.task_id)
    leads = sample.conductor(sitting.project)
    sample.begin_round(sitting.project, leads, [(item, 2, "hard") for item in free[:2]])
    sitting.controller.refresh()
    assert sitting.to_image(qtbot) == on_screen, "what is on screen stays"
    press_here(*SECOND)
    item = sitting.to_image(qtbot)
    assert item in free[:2]
    assert "often confused with owl" in sitting.hint
    assert sitting.page.view.accessibleDescription().endswith("owl")
    press_here(Qt.Key.Key_Return, "\r")
    assert sitting.project.label_of(item) == 2
    sitting.close()


def test_the_sitting_lets_go_of_what_it_changed(qtbot, tmp_path: Path) -> None:
    before = sys.getswitchinterval()
    sitting = make_sitting(qtbot, tmp_path)
    sitting.controller.begin()
    assert sys.getswitchinterval() < before
    item = sitting.to_image(qtbot)
    sitting.close()
    assert sys.getswitchinterval() == before
    again = sample.open_project(tmp_path / "p.clarifier")
    assert again.desk.item == item, "it goes on with the image that was on screen"
    again.store.close()
