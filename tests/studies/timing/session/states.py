"""States of a session of trials written as letters, for the tests of its machine."""

from __future__ import annotations

from studies.answers import Device, StampSource
from studies.timing.facts import inputs as ev
from studies.timing.facts.records import PlannedTrial
from studies.timing.session.trial import (
    Rules,
    SessionState,
    begin,
    step,
)

RULES = Rules(feedback=True, break_every=2)


NO_BREAKS = Rules(feedback=False, break_every=0)


def plan(*parts: str) -> tuple[PlannedTrial, ...]:
    """Blocks written as ``"ppmmm"``: practice trials, then trials that count."""
    flat = [(block, kind == "p") for block, part in enumerate(parts) for kind in part]
    return tuple(
        PlannedTrial(position, block, f"set {block}", practice, f"img{position}", "a", "b")
        for position, (block, practice) in enumerate(flat)
    )


def answer(at_ns: int, text: str = "a") -> ev.Answer:
    return ev.Answer(at_ns, at_ns + 5, StampSource.MONOTONIC, Device.KEYBOARD, 7, text)


def run(state: SessionState, *events: ev.Input) -> SessionState:
    for event in events:
        state, _ = step(state, event)
    return state


def at_fixation(*parts: str, rules: Rules = RULES) -> SessionState:
    return run(begin(plan(*parts), rules), ev.Agree(1), ev.Continue(2), ev.Continue(3))


def at_stimulus(*parts: str, rules: Rules = RULES) -> SessionState:
    """On screen since 100."""
    return run(at_fixation(*parts, rules=rules), ev.Shown(100))
