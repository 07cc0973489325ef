"""What the store tells of its sessions: how far each came, and which may be resumed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import NamedTuple

from studies.timing.facts.records import EventKind, Interface

_SESSIONS = """
SELECT s.session_id, studies.name, labels.study AS label, studies.sha256, studies.toml, s.participant,
    s.participant_number, s.interface, s.seed, s.robot, s.utc AS started_utc,
    CASE WHEN EXISTS (
        SELECT 1 FROM events WHERE session_id = s.session_id AND position IS NULL AND kind = 'finished')
        THEN 'finished' ELSE 'unfinished' END AS state,
    (SELECT count(*) FROM responses WHERE session_id = s.session_id)
        + (SELECT count(*) FROM page_responses WHERE session_id = s.session_id) AS answered,
    (SELECT count(*) FROM planned_trials WHERE session_id = s.session_id)
        + (SELECT count(*) FROM planned_pages WHERE session_id = s.session_id) AS total,
    max(s.utc, coalesce((SELECT max(utc) FROM events WHERE session_id = s.session_id), ''),
        coalesce((SELECT max(utc) FROM responses WHERE session_id = s.session_id), ''),
        coalesce((SELECT max(utc) FROM page_responses WHERE session_id = s.session_id), '')) AS last_utc
FROM sessions AS s
JOIN studies ON studies.id = s.study_id
JOIN study_labels AS labels ON labels.study_id = s.study_id"""
OPEN_SESSIONS = f"""
SELECT *, name AS study FROM ({_SESSIONS}) WHERE state = 'unfinished' ORDER BY started_utc, session_id"""  # noqa: S608
"""The columns of :class:`OpenSession`, the oldest first."""
SESSIONS = f"SELECT *, label AS study FROM ({_SESSIONS}) ORDER BY started_utc, session_id"  # noqa: S608
"""The columns of :class:`SessionSummary`, the oldest first."""

DISPLAY_RANGES = "display_ranges"
"""What a session's environment calls that by which deep images were shown: by data set, as JSON."""
FIRST_RANGES = f"""
SELECT json_extract(s.environment, '$.{DISPLAY_RANGES}') AS ranges
FROM sessions AS s JOIN studies ON studies.id = s.study_id
WHERE studies.sha256 = ? AND ranges IS NOT NULL ORDER BY s.utc, s.session_id LIMIT 1"""  # noqa: S608
ANSWERED = """
SELECT position, utc FROM responses WHERE session_id = ?
UNION ALL SELECT position, utc FROM page_responses WHERE session_id = ?"""
"""The columns of :class:`Answered`, of the trials and pages of a session."""


class Completion(str, Enum):
    """How far a session came."""

    FINISHED = "finished"
    UNFINISHED = "unfinished"


@dataclass(frozen=True)
class Progress:
    """What a session has behind it; trials and pages by their positions."""

    consented: bool
    instructed: bool
    answered: frozenset[int]
    presented: Mapping[int, int]  # how often each was painted
    left_out: frozenset[int]  # their images could no longer be read
    flagged: frozenset[int]
    finished: bool
    last_utc: str  # of the last fact, ISO 8601
    questioned: bool = False  # its questions are answered


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
    answered: int  # trials and pages
    total: int
    last_utc: str
    robot: bool = False  # of a simulated participant


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
    robot: bool = False  # of a simulated participant


class Happened(NamedTuple):
    """An event, as far as it tells how far a session is."""

    kind: str
    position: int | None
    utc: str


class Answered(NamedTuple):
    """The answer to a trial or a page, as far as it tells how far a session is."""

    position: int
    utc: str


def progress_of(started_utc: str, events: Sequence[Happened], responses: Sequence[Answered]) -> Progress:
    """Fold a session's facts, events in order."""
    kinds = {event.kind for event in events}
    flagged: set[int | None] = set()
    for event in events:
        if event.kind == EventKind.FLAGGED:
            flagged.add(event.position)
        elif event.kind == EventKind.UNFLAGGED:
            flagged.discard(event.position)
    return Progress(
        consented=EventKind.CONSENTED in kinds,
        instructed=EventKind.INSTRUCTED in kinds,
        answered=frozenset(response.position for response in responses),
        presented=MappingProxyType(Counter(_positions(events, EventKind.PRESENTED))),
        left_out=frozenset(_positions(events, EventKind.IMAGE_FAILED)),
        flagged=frozenset(position for position in flagged if position is not None),
        finished=EventKind.FINISHED in kinds,
        last_utc=max([started_utc, *(event.utc for event in events), *(answer.utc for answer in responses)]),
        questioned=EventKind.QUESTIONED in kinds,
    )


def _positions(events: Sequence[Happened], kind: EventKind) -> list[int]:
    """The trials of the events of a kind, as often as it happened to them."""
    return [event.position for event in events if event.kind == kind and event.position is not None]
