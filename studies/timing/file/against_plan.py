"""Whether a study's file says what its plans say: each is stored whole, beside what was drawn by it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import astuple

from studies.timing.facts.codes import code_key
from studies.timing.facts.consent import consent_to
from studies.timing.facts.plan import Plan, PlanError, parse_plan
from studies.timing.facts.records import Interface

_Row = tuple[object, ...]
_OF_STUDY = "JOIN sessions USING (session_id) WHERE study_id = ?"
_SESSIONS = "SELECT seed, interface, participant, code_key FROM sessions WHERE study_id = ?"
_TRIALS = f"""
    SELECT dataset, min(p.interface), max(p.interface), sum(practice), count(*) - sum(practice)
    FROM planned_trials AS p {_OF_STUDY} AND page IS NULL GROUP BY session_id, block"""  # noqa: S608
_ODD_SHARES = f"SELECT dataset, odd_share FROM planned_pages {_OF_STUDY}"  # noqa: S608
_CONSENTS = f"SELECT session_id, version, sha256, contact, code FROM consents {_OF_STUDY}"  # noqa: S608
_REPLIES = f"SELECT place, question, kind, text, unit FROM replies {_OF_STUDY}"  # noqa: S608


def contradicts_plan(connection: sqlite3.Connection) -> str | None:
    """The table that holds something else than the plans of a file of this version say; ``None`` where all fit.

    A plan that this version does not understand says nothing.
    """
    studies = "SELECT id, name, toml, sha256, too_fast_ms FROM studies"
    for study, name, toml, sha256, too_fast_ms in connection.execute(studies).fetchall():
        try:
            loaded = parse_plan(toml)
        except PlanError:
            continue
        if (name, sha256, too_fast_ms) != (
            loaded.plan.name,
            loaded.sha256,
            loaded.plan.trials.too_fast_ms,
        ):
            return "studies"
        table = next(_tables_at_odds(connection, study, loaded.plan), None)
        if table is not None:
            return table
    return None


def _tables_at_odds(connection: sqlite3.Connection, study: int, plan: Plan) -> Iterator[str]:
    def rows(sql: str) -> set[_Row]:
        return set(connection.execute(sql, (study,)))

    for seed, interface, code, key in rows(_SESSIONS):
        if (seed, interface, key) != (plan.seed, plan.session.interface.value, code_key(str(code))):
            yield "sessions"
    # Trials and pages were drawn by the plan: how many there are of each block, and which of them are for practice.
    for block in plan.blocks:
        pages = plan.interface_of(block) is Interface.PAGE
        own = None if block.interface is None else block.interface.value
        trials = {row for row in rows(_TRIALS) if row[0] == block.label}
        if not pages and not trials <= {(block.label, own, own, plan.trials.practice, block.images)}:
            yield "planned_trials"
        shares = {row for row in rows(_ODD_SHARES) if row[0] == block.label}
        if pages and not shares <= {(block.label, share) for share in block.odd_share}:
            yield "planned_pages"
    if any(row[1:] != astuple(consent_to(plan, str(row[0]))) for row in rows(_CONSENTS)):
        yield "consents"
    asked = {(place, q.name, q.kind.value, q.text.strip(), q.unit) for place, q in enumerate(plan.questions)}
    if not rows(_REPLIES) <= asked:
        yield "replies"
