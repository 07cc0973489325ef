"""Measures the event loop's longest stall while a stimulus is on screen."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, Qt, QTimer

_BEAT_MS = 20


class StallMeter(QObject):
    """A heartbeat; a beat that comes late was held up by whatever blocked the event loop."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_BEAT_MS)
        self._timer.timeout.connect(self._beat)
        self._last_ns = 0
        self._longest_ns = 0

    def start(self) -> None:
        """Begin anew with no stall seen."""
        self._longest_ns = 0
        self._last_ns = time.perf_counter_ns()
        self._timer.start()

    def stop(self) -> int:
        """End, and return the longest stall in ns (0: every beat was on time)."""
        self._beat()
        self._timer.stop()
        return self._longest_ns

    def _beat(self) -> None:
        now = time.perf_counter_ns()
        self._longest_ns = max(self._longest_ns, now - self._last_ns - _BEAT_MS * 1_000_000)
        self._last_ns = now
