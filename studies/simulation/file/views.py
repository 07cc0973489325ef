"""What is read of experiments, as SQL views. Any SQLite browser reads the same."""

# ruff: noqa: S608 - parts of the views are put together from constants
from __future__ import annotations

from collections.abc import Callable, Mapping

from model.tiers import Tier

_TIERS = tuple(tier.value for tier in Tier)
_ASKED = tuple(tier.value for tier in Tier if tier.asked)


def _each(text: Callable[[str], str], tiers: tuple[str, ...] = _TIERS, between: str = ", ") -> str:
    """The same text for each tier."""
    return between.join(map(text, tiers))


_ALL = _each(lambda tier: f"n_{tier}", _ASKED, " + ")
_RIGHT = _each(lambda tier: f"n_{tier}_right", _ASKED, " + ")

# One row a run, round and cost, with columns for each tier. Drawn costs are those of the run; all others follow from
# the counts.
_RESULTS = f"""
WITH counted AS (
    SELECT c.*, m.kind,
        {_each(lambda tier: f"m_{tier}.strategy AS {tier}, coalesce(m_{tier}.budget, 0) AS {tier}_budget")},
        r.round, r.n_seed, r.n_human, r.n_auto, r.n_auto_right,
        {
    _each(
        lambda tier: f"coalesce(r_{tier}.n, 0) AS n_{tier}, coalesce(r_{tier}.n_right, 0) AS n_{tier}_right"
    )
},
        r.accuracy, r.audit_accuracy, r.drawn_cost, r.seconds_training, r.seconds_audit,
        {_each(lambda tier: f"coalesce(r_{tier}.seconds, 0.0) AS seconds_{tier}")},
        r.notes, r.device, r.threads, r.versions, r.utc
    FROM cells AS c
    JOIN methods AS m ON m.experiment_id = c.experiment_id AND m.method = c.method
    {
    _each(
        lambda tier: (
            f"LEFT JOIN method_tiers AS m_{tier} "
            f"ON m_{tier}.experiment_id = m.experiment_id AND m_{tier}.method = m.method AND m_{tier}.tier = '{tier}'"
        ),
        between=chr(10) + 4 * " ",
    )
}
    JOIN rounds AS r ON r.run_key = c.run_key
    {
    _each(
        lambda tier: (
            f"LEFT JOIN round_tiers AS r_{tier} "
            f"ON r_{tier}.run_key = r.run_key AND r_{tier}.round = r.round AND r_{tier}.tier = '{tier}'"
        ),
        between=chr(10) + 4 * " ",
    )
}
),
answered AS (
    SELECT *,
        CASE kind WHEN 'al-without-suggestions' THEN 0 ELSE {_RIGHT} END AS n_verified,
        CASE kind WHEN 'al-without-suggestions' THEN 0 ELSE {_ALL} - ({_RIGHT}) END AS n_corrected,
        CASE kind WHEN 'al-without-suggestions' THEN {_ALL} ELSE 0 END AS n_unaided
    FROM counted
)
SELECT e.name AS experiment, a.experiment_id, a.data, a.method, a.kind, {_each(lambda tier: f"a.{tier}")},
    {_each(lambda tier: f"a.{tier}_budget")}, a.cost AS cost_setting, a.seed, a.round,
    coalesce(a.drawn_cost, a.n_seed * s.seed_label
        + s.verify * sum(a.n_verified) OVER run + s.correct * sum(a.n_corrected) OVER run
        + s.unaided * sum(a.n_unaided) OVER run) AS cost,
    a.accuracy, a.audit_accuracy, a.n_seed, a.n_human, a.n_auto, a.n_auto_right,
    {_each(lambda tier: f"a.n_{tier}, a.n_{tier}_right")},
    a.n_verified, a.n_corrected, a.n_unaided,
    {_each(lambda tier: f"a.n_{tier}_right * 1.0 / nullif(a.n_{tier}, 0) AS {tier}_right")},
    a.n_auto_right * 1.0 / nullif(a.n_auto, 0) AS auto_right,
    a.seconds_training, a.seconds_audit, {_each(lambda tier: f"a.seconds_{tier}")},
    a.device, a.threads, a.versions, a.notes, a.run_key, a.utc
FROM answered AS a
JOIN experiments AS e ON e.experiment_id = a.experiment_id
JOIN cost_settings AS s ON s.experiment_id = a.experiment_id AND s.cost = a.cost
WINDOW run AS (PARTITION BY a.experiment_id, a.data, a.method, a.seed, a.cost ORDER BY a.round)"""

# One row a run, round, cost and tier.
_TIER_RESULTS = """
SELECT e.name AS experiment, c.experiment_id, c.data, c.method, c.cost AS cost_setting, c.seed, t.round, t.tier,
    m.strategy, m.budget, t.n, t.n_right, t.n_right * 1.0 / nullif(t.n, 0) AS right_share, t.seconds, c.run_key
FROM cells AS c
JOIN experiments AS e ON e.experiment_id = c.experiment_id
JOIN round_tiers AS t ON t.run_key = c.run_key
LEFT JOIN method_tiers AS m ON m.experiment_id = c.experiment_id AND m.method = c.method AND m.tier = t.tier"""

_PROGRESS = """
SELECT r.run_key, r.rounds, coalesce(d.done, 0) AS rounds_done, coalesce(d.done, 0) > r.rounds AS finished,
    (SELECT error FROM failures AS f WHERE f.run_key = r.run_key ORDER BY id DESC LIMIT 1) AS last_error
FROM runs AS r
LEFT JOIN (SELECT run_key, count(*) AS done FROM rounds GROUP BY run_key) AS d ON d.run_key = r.run_key"""

# One row a run over a whole folder, round and cost: seconds and what was asked add up from the first labels on.
_ASKED_COUNTS = ("pages", "cells", "marks", "named", "refused", "singles", "verified", "near", "unaided")
_FOLDER_RESULTS = f"""
SELECT e.name AS experiment, c.experiment_id, c.data, c.method, c.cost AS cost_setting, c.seed, f.round, f.n_images,
    f.n_labeled, f.n_labeled * 1.0 / f.n_images AS labeled_share, f.n_wrong,
    f.n_wrong * 1.0 / f.n_images AS wrong_share, r.drawn_cost AS seconds, r.drawn_cost / f.n_images AS seconds_an_image,
    {_each(lambda count: f"sum(f.{count}) OVER run AS {count}", _ASKED_COUNTS)}, r.accuracy, c.run_key
FROM cells AS c
JOIN experiments AS e ON e.experiment_id = c.experiment_id
JOIN folder_rounds AS f ON f.run_key = c.run_key
JOIN rounds AS r ON r.run_key = f.run_key AND r.round = f.round
WINDOW run AS (PARTITION BY c.experiment_id, c.data, c.method, c.seed, c.cost ORDER BY f.round)"""

# One row a run, round and cost: where a folder stands if the program labels now all that has no label. A method without
# a goal of its own labels nothing by program; actions are answers, marks and pages.
_FINISH_RESULTS = """
SELECT f.experiment, f.experiment_id, f.data, f.method, f.cost_setting, f.seed, f.round, f.n_images,
    g.goal, f.seconds, f.seconds / 60 AS minutes, r.n_seed + f.singles + f.pages + f.marks AS actions,
    p.n_program, p.n_program_wrong, f.n_images - f.n_labeled - p.n_program AS n_left,
    p.n_other * 1.0 / f.n_images AS wrong_share, p.n_untrue * 1.0 / f.n_images AS untrue_share,
    p.n_sampled, p.n_planted, p.looks, p.ended,
    g.goal IS NULL OR p.n_other <= f.n_images * g.goal + 1e-9 AS held, f.run_key
FROM folder_results AS f
JOIN finish_rounds AS p ON p.run_key = f.run_key AND p.round = f.round
JOIN rounds AS r ON r.run_key = f.run_key AND r.round = f.round
LEFT JOIN goals AS g ON g.experiment_id = f.experiment_id AND g.method = f.method"""

VIEWS: Mapping[str, str] = {
    "results": f"CREATE VIEW results AS{_RESULTS}",
    "tier_results": f"CREATE VIEW tier_results AS{_TIER_RESULTS}",
    "folder_results": f"CREATE VIEW folder_results AS{_FOLDER_RESULTS}",
    "finish_results": f"CREATE VIEW finish_results AS{_FINISH_RESULTS}",
    "progress": f"CREATE VIEW progress AS{_PROGRESS}",
}
