"""One image of live rounds on screen: which inputs go out, with which stamps, and which never do."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QRect, Qt

from studies.answers import Device
from studies.labeling.facts import inputs as ev
from studies.labeling.facts.records import Verb
from tests.ui.driving import MS, StoppedClock, key_event
from tests.ui.labeling.one_by_one.shown import CTRL, FEW, MANY, ONSET_MS, SUGGESTED, Shown, items
from ui.kit.icon_button import IconButton
from ui.kit.keys import combination_of
from ui.labeling.one_by_one.label_actions import LABEL_KEYS, LabelAction
from ui.labeling.one_by_one.label_card import Card, ClassItem
from ui.labeling.one_by_one.label_page import LabelPage


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_enter_and_space_accept_the_suggestion(page: LabelPage, key: Qt.Key) -> None:
    shown = Shown(page, items(FEW), SUGGESTED)
    shown.press(key, " ", 640)
    shown.answer(11, 640)


def test_enter_without_a_suggestion_is_no_answer(page: LabelPage) -> None:
    shown = Shown(page, items(FEW), Card("No suggestion"))
    shown.press(Qt.Key.Key_Return, "\r")
    assert shown.sent == []
    assert "Which class is it?" in shown.hint()


def test_digits_answer_where_classes_are_few(page: LabelPage) -> None:
    shown = Shown(page, items(FEW), SUGGESTED)
    shown.press(Qt.Key.Key_3, "3")
    shown.answer(12)
    shown.press(Qt.Key.Key_4, "4", 600)
    shown.type("b", 700)
    assert len(shown.sent) == 1, "neither a digit beyond the classes nor a letter answers"


def test_a_key_of_ones_own_answers(page: LabelPage) -> None:
    own = (ClassItem(10, "ant"), ClassItem(11, "bee", "b"), ClassItem(12, "cat", "7"))
    shown = Shown(page, items(FEW), Card("No suggestion"))
    assert "Press its digit" in shown.hint()
    shown = Shown(page, own, Card("No suggestion"))
    assert "Press its key" in shown.hint()
    shown.press(Qt.Key.Key_B, "B")
    shown.answer(11)
    shown.press(Qt.Key.Key_7, "7", 600)
    shown.answer(12, 600)


def test_a_key_of_ones_own_among_many_does_not_break_into_typing(page: LabelPage) -> None:
    many = tuple(ClassItem(i.class_id, i.name, "e" if i.name == "bee" else "") for i in items(MANY))
    shown = Shown(page, many, Card("No suggestion"))
    shown.press(Qt.Key.Key_E, "e", 300)
    shown.answer(11, 300)
    shown.type("speci", 400)
    assert [type(sent) for sent in shown.sent[1:]] == 5 * [ev.Touch]
    shown.press(Qt.Key.Key_E, "e", 450)
    assert isinstance(shown.sent[-1], ev.Touch)


def test_typing_finds_a_class_and_backspace_takes_back(page: LabelPage) -> None:
    shown = Shown(page, items(MANY), SUGGESTED)
    shown.type("c")
    assert "Find: c_" in shown.hint()
    shown.press(Qt.Key.Key_Backspace, "\b", 400)
    shown.type("a", 450)
    assert [type(sent) for sent in shown.sent] == [ev.Touch, ev.Backtrack, ev.Touch]
    shown.press(Qt.Key.Key_Return, "\r", 500)
    shown.answer(10)


def test_digits_of_the_strip(page: LabelPage) -> None:
    card = Card("Suggested", suggestion=15, top=(15, 20, 18), recent=(12, 20, 22))
    shown = Shown(page, items(MANY), card)
    for key, text, class_id in ((Qt.Key.Key_2, "2", 20), (Qt.Key.Key_6, "6", 12), (Qt.Key.Key_7, "7", 22)):
        shown.press(key, text)
        shown.answer(class_id)
    for key, text in ((Qt.Key.Key_4, "4"), (Qt.Key.Key_9, "9"), (Qt.Key.Key_0, "0")):
        shown.press(key, text, 600)
    assert not any(isinstance(sent, ev.Answer) and sent.at_ns > (ONSET_MS + 500) * MS for sent in shown.sent)


def test_where_names_are_numbers_digits_type_and_the_strip_takes_ctrl(page: LabelPage) -> None:
    numbers = tuple(str(number) for number in range(1, 25))
    card = Card("Suggested", suggestion=15, top=(15, 20, 18), recent=(12, 20, 22))
    shown = Shown(page, items(numbers), card)
    assert "type its number or first letters, then Enter" in shown.hint()
    shown.press(Qt.Key.Key_1, "1", 300)
    shown.press(Qt.Key.Key_2, "2", 350)
    assert not any(isinstance(sent, ev.Answer) for sent in shown.sent)
    shown.press(Qt.Key.Key_Return, "\r")
    shown.answer(10 + numbers.index("12"))
    shown.present(card)
    shown.press(Qt.Key.Key_6, "6", 400, CTRL)
    shown.answer(12, 400)
    shown.press(Qt.Key.Key_9, "9", 600, CTRL)
    shown.press(Qt.Key.Key_6, "6", 650)
    shown.press(Qt.Key.Key_Return, "\r", 700)
    shown.answer(10 + numbers.index("6"), 700)


def test_a_digit_after_letters_belongs_to_the_name(page: LabelPage) -> None:
    card = Card("Suggested", suggestion=15, top=(15, 20, 18, 11, 12))
    shown = Shown(page, items(MANY), card)
    shown.type("species ", 300)
    shown.press(Qt.Key.Key_1, "1", 350)
    assert "species 1_" in shown.hint()
    shown.press(Qt.Key.Key_Return, "\r")
    shown.answer(10 + MANY.index("species 1"))


@pytest.mark.parametrize(
    ("key", "verb"),
    [(Qt.Key.Key_F2, Verb.SKIP), (Qt.Key.Key_F3, Verb.NONE), (Qt.Key.Key_F4, Verb.SEVERAL)],
)
def test_remarks(page: LabelPage, key: Qt.Key, verb: Verb) -> None:
    shown = Shown(page, items(FEW), SUGGESTED)
    shown.press(key, after_ms=-1)
    assert shown.sent == []
    shown.press(key)
    (sent,) = shown.sent
    assert isinstance(sent, ev.Remark)
    assert (sent.verb, sent.at_ns, sent.device) == (verb, (ONSET_MS + 500) * MS, Device.KEYBOARD)


def test_keys_about_the_past_and_the_image(page: LabelPage) -> None:
    shown = Shown(page, items(FEW), SUGGESTED)
    shown.press(Qt.Key.Key_F8)
    shown.press(Qt.Key.Key_PageUp)
    shown.press(Qt.Key.Key_PageDown)
    shown.press(Qt.Key.Key_Z, "\x1a", held=CTRL)
    shown.press(Qt.Key.Key_Escape)
    kinds = [ev.Flag, ev.Back, ev.Forward, ev.Undo, ev.Pause]
    assert [type(sent) for sent in shown.sent] == kinds


def test_a_held_key_answers_once(page: LabelPage) -> None:
    shown = Shown(page, items(FEW), SUGGESTED)
    shown.press(Qt.Key.Key_Return, "\r", 300)
    shown.present(SUGGESTED)
    key_event(page, Qt.Key.Key_Return, "\r", ONSET_MS + 330, repeat=True)
    # A repeat that Qt did not mark: the release has the press's stamp.
    key_event(page, Qt.Key.Key_Return, at_ms=ONSET_MS + 360, kind=QEvent.Type.KeyRelease)
    key_event(page, Qt.Key.Key_Return, "\r", ONSET_MS + 360)
    assert len(shown.sent) == 1
    key_event(page, Qt.Key.Key_Return, at_ms=ONSET_MS + 380, kind=QEvent.Type.KeyRelease)
    shown.press(Qt.Key.Key_Return, "\r", 500)
    assert len(shown.sent) == 2


def test_a_press_from_before_the_onset_answers_nothing(page: LabelPage) -> None:
    shown = Shown(page, items(FEW), SUGGESTED)
    for key, text in ((Qt.Key.Key_Return, "\r"), (Qt.Key.Key_2, "2"), (Qt.Key.Key_F2, "")):
        shown.press(key, text, -1)
    assert shown.sent == []
    shown.press(Qt.Key.Key_Return, "\r", 0)
    shown.answer(11, 0)


def test_clicks_on_the_word_the_classes_and_the_strip(page: LabelPage, qtbot) -> None:
    shown = Shown(page, items(MANY), Card("Suggested", suggestion=11, top=(11, 13), recent=(12,)))
    word = page.view._words_place().center()
    cells, strip = page._picker._cells, page._strip
    page.inputs.clock = StoppedClock(ONSET_MS - 1)
    qtbot.mouseClick(page.view, Qt.MouseButton.LeftButton, pos=word)
    qtbot.mouseClick(cells, Qt.MouseButton.LeftButton, pos=cells.place(2).center())
    assert shown.sent == [], "a click from before the onset answers nothing"
    page.inputs.clock = StoppedClock(ONSET_MS + 500)
    qtbot.mouseClick(page.view, Qt.MouseButton.LeftButton, pos=word)
    shown.answer(11, 500, Device.MOUSE)
    qtbot.mouseClick(cells, Qt.MouseButton.LeftButton, pos=cells.place(2).center())
    shown.answer(12, 500, Device.MOUSE)
    second = QRect(strip.width() // 5, 0, strip.width() // 5, strip.height() // 2)
    qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=second.center())
    shown.answer(13, 500, Device.MOUSE)
    assert page.hasFocus(), "a click leaves the keys to the answer"


def test_a_click_beside_the_word_or_without_a_suggestion_is_no_answer(page: LabelPage, qtbot) -> None:
    shown = Shown(page, items(FEW), SUGGESTED)
    page.inputs.clock = StoppedClock(ONSET_MS + 500)
    qtbot.mouseClick(page.view, Qt.MouseButton.LeftButton, pos=page.view._place().center())
    shown.present(Card("No suggestion"))
    qtbot.mouseClick(page.view, Qt.MouseButton.LeftButton, pos=page.view._words_place().center())
    assert shown.sent == []


def test_while_paused_only_enter_goes_on(page: LabelPage) -> None:
    shown = Shown(page, items(FEW), SUGGESTED)
    page.show_paused("")
    assert "Paused" in shown.hint()
    for key, text in ((Qt.Key.Key_2, "2"), (Qt.Key.Key_F2, ""), (Qt.Key.Key_B, "b")):
        shown.press(key, text)
    assert shown.sent == []
    shown.press(Qt.Key.Key_Return, "\r", 600)
    assert shown.sent == [ev.Continue((ONSET_MS + 600) * MS)]
    shown.press(Qt.Key.Key_Escape, "", 700)
    assert isinstance(shown.sent[-1], ev.Continue), "Esc ends a pause as it began it"
    shown.present(SUGGESTED)
    shown.press(Qt.Key.Key_Return, "\r", 800)
    shown.answer(11, 800)


@pytest.mark.parametrize("show", [LabelPage.show_blank, lambda page: page.show_waiting("One moment.")])
def test_nothing_is_answered_where_nothing_is_asked(page: LabelPage, show) -> None:
    shown = Shown(page, items(FEW), SUGGESTED)
    show(page)
    for key, text in ((Qt.Key.Key_Return, "\r"), (Qt.Key.Key_2, "2"), (Qt.Key.Key_F3, "")):
        shown.press(key, text)
    assert shown.sent == []


def test_every_other_action_asks_for_its_page(page: LabelPage) -> None:
    shown = Shown(page, items(FEW), SUGGESTED)
    for action in (LabelAction.GRID, LabelAction.HOME):
        combination = combination_of(LABEL_KEYS[action].keys[0])
        shown.press(combination.key(), held=combination.keyboardModifiers())
    assert shown.wanted == [LabelAction.GRID, LabelAction.HOME]
    assert shown.sent == []


def test_buttons_by_mouse(page: LabelPage, qtbot) -> None:
    shown = Shown(page, items(FEW), SUGGESTED)
    page.inputs.clock = StoppedClock(ONSET_MS + 500)
    buttons = {button.accessibleName(): button for button in page.tools.findChildren(IconButton)}
    for name in ("Skip", "Undo", "Grid"):
        qtbot.mouseClick(buttons[name], Qt.MouseButton.LeftButton)
    skip = shown.sent[0]
    assert isinstance(skip, ev.Remark)
    assert (skip.verb, skip.device) == (Verb.SKIP, Device.MOUSE)
    assert isinstance(shown.sent[1], ev.Undo)
    assert shown.wanted == [LabelAction.GRID]
    with qtbot.waitSignal(page.help_wanted):
        qtbot.mouseClick(buttons["Keys"], Qt.MouseButton.LeftButton)
    assert page.hasFocus()
