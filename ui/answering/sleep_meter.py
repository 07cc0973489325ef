"""How long the machine slept: a clock that goes on in its sleep, beside one that stands still."""

from __future__ import annotations

import ctypes
import sys
import time
from collections.abc import Callable

Clock = Callable[[], int]  # ns

# Without a clock that counts sleep the time of day is the next best; it may be set, by hand or by the network.
_SET_CLOCK_NS = 2_000_000_000


class SleepMeter:
    """Counts sleep between two looks, and never more than there was.

    The program may be held up between reading the one clock and the other. So the clock that counts sleep is read last
    at the start and first at the end: what is measured is too small by that, never too large.
    """

    def __init__(self, goes_on: Clock, stands_still: Clock, ignored_ns: int = 0) -> None:
        self._goes_on, self._stands_still, self._ignored_ns = goes_on, stands_still, ignored_ns
        self._before_ns = 0

    def start(self) -> None:
        """Begin anew."""
        awake_ns = self._stands_still()
        self._before_ns = self._goes_on() - awake_ns

    def slept_ns(self) -> int:
        """How long the machine has slept since the start."""
        whole_ns = self._goes_on()
        slept_ns = whole_ns - self._stands_still() - self._before_ns
        return slept_ns if slept_ns > self._ignored_ns else 0


def machine_sleep() -> SleepMeter:
    """The best clocks that this platform has; ``time.perf_counter_ns`` is the one that answers are timed with."""
    if sys.platform == "win32":
        return SleepMeter(time.perf_counter_ns, _unbiased_ns)
    if sys.platform == "darwin":
        return SleepMeter(lambda: time.clock_gettime_ns(time.CLOCK_MONOTONIC), time.perf_counter_ns)
    if hasattr(time, "CLOCK_BOOTTIME"):
        return SleepMeter(lambda: time.clock_gettime_ns(time.CLOCK_BOOTTIME), time.perf_counter_ns)
    return SleepMeter(time.time_ns, time.perf_counter_ns, _SET_CLOCK_NS)


def _unbiased_ns() -> int:
    """Windows' time since its start without sleep; it comes in steps of 100 ns."""
    ticks = ctypes.c_ulonglong()
    ctypes.windll.kernel32.QueryUnbiasedInterruptTime(ctypes.byref(ticks))  # type: ignore[attr-defined]
    return ticks.value * 100
