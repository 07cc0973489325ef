"""States of a session of trials written as letters, for the tests of its machine."""

from __future__ import annotations

from studies.answers import Device, StampSource
from studies.timing.facts import inputs as ev
from studies.timing.facts.pages import PlannedCell, PlannedPage, Unit
from studies.timing.facts.records import PlannedTrial
from studies.timing.session.trial import (
    Rules,
    SessionState,
    begin,
    step,
)

RULES = Rules(feedback=True, break_every=2)


NO_BREAKS = Rules(feedback=False, break_every=0)


def plan(*parts: str) -> tuple[Unit, ...]:
    """Blocks written as ``"ppmmm"``: practice trials, then trials that count; or ``"qqggg"``, which are pages."""
    flat = [(block, kind) for block, part in enumerate(parts) for kind in part]
    return tuple(
        page(position, block, kind == "q")
        if kind in "qg"
        else PlannedTrial(position, block, f"set {block}", kind == "p", f"img{position}", "a", "b")
        for position, (block, kind) in enumerate(flat)
    )


def page(position: int, block: int = 0, practice: bool = False, classes: str = "abaa") -> PlannedPage:
    """A page of images of ``classes`` that are said to be of "a"."""
    cells = tuple(PlannedCell(f"img{position}.{cell}", name) for cell, name in enumerate(classes))
    return PlannedPage(position, block, f"set {block}", practice, "a", 0.2, cells)


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


S = 1_000_000_000


def confirm(at_ns: int) -> ev.Confirm:
    return ev.Confirm(at_ns, at_ns + 5, StampSource.MONOTONIC, Device.KEYBOARD, 7)


def marks(at_ns: int, *cells: int, marked: bool = True) -> ev.Mark:
    return ev.Mark(at_ns, cells, marked)


def at_page(*parts: str, rules: Rules = RULES) -> SessionState:
    """On screen since 100."""
    return run(at_fixation(*parts, rules=rules), ev.Shown(100))
