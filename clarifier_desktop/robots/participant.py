"""A simulated participant who presses real keys in the real window, with delays that are known."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from clarifier_desktop.robots.typist import ExGaussian, Typist, keys_for
from studies.timing.facts.records import PlannedTrial
from studies.timing.session.trial import Phase
from ui.main_window import MainWindow
from ui.study.session_controller import SessionController

_LOOK_EVERY_MS = 5
_READ_S = 0.3  # how long the robot looks at a page of words


_VERIFY = ExGaussian(0.28, 0.04, 0.08)
_CORRECT = ExGaussian(0.85, 0.12, 0.25)


@dataclass(frozen=True)
class Manner:
    """How the robot answers. It verifies faster than it corrects, and seldom errs."""

    verify: ExGaussian = _VERIFY
    correct: ExGaussian = _CORRECT
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
        self._controller = controller
        self._chance = random.Random(seed)
        self._manner = manner
        self._typist = Typist(window, shots)
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
            self._typist.take_shot(
                f"trial-{state.trial.dataset}{'-practice' if state.trial.practice else ''}"
            )
            self._plan_answer(controller, state.trial, state.on_screen.onset_ns)
        elif state.phase is not Phase.FIXATION and now - self._seen_ns > _READ_S * 1e9:
            self._acted = True
            self._typist.take_shot(state.phase.value)
            if state.phase is Phase.FINISHED:
                self._timer.stop()
                self.done.emit()
            else:
                self._typist.press(Qt.Key.Key_Return)

    def _plan_answer(self, controller: SessionController, trial: PlannedTrial, onset_ns: int) -> None:
        manner = self._manner
        right = trial.suggestion_right is True
        errs = self._chance.random() < manner.error_rate
        classes = controller.classes_of(trial)
        answer = self._chance.choice(classes) if errs else trial.true_class
        delay = (manner.verify if right and not errs else manner.correct).draw(self._chance)
        keys = keys_for(answer, trial.suggestion, classes, controller.interface)

        def pressing() -> None:
            delay_s = (time.perf_counter_ns() - onset_ns) / 1e9
            self.pressed.append(Pressed(trial.position, delay_s))

        self._typist.press_at(onset_ns + round(delay * 1e9), keys, pressing)
