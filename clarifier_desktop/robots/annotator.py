"""A simulated annotator who knows the truth and presses real keys in the real window, at a person's pace."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from clarifier_desktop.robots.typist import ExGaussian, Typist, keys_for
from studies.labeling.project.project import Project
from studies.labeling.state.desk import Desk, Phase
from studies.timing.facts.records import Interface
from ui.main_window import MainWindow

_LOOK_EVERY_MS = 2
_LEAST_S = 0.01  # a key whose stamp, cut off to whole ms, lies before the onset would not count
_AGAIN_NS = 2_000_000_000  # after a key that went nowhere, as one does that came while the window was covered

_VERIFY = ExGaussian(0.6, 0.08, 0.25)
_CORRECT = ExGaussian(1.65, 0.2, 0.5)


@dataclass(frozen=True)
class Manner:
    """How the robot answers: 1.5 s a label in the mean if half of the suggestions are right."""

    verify: ExGaussian = _VERIFY
    correct: ExGaussian = _CORRECT
    error_rate: float = 0.01
    speed: float = 1.0  # times are divided by it


@dataclass(frozen=True)
class Until:
    """When the robot stops: whichever comes first."""

    rounds: int | None = None  # begun and their queues answered
    labels: int | None = None


@dataclass(frozen=True)
class Pressed:
    """The deciding key that the robot pressed for a task, ``delay_s`` after the onset."""

    task_id: int
    delay_s: float


class LabelRobot(QObject):
    """Answers what lies on the desk; ``done`` when it has enough or nothing is left to label."""

    done = Signal()

    def __init__(
        self,
        window: MainWindow,
        project: Callable[[], Project | None],
        truth: Callable[[int], str],
        seed: int,
        until: Until,
        manner: Manner = Manner(),
        shots: Path | None = None,
    ) -> None:
        super().__init__(window)
        self._project = project
        self._truth = truth
        self._chance = random.Random(seed)
        self._until = until
        self._manner = manner
        self._typist = Typist(window, shots)
        self._planned: tuple[Phase, int] | None = None  # what lies on the desk, and its onset in ns
        self._due_ns = 0
        self._first_action: int | None = None
        self.pressed: list[Pressed] = []
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_LOOK_EVERY_MS)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def stop(self) -> None:
        """Press no more keys."""
        self._timer.stop()

    def _look(self) -> None:
        project = self._project()
        if project is None:
            return
        desk = project.desk
        if self._finished(project):
            self.stop()
            self._typist.take_shot("end")
            self.done.emit()
            return
        now_ns = time.perf_counter_ns()
        what = (desk.phase, 0 if desk.on_screen is None else desk.on_screen.onset_ns)
        if what == self._planned and now_ns < self._due_ns + _AGAIN_NS:
            return
        if desk.phase is Phase.SHOWN and desk.on_screen is not None:
            self._planned, self._due_ns = what, now_ns
            self._typist.take_shot(f"round-{project.round}")
            self._plan_answer(project, desk, desk.on_screen.onset_ns)
        elif desk.phase is Phase.PAUSED:
            self._planned, self._due_ns = what, now_ns
            self._typist.press(Qt.Key.Key_Return)

    def _finished(self, project: Project) -> bool:
        until = self._until
        if self._first_action is None:
            self._first_action = project.ledger.actions
        if until.labels is not None and project.ledger.actions - self._first_action >= until.labels:
            return True
        if until.rounds is not None and project.round > until.rounds:
            return True  # the next round is there: those before are answered, or nearly so
        return project.ledger.open_items == 0 and project.desk.phase is Phase.NOTHING

    def _plan_answer(self, project: Project, desk: Desk, onset_ns: int) -> None:
        task = desk.task
        if task is None:
            return
        names = tuple(c.name for c in project.classes.standing)
        suggestion = None if task.suggestion is None else project.classes.name(task.suggestion)
        errs = self._chance.random() < self._manner.error_rate
        answer = self._chance.choice(names) if errs else self._truth(task.item)
        pace = self._manner.verify if answer == suggestion else self._manner.correct
        delay_s = max(_LEAST_S, pace.draw(self._chance) / self._manner.speed)
        keys = keys_for(answer, suggestion, names, Interface.KEYBOARD)

        def pressing() -> None:
            self.pressed.append(Pressed(task.task_id, (time.perf_counter_ns() - onset_ns) / 1e9))

        self._due_ns = onset_ns + round(delay_s * 1e9)
        self._typist.press_at(self._due_ns, keys, pressing)
