"""A simulated participant who presses real keys in the real window, with delays that are known."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from studies.timing.records import Interface, PlannedTrial
from studies.timing.trial import Phase
from ui.main_window import MainWindow
from ui.session_controller import SessionController
from ui.type_ahead import digit_keys, matches

_LOOK_EVERY_MS = 5
_READ_S = 0.3  # how long the robot looks at a page of words
_BETWEEN_KEYS_MS = 40


@dataclass(frozen=True)
class ExGaussian:
    """A response-time distribution in s: a normal (mu, sigma) plus an exponential (tau)."""

    mu: float
    sigma: float
    tau: float

    def draw(self, chance: random.Random) -> float:
        """One time in s, at least 0.2."""
        return max(0.2, chance.gauss(self.mu, self.sigma) + chance.expovariate(1 / self.tau))


@dataclass(frozen=True)
class Manner:
    """How the robot answers. It verifies faster than it corrects, and seldom errs."""

    verify: ExGaussian = ExGaussian(0.28, 0.04, 0.08)
    correct: ExGaussian = ExGaussian(0.85, 0.12, 0.25)
    error_rate: float = 0.04


@dataclass(frozen=True)
class Pressed:
    """The deciding key that the robot pressed for a trial, ``delay_s`` after the onset."""

    position: int
    delay_s: float


class Robot(QObject):
    """Goes through one session; ``done`` at the last page, before it is left."""

    done = Signal()

    def __init__(
        self,
        window: MainWindow,
        controller: Callable[[], SessionController | None],
        seed: int,
        manner: Manner = Manner(),
        shots: Path | None = None,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._controller = controller
        self._chance = random.Random(seed)
        self._manner = manner
        self._shots = shots
        self._shot: set[str] = set()
        self._seen_ns = time.perf_counter_ns()
        self._seen: tuple[Phase, int] | None = None
        self._acted = False
        self.pressed: list[Pressed] = []
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_EVERY_MS)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def _look(self) -> None:
        controller = self._controller()
        if controller is None:
            return
        state = controller.state
        now = time.perf_counter_ns()
        seen = (state.phase, len(state.queue))
        if seen != self._seen:
            self._seen, self._seen_ns, self._acted = seen, now, False
        if self._acted:
            return
        if state.phase is Phase.STIMULUS and state.on_screen is not None and state.trial is not None:
            self._acted = True
            self._take_shot(f"trial-{state.trial.dataset}{'-practice' if state.trial.practice else ''}")
            self._plan_answer(controller, state.trial, state.on_screen.onset_ns)
        elif state.phase is not Phase.FIXATION and now - self._seen_ns > _READ_S * 1e9:
            self._acted = True
            self._take_shot(state.phase.value)
            if state.phase is Phase.FINISHED:
                self._timer.stop()
                self.done.emit()
            else:
                self._press(Qt.Key.Key_Return)

    def _plan_answer(self, controller: SessionController, trial: PlannedTrial, onset_ns: int) -> None:
        manner = self._manner
        right = trial.suggestion_right is True
        errs = self._chance.random() < manner.error_rate
        classes = controller.classes_of(trial)
        answer = self._chance.choice(classes) if errs else trial.true_class
        delay = (manner.verify if right and not errs else manner.correct).draw(self._chance)
        keys = _keys_for(answer, trial.suggestion, classes, controller.interface)
        due_ns = onset_ns + round(delay * 1e9) - (len(keys) - 1) * _BETWEEN_KEYS_MS * 1_000_000
        self._later(due_ns, trial.position, onset_ns, keys)

    def _later(self, due_ns: int, position: int, onset_ns: int, keys: list[Qt.Key | str]) -> None:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setTimerType(Qt.TimerType.PreciseTimer)

        def fire() -> None:
            timer.deleteLater()
            last = len(keys) == 1
            if last:
                self.pressed.append(Pressed(position, (time.perf_counter_ns() - onset_ns) / 1e9))
            self._press(keys[0])
            if not last:
                self._later(due_ns + _BETWEEN_KEYS_MS * 1_000_000, position, onset_ns, keys[1:])

        timer.timeout.connect(fire)
        timer.start(max(0, round((due_ns - time.perf_counter_ns()) / 1e6)))

    def _press(self, key: Qt.Key | str) -> None:
        target = QGuiApplication.focusWindow() or self._window.windowHandle()
        if isinstance(key, str):
            QTest.keyClick(target, Qt.Key(ord(key.upper())))
        else:
            QTest.keyClick(target, key)

    def _take_shot(self, name: str) -> None:
        if self._shots is None or name in self._shot:
            return
        self._shot.add(name)
        self._shots.mkdir(parents=True, exist_ok=True)
        self._window.grab().save(str(self._shots / f"{len(self._shot):02d}-{name}.png"))


def _keys_for(
    answer: str, suggestion: str | None, classes: tuple[str, ...], interface: Interface
) -> list[Qt.Key | str]:
    """The keys that give an answer in an interface, the deciding one last."""
    if interface is Interface.DROPDOWN:
        if answer == suggestion:
            return [Qt.Key.Key_D]
        return [Qt.Key.Key_F4, *answer, Qt.Key.Key_Return, Qt.Key.Key_D]
    if answer == suggestion:
        return [Qt.Key.Key_Return]
    digits = digit_keys(len(classes))
    if digits:
        return [digits[classes.index(answer)]]
    index = classes.index(answer)
    for length in range(1, len(answer) + 1):
        found = matches(classes, answer[:length])
        if found and found[0] == index:
            return [*answer[:length], Qt.Key.Key_Return]
    return [*answer, Qt.Key.Key_Return]
