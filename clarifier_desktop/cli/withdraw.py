"""The command ``study withdraw``: deletes what a person answered, in one file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from clarifier_desktop.cli.common import PATH, PROGRAM, ArgumentError, command, default_store, user_paths
from studies.numerals import counted

if TYPE_CHECKING:
    from studies.timing.file.store import SessionSummary, Store


@command("withdraw", example="study withdraw --participant P01 --store pilot.sqlite --yes")
@click.option("--participant", metavar="CODE", help="the participant's code: all sessions of this person")
@click.option(
    "--code", metavar="CODE", help="the code for a later deletion that the participant was shown: one session"
)
@click.option("--store", type=PATH, metavar="FILE", help="the SQLite file with the answers")
@click.option(
    "--copy",
    "copies",
    type=PATH,
    multiple=True,
    metavar="FILE",
    help="a copy, or a file that it was merged into: says whether the person is in it, and changes nothing",
)
@click.option("--yes", is_flag=True, help="delete; without it the sessions are only listed")
def withdraw(
    participant: str | None, code: str | None, store: Path | None, copies: tuple[Path, ...], yes: bool
) -> int:
    """Delete all that a person answered, for good; only that a session was withdrawn is kept."""
    from studies.timing.file.store import Store

    if (participant is None) == (code is None):
        raise ArgumentError("Give either --participant or --code: whose data is to be deleted.")
    path = store or default_store(user_paths())
    with Store.open(path, writable=yes, create=False) as opened:
        found = _find(opened, participant, code)
        for session in found:
            print(_in_a_line(session))
            if yes:
                opened.withdraw(session.session_id)
    sessions = counted(len(found), "session")
    if not yes:
        print(f"{sessions} in {path}. Nothing is deleted yet: add --yes to delete for good.")
        return 1
    print(f"{sessions} deleted in {path}. Tables and figures that were exported before still hold them.")
    held = [copy for copy in copies if _holds(copy, found)]
    for copy in copies:
        print(
            f"{copy} still holds them: {PROGRAM} merge {path} --into {copy}"
            if copy in held
            else f"{copy} does not hold them."
        )
    if not copies:
        print(f"A copy, or a file merged from this one, drops them with: {PROGRAM} merge {path} --into COPY")
    return 0


def _find(store: Store, participant: str | None, code: str | None) -> list[SessionSummary]:
    """The sessions that are meant; raises ``ArgumentError`` where there is none."""
    from studies.timing.facts.codes import code_key
    from studies.timing.facts.consent import deletion_code, is_code

    if participant is not None:
        key = code_key(participant)
        found = [session for session in store.sessions() if code_key(session.participant) == key]
        what = f"of the participant {participant}"
    else:
        typed = code or ""
        found = [session for session in store.sessions() if is_code(typed, deletion_code(session.session_id))]
        what = f"with the code {typed}"
        if any(is_code(typed, deletion_code(session_id)) for session_id in store.withdrawn()):
            raise ArgumentError(f"The session {what} is withdrawn already in {store.path}.")
    if not found:
        raise ArgumentError(f"There is no session {what} in {store.path}. See: {PROGRAM} study list")
    return found


def _holds(path: Path, sessions: Sequence[SessionSummary]) -> bool:
    from studies.timing.file.store import Store

    with Store.open(path, writable=False) as store:
        return bool({s.session_id for s in store.sessions()} & {s.session_id for s in sessions})


def _in_a_line(session: SessionSummary) -> str:
    done = f"{session.answered} of {session.total} answered"
    return f"  {session.participant}, {session.study}, {session.state.value}, {done}, {session.started_utc}"
