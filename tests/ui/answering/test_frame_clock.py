"""When a frame was on screen, though the program may hear of it late."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ui.answering.stamps import FrameClock

MS = 1_000_000


def test_a_frame_known_at_once_is_taken_as_known():
    assert FrameClock().frame(100 * MS, 100 * MS + MS // 2).onset_ns == 100 * MS + MS // 2


def test_a_frame_heard_of_late_is_taken_by_the_usual_time_of_drawing():
    clock = FrameClock()
    clock.frame(0, MS // 2)
    assert clock.frame(100 * MS, 107 * MS).onset_ns == 101 * MS


def test_a_longer_way_to_the_screen_is_learned_in_time():
    clock = FrameClock()
    clock.frame(0, MS // 10)
    for frame in range(1, 33):
        clock.frame(frame * 100 * MS, frame * 100 * MS + 2 * MS)
    assert clock.frame(5000 * MS, 5002 * MS).onset_ns == 5002 * MS


@given(st.lists(st.tuples(st.integers(0, 10**12), st.integers(0, 10**9)), min_size=1, max_size=80))
def test_an_onset_never_lies_outside_of_painting_and_drawing(frames: list[tuple[int, int]]):
    clock = FrameClock()
    for painted, took in frames:
        assert painted <= clock.frame(painted, painted + took).onset_ns <= painted + took
