"""The rules that leave a trial or a page out of the results, as conditions in SQL."""

from __future__ import annotations

from collections.abc import Mapping

from studies.timing.facts.exclusions import USUAL_LIMITS

STALL_LIMIT_NS = 100_000_000  # an event loop that stood longer than this may have delayed what was seen
_SLEPT_S = 0.1  # by which the wall clock must be ahead; only a trial that stalled is asked

# The exclusion rules: name, and the condition on the facts of a trial under which the rule removes it.
RULES: Mapping[str, str] = {
    "wrong_answer": "NOT answer_right",
    "focus_lost": "focus_lost",
    "too_fast": "too_fast",
    "repeated": "repeated",
    "stalled": "stalled AND NOT on_stalled_at_ends",
    "flagged": "flagged",
    **{name: f"{name} AND on_{name}" for name in USUAL_LIMITS},
}
# The same of a page.
PAGE_RULES: Mapping[str, str] = {
    name: RULES[name] for name in ("focus_lost", "repeated", "stalled", "stalled_at_ends", "incomplete")
}

_LIMIT_COLUMNS = "".join(
    f", coalesce(max(CASE rule WHEN '{name}' THEN value END), {usual}) AS {name}_limit"
    f", count(CASE rule WHEN '{name}' THEN value END) AS on_{name}"
    for name, usual in USUAL_LIMITS.items()
)
LIMITS = f"""
SELECT studies.id AS study_id{_LIMIT_COLUMNS}
FROM studies LEFT JOIN exclusion_limits ON exclusion_limits.study_id = studies.id
GROUP BY studies.id"""  # noqa: S608 - built from constants
"""A view of studies: the limit of each rule that a plan may turn on, and whether it is on."""

COUNTED = "session_id IN (SELECT session_id FROM counted_sessions)"
COUNTED_FACTS = "session IN (SELECT session_id FROM counted_sessions)"  # of rows that name a session so
SHOWN = f"""
    SELECT session_id, position, count(*) AS times, max(seq) AS last_seq, at_ns AS shown_ns, utc AS shown_utc,
        -- beside max(), SQLite takes the other columns from the row of the maximum
        CASE WHEN detail LIKE 'painted %, drawn %'
            THEN CAST(substr(detail, instr(detail, 'drawn ') + 6) AS INTEGER) - CAST(substr(detail, 9) AS INTEGER)
            ELSE 0 END AS drawing_ns
    FROM events
    WHERE kind = 'presented' AND position IS NOT NULL AND {COUNTED}
    GROUP BY session_id, position"""  # noqa: S608
"""How often each trial or page was shown, and of the last time when, and how long it took until it was drawn."""

# A clock that stands still while the machine sleeps falls behind the wall clock.
_SLEPT = f"(julianday(r.utc) - julianday(shown_utc)) * 86400 - (r.handler_ns - shown_ns) / 1e9 > {_SLEPT_S}"
STALLED = f"r.longest_stall_ns > {STALL_LIMIT_NS}"
STALLED_AT_ENDS = f"""coalesce(drawing_ns, 0) > {STALL_LIMIT_NS} OR r.handler_ns - r.response_ns > {STALL_LIMIT_NS}
            OR {STALLED} AND (r.stamp_source = 'handler' OR coalesce({_SLEPT}, 0))"""
"""The stamp of an answer is the event's own, so a stall falsifies a time at its two ends only, and sleep in between."""


def names_of(rules: Mapping[str, str]) -> str:
    """SQL: the names of the rules that hold, with commas."""
    names = " || ".join(
        f"CASE WHEN {condition} THEN ',{name}' ELSE '' END" for name, condition in rules.items()
    )
    return f"substr({names}, 2)"


def removed_by(name: str) -> str:
    """SQL: whether a rule removes a row of ``trials``."""
    return f"instr(',' || excluded_by || ',', ',{name},') > 0"


def kept_without(name: str) -> str:
    """SQL: whether a row of ``trials`` is kept when a rule is not applied."""
    return f"NOT practice AND excluded_by IN ('', '{name}')"
