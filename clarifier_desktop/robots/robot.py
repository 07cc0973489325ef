"""A simulated person: watches the program and presses real keys, with delays that are known."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from clarifier_desktop.robots.typist import ExGaussian, Keys, Typist
from ui.main_window import MainWindow


@dataclass(frozen=True)
class Manner:
    """How a robot answers."""

    verify: ExGaussian
    correct: ExGaussian
    error_rate: float
    speed: float = 1.0  # times are divided by it


class Robot(QObject):
    """Watches the program by a timer; ``done`` when it presses no more keys, ``stuck`` where nothing goes on."""

    done = Signal()
    stuck = Signal(str)  # a sentence

    def __init__(
        self, window: MainWindow, seed: int, manner: Manner, shots: Path | None, *, watch_every_ms: int
    ) -> None:
        super().__init__(window)
        self.delays_s: dict[int, float] = {}
        """From the onset to the deciding key, by trial or task."""
        self._chance = random.Random(seed)
        self._manner = manner
        self._typist = Typist(window, shots)
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(watch_every_ms)
        self._timer.timeout.connect(self._watch)
        self._timer.start()

    def stop(self) -> None:
        """Press no more keys."""
        self._timer.stop()

    def _watch(self) -> None:
        """See what is on screen, and act on what has changed."""
        raise NotImplementedError

    def _finish(self) -> None:
        self.stop()
        self.done.emit()

    def _give_up(self, sentence: str) -> None:
        self.stop()
        self.stuck.emit(sentence)

    def _errs(self) -> bool:
        return self._chance.random() < self._manner.error_rate

    def _draw_delay_s(self, verifies: bool) -> float:
        manner = self._manner
        return (manner.verify if verifies else manner.correct).draw(self._chance) / manner.speed

    def _answer_at(self, number: int, onset_ns: int, due_ns: int, keys: Keys) -> int:
        """Press the keys of an answer, the deciding one at ``due_ns``, and note its delay under ``number``.

        However fast the robot is, its first key is not pressed sooner than the page takes any. Returns when the
        deciding one is pressed.
        """
        due_ns = max(due_ns, onset_ns + self._typist.earliest_ns(keys))

        def note() -> None:
            self.delays_s[number] = (time.perf_counter_ns() - onset_ns) / 1e9

        self._typist.press_at(due_ns, keys, note)
        return due_ns
