"""Keys with stamps of a test's own, and sessions in a window that paints in memory."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAccessible, QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QWidget

from studies.answers import StampSource
from studies.timing.facts import inputs as ev
from studies.timing.facts.plan import parse_plan
from studies.timing.facts.records import EventKind, PlannedTrial
from studies.timing.file.store import Store
from studies.timing.session import trial
from studies.timing.session.host import Host
from studies.timing.session.session import Participant
from studies.timing.session.trial import Phase, Rules, SessionState
from ui.answering.stamps import EventClock, Stamp
from ui.main_window import MainWindow
from ui.study.session_controller import SessionController
from ui.study.text_page import TextPage
from ui.study.trial_page import TrialPage

MS = 1_000_000
ONSET_NS = 5_000 * MS


class OwnClock(EventClock):
    """Believes an event's stamp, whatever the time is; the program took it 3 ms later."""

    def stamp(self, timestamp_ms: int, now_ns: int) -> Stamp:
        return Stamp(timestamp_ms * MS, timestamp_ms * MS + 3 * MS, StampSource.MONOTONIC)


class StoppedClock(EventClock):
    """Stamps every event alike."""

    def __init__(self, at_ms: int) -> None:
        super().__init__()
        self._at_ms = at_ms

    def stamp(self, timestamp_ms: int, now_ns: int) -> Stamp:
        return OwnClock().stamp(self._at_ms, now_ns)


class Port:
    """A job's port that nobody looks at."""

    def progress(self, done: int, total: int, text: str) -> None:
        pass

    def cancelled(self) -> bool:
        return False


def key_event(
    widget: QWidget,
    key: Qt.Key,
    text: str = "",
    at_ms: int | None = None,
    repeat: bool = False,
    kind: QEvent.Type = QEvent.Type.KeyPress,
    held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> QKeyEvent:
    """Send a key event stamped ``at_ms``, by default just now."""
    event = QKeyEvent(kind, key, held, text, repeat, 1)
    # The coming ms: clocks cut it back to the moment at which the event is taken.
    event.setTimestamp(time.perf_counter_ns() // MS + 1 if at_ms is None else at_ms)
    QApplication.sendEvent(widget, event)
    return event


def press_here(key: Qt.Key, text: str = "") -> None:
    """Press and release a key where the focus is, as a person does."""
    focus = QApplication.focusWidget()
    assert focus is not None, "nothing has the focus"
    key_event(focus, key, text)
    after = QApplication.focusWidget()
    if after is not None:
        stamp = time.perf_counter_ns() // MS - 1
        key_event(after, key, at_ms=stamp, kind=QEvent.Type.KeyRelease)


def planned(count: int, classes: Sequence[str] = ("a", "b"), practice: int = 0) -> tuple[PlannedTrial, ...]:
    """Trials of the first class; the suggestion is right for every other one."""
    return tuple(
        PlannedTrial(i, 0, "d", i < practice, f"img{i}", classes[0], classes[i % 2]) for i in range(count)
    )


def at_stimulus(
    trials: tuple[PlannedTrial, ...], onset_ns: int = ONSET_NS, feedback: bool = True
) -> SessionState:
    """The state with the first trial on screen."""
    state = trial.begin(trials, Rules(feedback, 0))
    for event in (ev.Agree(1), ev.Continue(2), ev.Continue(3), ev.Shown(onset_ns)):
        state, _ = trial.step(state, event)
    return state


def unnamed(widget: QWidget) -> list[str]:
    """The visible controls that take the focus, or are pressed by mouse, and that a screen reader cannot name."""
    found = []
    for child in [widget, *widget.findChildren(QWidget)]:
        control = isinstance(child, QAbstractButton | QComboBox | QLineEdit)
        takes_focus = bool(child.focusPolicy() & Qt.FocusPolicy.TabFocus)
        if not child.isVisible() or not (control or takes_focus):
            continue
        if isinstance(child, QLineEdit) and isinstance(child.parentWidget(), QComboBox):
            continue  # a part of its box, which has the name
        interface = QAccessible.queryAccessibleInterface(child)
        if not interface.text(QAccessible.Text.Name):
            found.append(f"{type(child).__name__} {child.objectName()}")
    return found


@dataclass
class Stage:
    """A session in a window."""

    window: MainWindow
    host: Host
    page: TrialPage
    controller: SessionController

    @property
    def state(self) -> SessionState:
        return self.controller.state

    @property
    def words(self) -> TextPage | None:
        """The page of words, where one is on screen."""
        shown = self.window.pages.currentWidget()
        return shown if isinstance(shown, TextPage) else None

    @property
    def title(self) -> str:
        """The title of the page of words, or nothing."""
        return "" if self.words is None else self.words.accessibleName()

    def kinds(self) -> list[str]:
        return [kind for (kind,) in self.host.store.query("SELECT kind FROM events ORDER BY seq")]

    def count(self, kind: EventKind) -> int:
        return self.kinds().count(kind.value)

    def answers(self) -> list[tuple[int, str]]:
        return self.host.store.query("SELECT position, answer FROM responses ORDER BY position")

    def to_image(self, qtbot) -> PlannedTrial:
        """Wait for a stimulus; returns its trial."""
        qtbot.waitUntil(lambda: self.state.phase is Phase.STIMULUS, timeout=10_000)
        assert self.state.trial is not None
        return self.state.trial

    def to_first_image(self, qtbot) -> PlannedTrial:
        """Through consent, instructions and the block's introduction."""
        for phase in (Phase.CONSENT, Phase.INSTRUCTIONS, Phase.BLOCK_INTRO):
            assert self.state.phase is phase
            press_here(Qt.Key.Key_Return)
        return self.to_image(qtbot)

    def close(self) -> None:
        self.controller.close()
        self.host.store.close()


def make_host(store: Path, toml: str) -> Host:
    return Host(Store.open(store), parse_plan(toml), store.parent, {}, "0.1.0", {"made": "for a test"})


def make_stage(qtbot, folder: Path, toml: str) -> Stage:
    """Start a session and show its first page."""
    host = make_host(folder / "study.sqlite", toml)
    drawn = host.draw(1, Port())
    window, page = MainWindow(), TrialPage()
    window.pages.addWidget(page)
    qtbot.addWidget(window)
    session = host.start(Participant("P1"), 1, drawn)
    controller = SessionController(host, session, drawn.material, window.pages, page)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    controller.begin()
    return Stage(window, host, page, controller)
