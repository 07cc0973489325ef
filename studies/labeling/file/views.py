"""What is read of a project, as SQL views: labels, answers, rounds. Any SQLite browser reads the same."""

# ruff: noqa: S608 - parts of the views are put together from constants
from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from model.tiers import Tier
from studies.labeling.facts.records import Verb
from studies.labeling.planning.costs import AWAY_S, STOOD_STILL_NS, TIMED, TOO_FAST_S

# A class that is merged into another stands for it, however far; the latest change of a kind holds.
_CLASSES = """
CREATE VIEW classes AS
WITH RECURSIVE
latest AS (
    SELECT class_id, change, value FROM class_changes AS c
    WHERE NOT EXISTS (
        SELECT 1 FROM class_changes AS later
        WHERE later.class_id = c.class_id AND later.change = c.change AND later.id > c.id)
),
named AS (
    SELECT a.class_id,
        coalesce(
            (SELECT value FROM latest AS r WHERE r.class_id = a.class_id AND r.change = 'renamed'), a.value) AS name,
        (SELECT CAST(value AS INTEGER) FROM latest AS m
         WHERE m.class_id = a.class_id AND m.change = 'merged' AND CAST(m.value AS INTEGER) <> a.class_id) AS into_id
    FROM latest AS a WHERE a.change = 'added'
),
chain (class_id, stands_for) AS (
    SELECT class_id, class_id FROM named
    UNION
    SELECT chain.class_id, named.into_id FROM chain JOIN named ON named.class_id = chain.stands_for
    WHERE named.into_id IS NOT NULL
)
SELECT chain.class_id, chain.stands_for, ends.name
FROM chain JOIN named AS ends ON ends.class_id = chain.stands_for
WHERE ends.into_id IS NULL"""

_UNDONE = "EXISTS (SELECT 1 FROM label_events AS u WHERE u.undoes = e.action)"

_STATE_VERBS = ", ".join(repr(verb.value) for verb in Verb if verb.meaning.state)
STATES = f"""
SELECT e.item, max(e.seq) AS seq
FROM label_events AS e
WHERE e.verb IN ({_STATE_VERBS}) AND NOT {_UNDONE}
GROUP BY e.item"""
"""For each item that has a state the event behind it; files that are only glanced at may lack the view of it."""

CERTIFIED = """
SELECT f.look, f.class_id, f.utc, json_extract(j.value, '$[0]') AS item, json_extract(j.value, '$[1]') AS score
FROM folder_labels AS f, json_each(f.labels) AS j"""
"""The labels of a certificate of the folder, one by one; files of before have no table of them."""

_NAMES = """
CREATE VIEW names AS
SELECT i.item, coalesce(
    (SELECT n.name FROM item_names AS n WHERE n.item = i.item ORDER BY n.id DESC LIMIT 1), i.name) AS name
FROM items AS i"""


def _is_flagged(table: str) -> str:
    return f"""coalesce((SELECT f.verb = 'flag' FROM label_events AS f
    WHERE f.item = {table}.item AND f.verb IN ('flag', 'unflag')
    AND NOT EXISTS (SELECT 1 FROM label_events AS u WHERE u.undoes = f.action)
    ORDER BY f.seq DESC LIMIT 1), 0)"""


_MODE = """CASE
        WHEN e.verb <> 'label' OR e.purpose = 'import' THEN NULL
        WHEN e.purpose IN ('grid', 'page') THEN 'page'
        WHEN e.purpose = 'cluster' THEN 'cluster'
        WHEN e.suggestion IS NULL THEN 'unaided' ELSE 'single' END"""

_LABELS = f"""
CREATE VIEW labels AS
SELECT n.name AS item,
    CASE e.verb WHEN 'label' THEN c.name END AS label,
    CASE e.verb WHEN 'label' THEN '' ELSE e.verb END AS remark,
    {_is_flagged("e")} AS flagged,
    'person' AS origin, e.purpose,
    CASE e.purpose WHEN 'grid' THEN CASE WHEN a.item IS NULL THEN NULL ELSE 'easy' END ELSE t.tier END AS tier,
    CASE e.purpose WHEN 'grid' THEN ac.strategy ELSE t.strategy END AS strategy,
    CASE e.purpose WHEN 'grid' THEN a.score ELSE t.score END AS score,
    sc.name AS suggestion,
    CASE WHEN e.verb = 'label' AND e.suggestion IS NOT NULL THEN c.stands_for = sc.stands_for END AS accepted,
    coalesce(t.round, a.round) AS round, m.sha256 AS model, s.annotator, e.utc,
    (e.response_ns - e.onset_ns) / 1e9 / e.images AS response_time_s,
    {_MODE} AS mode, CASE WHEN e.purpose IN ('grid', 'page', 'cluster') THEN e.action END AS page,
    e.place,
    (SELECT g.purpose FROM label_events AS g WHERE g.item = e.item AND g.verb = 'confirm' AND g.seq > e.seq
        AND NOT EXISTS (SELECT 1 FROM label_events AS u WHERE u.undoes = g.action)
        ORDER BY g.seq DESC LIMIT 1) AS confirmed_again
FROM states
JOIN label_events AS e ON e.seq = states.seq
JOIN names AS n ON n.item = e.item
JOIN sittings AS s ON s.sitting = e.sitting
LEFT JOIN classes AS c ON c.class_id = e.class_id
LEFT JOIN classes AS sc ON sc.class_id = e.suggestion
LEFT JOIN tasks AS t ON t.task_id = e.task_id
LEFT JOIN auto_labels AS a ON e.purpose = 'grid' AND a.item = e.item
    AND a.round = (SELECT max(round) FROM rounds AS r WHERE r.from_action <= e.action)
LEFT JOIN rounds AS ar ON ar.round = a.round
LEFT JOIN round_strategies AS ac ON ac.round = a.round AND ac.tier = 'easy'
LEFT JOIN models AS m ON m.model_id = coalesce(t.model_id, ar.model_id)
WHERE e.verb <> 'release'
UNION ALL
SELECT n.name, c.name, '', {_is_flagged("a")}, 'program', 'auto', 'easy', rc.strategy, a.score,
    c.name, NULL, a.round, m.sha256, '', r.utc, NULL, 'program', NULL, NULL, NULL
FROM auto_labels AS a
JOIN rounds AS r ON r.round = a.round
JOIN names AS n ON n.item = a.item
JOIN classes AS c ON c.class_id = a.class_id
LEFT JOIN round_strategies AS rc ON rc.round = a.round AND rc.tier = 'easy'
LEFT JOIN models AS m ON m.model_id = r.model_id
WHERE a.round = (SELECT max(round) FROM rounds)
    AND NOT EXISTS (SELECT 1 FROM states WHERE states.item = a.item)
    AND a.item NOT IN (SELECT item FROM ({CERTIFIED}))
UNION ALL
SELECT n.name, c.name, '', {_is_flagged("f")}, 'program', 'auto', NULL, 'folder', f.score,
    c.name, NULL, k.round, m.sha256, '', f.utc, NULL, 'program', NULL, NULL, NULL
FROM ({CERTIFIED}) AS f
JOIN looks AS k ON k.look = f.look
JOIN rounds AS r ON r.round = k.round
JOIN names AS n ON n.item = f.item
JOIN classes AS c ON c.class_id = f.class_id
LEFT JOIN models AS m ON m.model_id = r.model_id
WHERE NOT EXISTS (SELECT 1 FROM states WHERE states.item = f.item)"""

_TIMED = ", ".join(repr(p.value) for p in TIMED)

_ANSWERS = f"""
CREATE VIEW answers AS
SELECT e.seq, e.action, n.name AS item, e.verb, e.purpose, t.round, t.tier, t.strategy,
    sc.name AS suggestion, c.name AS answer,
    CASE
        WHEN e.verb NOT IN ('label', 'answer') THEN NULL
        WHEN e.suggestion IS NULL THEN 'unaided'
        WHEN c.stands_for = sc.stands_for THEN 'verified'
        WHEN e.class_id IS NOT NULL THEN 'corrected'
    END AS kind,
    (e.response_ns - e.onset_ns) / 1e9 / e.images AS response_time_s,
    e.images, e.onset_ns, e.first_input_ns, e.response_ns, e.handler_ns, e.stamp_source, e.device, e.backtracks,
    e.focus_lost, e.longest_stall_ns,
    {_UNDONE} AS undone,
    (e.response_ns - e.onset_ns) / 1e9 / e.images > {AWAY_S}
        OR coalesce(e.longest_stall_ns, 0) > {STOOD_STILL_NS} AS away,
    (e.response_ns - e.onset_ns) / 1e9 / e.images < {TOO_FAST_S} AND e.purpose IN ({_TIMED}) AS too_fast,
    e.purpose = 'plant' AS planted,
    s.annotator, e.sitting, e.utc, e.rank, e.refit, e.place
FROM label_events AS e
JOIN names AS n ON n.item = e.item
JOIN sittings AS s ON s.sitting = e.sitting
LEFT JOIN tasks AS t ON t.task_id = e.task_id
LEFT JOIN classes AS c ON c.class_id = e.class_id
LEFT JOIN classes AS sc ON sc.class_id = e.suggestion
WHERE e.onset_ns IS NOT NULL"""


_COUNTS = f"a.verb = 'label' AND a.purpose IN ({_TIMED})"


def _budget(tier: str) -> str:
    return f"json_extract(r.plan, '$.{tier}_budget') AS {tier}_budget"


def _right(tier: str) -> str:
    suggested = f"{_COUNTS} AND a.tier = '{tier}'"
    return (
        f"count(CASE WHEN {suggested} AND a.kind <> 'unaided' THEN 1 END) AS {tier}_answered,\n    "
        f"count(CASE WHEN {suggested} AND a.kind = 'verified' THEN 1 END) AS {tier}_right"
    )


def _each(columns: Callable[[str], str], tiers: Iterable[Tier]) -> str:
    """The same columns for each tier."""
    return ",\n    ".join(columns(tier.value) for tier in tiers)


_ROUNDS = f"""
CREATE VIEW round_costs AS
SELECT r.round, json_extract(r.plan, '$.mode') AS budgets,
    {_each(_budget, Tier)},
    r.predicted_s,
    coalesce(sum(CASE WHEN {_COUNTS} AND NOT (a.away OR a.too_fast OR a.focus_lost)
        THEN a.response_time_s END), 0) AS measured_s,
    count(a.seq) AS answers, {_each(_right, (tier for tier in Tier if tier.asked))},
    (SELECT count(*) FROM auto_labels AS l WHERE l.round = r.round) AS auto_labels,
    m.trained_on, m.holdout_n, m.holdout_right, m.network, m.device, m.sha256 AS model,
    r.reason, r.notes, r.seconds, r.utc
FROM rounds AS r
LEFT JOIN answers AS a ON a.round = r.round AND NOT a.undone
LEFT JOIN models AS m ON m.model_id = r.model_id
GROUP BY r.round"""

VIEWS: Mapping[str, str] = {
    "classes": _CLASSES,
    "names": _NAMES,
    "states": f"CREATE VIEW states AS{STATES}",
    "labels": _LABELS,
    "answers": _ANSWERS,
    "round_costs": _ROUNDS,
}
