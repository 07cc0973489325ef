"""The store of a timing study: one SQLite file of append-only facts, each on disk when its call returns."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from pydantic import TypeAdapter, ValidationError

from model.datasets.pixels.deep import Ranges
from studies.files.rows import insert, row_of
from studies.files.store_errors import StoreError, StoreFull, damaged
from studies.files.store_file import StoreFile, utc_now
from studies.timing.facts.codes import code_key
from studies.timing.facts.consent import Consent
from studies.timing.facts.pages import PageMarks, PageResponse, Unit, pages_of, trials_of
from studies.timing.facts.questions import Replies
from studies.timing.facts.records import Event, EventKind, Interface, PlannedTrial, Response, SessionRecord
from studies.timing.file import page_tables as pages
from studies.timing.file import person_tables as persons
from studies.timing.file.exclusion_tables import insert_limits
from studies.timing.file.result_views import ONE_SESSION_TIMES
from studies.timing.file.robots import WITH_ROBOTS
from studies.timing.file.sittings import (
    ANSWERED,
    FIRST_RANGES,
    OPEN_SESSIONS,
    SESSIONS,
    Answered,
    Completion,
    Happened,
    OpenSession,
    Progress,
    SessionSummary,
    progress_of,
)
from studies.timing.file.tables import STUDY

__all__ = ["Completion", "OpenSession", "Progress", "SessionSummary", "Store", "StoreError", "StoreFull"]

_Record = TypeVar("_Record")
_RANGES = TypeAdapter(dict[str, Ranges])
_NO_LIMITS: Mapping[str, float] = MappingProxyType({})
_INSERT_EVENT = """
    INSERT INTO events (session_id, seq, kind, at_ns, position, detail, utc)
    VALUES (:session_id, (SELECT coalesce(max(seq), 0) + 1 FROM events WHERE session_id = :session_id),
        :kind, :at_ns, :position, :detail, :utc)"""
_INSERT_WITHDRAWAL = """
    INSERT INTO withdrawals (session_id, study_id, utc)
    SELECT session_id, study_id, :utc FROM sessions WHERE session_id = :session_id"""
_KEPT_TIMES = """trials
    WHERE kept AND coalesce(participant = :participant, 1) AND coalesce(dataset = :dataset, 1)
    ORDER BY kind, response_time_s"""
_TIMES = """
    SELECT position, response_time_s FROM trials WHERE session = ?
    UNION ALL SELECT position, page_time_s FROM pages WHERE session = ?"""
_DELETE_SESSION = (
    "DELETE FROM replies WHERE session_id = ?",
    "DELETE FROM consents WHERE session_id = ?",
    "DELETE FROM marks WHERE session_id = ?",
    "DELETE FROM page_responses WHERE session_id = ?",
    "DELETE FROM planned_cells WHERE session_id = ?",
    "DELETE FROM planned_pages WHERE session_id = ?",
    "DELETE FROM events WHERE session_id = ?",
    "DELETE FROM responses WHERE session_id = ?",
    "DELETE FROM planned_trials WHERE session_id = ?",
    "DELETE FROM sessions WHERE session_id = ?",
)


@dataclass(frozen=True)
class SessionTimes:
    """A session's two times, geometric means over kept trials in s; ``None`` where there is no such trial."""

    c_v_geomean_s: float | None
    c_a_geomean_s: float | None


class KeptTime(NamedTuple):
    """The response time of a kept trial, in s."""

    kind: str  # verify, correct or scratch
    response_time_s: float


class Store(StoreFile):
    """An open study."""

    schema = STUDY

    def add_study(
        self, name: str, toml: str, sha256: str, too_fast_ms: int, limits: Mapping[str, float] = _NO_LIMITS
    ) -> int:
        """Store a plan whole and return its id; the same hash again is the same study.

        ``limits``: the rules that the plan turns on, as :meth:`studies.timing.facts.exclusions.Exclusions.limits`.
        """
        for (study_id,) in self.query("SELECT id FROM studies WHERE sha256 = ?", (sha256,)):
            return int(study_id)
        study = {"name": name, "toml": toml, "sha256": sha256, "too_fast_ms": too_fast_ms, "utc": utc_now()}
        with self.transaction() as connection:
            study_id = insert(connection, "studies", study)
            insert_limits(connection, study_id, limits)
        return study_id

    def start_session(self, study_id: int, session: SessionRecord, units: Sequence[Unit]) -> None:
        """Store a session with all of its trials and pages, or nothing."""
        with self.transaction() as connection:
            key = code_key(session.participant)
            insert(connection, "sessions", row_of(session, study_id=study_id, code_key=key, utc=utc_now()))
            pages.insert_trials(connection, session.session_id, trials_of(units))
            pages.insert_pages(connection, session.session_id, pages_of(units))

    def append(self, session_id: str, event: Event) -> None:
        """Store an event; it is on disk when this returns. Raises ``StoreFull`` with nothing stored."""
        self._write(_INSERT_EVENT, row_of(event, session_id=session_id, utc=utc_now()))

    def append_consent(self, session_id: str, event: Event, consent: Consent) -> None:
        """Store an agreement with its event; both are on disk when this returns."""
        with self.facts() as connection:
            connection.execute(_INSERT_EVENT, row_of(event, session_id=session_id, utc=utc_now()))
            persons.insert_consent(connection, session_id, consent)

    def append_replies(self, session_id: str, replies: Replies) -> None:
        """Store the answers to all questions with their event; all is on disk when this returns."""
        event = Event(EventKind.QUESTIONED, replies.at_ns)
        with self.facts() as connection:
            connection.execute(_INSERT_EVENT, row_of(event, session_id=session_id, utc=utc_now()))
            persons.insert_replies(connection, session_id, replies.replies)

    def append_response(self, session_id: str, response: Response) -> None:
        """Store an answer; it is on disk when this returns.

        Raises ``StoreFull`` with nothing stored, and ``StoreError`` where this trial already has its answer.
        """
        self._insert("responses", response_row(session_id, response))

    def append_marks(self, session_id: str, marks: PageMarks) -> None:
        """Store marks that one input changed, all or none; they are on disk when this returns."""
        with self.facts() as connection:
            pages.insert_marks(connection, session_id, marks)

    def append_page(self, session_id: str, response: PageResponse) -> None:
        """Store the confirmation of a page with the trials that it brings; all is on disk when this returns."""
        with self.facts() as connection:
            pages.insert_page_response(connection, session_id, response)

    def planned_trials(self, session_id: str) -> tuple[PlannedTrial, ...]:
        """The session's trials in the plan's order."""
        source = "planned_trials WHERE session_id = ? ORDER BY position"
        convert = {"practice": bool, "interface": lambda name: name and Interface(name)}
        return tuple(self.read(PlannedTrial, source, (session_id,), convert))

    def planned_units(self, session_id: str) -> tuple[Unit, ...]:
        """The session's trials and pages by position."""
        units: list[Unit] = [*self.planned_trials(session_id), *pages.read_pages(self, session_id)]
        return tuple(sorted(units, key=lambda unit: unit.position))

    def progress(self, session_id: str) -> Progress:
        """What is on disk of a session. Raises ``StoreError`` where there is no such session."""
        started = self.query("SELECT utc FROM sessions WHERE session_id = ?", (session_id,))
        if not started:
            raise self._unknown(session_id)
        events = self.read(Happened, "events WHERE session_id = ? ORDER BY seq", (session_id,))
        answers = self.read_sql(Answered, ANSWERED, (session_id, session_id))
        return progress_of(started[0][0], events, answers)

    def unfinished_sessions(self) -> tuple[OpenSession, ...]:
        """The sessions that may be resumed, the oldest first."""
        return tuple(
            self.read_sql(OpenSession, OPEN_SESSIONS, convert={"interface": Interface, "robot": bool})
        )

    def sessions(self) -> tuple[SessionSummary, ...]:
        """All sessions, the oldest first."""
        convert = {"interface": Interface, "state": Completion, "robot": bool}
        return tuple(self.read_sql(SessionSummary, SESSIONS, convert=convert))

    def count_robots(self) -> None:
        """Let simulated participants count in all that is read from here on; the file stays as it is."""
        self.schema.cover(self._connection, WITH_ROBOTS)

    def withdrawn_count(self) -> int:
        """How many sessions were withdrawn; the others are :meth:`sessions`."""
        return len(self.withdrawn())

    def withdrawn(self) -> tuple[str, ...]:
        """The ids of the sessions that were withdrawn."""
        return tuple(str(session_id) for (session_id,) in self.query("SELECT session_id FROM withdrawals"))

    def codes(self, study_id: int) -> list[str]:
        """The participants' codes of a study's sessions, the oldest first."""
        rows = self.query("SELECT participant FROM sessions WHERE study_id = ? ORDER BY utc", (study_id,))
        return [code for (code,) in rows]

    def rows_where(
        self, record: type[_Record], view: str, order: str, equal: Mapping[str, str | None]
    ) -> list[_Record]:
        """The rows of a view, in an order, whose columns have the values of ``equal``; ``None`` takes any."""
        conditions = " AND ".join(f"coalesce({column} = :{column}, 1)" for column in equal)
        return self.read(record, f"{view} WHERE {conditions} ORDER BY {order}", equal)

    def distinct(self, column: str, table: str) -> tuple[str, ...]:
        """The different values of a column, sorted."""
        sql = f"SELECT DISTINCT {column} FROM {table} ORDER BY 1"  # noqa: S608 - the program's own names
        return tuple(str(value) for (value,) in self.query(sql))

    def session_times(self, session_id: str) -> SessionTimes:
        """c_v and c_a of one session over all of its data sets; of a simulated participant's too."""
        rows = self.read_sql(SessionTimes, ONE_SESSION_TIMES, {"session": session_id})
        return rows[0] if rows else SessionTimes(None, None)

    def response_times(self, session_id: str) -> dict[int, float]:
        """The times of a session's trials and pages in s, by position."""
        return dict(self.query(_TIMES, (session_id, session_id)))

    def kept_times(self, participant: str | None = None, dataset: str | None = None) -> list[KeptTime]:
        """The response times of kept trials, ascending by kind, of one participant or data set or of all."""
        return self.read(KeptTime, _KEPT_TIMES, {"participant": participant, "dataset": dataset})

    def display_ranges(self, sha256: str) -> dict[str, Ranges]:
        """What the first session of a plan showed deep images by, by data set; none where none has noted it."""
        for (text,) in self.query(FIRST_RANGES, (sha256,)):
            try:
                return _RANGES.validate_json(text)
            except ValidationError as error:
                raise damaged(self.path) from error
        return {}

    def next_participant_number(self, study_id: int) -> int:
        """One more than the highest number that this study has; from 1."""
        rows = self.query("SELECT max(participant_number) FROM sessions WHERE study_id = ?", (study_id,))
        return 1 + (rows[0][0] or 0)

    def withdraw(self, session_id: str) -> None:
        """Delete all of a session but the note that it was withdrawn, and leave no trace of it in the file."""
        with self.transaction() as connection:
            if not connection.execute(
                _INSERT_WITHDRAWAL, {"utc": utc_now(), "session_id": session_id}
            ).rowcount:
                raise self._unknown(session_id)
            self.delete_session(connection, session_id)
        self.scrub()

    @staticmethod
    def delete_session(connection: sqlite3.Connection, session_id: str) -> None:
        """Delete the rows of a session that has its note of withdrawal, inside a transaction."""
        for statement in _DELETE_SESSION:
            connection.execute(statement, (session_id,))

    def scrub(self) -> None:
        """Write the file anew after a deletion, so that no page or log keeps what was deleted."""
        with suppress(sqlite3.OperationalError):  # on a full disk secure_delete alone has to do
            self._connection.execute("VACUUM")
        self.checkpoint()  # beside a reader the log is emptied when the file is closed

    def _unknown(self, session_id: str) -> StoreError:
        return StoreError(f"{self.path} has no session {session_id}: it may have been withdrawn.")


def response_row(session_id: str, response: Response) -> dict[str, object]:
    """The row of an answer: the fields of its timing are columns too, but for the number of images, which is 1."""
    row = row_of(response, session_id=session_id, utc=utc_now())
    row.update(row_of(row.pop("timing")))
    del row["images"]
    return row
