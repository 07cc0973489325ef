"""The store of a timing study: one SQLite file of append-only facts, each on disk when its call returns."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import suppress

from studies.files.store_errors import StoreError, StoreFull
from studies.files.store_file import StoreFile, utc_now
from studies.timing.facts.records import Event, PlannedTrial, Response, SessionRecord
from studies.timing.file.sittings import (
    SESSIONS_SQL,
    Completion,
    OpenSession,
    Progress,
    SessionSummary,
    open_sessions,
    progress_of,
    summaries,
)
from studies.timing.file.tables import STUDY

__all__ = ["Completion", "OpenSession", "Progress", "SessionSummary", "Store", "StoreError", "StoreFull"]

_INSERT_STUDY = "INSERT INTO studies (name, toml, sha256, too_fast_ms, utc) VALUES (?, ?, ?, ?, ?)"
_INSERT_SESSION = "INSERT INTO sessions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
_INSERT_TRIAL = "INSERT INTO planned_trials VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_INSERT_RESPONSE = "INSERT INTO responses VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_INSERT_EVENT = """INSERT INTO events
    VALUES (?1, (SELECT coalesce(max(seq), 0) + 1 FROM events WHERE session_id = ?1), ?2, ?3, ?4, ?5, ?6)"""
_INSERT_WITHDRAWAL = (
    "INSERT INTO withdrawals SELECT session_id, study_id, ? FROM sessions WHERE session_id = ?"
)
_DELETE_SESSION = (
    "DELETE FROM events WHERE session_id = ?",
    "DELETE FROM responses WHERE session_id = ?",
    "DELETE FROM planned_trials WHERE session_id = ?",
    "DELETE FROM sessions WHERE session_id = ?",
)


class Store(StoreFile):
    """An open study."""

    schema = STUDY

    def add_study(self, name: str, toml: str, sha256: str, too_fast_ms: int) -> int:
        """Store a plan whole and return its id; the same hash again is the same study."""
        for (study_id,) in self.query("SELECT id FROM studies WHERE sha256 = ?", (sha256,)):
            return int(study_id)
        with self.transaction() as connection:
            study_id = connection.execute(
                _INSERT_STUDY, (name, toml, sha256, too_fast_ms, utc_now())
            ).lastrowid
        assert study_id is not None  # an INSERT that returned has a row
        return study_id

    def start_session(self, study_id: int, session: SessionRecord, trials: Sequence[PlannedTrial]) -> None:
        """Store a session and its whole trial list, or nothing."""
        head = (session.session_id, study_id, session.participant, session.participant_number)
        tail = (session.interface.value, session.seed, session.app_version, session.environment, utc_now())
        rows = (
            (
                session.session_id,
                t.position,
                t.block,
                t.dataset,
                t.practice,
                t.item,
                t.true_class,
                t.suggestion,
            )
            for t in trials
        )
        with self.transaction() as connection:
            connection.execute(_INSERT_SESSION, head + tail)
            connection.executemany(_INSERT_TRIAL, rows)

    def append(self, session_id: str, event: Event) -> None:
        """Store an event; it is on disk when this returns. Raises ``StoreFull`` with nothing stored."""
        row = (session_id, event.kind.value, event.at_ns, event.position, event.detail, utc_now())
        self._write(_INSERT_EVENT, row)

    def append_response(self, session_id: str, response: Response) -> None:
        """Store an answer; it is on disk when this returns.

        Raises ``StoreFull`` with nothing stored, and ``StoreError`` where this trial already has its answer.
        """
        r, t = response, response.timing
        times = (t.onset_ns, t.first_input_ns, t.response_ns, t.handler_ns)
        how = (t.stamp_source.value, t.device.value, t.backtracks, t.focus_lost, t.longest_stall_ns)
        self._write(_INSERT_RESPONSE, (session_id, r.position, r.attempt, r.answer, *times, *how, utc_now()))

    def planned_trials(self, session_id: str) -> tuple[PlannedTrial, ...]:
        """The session's trial list in the plan's order."""
        rows = self.query(
            "SELECT position, block, dataset, practice, item, true_class, suggestion FROM planned_trials "
            "WHERE session_id = ? ORDER BY position",
            (session_id,),
        )
        return tuple(PlannedTrial(p, b, d, bool(pr), i, c, s) for p, b, d, pr, i, c, s in rows)

    def progress(self, session_id: str) -> Progress:
        """What is on disk of a session. Raises ``StoreError`` where there is no such session."""
        started = self.query("SELECT utc FROM sessions WHERE session_id = ?", (session_id,))
        if not started:
            raise self._unknown(session_id)
        events = "SELECT kind, position, utc FROM events WHERE session_id = ? ORDER BY seq"
        responses = "SELECT position, utc FROM responses WHERE session_id = ?"
        return progress_of(
            started[0][0], self.query(events, (session_id,)), self.query(responses, (session_id,))
        )

    def unfinished(self) -> tuple[OpenSession, ...]:
        """The sessions that may be resumed, the oldest first."""
        return open_sessions(self.query(SESSIONS_SQL))

    def sessions(self) -> tuple[SessionSummary, ...]:
        """All sessions, the oldest first."""
        return summaries(self.query(SESSIONS_SQL))

    def next_participant_number(self, study_id: int) -> int:
        """One more than the highest number that this study has; from 1."""
        rows = self.query("SELECT max(participant_number) FROM sessions WHERE study_id = ?", (study_id,))
        return 1 + (rows[0][0] or 0)

    def withdraw(self, session_id: str) -> None:
        """Delete all of a session but the note that it was withdrawn, and leave no trace of it in the file."""
        with self.transaction() as connection:
            if not connection.execute(_INSERT_WITHDRAWAL, (utc_now(), session_id)).rowcount:
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
        with suppress(sqlite3.OperationalError):  # beside a reader the log is emptied when the file is closed
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def _unknown(self, session_id: str) -> StoreError:
        return StoreError(f"{self.path} has no session {session_id}: it may have been withdrawn.")
