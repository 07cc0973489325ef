"""Tables and views of what participants agreed to and said of themselves: the migration, and rows written."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from studies.files.rows import insert, insert_all, row_of
from studies.files.store_file import utc_now
from studies.timing.facts.consent import Consent
from studies.timing.facts.questions import QuestionKind, Reply
from studies.timing.file.views import PEOPLE

if TYPE_CHECKING:
    from sqlite_utils import Database

_TABLES = (
    """
    CREATE TABLE consents (
        session_id TEXT PRIMARY KEY NOT NULL REFERENCES sessions (session_id),
        version TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        contact TEXT NOT NULL,
        code TEXT NOT NULL,
        utc TEXT NOT NULL
    ) WITHOUT ROWID""",
    """
    CREATE TABLE replies (
        session_id TEXT NOT NULL REFERENCES sessions (session_id),
        place INTEGER NOT NULL,
        question TEXT NOT NULL,
        kind TEXT NOT NULL,
        text TEXT NOT NULL,
        unit TEXT NOT NULL,
        answer TEXT,
        utc TEXT NOT NULL,
        PRIMARY KEY (session_id, place)
    ) WITHOUT ROWID""",
)
PERSON_KEYS = {"consents": ("session_id",), "replies": ("session_id, place",)}
"""The tables, and the keys by which a row of each could be replaced."""

_KINDS = ", ".join(f"'{kind.value}'" for kind in QuestionKind)
IMPOSSIBLE_PERSONS = (
    f"SELECT 'replies' FROM replies WHERE place < 0 OR question = '' OR answer = '' OR kind NOT IN ({_KINDS})",  # noqa: S608
    "SELECT 'consents' FROM consents WHERE length(sha256) <> 64 OR length(code) <> 9",
)
"""What no row of these tables can hold."""

_SESSION = """
JOIN counted_sessions AS s ON s.session_id = f.session_id
JOIN people ON people.session_id = f.session_id
JOIN study_labels AS labels ON labels.study_id = s.study_id"""
_QUESTIONS = f"""
WITH people AS ({PEOPLE})
SELECT labels.study, people.participant, f.session_id AS session, f.place, f.question, f.kind, f.text, f.answer,
    CASE WHEN f.kind = '{QuestionKind.NUMBER.value}' THEN CAST(f.answer AS REAL) END AS number, f.unit, f.utc
FROM replies AS f{_SESSION}"""  # noqa: S608 - built from constants
_CONSENTS = f"""
WITH people AS ({PEOPLE})
SELECT labels.study, people.participant, f.session_id AS session, f.version, f.sha256, f.contact, f.code, f.utc
FROM consents AS f{_SESSION}"""  # noqa: S608 - built from constants
PERSON_VIEWS: Mapping[str, str] = {
    "questions": f"CREATE VIEW questions AS{_QUESTIONS}",
    "agreements": f"CREATE VIEW agreements AS{_CONSENTS}",
}


def person_tables(db: Database) -> None:
    """What participants agreed to, and their answers to questions."""
    for statement in _TABLES:
        db.execute(statement)


def insert_consent(connection: sqlite3.Connection, session_id: str, consent: Consent) -> None:
    """Store an agreement, inside a transaction."""
    insert(connection, "consents", row_of(consent, session_id=session_id, utc=utc_now()))


def insert_replies(connection: sqlite3.Connection, session_id: str, replies: Iterable[Reply]) -> None:
    """Store the answers to all questions of a plan in its order, inside a transaction."""
    utc = utc_now()
    insert_all(
        connection,
        "replies",
        (row_of(reply, session_id=session_id, place=place, utc=utc) for place, reply in enumerate(replies)),
    )
