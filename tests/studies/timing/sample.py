"""Small studies written through the store, for the tests of what reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from studies.answers import Device, StampSource, Timing
from studies.timing.facts.records import (
    Event,
    EventKind,
    Interface,
    PlannedTrial,
    Response,
    SessionRecord,
)
from studies.timing.file.store import Store

SECOND = 1_000_000_000
SHA = "0123456789abcdef" * 4


@dataclass(frozen=True)
class Answered:
    """A trial and what came of it; the true class is always ``a``."""

    suggestion: str | None
    time_s: float
    answer: str = "a"
    dataset: str = "d"
    practice: bool = False
    focus_lost: bool = False
    stall_s: float = 0.0
    presented: int = 1
    flags: tuple[EventKind, ...] = ()


def add_study(
    store: Store, name: str = "study", sha256: str = SHA, too_fast_ms: int = 150, **limits: float
) -> int:
    return store.add_study(name, f'name = "{name}"\n', sha256, too_fast_ms, limits)


def record(session_id: str, participant: str = "P1", number: int = 1, **changes: object) -> SessionRecord:
    fields: dict[str, object] = {
        "session_id": session_id,
        "participant": participant,
        "participant_number": number,
        "interface": Interface.KEYBOARD,
        "seed": 7,
        "app_version": "0.1.0",
        "environment": "{}",
    }
    return SessionRecord(**{**fields, **changes})  # type: ignore[arg-type]


def plan(answered: Sequence[Answered]) -> tuple[PlannedTrial, ...]:
    return tuple(
        PlannedTrial(i, 0, t.dataset, t.practice, f"img{i}", "a", t.suggestion)
        for i, t in enumerate(answered)
    )


def response(position: int, trial: Answered | None = None, **changes: object) -> Response:
    trial = trial or Answered("a", 1.0)
    onset = (position + 1) * 100 * SECOND
    given = onset + round(trial.time_s * SECOND)
    timing = Timing(
        onset_ns=onset,
        first_input_ns=given,
        response_ns=given,
        handler_ns=given + 2_000_000,
        stamp_source=StampSource.MONOTONIC,
        device=Device.KEYBOARD,
        backtracks=0,
        focus_lost=trial.focus_lost,
        longest_stall_ns=round(trial.stall_s * SECOND),
    )
    answer_ = changes.pop("answer", trial.answer)
    return Response(position, trial.presented, str(answer_), replace(timing, **changes))  # type: ignore[arg-type]


def answer(store: Store, session_id: str, position: int, trial: Answered) -> None:
    onset = (position + 1) * 100 * SECOND
    for _ in range(trial.presented):
        store.append(session_id, Event(EventKind.PRESENTED, onset, position))
    for kind in trial.flags:
        store.append(session_id, Event(kind, onset + 1, position))
    store.append_response(session_id, response(position, trial))


def sit(
    store: Store,
    study_id: int,
    session_id: str,
    answered: Sequence[Answered],
    participant: str = "P1",
    number: int = 1,
    interface: Interface = Interface.KEYBOARD,
    robot: bool = False,
) -> None:
    """Run a whole session."""
    store.start_session(
        study_id, record(session_id, participant, number, interface=interface, robot=robot), plan(answered)
    )
    for position, trial in enumerate(answered):
        answer(store, session_id, position, trial)
    store.append(session_id, Event(EventKind.FINISHED, SECOND))


# Every rule, practice and trials without a suggestion; the times make geometric means that a hand can compute.
FULL = (
    Answered("a", 1.5, practice=True),
    Answered("a", 0.5),
    Answered("a", 2.0),
    Answered("a", 1.0),
    Answered("b", 2.0),
    Answered("b", 8.0),
    Answered("b", 0.4, answer="b", focus_lost=True),  # accepted, though wrong
    Answered("a", 1.0, answer="b"),  # changed, though right
    Answered("a", 32.0, focus_lost=True),
    Answered("a", 0.1),  # too fast
    Answered("b", 0.5, presented=2),
    Answered("b", 3.0, stall_s=0.1001, flags=(EventKind.FLAGGED,)),
    Answered("a", 1.0, stall_s=0.1, flags=(EventKind.FLAGGED, EventKind.UNFLAGGED)),
    Answered(None, 3.0),
    Answered(None, 12.0),
    Answered(None, 1.0, answer="b"),
    Answered("b", 0.5, answer="c"),  # changed to a third class
)
SHORT = (Answered("a", 1.0), Answered("b", 9.0))


def two_participants(store: Store) -> None:
    study = add_study(store)
    sit(store, study, "one", FULL, "P1", 1)
    sit(store, study, "two", SHORT, "P2", 2)
