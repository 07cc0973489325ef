"""Measures how long the event loop, or the whole machine, stood still while a stimulus was on screen."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, Qt, QTimer

from ui.answering.sleep_meter import SleepMeter, machine_sleep

_BEAT_MS = 20


class StallMeter(QObject):
    """A heartbeat; a beat that comes late was held up by whatever blocked the event loop.

    The clock of the beats stands still while the machine sleeps, so sleep is measured beside them.
    """

    def __init__(self, parent: QObject | None = None, sleep: SleepMeter | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_BEAT_MS)
        self._timer.timeout.connect(self._beat)
        self._sleep = sleep or machine_sleep()
        self._last_ns = 0
        self._longest_ns = 0

    def start(self) -> None:
        """Begin anew with no stall seen."""
        self._longest_ns = 0
        self._last_ns = time.perf_counter_ns()
        self._sleep.start()
        self._timer.start()

    def stop(self) -> int:
        """End, and return the longest stall in ns, sleep included (0: every beat was on time)."""
        self._beat()
        self._timer.stop()
        return max(self._longest_ns, self._sleep.slept_ns())

    def _beat(self) -> None:
        now = time.perf_counter_ns()
        self._longest_ns = max(self._longest_ns, now - self._last_ns - _BEAT_MS * 1_000_000)
        self._last_ns = now
