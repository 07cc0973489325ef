"""The order of trials: pauses, breaks, what comes next, and sessions that are resumed."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from studies.timing.facts import inputs as ev
from studies.timing.facts.records import Event, EventKind, Response
from studies.timing.session.trial import (
    Phase,
    Rules,
    SessionState,
    begin,
    resume,
    step,
)
from tests.studies.timing.session.states import NO_BREAKS, RULES, answer, at_fixation, at_stimulus, plan, run


def presented_order(state: SessionState, pauses: Sequence[int]) -> list[tuple[int, int, bool]]:
    """Play on to the end, pausing at the trials named, once each: (position, attempt, answered)."""
    left, shown = list(pauses), []
    at = 1_000
    while state.phase is not Phase.ENDING:
        at += 10
        if state.phase is not Phase.FIXATION:
            state = run(state, ev.Continue(at))
            continue
        position = state.queue[0]
        state = run(state, ev.Shown(at))
        stops = position in left
        shown.append((position, state.presented[position], not stops))
        if stops:
            left.remove(position)
        state = run(state, ev.Pause(at + 1) if stops else answer(at + 1))
    return shown


@pytest.mark.parametrize(
    ("parts", "pauses", "order"),
    [
        (("mmm",), (), (0, 1, 2)),
        (("mmm",), (0,), (0, 1, 2, 0)),
        (("mmm",), (2,), (0, 1, 2, 2)),  # the last one comes again at once
        (("mmm",), (0, 1), (0, 1, 2, 0, 1)),
        (("mmm",), (0, 0), (0, 1, 2, 0, 0)),
        (("ppmm", "m"), (0,), (0, 1, 0, 2, 3, 4)),  # practice stays practice
        (("ppmm", "m"), (2,), (0, 1, 2, 3, 2, 4)),  # and no trial leaves its block
        (("ppmm", "mm"), (4,), (0, 1, 2, 3, 4, 5, 4)),
        (("m", "m"), (0, 1), (0, 0, 1, 1)),
    ],
)
def test_a_pause_postpones_a_trial_to_the_end_of_its_part(
    parts: tuple[str, ...], pauses: tuple[int, ...], order: tuple[int, ...]
) -> None:
    shown = presented_order(at_fixation(*parts, rules=NO_BREAKS), pauses)
    assert tuple(position for position, _, _ in shown) == order
    for position in set(order):
        attempts = [(attempt, done) for p, attempt, done in shown if p == position]
        assert attempts == [(n + 1, n + 1 == len(attempts)) for n in range(len(attempts))]


def test_a_pause_before_the_stimulus_voids_nothing() -> None:
    state, record = step(at_fixation("mm"), ev.Pause(5))
    assert record == Event(EventKind.PAUSED, 5, None)
    assert state.queue == (0, 1)
    state, record = step(state, ev.Continue(9))
    assert record == Event(EventKind.RESUMED, 9, 0)
    assert state == at_fixation("mm")


def test_a_pause_says_which_trial_it_voided() -> None:
    state, record = step(at_stimulus("mm"), ev.Pause(150))
    assert record == Event(EventKind.PAUSED, 150, 0)
    assert (state.queue, state.on_screen, dict(state.presented)) == ((1, 0), None, {0: 1})


def breaks_after(rules: Rules, *parts: str, pauses: Sequence[int] = ()) -> list[int]:
    """After how many answers that count the breaks come."""
    state, done, found, left, at = at_fixation(*parts, rules=rules), 0, [], list(pauses), 1_000
    while state.phase is not Phase.ENDING:
        at += 10
        if state.phase is Phase.BREAK:
            found.append(done)
        if state.phase is not Phase.FIXATION:
            state = run(state, ev.Continue(at))
            continue
        trial = state.units[state.queue[0]]
        if trial.position in left:
            left.remove(trial.position)
            state = run(state, ev.Shown(at), ev.Pause(at + 1))
        else:
            state = run(state, ev.Shown(at), answer(at + 1))
            done += not trial.practice
    return found


def test_breaks() -> None:
    assert breaks_after(Rules(True, 0), "pmmmmmm") == []
    assert breaks_after(Rules(True, 2), "ppppmmmmm") == [2, 4]
    assert breaks_after(Rules(True, 2), "mmmm") == [2]  # none where the block is over
    assert breaks_after(Rules(True, 2), "mmm", "pmmm") == [2, 5]  # counted from the block's start
    assert breaks_after(Rules(True, 2), "mmmmm", pauses=(0, 3)) == [2, 4]  # by answers, not by presentations
    assert breaks_after(Rules(True, 1), "mmm") == [1, 2]


def test_a_break_says_what_comes_next() -> None:
    state = run(at_stimulus("mm", rules=Rules(True, 1)), answer(150))
    assert step(state, ev.Continue(9))[1] == Event(EventKind.BREAK_ENDED, 9, 1)


def test_what_comes_next_is_known_ahead() -> None:
    state = run(at_stimulus("mmmm"), ev.Pause(150), ev.Continue(160))
    assert [t.position for t in state.upcoming(3)] == [1, 2, 3]
    assert [t.position for t in state.upcoming(9)] == [1, 2, 3, 0]
    assert state.trial is state.units[1]
    finished = run(at_stimulus("m"), answer(150), ev.Finish(200))
    assert finished.trial is None
    assert finished.upcoming(2) == ()


def resumed(
    *parts: str,
    answered: Sequence[int] = (),
    left_out: Sequence[int] = (),
    presented: dict[int, int] | None = None,
    flagged: Sequence[int] = (),
    phase: Phase = Phase.BLOCK_INTRO,
) -> SessionState:
    return resume(
        plan(*parts),
        RULES,
        answered=frozenset(answered),
        left_out=frozenset(left_out),
        presented=presented or {},
        flagged=frozenset(flagged),
        phase=phase,
    )


@pytest.mark.parametrize(
    ("answered", "left_out", "presented", "queue"),
    [
        ((), (), {}, (0, 1, 2, 3, 4, 5)),
        ((0,), (), {0: 1}, (1, 2, 3, 4, 5)),
        ((0,), (), {0: 1, 1: 1}, (1, 2, 3, 4, 5)),  # practice: the last of its part comes at once
        ((), (), {0: 1}, (1, 0, 2, 3, 4, 5)),
        ((0, 1), (), {0: 1, 1: 1, 2: 1}, (3, 2, 4, 5)),
        ((0, 1, 2), (3,), {0: 1, 1: 1, 2: 1}, (4, 5)),
        ((0, 1, 2, 3), (), {0: 1, 1: 1, 2: 1, 3: 1, 4: 2}, (5, 4)),
        ((0, 1, 3, 5), (2,), {0: 1, 1: 1, 3: 1, 5: 1, 4: 1}, (4,)),
    ],
)
def test_after_an_interruption_a_trial_shown_comes_again_at_the_end_of_its_part(
    answered: tuple[int, ...], left_out: tuple[int, ...], presented: dict[int, int], queue: tuple[int, ...]
) -> None:
    state = resumed("ppmm", "mm", answered=answered, left_out=left_out, presented=presented)
    assert (state.phase, state.queue, dict(state.presented)) == (Phase.BLOCK_INTRO, queue, presented)
    first = queue[0]
    _, record = step(run(state, ev.Continue(10), ev.Shown(100)), answer(150))
    assert isinstance(record, Response)
    assert (record.position, record.attempt) == (first, presented.get(first, 0) + 1)


def test_a_session_is_resumed_where_it_was() -> None:
    assert resumed("m", phase=Phase.CONSENT) == begin(plan("m"), RULES)
    assert resumed("m", phase=Phase.INSTRUCTIONS).phase is Phase.INSTRUCTIONS
    all_done = resumed("m", answered=[0], presented={0: 1}, flagged=[0])
    assert (all_done.phase, all_done.queue, all_done.flagged) == (Phase.ENDING, (), frozenset({0}))
    # nothing to do, but the instructions were not read: the same way as at first
    assert run(resumed("m", left_out=[0], phase=Phase.INSTRUCTIONS), ev.Continue(1)).phase is Phase.ENDING


def test_what_is_given_to_resume_may_change_afterwards() -> None:
    presented = {0: 1}
    state = resumed("mm", presented=presented)
    presented[0] = 9
    assert dict(state.presented) == {0: 1}
    with pytest.raises(TypeError):
        state.presented[0] = 2  # type: ignore[index]
