"""Participants one after another: new ones, those who come back, and those who may not begin."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from model.port import Cancelled, Port
from studies.timing.facts.records import EventKind
from studies.timing.session.host import Host
from studies.timing.session.session import Participant
from studies.timing.session.trial import Phase
from tests.ui.driving import make_host, press_here
from ui.kit import theme
from ui.kit.jobs import JobRunner
from ui.main_window import MainWindow
from ui.study.study_flow import StudyFlow

PLAN = """\
name = "s"
[trials]
practice = 0
fixation_ms = 0
[[blocks]]
dataset = "digits"
images = {images}
"""


@dataclass
class Open:
    """An open study in a window."""

    window: MainWindow
    host: Host
    flow: StudyFlow
    jobs: JobRunner
    closed: bool = False

    def welcomed(self) -> bool:
        return self.window.pages.currentWidget() is self.flow.welcome

    def message(self) -> str:
        return " ".join(label.text() for label in self.flow.welcome.findChildren(QLabel))

    def begin(self, qtbot, code: str) -> None:
        self.flow.begin(Participant(code))
        qtbot.waitUntil(lambda: self.flow.controller is not None, timeout=10_000)

    def phase(self) -> Phase | None:
        return self.flow.controller.state.phase if self.flow.controller else None

    def answer(self, qtbot, count: int) -> None:
        for _ in range(count):
            qtbot.waitUntil(lambda: self.phase() is Phase.STIMULUS, timeout=10_000)
            press_here(Qt.Key.Key_5, "5")

    def close(self) -> None:
        if not self.closed:
            self.closed = True
            self.flow.close()
            self.jobs.shutdown()


Opening = Callable[..., Open]


@pytest.fixture
def opening(qapp: QApplication, qtbot, tmp_path: Path) -> Iterator[Opening]:
    theme.apply(qapp, theme.Theme.LIGHT)
    opened: list[Open] = []

    def one(images: int = 3) -> Open:
        window, jobs = MainWindow(), JobRunner()
        qtbot.addWidget(window)
        host = make_host(tmp_path / "study.sqlite", PLAN.format(images=images))
        opened.append(Open(window, host, StudyFlow(host, jobs, window.pages), jobs))
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        opened[-1].flow.open()
        return opened[-1]

    yield one
    for study in opened:
        study.close()


@pytest.fixture
def study(opening: Opening) -> Open:
    return opening()


def test_one_participant_after_another(study: Open, qtbot) -> None:
    for number, code in enumerate(("P01", "P02"), start=1):
        assert study.welcomed()
        study.begin(qtbot, code)
        for _ in range(3):
            press_here(Qt.Key.Key_Return)
        study.answer(qtbot, 3)
        assert study.phase() is Phase.FINISHED
        press_here(Qt.Key.Key_Return)
        sessions = study.host.store.sessions()
        assert [(s.participant, s.participant_number) for s in sessions][-1] == (code, number)
    assert study.welcomed()


def test_an_unfinished_session_goes_on_at_the_next_image(opening: Opening, qtbot) -> None:
    first = opening()
    first.begin(qtbot, "P01")
    for _ in range(3):
        press_here(Qt.Key.Key_Return)
    first.answer(qtbot, 1)
    qtbot.waitUntil(lambda: first.phase() is Phase.STIMULUS)
    first.close()  # with the second image on screen

    again = opening()
    again.begin(qtbot, "P01")
    assert again.phase() is Phase.BLOCK_INTRO
    assert again.flow.controller is not None
    assert again.flow.controller.state.queue == (2, 1), "what was on screen comes last"
    press_here(Qt.Key.Key_Return)
    again.answer(qtbot, 2)
    assert again.phase() is Phase.FINISHED
    assert [s.answered for s in again.host.store.sessions()] == [3]
    kinds = [kind for (kind,) in again.host.store.query("SELECT kind FROM events")]
    assert kinds.count(EventKind.INTERRUPTED.value) == 1


def test_nobody_takes_part_twice(study: Open, qtbot) -> None:
    study.begin(qtbot, "P01")
    for _ in range(3):
        press_here(Qt.Key.Key_Return)
    study.answer(qtbot, 3)
    press_here(Qt.Key.Key_Return)
    study.flow.welcome.begin_wanted.emit("P01")
    assert study.welcomed()
    assert "P01 has finished this study already" in study.message()
    assert study.jobs.running is None


def test_an_unfinished_session_under_another_plan_is_refused(opening: Opening, qtbot) -> None:
    first = opening()
    first.begin(qtbot, "P01")
    first.close()
    changed = opening(images=4)
    changed.flow.welcome.begin_wanted.emit("P01")
    assert "the plan was changed" in changed.message()
    assert [s.total for s in changed.host.store.sessions()] == [3]


def test_a_code_is_needed(study: Open) -> None:
    study.flow.welcome.begin_wanted.emit("")
    assert "participant code" in study.message()
    assert study.host.store.sessions() == ()


def test_a_set_that_is_too_small_is_told(opening: Opening, qtbot) -> None:
    study = opening(images=2000)
    study.flow.begin(Participant("P01"))
    qtbot.waitUntil(lambda: "usable images" in study.message(), timeout=20_000)
    assert study.welcomed()
    assert study.host.store.sessions() == ()


def test_a_cancelled_preparation_stores_nothing(study: Open, qtbot, monkeypatch) -> None:
    begun: list[int] = []

    def draw(_host: Host, number: int, port: Port) -> None:
        begun.append(number)
        while not port.cancelled():
            time.sleep(0.001)
        raise Cancelled

    monkeypatch.setattr(Host, "draw", draw)
    for _ in range(2):  # the second press begins nothing anew
        study.flow.welcome.begin_wanted.emit("P01")
        qtbot.waitUntil(lambda: begun == [1])
    study.flow.welcome.progress.cancel_requested.emit()
    qtbot.waitUntil(lambda: "cancelled" in study.message(), timeout=10_000)
    assert study.host.store.sessions() == ()


def test_help_pauses_a_trial(study: Open, qtbot) -> None:
    study.begin(qtbot, "P01")
    study.flow.pause()
    assert study.phase() is Phase.CONSENT
    for _ in range(3):
        press_here(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: study.phase() is Phase.STIMULUS)
    study.flow.pause()
    assert study.phase() is Phase.PAUSED
