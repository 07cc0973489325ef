"""Images that cannot be had for a while: the page waits, nothing is stored of them, and only a person's key counts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from model.datasets.image_files import PlaceError
from studies.files.store_errors import StoreFull
from studies.labeling.facts import inputs as ev
from studies.labeling.facts.records import LabelEvent, Purpose, Verb
from studies.labeling.state.desk import Phase
from tests.studies.labeling import sample
from tests.ui.driving import press_here
from tests.ui.sittings import SECOND, LiveSitting, make_sitting
from ui.answering.answer_inputs import AnswerInputs

ENTER = (Qt.Key.Key_Return, "\r")
SKIP = (Qt.Key.Key_F2, "")
ALL = PlaceError("The folder /pictures cannot be reached.", True)


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """A place is looked for again at once, and words are read at once."""
    monkeypatch.setattr("ui.answering.image_place._AGAIN_MS", 30)
    monkeypatch.setattr("ui.answering.image_place._SEEN_S", 0)


@pytest.fixture
def made(qtbot, tmp_path: Path) -> Iterator[LiveSitting]:
    sitting = make_sitting(qtbot, tmp_path)
    yield sitting
    sitting.close()


@pytest.fixture
def later(made: LiveSitting) -> None:
    """A place is not looked for but by Enter."""
    made.controller._place._timer.setInterval(60_000)


def part_away(sitting: LiveSitting, monkeypatch: pytest.MonkeyPatch, part: str) -> list[int]:
    """Let every fourth image lie in a folder of its own, which is away."""
    names = tuple(f"{part}{name}" if i % 4 == 0 else name for i, name in enumerate(sitting.project.items))
    monkeypatch.setattr(sitting.project, "items", names)
    items = [item for item, name in enumerate(names) if name.startswith(part)]
    sitting.images.away = dict.fromkeys(
        items, PlaceError("The folder /pictures/0 cannot be reached.", False, part)
    )
    return items


def go_to(made: LiveSitting, qtbot, items: list[int]) -> None:
    """Label until one of the items is asked about."""
    made.controller.begin()
    while made.project.desk.item not in items:
        made.answer(qtbot)
        qtbot.waitUntil(lambda: made.phase is Phase.SHOWN or made.controller._place.wait is not None)


def wait_for_words(sitting: LiveSitting, qtbot, words: str) -> None:
    qtbot.waitUntil(lambda: words in sitting.hint)


def test_an_image_comes_by_itself_when_its_place_is_back(made: LiveSitting, qtbot) -> None:
    made.images.away = dict.fromkeys(range(40), ALL)
    made.controller.begin()
    wait_for_words(made, qtbot, "/pictures cannot be reached")
    first = made.project.desk.item
    qtbot.wait(200)
    assert made.events() == []
    assert "/pictures cannot be reached" in made.hint
    made.images.away = {}
    assert made.to_image(qtbot) == first
    press_here(*SECOND)
    assert made.events() == [(first, "label", 1, 0)]


def test_the_enter_that_was_to_try_again_answers_no_image_that_came_by_itself(
    made: LiveSitting, qtbot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(AnswerInputs, "noticed_after_ns", 10**12)
    made.images.away = dict.fromkeys(range(40), ALL)
    made.controller.begin()
    wait_for_words(made, qtbot, "/pictures cannot be reached")
    made.images.away = {}
    first = made.to_image(qtbot)
    for key in (ENTER, SECOND):
        press_here(*key)
    assert (made.events(), made.project.desk.item) == ([], first)
    monkeypatch.setattr(AnswerInputs, "noticed_after_ns", 0)
    press_here(*SECOND)
    assert made.events() == [(first, "label", 1, 0)]
    made.to_image(qtbot)
    monkeypatch.setattr(AnswerInputs, "noticed_after_ns", 10**12)
    press_here(*SECOND)
    assert len(made.events()) == 2, "the next one comes after a key"


def test_enter_tries_again_and_stores_nothing(made: LiveSitting, qtbot, later: None) -> None:
    made.images.away = dict.fromkeys(range(40), ALL)
    made.controller.begin()
    wait_for_words(made, qtbot, "cannot be reached")
    first = made.project.desk.item
    for key in (ENTER, SECOND, ENTER, SKIP, ENTER):
        press_here(*key)
        qtbot.wait(20)
    assert made.events() == []
    made.images.away = {}
    qtbot.wait(50)
    assert made.phase is Phase.COMING
    press_here(*ENTER)
    assert made.to_image(qtbot) == first


def test_what_comes_in_the_background_is_no_key(made: LiveSitting, qtbot, later: None) -> None:
    made.images.bad = set(range(40))
    made.controller.begin()
    wait_for_words(made, qtbot, "3 images in a row")
    for _ in range(3):
        made.controller.refresh()
        qtbot.wait(20)
    made.page.say("Round 2: the program labeled 5 images.")
    assert "3 images in a row" in made.hint
    made.controller.leave()
    made.controller.come_back()
    qtbot.wait(20)
    assert len(made.events()) == 3
    assert "3 images in a row" in made.hint
    press_here(*ENTER)
    qtbot.waitUntil(lambda: len(made.events()) == 6)


def test_another_page_and_back_while_it_is_away(made: LiveSitting, qtbot) -> None:
    made.images.away = dict.fromkeys(range(40), ALL)
    made.controller.begin()
    wait_for_words(made, qtbot, "cannot be reached")
    made.controller.leave()
    made.images.away = {}
    qtbot.wait(150)
    assert made.phase is Phase.PAUSED, "nobody would see it"
    made.controller.come_back()
    made.to_image(qtbot)
    assert made.events() == []


def test_a_folder_that_is_gone_for_good_is_left_out_by_one_key(
    made: LiveSitting, qtbot, monkeypatch: pytest.MonkeyPatch
) -> None:
    items = part_away(made, monkeypatch, "0/")
    go_to(made, qtbot, items)
    wait_for_words(made, qtbot, "F2: go on without its images")
    labeled = {item for item, verb, *_ in made.events() if verb == "label"}
    press_here(*SKIP)
    assert made.to_image(qtbot) not in items
    left_out = {item for item, verb, *_ in made.events() if verb == "unreadable"}
    assert left_out == set(items) - labeled
    assert set(made.project.store.missing_items()) == left_out, "asked again when they are there"
    assert f"{len(left_out)} images were left out" in made.said[-1]
    made.controller.take(ev.Undo(0))
    assert made.project.ledger.with_state(Verb.UNREADABLE).size == 0, "one action"


def test_a_key_that_was_meant_for_an_image_gives_up_no_folder(
    made: LiveSitting, qtbot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.answering.image_place._SEEN_S", 60)
    go_to(made, qtbot, part_away(made, monkeypatch, "0/"))
    wait_for_words(made, qtbot, "cannot be reached")
    before = made.events()
    for _ in range(3):
        press_here(*SKIP)
        qtbot.wait(50)
    assert made.events() == before


def test_a_single_image_that_is_gone_is_left_out(made: LiveSitting, qtbot) -> None:
    gone = made.project.queue.upcoming(1)[0].item
    made.images.bad = {gone}
    made.controller.begin()
    assert made.to_image(qtbot) != gone
    assert made.events() == [(gone, "unreadable", None, None)]


def full(made: LiveSitting, disk: pytest.MonkeyPatch) -> None:
    def no_room(*_: object) -> None:
        raise StoreFull("The disk is full: make room.")

    disk.setattr(made.project.store, "append", no_room)


@pytest.mark.parametrize("by", ["label", "elsewhere"])
def test_a_kept_answer_is_its_images_whatever_is_on_the_desk(
    made: LiveSitting, qtbot, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    made.controller.begin()
    item = made.to_image(qtbot)
    with monkeypatch.context() as disk:
        full(made, disk)
        press_here(*SECOND)
        assert made.controller.keeps_input
    if by == "label":
        made.project.record([LabelEvent(0, item, Verb.LABEL, Purpose.IMPORT, 2)])
    else:
        other = made.project.queue.upcoming(9)[8]
        made.project.desk = type(made.project.desk)(Phase.COMING, other)
    assert made.project.desk.item != item
    made.controller.refresh()
    qtbot.wait(30)
    press_here(*ENTER)
    assert made.events()[-1] == (item, "label", 1, 0)
    assert made.project.label_of(item) == 1
    following = made.to_image(qtbot)
    assert made.project.label_of(following) is None


def test_a_kept_answer_is_saved_at_the_end(qtbot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = make_sitting(qtbot, tmp_path)
    made.controller.begin()
    item = made.to_image(qtbot)
    with monkeypatch.context() as disk:
        full(made, disk)
        press_here(*SECOND)
    made.close()
    again = sample.open_project(tmp_path / "p.clarifier")
    assert again.label_of(item) == 1
    again.store.close()


def test_a_read_that_hangs_is_given_up_at_the_next_try(made: LiveSitting, qtbot, later: None) -> None:
    made.images.away = dict.fromkeys(range(40), ALL)
    made.controller.begin()
    wait_for_words(made, qtbot, "cannot be reached")
    made.images.gate.clear()
    press_here(*ENTER)
    QApplication.processEvents()
    hung, made.images.away = made.images.gate, {}
    made.images.gate = type(hung)()
    made.images.gate.set()
    press_here(*ENTER)
    made.to_image(qtbot)
    hung.set()
