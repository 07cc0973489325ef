"""What the store tells of its sessions: how far each came, and which may be resumed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Any

from studies.timing.facts.records import EventKind, Interface

# One row a session, the oldest first; the columns that `open_sessions` and `summaries` take.
SESSIONS_SQL = """
SELECT s.session_id, studies.name, labels.study, studies.sha256, studies.toml, s.participant, s.participant_number,
    s.interface, s.seed, s.utc,
    EXISTS (SELECT 1 FROM events WHERE session_id = s.session_id AND position IS NULL AND kind = 'finished')
        AS finished,
    (SELECT count(*) FROM responses WHERE session_id = s.session_id) AS answered,
    (SELECT count(*) FROM planned_trials WHERE session_id = s.session_id) AS total,
    max(s.utc, coalesce((SELECT max(utc) FROM events WHERE session_id = s.session_id), ''),
        coalesce((SELECT max(utc) FROM responses WHERE session_id = s.session_id), '')) AS last_utc
FROM sessions AS s
JOIN studies ON studies.id = s.study_id
JOIN study_labels AS labels ON labels.study_id = s.study_id
ORDER BY s.utc, s.session_id"""


class Completion(str, Enum):
    """How far a session came."""

    FINISHED = "finished"
    UNFINISHED = "unfinished"


@dataclass(frozen=True)
class Progress:
    """What a session has behind it; trials by their positions."""

    consented: bool
    instructed: bool
    answered: frozenset[int]
    presented: Mapping[int, int]  # how often each trial was painted
    left_out: frozenset[int]  # their images could no longer be read
    flagged: frozenset[int]
    finished: bool
    last_utc: str  # of the last fact, ISO 8601


@dataclass(frozen=True)
class OpenSession:
    """A session that is neither finished nor withdrawn."""

    session_id: str
    study: str  # the plan's name
    sha256: str
    toml: str
    participant: str
    participant_number: int
    interface: Interface
    seed: int
    answered: int
    total: int
    last_utc: str


@dataclass(frozen=True)
class SessionSummary:
    """A session in one line; ``study`` is the label that the views use."""

    session_id: str
    study: str
    participant: str
    participant_number: int
    interface: Interface
    started_utc: str
    state: Completion
    answered: int
    total: int


def progress_of(
    started_utc: str, events: Sequence[tuple[Any, ...]], responses: Sequence[tuple[Any, ...]]
) -> Progress:
    """Fold a session's facts: events as (kind, position, utc) in order, responses as (position, utc)."""
    kinds = {kind for kind, _, _ in events}
    flagged: set[int] = set()
    for kind, position, _ in events:
        if kind == EventKind.FLAGGED:
            flagged.add(position)
        elif kind == EventKind.UNFLAGGED:
            flagged.discard(position)
    return Progress(
        consented=EventKind.CONSENTED in kinds,
        instructed=EventKind.INSTRUCTED in kinds,
        answered=frozenset(position for position, _ in responses),
        presented=MappingProxyType(Counter(p for kind, p, _ in events if kind == EventKind.PRESENTED)),
        left_out=frozenset(p for kind, p, _ in events if kind == EventKind.IMAGE_FAILED),
        flagged=frozenset(flagged),
        finished=EventKind.FINISHED in kinds,
        last_utc=max([started_utc, *(row[-1] for row in events), *(row[-1] for row in responses)]),
    )


def open_sessions(rows: Iterable[tuple[Any, ...]]) -> tuple[OpenSession, ...]:
    """Those rows of ``SESSIONS_SQL`` that may be resumed."""
    return tuple(
        OpenSession(sid, name, sha256, toml, code, number, Interface(interface), seed, answered, total, last)
        for sid, name, _, sha256, toml, code, number, interface, seed, _, finished, answered, total, last in rows
        if not finished
    )


def summaries(rows: Iterable[tuple[Any, ...]]) -> tuple[SessionSummary, ...]:
    """All rows of ``SESSIONS_SQL``."""
    states = (Completion.UNFINISHED, Completion.FINISHED)
    return tuple(
        SessionSummary(
            sid, label, code, number, Interface(interface), started, states[finished], answered, total
        )
        for sid, _, label, _, _, code, number, interface, _, started, finished, answered, total, _ in rows
    )
