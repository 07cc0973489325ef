"""Stamps of events on the clock of the session, and held keys."""

from __future__ import annotations

from studies.answers import StampSource
from ui.answering.stamps import EventClock, HeldKeys

MS = 1_000_000


def test_a_stamp_of_the_same_clock_is_taken_at_the_middle_of_its_millisecond() -> None:
    stamp = EventClock(True).stamp(7_000, 7_004 * MS)
    assert (stamp.at_ns, stamp.handler_ns, stamp.source) == (
        7_000 * MS + MS // 2,
        7_004 * MS,
        StampSource.MONOTONIC,
    )


def test_no_stamp_lies_after_the_moment_at_which_the_event_was_taken() -> None:
    stamp = EventClock(True).stamp(7_000, 7_000 * MS + 100)
    assert stamp.at_ns == 7_000 * MS + 100


def test_a_stamp_of_another_clock_is_mapped_by_the_smallest_delay() -> None:
    clock = EventClock(True)
    ahead = 1_000_000 * MS  # the other clock lags by 1,000 s
    clock.stamp(100, ahead + 110 * MS)  # taken 10 ms late
    quick = clock.stamp(200, ahead + 201 * MS)  # taken 1 ms late: the best seen so far
    late = clock.stamp(300, ahead + 340 * MS)
    assert quick.source is late.source is StampSource.CALIBRATED
    assert late.at_ns == ahead + 301 * MS + MS // 2


def test_without_a_stamp_the_moment_of_taking_counts() -> None:
    assert EventClock(True).stamp(0, 55).source is StampSource.HANDLER
    assert EventClock(False).stamp(7_000, 7_001 * MS).at_ns == 7_001 * MS


def test_a_repeat_without_qts_mark_is_known_by_its_stamp() -> None:
    held = HeldKeys()
    assert held.is_fresh(65, 1_000, False)
    assert not held.is_fresh(65, 1_500, True)
    held.release(65, 1_540)
    assert not held.is_fresh(65, 1_540, False)
    assert held.is_fresh(66, 1_540, False), "another key in the same millisecond"
    assert held.is_fresh(65, 1_580, False), "pressed again"


def test_without_stamps_only_qts_mark_tells() -> None:
    held = HeldKeys()
    held.release(65, 0)
    assert held.is_fresh(65, 0, False)
