"""Sleep in mid-answer, by clocks of the test's own."""

from __future__ import annotations

import sys
import time

import pytest
from PySide6.QtCore import QObject

from ui.answering.sleep_meter import SleepMeter, machine_sleep
from ui.answering.stall_meter import StallMeter

S = 1_000_000_000


class Clocks:
    """A machine's two clocks; ``held_ns``: how long the program is held up at each reading."""

    def __init__(self, held_ns: int = 0) -> None:
        self.awake_ns, self.asleep_ns, self.held_ns = 100 * S, 7_000 * S, held_ns

    def stands_still(self) -> int:
        self.awake_ns += self.held_ns
        return self.awake_ns

    def goes_on(self) -> int:
        self.awake_ns += self.held_ns
        return self.awake_ns + self.asleep_ns

    def meter(self, ignored_ns: int = 0) -> SleepMeter:
        return SleepMeter(self.goes_on, self.stands_still, ignored_ns)


def test_sleep_is_measured_though_the_beats_know_nothing_of_it(qapp) -> None:
    clocks = Clocks()
    stalls = StallMeter(QObject(qapp), clocks.meter())
    stalls.start()
    clocks.awake_ns += 3 * S
    clocks.asleep_ns += 8 * S
    assert stalls.stop() == 8 * S
    stalls.start()
    assert stalls.stop() < S, "the next image was not slept over"


def test_a_program_held_up_between_two_readings_has_not_slept() -> None:
    clocks = Clocks(held_ns=S)
    meter = clocks.meter()
    meter.start()
    assert meter.slept_ns() <= 0


def test_a_time_of_day_that_is_set_a_little_is_no_sleep() -> None:
    clocks = Clocks()
    meter = clocks.meter(ignored_ns=2 * S)
    meter.start()
    clocks.asleep_ns += S
    assert meter.slept_ns() == 0
    clocks.asleep_ns -= 400 * S
    assert meter.slept_ns() == 0, "set back"


def test_this_machine_does_not_sleep_between_two_lines() -> None:
    meter = machine_sleep()
    meter.start()
    assert meter.slept_ns() == 0


def test_without_a_clock_that_counts_sleep_the_time_of_day_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "another")
    monkeypatch.delattr(time, "CLOCK_BOOTTIME", raising=False)
    meter = machine_sleep()
    meter.start()
    assert meter.slept_ns() == 0


@pytest.mark.skipif(
    not hasattr(time, "CLOCK_BOOTTIME"), reason="this platform has no clock that counts sleep"
)
@pytest.mark.parametrize("by_s", [3600, -3600, 86400])
def test_setting_the_time_of_day_is_no_sleep(monkeypatch: pytest.MonkeyPatch, by_s: int) -> None:
    meter = machine_sleep()
    meter.start()
    now_ns = time.time_ns() + by_s * S
    monkeypatch.setattr(time, "time_ns", lambda: now_ns)
    assert meter.slept_ns() == 0
