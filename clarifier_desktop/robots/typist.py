"""Real key presses in the real window at given moments, and pictures of it: what simulated people have in common."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from studies.answers import SEEN_AFTER_NS
from studies.timing.facts.records import Interface
from ui.answering.type_ahead import digit_keys, matches
from ui.main_window import MainWindow

BETWEEN_KEYS_MS = 40
_AFTER_MS = 10  # timers come early and stamps are cut off to whole ms

Keys = list[Qt.Key | str]


@dataclass(frozen=True)
class ExGaussian:
    """A response-time distribution in s: a normal (mu, sigma) plus an exponential (tau)."""

    mu: float
    sigma: float
    tau: float

    def draw(self, chance: random.Random) -> float:
        """One time in s, at least 0.2."""
        return max(0.2, chance.gauss(self.mu, self.sigma) + chance.expovariate(1 / self.tau))


class Typist(QObject):
    """Presses keys in a window."""

    def __init__(self, window: MainWindow, shots: Path | None) -> None:
        super().__init__(window)
        self._window = window
        self._shots = shots
        self._shot: set[str] = set()

    def press(self, key: Qt.Key | str) -> None:
        """Press and release a key now."""
        target = QGuiApplication.focusWindow() or self._window.windowHandle()
        if not isinstance(key, str):
            QTest.keyClick(target, key)
            return
        # Of a character that no key has everywhere the text counts that the event brings.
        code = Qt.Key(ord(key.upper())) if key.isascii() else Qt.Key.Key_unknown
        held = Qt.KeyboardModifier.ShiftModifier if key.isupper() else Qt.KeyboardModifier.NoModifier
        for action in (QTest.KeyAction.Press, QTest.KeyAction.Release):
            QTest.sendKeyEvent(action, target, code, key, held)

    def press_at(self, due_ns: int, keys: Keys, pressing: Callable[[], None]) -> None:
        """Press ``keys`` one after another, the last at ``due_ns``; ``pressing`` is called right before that."""
        self._later(due_ns - (len(keys) - 1) * BETWEEN_KEYS_MS * 1_000_000, keys, pressing)

    def press_one_by_one(self, keys: Keys) -> None:
        """Press ``keys`` one after another from now on."""
        self._later(time.perf_counter_ns(), keys, lambda: None)

    def earliest_ns(self, keys: Keys) -> int:
        """How long after the onset the last of these keys can be pressed, so that the first one counts."""
        return SEEN_AFTER_NS + (_AFTER_MS + (len(keys) - 1) * BETWEEN_KEYS_MS) * 1_000_000

    def take_shot(self, name: str) -> None:
        """Keep a picture of the window, one of each name."""
        if self._shots is None or name in self._shot:
            return
        self._shot.add(name)
        self._shots.mkdir(parents=True, exist_ok=True)
        self._window.grab().save(str(self._shots / f"{len(self._shot):02d}-{name}.png"))

    def _later(self, due_ns: int, keys: Keys, pressing: Callable[[], None]) -> None:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setTimerType(Qt.TimerType.PreciseTimer)

        def fire() -> None:
            timer.deleteLater()
            if len(keys) == 1:
                pressing()
            self.press(keys[0])
            if len(keys) > 1:
                self._later(due_ns + BETWEEN_KEYS_MS * 1_000_000, keys[1:], pressing)

        timer.timeout.connect(fire)
        timer.start(max(0, round((due_ns - time.perf_counter_ns()) / 1e6)))


def keys_for(answer: str, suggestion: str | None, classes: tuple[str, ...], interface: Interface) -> Keys:
    """The keys that give an answer in an interface, the deciding one last."""
    if interface is Interface.DROPDOWN:
        if answer == suggestion:
            return [Qt.Key.Key_D]
        return [Qt.Key.Key_F4, *answer, Qt.Key.Key_Return, Qt.Key.Key_D]
    if answer == suggestion:
        return [Qt.Key.Key_Return]
    digits = digit_keys(classes)
    if digits:
        return [digits[classes.index(answer)]]
    return letters_for(answer, classes)


def letters_for(answer: str, classes: tuple[str, ...]) -> Keys:
    """The letters that find a class, as few as there can be, and Enter."""
    index = classes.index(answer)
    for length in range(1, len(answer) + 1):
        found = matches(classes, answer[:length])
        if found and found[0] == index:
            return [*answer[:length], Qt.Key.Key_Return]
    return [*answer, Qt.Key.Key_Return]
