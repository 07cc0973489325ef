"""Pooling of store files from several machines into one."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from model.disk import is_there
from model.errors import UserError
from studies.files.path_check import resolve
from studies.files.rows import insert, insert_all
from studies.files.store_errors import damaged
from studies.timing.facts.codes import code_key
from studies.timing.file.exclusion_tables import insert_limits
from studies.timing.file.store import Store

_Row = dict[str, Any]  # by column
_Key = tuple[Any, ...]

# What tells the facts of a session apart, by table, in the order in which tables are written.
_KEYS = {
    "planned_trials": ("position",),
    "planned_pages": ("position",),
    "planned_cells": ("position", "cell"),
    "events": ("seq",),
    "responses": ("position",),
    "marks": ("seq",),
    "page_responses": ("position",),
    "consents": ("session_id",),
    "replies": ("place",),
}


class MergeError(UserError):
    """Files that cannot be pooled; nothing was written."""


@dataclass(frozen=True)
class MergeReport:
    """What a merge did to its target."""

    files: tuple[Path, ...]  # the pool, without files named twice
    added: int  # sessions new to the target
    extended: int  # sessions that the target had in part
    unchanged: int  # sessions that the target had whole
    withdrawn: int  # sessions that are withdrawn in some file
    notes: tuple[str, ...]  # what a person should look at


@dataclass(frozen=True)
class _Study:
    sha256: str
    name: str
    row: _Row  # without its id, which is the file's own
    limits: dict[str, float]  # of the rules that its plan turns on


@dataclass(frozen=True)
class _Session:
    """A session as one file has it."""

    file: Path
    study: _Study
    row: _Row  # without its study's id
    facts: dict[str, dict[_Key, _Row]]  # by table, then by the rest of its key

    @property
    def session_id(self) -> str:
        return str(self.row["session_id"])

    @property
    def participant(self) -> str:
        return str(self.row["participant"])

    @property
    def number(self) -> int:
        return int(self.row["participant_number"])

    def begins(self, other: _Session) -> bool:
        """Whether ``other`` is this session, possibly gone on with."""
        same = (self.study.sha256, self.row) == (other.study.sha256, other.row)
        return same and all(self.facts[table].items() <= other.facts[table].items() for table in _KEYS)


@dataclass(frozen=True)
class _Content:
    studies: tuple[_Study, ...]
    sessions: tuple[_Session, ...]
    withdrawn: tuple[tuple[str, str, str], ...]  # session id, the study's hash, utc


def merge(sources: Sequence[Path], into: Path) -> MergeReport:
    """Pool ``sources`` and, where it exists, ``into``, in one transaction; the sources stay as they are.

    The same session in two files is one; the copy that goes on longer counts. A session withdrawn in any file is
    withdrawn in the target. Raises ``MergeError`` where two copies of a session contradict each other, and
    ``StoreError`` where a file cannot be read or written; no session is written then.
    """
    into = resolve(into)
    files = [path for path in dict.fromkeys(map(resolve, sources)) if path != into]
    if not files:
        raise MergeError(
            f"{into} cannot be pooled with itself alone: name the files whose sessions it is to take."
        )
    contents = [_read_file(path) for path in files]
    existed = is_there(into)
    _resolve([*([_read_file(into)] if existed else []), *contents])  # refuse before anything is written
    with Store.open(into) as target:
        contents.insert(0, _read(target))
        chosen = _resolve(contents)
        report = _report([into, *files] if existed else files, contents, chosen)
        _write(target, contents, chosen)
    return report


def _read_file(path: Path) -> _Content:
    with Store.open(path, writable=False) as store:
        return _read(store)


def _read(store: Store) -> _Content:
    """All of a file, as of one moment."""
    with store.snapshot():
        limits: defaultdict[int, dict[str, float]] = defaultdict(dict)
        for study_id, rule, value in store.query("SELECT study_id, rule, value FROM exclusion_limits"):
            limits[study_id][rule] = value
        studies = {
            study_id: _Study(row["sha256"], row["name"], row, limits[study_id])
            for row in store.rows("SELECT * FROM studies")
            for study_id in (row.pop("id"),)
        }
        facts = {
            table: _by_session(store.rows(f"SELECT * FROM {table} ORDER BY session_id, {', '.join(key)}"))  # noqa: S608
            for table, key in _KEYS.items()
        }
        sessions = tuple(
            _Session(
                store.path,
                studies[row.pop("study_id")],
                row,
                {
                    table: {
                        tuple(fact[name] for name in _KEYS[table]): fact for fact in rows[row["session_id"]]
                    }
                    for table, rows in facts.items()
                },
            )
            for row in store.rows("SELECT * FROM sessions ORDER BY utc, session_id")
        )
        withdrawn = tuple(
            (sid, studies[study_id].sha256, utc)
            for sid, study_id, utc in store.query("SELECT session_id, study_id, utc FROM withdrawals")
        )
    return _Content(tuple(studies.values()), sessions, withdrawn)


def _by_session(rows: Iterable[_Row]) -> defaultdict[str, list[_Row]]:
    grouped: defaultdict[str, list[_Row]] = defaultdict(list)
    for row in rows:
        grouped[row["session_id"]].append(row)
    return grouped


def _resolve(contents: Sequence[_Content]) -> dict[str, _Session]:
    """The copy of each session that counts, by its id. Raises ``MergeError`` naming all contradictions."""
    withdrawn = {sid for content in contents for sid, _, _ in content.withdrawn}
    chosen: dict[str, _Session] = {}
    conflicts: list[str] = []
    for session in (session for content in contents for session in content.sessions):
        if session.session_id in withdrawn:
            continue
        other = chosen.setdefault(session.session_id, session)
        if session.begins(other):
            continue
        if other.begins(session):
            chosen[session.session_id] = session
        else:
            conflicts.append(
                f"participant {session.participant}, session {session.session_id} ({other.file} and {session.file})"
            )
    if conflicts:
        raise MergeError(
            f"These sessions differ between files: {'; '.join(conflicts)}. Nothing was written: find out which file "
            "is right, and merge without the other."
        )
    return chosen


def _write(target: Store, contents: Sequence[_Content], chosen: dict[str, _Session]) -> None:
    in_target = {session.session_id: session for session in contents[0].sessions}
    with target.transaction() as connection:
        ids = _write_studies(connection, contents)
        deleted = _write_withdrawals(connection, contents, ids)
        for session in chosen.values():
            _write_session(connection, session, in_target.get(session.session_id), ids[session.study.sha256])
    if deleted & in_target.keys():
        target.scrub()


def _write_studies(connection: sqlite3.Connection, contents: Sequence[_Content]) -> dict[str, int]:
    ids: dict[str, int] = dict(connection.execute("SELECT sha256, id FROM studies"))
    for study in (study for content in contents for study in content.studies):
        if study.sha256 not in ids:
            ids[study.sha256] = insert(connection, "studies", study.row)
            insert_limits(connection, ids[study.sha256], study.limits)
    return ids


def _write_withdrawals(
    connection: sqlite3.Connection, contents: Sequence[_Content], ids: dict[str, int]
) -> set[str]:
    """Write the notes that the target lacks, delete its copies of those sessions, and return their ids."""
    noted = {sid for sid, _, _ in contents[0].withdrawn}
    new = {w[0]: w for content in contents for w in content.withdrawn if w[0] not in noted}
    for sid, sha256, utc in new.values():
        note = {"session_id": sid, "study_id": ids[sha256], "utc": utc}
        insert(connection, "withdrawals", note)
        Store.delete_session(connection, sid)
    return set(new)


def _write_session(
    connection: sqlite3.Connection, session: _Session, in_target: _Session | None, study_id: int
) -> None:
    """Write what the target lacks of a session."""
    try:
        if in_target is None:
            insert(connection, "sessions", {**session.row, "study_id": study_id})
        for table, facts in session.facts.items():
            stored = in_target.facts[table] if in_target else {}
            insert_all(connection, table, (row for key, row in facts.items() if key not in stored))
    except sqlite3.IntegrityError as error:  # rows that no file of studies takes
        raise damaged(session.file) from error


def _report(files: Sequence[Path], contents: Sequence[_Content], chosen: dict[str, _Session]) -> MergeReport:
    in_target = {session.session_id: session for session in contents[0].sessions}
    extended = sum(
        1 for sid, session in chosen.items() if sid in in_target and not session.begins(in_target[sid])
    )
    already = sum(1 for sid in chosen if sid in in_target)
    return MergeReport(
        files=tuple(files),
        added=len(chosen) - already,
        extended=extended,
        unchanged=already - extended,
        withdrawn=len({sid for content in contents for sid, _, _ in content.withdrawn}),
        notes=_notes(list(chosen.values())),
    )


def _notes(sessions: Collection[_Session]) -> tuple[str, ...]:
    """Participants who share a number, and people whose sessions come from several files or under several codes."""
    by_number: defaultdict[tuple[str, str, int], dict[str, str]] = defaultdict(dict)
    by_person: defaultdict[tuple[str, str, str], list[_Session]] = defaultdict(list)
    for session in sessions:
        study, key = (session.study.sha256, session.study.name), code_key(session.participant)
        by_number[(*study, session.number)].setdefault(key, session.participant)
        by_person[(*study, key)].append(session)
    shared = [
        f'In "{name}" the participants {" and ".join(sorted(codes.values()))} have the same number, {number}: '
        "they saw the same trial list."
        for (_, name, number), codes in sorted(by_number.items())
        if len(codes) > 1
    ]
    pooled = [note for (_, name, _), own in sorted(by_person.items()) for note in _notes_on_person(name, own)]
    return (*shared, *pooled)


def _notes_on_person(study: str, sessions: Sequence[_Session]) -> Iterator[str]:
    codes = sorted({session.participant for session in sessions})
    files = sorted({session.file for session in sessions})
    if len(codes) > 1:
        yield (
            f'In "{study}" the codes {" and ".join(codes)} differ only in how they are written: they count as one '
            "person. If they are two, tell them apart by their sessions in the exported trials."
        )
    if len(files) > 1:
        yield (
            f'In "{study}" the participant {codes[0]} has sessions in {" and ".join(map(str, files))}: '
            "they count as one person."
        )
