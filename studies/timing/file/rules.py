"""The rules that leave a trial out of the results, as conditions in SQL."""

from __future__ import annotations

from collections.abc import Mapping

STALL_LIMIT_NS = 100_000_000  # an event loop that stood longer than this may have delayed what was seen

# The exclusion rules: name, and the condition on a row of `trials` under which the rule removes it.
RULES: Mapping[str, str] = {
    "wrong_answer": "NOT answer_right",
    "focus_lost": "focus_lost",
    "too_fast": "too_fast",
    "repeated": "repeated",
    "stalled": "stalled",
    "flagged": "flagged",
}


def kept_condition(*dropped: str) -> str:
    """The condition under which a trial is kept when the rules ``dropped`` are not applied."""
    conditions = [f"NOT ({condition})" for name, condition in RULES.items() if name not in dropped]
    return " AND ".join(["NOT practice", *conditions])
