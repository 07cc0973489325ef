"""The checks of the machine that need no window."""

from __future__ import annotations

import itertools
import shutil
from collections import namedtuple
from collections.abc import Callable
from pathlib import Path

import pytest

from clarifier_desktop.machine import checks
from clarifier_desktop.machine.checks import Verdict


def stepping(*steps_ns: int) -> Callable[[], int]:
    """A clock whose readings lie as far apart as told, over and over."""
    readings = itertools.accumulate(itertools.cycle(steps_ns))
    return lambda: next(readings)


@pytest.mark.parametrize(
    ("values", "percent", "expected"),
    [
        ([5], 99, 5),
        (range(1, 101), 50, 50),
        (range(1, 101), 99, 99),
        (range(200, 0, -1), 99, 198),
        ([1, 9], 50, 1),
    ],
)
def test_percentile_by_hand(values, percent: float, expected: float) -> None:
    assert checks.percentile(list(values), percent) == expected


@pytest.mark.parametrize(
    ("step_ns", "verdict"),
    [(100, Verdict.OK), (10_000, Verdict.OK), (20_000, Verdict.WARN), (15_600_000, Verdict.FAIL)],
)
def test_a_coarse_clock_is_found_by_its_smallest_step(step_ns: int, verdict: Verdict) -> None:
    check = checks.check_clock(stepping(0, 0, step_ns, 0, 5 * step_ns), calls=50)
    assert check.verdict is verdict
    assert check.value == f"{step_ns / 1000:.2f} µs"
    assert bool(check.advice) is (verdict is not Verdict.OK)


def test_a_clock_that_stands_still_fails() -> None:
    assert checks.check_clock(lambda: 7, calls=10).verdict is Verdict.FAIL


def test_the_delay_of_a_timer_is_what_goes_beyond_the_sleep() -> None:
    asked: list[float] = []
    clock = stepping(0, 1_100_000)  # each sleep ends 0.1 ms late
    check = checks.check_wake_up(clock, asked.append, times=10)
    assert asked == [0.001] * 10
    assert check.value == "median 0.10 ms, 99 % within 0.10 ms"
    assert check.verdict is Verdict.OK


def test_timers_late_in_two_of_a_hundred_are_warned_of() -> None:
    late = [0, 1_100_000] * 98 + [0, 9_000_000] * 2
    check = checks.check_wake_up(stepping(*late), lambda _: None, times=100)
    assert check.value == "median 0.10 ms, 99 % within 8.00 ms"
    assert check.verdict is Verdict.WARN
    assert "Close other programs" in check.advice


def test_the_longest_gap_of_a_busy_loop_is_its_stall() -> None:
    check = checks.check_stalls(stepping(*[1_000_000] * 20, 30_000_000), duration_ns=100_000_000)
    assert check.value == "30.00 ms"
    assert check.verdict is Verdict.WARN


def test_commits_are_made_where_the_store_lies_and_leave_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "studies"
    check = checks.check_commits(folder, stepping(0, 300_000))
    assert check.value == "median 0.30 ms, 99 % within 0.30 ms"
    assert check.verdict is Verdict.OK
    assert list(folder.iterdir()) == []
    assert len(checks.commit_times_ns(folder, commits=7)) == 7


@pytest.mark.parametrize(("time_ns", "verdict"), [(6_000_000, Verdict.WARN), (60_000_000, Verdict.FAIL)])
def test_a_slow_disk_is_told(tmp_path: Path, time_ns: int, verdict: Verdict) -> None:
    check = checks.check_commits(tmp_path, stepping(0, time_ns))
    assert check.verdict is verdict
    assert "local disk" in check.advice


def test_a_folder_that_cannot_hold_a_store_fails(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    check = checks.check_commits(tmp_path / "file" / "studies")
    assert check.verdict is Verdict.FAIL
    assert "choose another folder" in check.advice


@pytest.mark.parametrize(
    ("free", "verdict"), [(5e9, Verdict.OK), (0.5e9, Verdict.WARN), (0.05e9, Verdict.FAIL)]
)
def test_free_space_counts_where_the_folder_will_lie(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: float, verdict: Verdict
) -> None:
    usage = namedtuple("usage", "total used free")
    asked: list[Path] = []

    def disk_usage(place: Path) -> object:
        asked.append(place)
        return usage(1e12, 0, free)

    monkeypatch.setattr(shutil, "disk_usage", disk_usage)
    check = checks.check_disk(tmp_path / "not" / "yet")
    assert asked == [tmp_path]
    assert check.verdict is verdict
