"""One trial on screen: which inputs go out, with which stamps, and which never do."""

from __future__ import annotations

import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from studies.answers import Device, StampSource
from studies.timing.facts import inputs as ev
from studies.timing.facts.records import Interface
from studies.timing.session import trial
from studies.timing.session.trial import SessionState
from tests.ui.driving import MS, ONSET_NS, OwnClock, StoppedClock, at_stimulus, key_event, planned
from tests.ui.on_screen import open_on_screen
from ui.answering.decode_ahead import to_qimage
from ui.answering.stamps import Frame
from ui.answering.stimulus_view import Stimulus
from ui.kit import theme
from ui.study.trial_page import TrialPage

ONSET_MS = ONSET_NS // MS
FEW = ("a", "b", "c")
MANY = ("ant", "bee", "cat", *(f"species {n}" for n in range(20)))


class Shown:
    """A page with the first trial on screen since ``ONSET_NS``; ``sent`` holds what it told."""

    def __init__(
        self, page: TrialPage, classes: tuple[str, ...] = FEW, interface: Interface = Interface.KEYBOARD
    ) -> None:
        self.page = page
        self.sent: list[ev.Input] = []
        page.happened.connect(self.sent.append)
        page.set_block("Part 1 of 1", classes, interface)
        QApplication.processEvents()  # lays the page out, as happens while words are on screen
        self.trials = planned(4, classes)
        self.state = at_stimulus(self.trials)
        word = self.trials[0].suggestion or ""
        page.present(Stimulus(to_qimage(Image.new("RGB", (20, 20))), "", word), self.state)

    def follow(self, state: SessionState) -> None:
        self.state = state
        self.page.draw(state)

    def step(self, event: ev.Input) -> None:
        after, _ = trial.step(self.state, event)
        self.follow(after)

    def text(self) -> str:
        return " ".join(label.text() for label in self.page.findChildren(QLabel))

    def answer(self, name: str, at_ms: int, device: Device = Device.KEYBOARD) -> ev.Answer:
        answer = self.sent[-1]
        assert isinstance(answer, ev.Answer)
        expected = ev.Answer(
            at_ms * MS,
            at_ms * MS + 3 * MS,
            StampSource.MONOTONIC,
            device,
            answer.longest_stall_ns,
            name,
        )
        assert answer == expected
        return answer


@pytest.fixture
def page(qapp: QApplication, qtbot, monkeypatch: pytest.MonkeyPatch) -> TrialPage:
    theme.apply(qapp, theme.Theme.LIGHT)
    made = TrialPage()
    made.inputs.clock = OwnClock()
    really = made.view.present

    def present(stimulus: Stimulus) -> Frame:
        really(stimulus)
        return Frame(ONSET_NS, ONSET_NS, ONSET_NS)

    monkeypatch.setattr(made.view, "present", present)
    open_on_screen(qtbot, made, 1000, 800)
    made.setFocus()
    return made


def test_an_answer_carries_the_stamp_of_its_key(page: TrialPage) -> None:
    shown = Shown(page)
    key_event(page, Qt.Key.Key_2, "2", ONSET_MS + 640)
    shown.answer("b", ONSET_MS + 640)
    key_event(page, Qt.Key.Key_Return, "\r", ONSET_MS + 700)
    shown.answer("a", ONSET_MS + 700)


def test_a_press_before_the_onset_never_answers(page: TrialPage) -> None:
    shown = Shown(page)
    for key in (Qt.Key.Key_Return, Qt.Key.Key_2, Qt.Key.Key_F8):
        key_event(page, key, "2" if key is Qt.Key.Key_2 else "", ONSET_MS - 1)
    assert shown.sent == []
    key_event(page, Qt.Key.Key_Return, "\r", ONSET_MS)
    assert len(shown.sent) == 1


def test_a_held_key_never_answers(page: TrialPage) -> None:
    shown = Shown(page)
    key_event(page, Qt.Key.Key_Return, "\r", ONSET_MS + 300, repeat=True)
    # A repeat that Qt did not mark: the release has the press's stamp.
    key_event(page, Qt.Key.Key_Return, at_ms=ONSET_MS + 340, kind=QEvent.Type.KeyRelease)
    key_event(page, Qt.Key.Key_Return, "\r", ONSET_MS + 340)
    assert shown.sent == []
    key_event(page, Qt.Key.Key_Return, at_ms=ONSET_MS + 380, kind=QEvent.Type.KeyRelease)
    key_event(page, Qt.Key.Key_Return, "\r", ONSET_MS + 500)
    assert len(shown.sent) == 1


def test_nothing_answers_without_a_stimulus(page: TrialPage) -> None:
    shown = Shown(page)
    shown.step(ev.Answer(ONSET_NS + MS, ONSET_NS + MS, StampSource.MONOTONIC, Device.KEYBOARD, 0, "a"))
    shown.page.draw(shown.state)
    for key in (Qt.Key.Key_Return, Qt.Key.Key_1, Qt.Key.Key_F8):
        key_event(page, key, "1" if key is Qt.Key.Key_1 else "", ONSET_MS + 800)
    assert shown.sent == []


def test_typing_and_taking_back(page: TrialPage) -> None:
    shown = Shown(page, MANY)
    key_event(page, Qt.Key.Key_B, "b", ONSET_MS + 300)
    assert "b" in shown.text()
    key_event(page, Qt.Key.Key_Backspace, "\b", ONSET_MS + 400)
    key_event(page, Qt.Key.Key_C, "c", ONSET_MS + 500)
    assert shown.sent == [
        ev.Touch((ONSET_MS + 300) * MS),
        ev.Backtrack((ONSET_MS + 400) * MS),
        ev.Touch((ONSET_MS + 500) * MS),
    ]
    key_event(page, Qt.Key.Key_Return, "\r", ONSET_MS + 600)
    shown.answer("cat", ONSET_MS + 600)


def test_flag_and_pause_by_key(page: TrialPage) -> None:
    shown = Shown(page)
    key_event(page, Qt.Key.Key_F8, "", ONSET_MS + 300)
    key_event(page, Qt.Key.Key_Escape, "", ONSET_MS + 400)
    assert shown.sent == [ev.Flag((ONSET_MS + 300) * MS), ev.Pause((ONSET_MS + 400) * MS)]
    page.mark_flagged(True)
    assert "data set is wrong" in shown.text()
    page.mark_flagged(False)
    assert "data set is wrong" not in shown.text()


def test_flag_and_pause_by_mouse(page: TrialPage, qtbot) -> None:
    shown = Shown(page)
    page.inputs.clock = StoppedClock(ONSET_MS + 300)
    buttons = {button.accessibleName(): button for button in page.findChildren(QPushButton)}
    qtbot.mouseClick(buttons["Data wrong"], Qt.MouseButton.LeftButton)
    qtbot.mouseClick(buttons["Pause"], Qt.MouseButton.LeftButton)
    assert [type(sent) for sent in shown.sent] == [ev.Flag, ev.Pause]
    with qtbot.waitSignal(page.help_wanted):
        qtbot.mouseClick(buttons["Keys"], Qt.MouseButton.LeftButton)
    assert page.hasFocus(), "a click on a button leaves the keys to the answer"


def test_the_mouse_answers_on_a_class_and_on_the_word(page: TrialPage, qtbot) -> None:
    shown = Shown(page)
    page.inputs.clock = StoppedClock(ONSET_MS + 500)
    cells = page._picker._cells  # type: ignore[union-attr]
    qtbot.mouseClick(cells, Qt.MouseButton.LeftButton, pos=cells.place(2).center())
    shown.answer("c", ONSET_MS + 500, Device.MOUSE)
    qtbot.mouseClick(page.view, Qt.MouseButton.LeftButton, pos=page.view._words_place().center())
    shown.answer("a", ONSET_MS + 500, Device.MOUSE)


@pytest.mark.parametrize("interface", list(Interface))
def test_a_click_is_timed_by_its_press_and_counts_where_it_is_released(
    page: TrialPage, qtbot, interface: Interface
) -> None:
    shown = Shown(page, FEW, interface)
    left = Qt.MouseButton.LeftButton
    if interface is Interface.KEYBOARD:
        target = page._picker._cells  # type: ignore[union-attr]
        here, answer = target.place(0).center(), "a"
    else:
        target = page._picker._next  # type: ignore[union-attr]
        here, answer = target.rect().center(), "a"
    off = QPoint(-200, -200)
    for where in (off, here):
        page.inputs.clock = StoppedClock(ONSET_MS + 500)
        qtbot.mousePress(target, left, pos=here)
        page.inputs.clock = StoppedClock(ONSET_MS + 900)
        assert shown.sent == []
        qtbot.mouseRelease(target, left, pos=where)
    shown.answer(answer, ONSET_MS + 500, Device.MOUSE)


@pytest.mark.parametrize("name", ["Data wrong", "Next"])
def test_a_double_click_on_a_button_is_one_click(page: TrialPage, qtbot, name: str) -> None:
    shown = Shown(page, FEW, Interface.DROPDOWN)
    page.inputs.clock = StoppedClock(ONSET_MS + 500)
    (button,) = (b for b in page.findChildren(QPushButton) if b.accessibleName() == name)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    double = QMouseEvent(
        QEvent.Type.MouseButtonDblClick,
        QPointF(9, 9),
        QPointF(9, 9),
        Qt.MouseButton.LeftButton,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(button, double)
    qtbot.mouseRelease(button, Qt.MouseButton.LeftButton)
    assert len(shown.sent) == 1
    for other in (Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton):
        qtbot.mouseClick(button, other)
    assert len(shown.sent) == 1
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert len(shown.sent) == 2


def test_clicks_before_the_onset_never_answer(page: TrialPage, qtbot) -> None:
    shown = Shown(page)
    page.inputs.clock = StoppedClock(ONSET_MS - 1)
    cells = page._picker._cells  # type: ignore[union-attr]
    qtbot.mouseClick(cells, Qt.MouseButton.LeftButton, pos=cells.place(2).center())
    qtbot.mouseClick(page.view, Qt.MouseButton.LeftButton, pos=page.view._words_place().center())
    assert shown.sent == []


def test_the_list_answers_by_d_only(page: TrialPage) -> None:
    shown = Shown(page, FEW, Interface.DROPDOWN)
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Space, Qt.Key.Key_1):
        key_event(page, key, "", ONSET_MS + 300)
    assert shown.sent == []
    key_event(page, Qt.Key.Key_D, "d", ONSET_MS + 400)
    shown.answer("a", ONSET_MS + 400)


def test_other_keys_go_on_to_the_window(page: TrialPage) -> None:
    Shown(page)
    assert not key_event(page, Qt.Key.Key_F1, "", ONSET_MS + 300).isAccepted()
    assert not key_event(page, Qt.Key.Key_F11, "", ONSET_MS + 300).isAccepted()
    assert key_event(page, Qt.Key.Key_F8, "", ONSET_MS + 300).isAccepted()


@pytest.mark.parametrize("interface", [Interface.KEYBOARD, Interface.DROPDOWN])
@pytest.mark.parametrize("answer", ["a", "b"])
def test_feedback_names_the_right_class_and_no_other(
    page: TrialPage, answer: str, interface: Interface
) -> None:
    shown = Shown(page, FEW, interface)
    shown.trials = planned(4, FEW, practice=2)
    shown.follow(at_stimulus(shown.trials))
    shown.step(ev.Answer(ONSET_NS + MS, ONSET_NS + MS, StampSource.MONOTONIC, Device.KEYBOARD, 0, answer))
    page.draw(shown.state)
    word = "✓ Right: a" if answer == "a" else "✗ Wrong: it is a"
    assert page.view.accessibleDescription() == word, "no suggestion stands below the image any more"
    key_event(page, Qt.Key.Key_F8, "", ONSET_MS + 900)
    key_event(page, Qt.Key.Key_Space, " ", ONSET_MS + 1000)
    assert shown.sent == [ev.Continue((ONSET_MS + 1000) * MS)]
