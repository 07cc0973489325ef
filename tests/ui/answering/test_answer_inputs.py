"""Which inputs count, by cases worked out by hand: repeats of a held key, before the onset, none yet, a pause."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from studies.answers import SEEN_AFTER_NS, Device, StampSource
from tests.ui.driving import MS, OwnClock
from ui.answering.answer_inputs import AnswerInputs
from ui.answering.stamps import Stamp

ONSET_MS = 5_000
PRESS, RELEASE = QEvent.Type.KeyPress, QEvent.Type.KeyRelease


@pytest.fixture
def inputs(qapp) -> AnswerInputs:
    made = AnswerInputs(QObject(qapp))
    made.clock = OwnClock()
    return made


def key(at_ms: int, kind: QEvent.Type = PRESS, repeat: bool = False) -> QKeyEvent:
    event = QKeyEvent(kind, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "\r", repeat, 1)
    event.setTimestamp(at_ms)
    return event


def test_nothing_counts_before_there_is_an_onset(inputs: AnswerInputs) -> None:
    assert not inputs.counts(0)
    assert not inputs.counts(10**15)


def test_what_was_pressed_before_the_onset_does_not_count_whenever_it_is_taken(inputs: AnswerInputs) -> None:
    inputs.begin(ONSET_MS * MS)
    for at_ms, expected in ((ONSET_MS - 1, False), (ONSET_MS, True), (ONSET_MS + 1, True)):
        stamp = inputs.press(key(at_ms))
        assert stamp is not None
        assert inputs.counts(stamp.at_ns) is expected
    inputs.end()


def test_nothing_counts_before_a_person_can_have_seen_the_image(
    inputs: AnswerInputs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inputs, "seen_after_ns", SEEN_AFTER_NS)
    inputs.begin(ONSET_MS * MS)
    found = [
        (inputs.counts((ONSET_MS + late) * MS), inputs.is_early((ONSET_MS + late) * MS))
        for late in (-1, 0, 80, 149, 150, 5_000)
    ]
    assert found == [(False, False), *[(False, True)] * 3, (True, False), (True, False)]
    inputs.end()


def test_in_a_pause_nothing_counts_and_afterwards_the_new_onset_holds(inputs: AnswerInputs) -> None:
    inputs.begin(ONSET_MS * MS)
    inputs.end()
    assert not inputs.counts((ONSET_MS + 500) * MS)
    inputs.begin((ONSET_MS + 1_000) * MS)
    assert not inputs.counts((ONSET_MS + 500) * MS)
    assert inputs.counts((ONSET_MS + 1_000) * MS)
    inputs.end()


def test_the_repeat_of_a_held_key_is_no_input(inputs: AnswerInputs) -> None:
    assert inputs.press(key(100)) == Stamp(100 * MS, 103 * MS, StampSource.MONOTONIC)
    assert inputs.press(key(130, repeat=True)) is None, "as Qt marks it"
    inputs.release(key(160, RELEASE))
    assert inputs.press(key(160)) is None, "as X11 sends it: a release and a press of one stamp"
    inputs.release(key(190, RELEASE))
    assert inputs.press(key(191)) is not None, "pressed anew"


def test_a_decision_carries_its_stamp_and_the_longest_stall(
    inputs: AnswerInputs, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 7_000 * MS
    monkeypatch.setattr("ui.answering.stall_meter.time.perf_counter_ns", lambda: now)
    inputs.begin(ONSET_MS * MS)
    now += 50 * MS  # a beat is due every 20 ms: this one is 30 ms late
    stamp = Stamp(7_040 * MS, 7_049 * MS, StampSource.CALIBRATED)
    expected = (7_040 * MS, 7_049 * MS, StampSource.CALIBRATED, Device.MOUSE, 30 * MS)
    assert inputs.decide(stamp, Device.MOUSE) == expected
    inputs.end()


def test_a_click_without_a_stamp_is_stamped_when_it_is_taken(qapp) -> None:
    inputs = AnswerInputs(QObject(qapp))
    first, second = inputs.click(), inputs.click()
    assert first.source is StampSource.HANDLER
    assert first.at_ns == first.handler_ns <= second.at_ns


def mouse(kind: QEvent.Type, at_ms: int) -> QMouseEvent:
    here, left, none = QPointF(5, 5), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    event = QMouseEvent(kind, here, here, left, left, none)
    event.setTimestamp(at_ms)
    return event


def test_a_click_is_timed_by_its_press(inputs: AnswerInputs, qtbot) -> None:
    outer = QWidget()
    qtbot.addWidget(outer)
    inner = QWidget(outer)
    inputs.watch(outer)
    release = mouse(QEvent.Type.MouseButtonRelease, 900)
    for taken in (release, None):
        QApplication.sendEvent(inner, mouse(QEvent.Type.MouseButtonPress, 600))
        assert inputs.click(taken) == Stamp(600 * MS, 603 * MS, StampSource.MONOTONIC)
    assert inputs.click(release).at_ns == 900 * MS, (
        "a click without a press, as an aid for the disabled may send"
    )
