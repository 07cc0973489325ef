"""A page in a session, purely: its marks, its confirmation, and the trials that ask about what was marked."""

from __future__ import annotations

from dataclasses import replace

from studies.pages import marking
from studies.pages.marking import PageOnScreen
from studies.timing.facts import inputs as ev
from studies.timing.facts.pages import PageMarks, PageResponse, PlannedPage
from studies.timing.facts.records import Interface, PlannedTrial
from studies.timing.session.state import Phase, Record, SessionState, advance


def mark(state: SessionState, event: ev.Mark) -> tuple[SessionState, Record]:
    """Set marks or take them back; what changed is stored as it happens."""
    position = state.queue[0]
    after, changes = marking.mark(_on_screen(state), event)
    record = PageMarks(position, state.presented[position], changes) if changes else None
    return replace(state, page=after), record


def confirm(state: SessionState, event: ev.Confirm) -> tuple[SessionState, Record]:
    """Confirm the page; nobody looks through one within a second, so an earlier one does nothing."""
    planned = state.planned_page
    assert planned is not None  # held by the phase PAGE
    on_screen = _on_screen(state)
    timing = marking.confirm(on_screen, event)
    if timing is None:
        return state, None
    asked = _ask_about(state, planned, on_screen.marked)
    attempt = state.presented[planned.position]
    response = PageResponse(planned.position, attempt, on_screen.marked, timing, asked)
    rest = state.queue[1:]
    end = sum(1 for position in rest if state.units[position].block == planned.block)
    after = replace(
        state,
        units=(*state.units, *asked),
        queue=(*rest[:end], *(trial.position for trial in asked), *rest[end:]),
        page=None,
    )
    if not planned.practice:
        after = replace(after, since_break=state.since_break + 1)
    if planned.practice and state.rules.feedback:
        return replace(after, phase=Phase.PAGE_FEEDBACK, last_page=response), response
    return advance(after, planned), response


def leave_feedback(state: SessionState) -> SessionState:
    """Go on from what was missed and falsely marked."""
    assert state.last_page is not None  # held by the phase PAGE_FEEDBACK
    return advance(replace(state, last_page=None), state.units[state.last_page.position])


def _ask_about(state: SessionState, page: PlannedPage, marked: frozenset[int]) -> tuple[PlannedTrial, ...]:
    """A trial without a suggestion for each image that was marked."""
    if page.practice or not state.rules.ask_marked:
        return ()
    return tuple(
        PlannedTrial(
            position=len(state.units) + place,
            block=page.block,
            dataset=page.dataset,
            practice=False,
            item=page.cells[cell].item,
            true_class=page.cells[cell].true_class,
            suggestion=None,
            interface=Interface.KEYBOARD,
            page=page.position,
            cell=cell,
        )
        for place, cell in enumerate(sorted(marked))
    )


def _on_screen(state: SessionState) -> PageOnScreen:
    assert state.page is not None  # held by the phase PAGE
    return state.page
