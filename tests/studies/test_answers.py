"""Which inputs count, and what an answer's timing is, by cases worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studies.answers import (
    Backtrack,
    Decision,
    Device,
    Input,
    LoseFocus,
    OnScreen,
    StampSource,
    Timing,
    Touch,
    counts,
    observe,
    timing_of,
)

ONSET = 5_000
ON_SCREEN = OnScreen(ONSET)


def decision(at_ns: int) -> Decision:
    return Decision(at_ns, at_ns + 3, StampSource.MONOTONIC, Device.KEYBOARD, 40)


def seen(*events: Input) -> OnScreen:
    on_screen = ON_SCREEN
    for event in events:
        on_screen = observe(on_screen, event)
    return on_screen


@pytest.mark.parametrize(
    ("at_ns", "expected"),
    [
        (
            ONSET - 1,
            False,
        ),  # pressed before the onset, whenever the program took it: meant for the image before
        (ONSET, True),
        (ONSET + 1, True),
        (ONSET + 10**12, True),  # however late
        (0, False),
    ],
)
def test_an_input_counts_from_the_onset_on(at_ns: int, expected: bool) -> None:
    assert counts(ON_SCREEN, at_ns) is expected


@pytest.mark.parametrize("at_ns", [0, ONSET, 10**15])
def test_nothing_counts_without_an_onset(at_ns: int) -> None:
    assert not counts(None, at_ns)  # an image is awaited, or there is a pause


def test_what_was_known_of_an_image_does_not_change_from_when_inputs_count() -> None:
    known = OnScreen(ONSET, first_input_ns=ONSET + 500, backtracks=2, focus_lost=True)
    assert [counts(known, ONSET + late) for late in (-1, 0, 400)] == [False, True, True]


def test_the_first_input_is_noted_once() -> None:
    assert seen(Touch(5_100), Touch(5_200), Backtrack(5_300)) == OnScreen(ONSET, 5_100, backtracks=1)
    assert seen(Backtrack(5_100), Backtrack(5_150), Touch(5_200)) == OnScreen(ONSET, 5_100, backtracks=2)


def test_losing_the_focus_is_no_input() -> None:
    assert seen(LoseFocus(5_050)) == OnScreen(ONSET, None, focus_lost=True)
    assert seen(LoseFocus(5_050), Touch(5_100)) == OnScreen(ONSET, 5_100, focus_lost=True)


def test_one_key_is_first_input_and_answer() -> None:
    assert timing_of(ON_SCREEN, decision(5_640)) == Timing(
        onset_ns=5_000,
        first_input_ns=5_640,
        response_ns=5_640,
        handler_ns=5_643,
        stamp_source=StampSource.MONOTONIC,
        device=Device.KEYBOARD,
        backtracks=0,
        focus_lost=False,
        longest_stall_ns=40,
        images=1,
    )


def test_an_answer_that_was_typed_holds_all_that_happened() -> None:
    known = seen(Touch(5_100), Backtrack(5_200), LoseFocus(5_250), Touch(5_300))
    chosen = Decision(5_900, 6_400, StampSource.CALIBRATED, Device.MOUSE, 77)
    assert timing_of(known, chosen, images=24) == Timing(
        onset_ns=5_000,
        first_input_ns=5_100,
        response_ns=5_900,
        handler_ns=6_400,
        stamp_source=StampSource.CALIBRATED,
        device=Device.MOUSE,
        backtracks=1,
        focus_lost=True,
        longest_stall_ns=77,
        images=24,
    )


@given(
    st.lists(
        st.tuples(st.sampled_from([Touch, Backtrack, LoseFocus]), st.integers(ONSET, 10**6)), max_size=12
    )
)
def test_the_order_of_what_happened_decides_the_first_input_only(
    happened: list[tuple[type[Input], int]],
) -> None:
    events = [kind(at_ns) for kind, at_ns in happened]
    pressed = [event.at_ns for event in events if not isinstance(event, LoseFocus)]
    expected = OnScreen(
        ONSET,
        pressed[0] if pressed else None,
        sum(isinstance(event, Backtrack) for event in events),
        any(isinstance(event, LoseFocus) for event in events),
    )
    assert seen(*events) == expected
    assert replace(seen(*reversed(events)), first_input_ns=None) == replace(expected, first_input_ns=None)
