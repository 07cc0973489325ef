"""Keys by their place, where a layout writes another sign there."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent

from ui.answering.answer_keys import DROPDOWN_KEYS, DropdownAction
from ui.kit import places
from ui.kit.places import digit_of, is_command, meant_key, pad_digit, place_name
from ui.labeling.grid.grid_keys import GRID_KEYS, GridAction
from ui.labeling.one_by_one.label_actions import LABEL_KEYS, LabelAction


@pytest.fixture(autouse=True)
def x11(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "_platform", lambda: "xcb")


def press(
    key: int, text: str, code: int, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> QKeyEvent:
    return QKeyEvent(QEvent.Type.KeyPress, key, held, code, 0, 0, text)


@pytest.mark.parametrize(
    ("platform", "digits", "pad"),
    [
        ("xcb", range(10, 20), [90, 87, 88, 89, 83, 84, 85, 79, 80, 81]),
        ("wayland", range(10, 20), [90, 87, 88, 89, 83, 84, 85, 79, 80, 81]),
        ("windows", range(2, 12), [0x52, 0x4F, 0x50, 0x51, 0x4B, 0x4C, 0x4D, 0x47, 0x48, 0x49]),
    ],
)
def test_digits_have_places(platform: str, digits: range, pad: list[int]) -> None:
    assert "".join(place_name(platform, code, 0) for code in digits) == "1234567890"
    assert "".join(pad_digit(platform, code) for code in pad) == "0123456789"
    assert place_name("offscreen", 0, 0) == ""


def test_places_of_macos() -> None:
    assert (
        "".join(place_name("cocoa", 0, code) for code in (29, 18, 19, 20, 21, 23, 22, 26, 28, 25))
        == "0123456789"
    )
    assert "".join(place_name("cocoa", 0, code) for code in (82, 83, 92, 2, 6, 15)) == "019dzr"


def test_a_digit_is_what_is_written_else_the_place() -> None:
    assert digit_of(press(Qt.Key.Key_Ampersand, "&", 10)) == "1", "French"
    assert digit_of(press(0x6F1, "\u06f1", 10)) == "1", "Persian"
    assert digit_of(press(Qt.Key.Key_2, "2", 10)) == "2", "a layout that writes 2 there"
    assert digit_of(press(0xB2, "\u00b2", 49)) == "", "a small 2 is no 2"
    assert digit_of(press(Qt.Key.Key_Q, "q", 38)) == ""


@pytest.mark.parametrize("held", [Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier])
def test_a_key_with_ctrl_or_alt_writes_nothing_but_altgr_does(held: Qt.KeyboardModifier) -> None:
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    assert is_command(press(Qt.Key.Key_2, "2", 11, held))
    assert not is_command(press(Qt.Key.Key_At, "@", 11, both))
    assert not is_command(press(Qt.Key.Key_2, "2", 11, Qt.KeyboardModifier.ShiftModifier))


def test_letters_of_another_alphabet_act_by_place() -> None:
    russian_d, russian_z = (
        press(0x412, "\u0432", 40),
        press(0x42F, "", 52, Qt.KeyboardModifier.ControlModifier),
    )
    assert DROPDOWN_KEYS.action_of(meant_key(russian_d)) is DropdownAction.NEXT
    found = LABEL_KEYS.find(russian_z)
    assert found is not None
    assert found[0].action is LabelAction.UNDO
    comma = LABEL_KEYS.find(press(0x411, "", 59, Qt.KeyboardModifier.ControlModifier))
    assert comma is not None
    assert comma[0].action is LabelAction.SETTINGS
    russian_a = GRID_KEYS.find(press(0x424, "\u0444", 38))
    assert russian_a is not None
    assert russian_a[0].action is GridAction.ASSIGN
    french_q = press(Qt.Key.Key_Q, "q", 38)
    assert meant_key(french_q) == Qt.Key.Key_Q, "a Latin letter is what is written"
