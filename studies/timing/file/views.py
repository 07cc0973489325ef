"""The views of a timing study: pure SQL, so that the file reads in Datasette or DB Browser as it is."""

from __future__ import annotations

from collections.abc import Mapping

from studies.timing.file.rules import RULES, STALL_LIMIT_NS, kept_condition

_GROUP = "study, participant, dataset, interface"
_CELL = "study, dataset, interface"
_SHOWN = "NOT practice AND suggestion IS NOT NULL"
_SCRATCH = "NOT practice AND kind = 'scratch'"


KEPT = kept_condition()


def geomean_s(where: str) -> str:
    """The geometric mean of the response times for which ``where`` holds, in seconds."""
    return f"exp(avg(CASE WHEN {where} THEN ln(response_time_s) END))"


def _mean_s(where: str) -> str:
    return f"avg(CASE WHEN {where} THEN response_time_s END)"


def _share(part: str, whole: str) -> str:
    return f"sum({whole} AND {part}) * 1.0 / nullif(sum({whole}), 0)"


def _over_participants(value: str) -> str:
    """The geometric mean over participants."""
    return f"exp(avg(ln({value})))"


def _rule_names() -> str:
    names = " || ".join(
        f"CASE WHEN {condition} THEN ',{name}' ELSE '' END" for name, condition in RULES.items()
    )
    return f"substr({names}, 2)"


# Where one file holds two plans of the same name, the label tells them apart by their hashes.
_STUDY_LABELS = """
SELECT id AS study_id,
    CASE WHEN count(*) OVER (PARTITION BY name) > 1 THEN name || ' (' || substr(sha256, 1, 8) || ')' ELSE name END
        AS study
FROM studies
WHERE id IN (SELECT study_id FROM sessions)"""

# One person's code is written as it was first, whatever the case and spaces of later sessions.
PEOPLE = """
    SELECT session_id,
        first_value(participant) OVER (PARTITION BY study_id, code_key ORDER BY utc, session_id) AS participant
    FROM counted_sessions"""

_TRIALS = f"""
WITH people AS ({PEOPLE}
), shown AS (
    SELECT session_id, position,
        sum(kind = 'presented') AS times,
        -- the last of the two kinds decides
        max(CASE kind WHEN 'flagged' THEN 2 * seq + 1 WHEN 'unflagged' THEN 2 * seq ELSE 0 END) % 2 AS flagged
    FROM events
    WHERE position IS NOT NULL
    GROUP BY session_id, position
), facts AS (
    SELECT labels.study, people.participant, s.session_id AS session, coalesce(p.interface, s.interface) AS interface,
        p.block, p.position, p.dataset, p.practice, p.item, p.true_class, p.suggestion, p.page, p.cell,
        p.suggestion = p.true_class AS suggestion_right,
        r.answer,
        r.answer = p.true_class AS answer_right,
        CASE WHEN p.page IS NOT NULL THEN 'asked' WHEN p.suggestion IS NULL THEN 'scratch'
            WHEN p.suggestion = p.true_class THEN 'verify' ELSE 'correct' END AS kind,
        (r.response_ns - r.onset_ns) / 1e9 AS response_time_s,
        (r.first_input_ns - r.onset_ns) / 1e9 AS first_input_s,
        (r.handler_ns - r.response_ns) / 1e9 AS handler_delay_s,
        r.stamp_source, r.device, r.backtracks, r.focus_lost,
        r.longest_stall_ns / 1e9 AS longest_stall_s,
        max(r.attempt, coalesce(shown.times, 0)) AS presentations,
        coalesce(shown.flagged, 0) AS flagged,
        r.response_ns <= r.onset_ns OR r.response_ns - r.onset_ns < studies.too_fast_ms * 1000000 AS too_fast,
        max(r.attempt, coalesce(shown.times, 0)) > 1 AS repeated,
        r.longest_stall_ns > {STALL_LIMIT_NS} AS stalled,
        r.utc, r.onset_ns, r.first_input_ns, r.response_ns, r.handler_ns, r.longest_stall_ns, s.robot
    FROM responses AS r
    JOIN planned_trials AS p ON p.session_id = r.session_id AND p.position = r.position
    JOIN counted_sessions AS s ON s.session_id = r.session_id
    JOIN people ON people.session_id = r.session_id
    JOIN studies ON studies.id = s.study_id
    JOIN study_labels AS labels ON labels.study_id = s.study_id
    LEFT JOIN shown ON shown.session_id = r.session_id AND shown.position = r.position
)
SELECT study, participant, session, interface, block, position, dataset, practice, item, true_class, suggestion,
    suggestion_right, answer, answer_right, kind, response_time_s, first_input_s, handler_delay_s, stamp_source,
    device, backtracks, focus_lost, longest_stall_s, presentations, flagged, too_fast, repeated, stalled,
    {_rule_names()} AS excluded_by,
    {KEPT} AS kept,
    utc, onset_ns, first_input_ns, response_ns, handler_ns, longest_stall_ns, page, cell, robot
FROM facts"""  # noqa: S608 - built from constants of this module

# Of one session, over all of its data sets: for the page that ends it.
_SESSION_TIMES = f"""
SELECT session,
    {geomean_s("kept AND suggestion_right")} AS c_v_geomean_s,
    {geomean_s("kept AND NOT suggestion_right")} AS c_a_geomean_s
FROM trials
GROUP BY session"""  # noqa: S608

# The middle one or two of the kept times of each participant, data set, interface and kind.
_MEDIANS = f"""
ranked AS (
    SELECT {_GROUP}, kind, response_time_s,
        row_number() OVER (PARTITION BY {_GROUP}, kind ORDER BY response_time_s) AS place,
        count(*) OVER (PARTITION BY {_GROUP}, kind) AS n
    FROM shown
    WHERE kept
), medians AS (
    SELECT {_GROUP},
        avg(CASE kind WHEN 'verify' THEN response_time_s END) AS verify_s,
        avg(CASE kind WHEN 'correct' THEN response_time_s END) AS correct_s,
        avg(CASE kind WHEN 'scratch' THEN response_time_s END) AS scratch_s
    FROM ranked
    WHERE place IN ((n + 1) / 2, (n + 2) / 2)
    GROUP BY {_GROUP}
)"""  # noqa: S608

_RATIOS = f"""
WITH shown AS (
    SELECT * FROM trials WHERE {_SHOWN}
), {_MEDIANS}, means AS (
    SELECT {_GROUP},
        count(*) AS n_shown,
        sum(kept AND suggestion_right) AS n_verify_kept,
        sum(kept AND NOT suggestion_right) AS n_correct_kept,
        sum(NOT answer_right) AS n_discarded,
        sum(answer_right AND NOT kept) AS n_excluded,
        {_mean_s("kept AND suggestion_right")} AS c_v_mean_s,
        {geomean_s("kept AND suggestion_right")} AS c_v_geomean_s,
        {_mean_s("kept AND NOT suggestion_right")} AS c_a_mean_s,
        {geomean_s("kept AND NOT suggestion_right")} AS c_a_geomean_s,
        {_share("answer = suggestion", "NOT suggestion_right")} AS under_correction_rate,
        {_share("answer <> suggestion", "suggestion_right")} AS over_correction_rate,
        max(robot) AS robot
    FROM shown
    GROUP BY {_GROUP}
)
SELECT {_GROUP}, n_shown, n_verify_kept, n_correct_kept, n_discarded, n_excluded,
    c_v_mean_s, verify_s AS c_v_median_s, c_v_geomean_s,
    c_a_mean_s, correct_s AS c_a_median_s, c_a_geomean_s,
    c_a_mean_s / c_v_mean_s AS ratio_mean,
    correct_s / verify_s AS ratio_median,
    c_a_geomean_s / c_v_geomean_s AS ratio_geomean,
    under_correction_rate, over_correction_rate, robot
FROM means
LEFT JOIN medians USING ({_GROUP})"""  # noqa: S608

_SCRATCH_VIEW = f"""
WITH shown AS (
    SELECT * FROM trials WHERE {_SCRATCH}
), {_MEDIANS}, means AS (
    SELECT {_GROUP},
        count(*) AS n_shown,
        sum(kept) AS n_kept,
        sum(NOT answer_right) AS n_discarded,
        sum(answer_right AND NOT kept) AS n_excluded,
        {_mean_s("kept")} AS c_0_mean_s,
        {geomean_s("kept")} AS c_0_geomean_s,
        max(robot) AS robot
    FROM shown
    GROUP BY {_GROUP}
)
SELECT {_GROUP}, n_shown, n_kept, n_discarded, n_excluded, c_0_mean_s, scratch_s AS c_0_median_s, c_0_geomean_s, robot
FROM means
LEFT JOIN medians USING ({_GROUP})"""  # noqa: S608


def _spread(value: str) -> str:
    """The standard deviation over participants, from the distances to the cell's mean (two passes)."""
    return f"sqrt(sum({value} * {value}) / nullif(count({value}) - 1, 0))"


_SUMMARY = f"""
WITH each AS (
    SELECT * FROM ratios
), zero AS (
    SELECT * FROM scratch
), cells AS (
    SELECT {_CELL}, count(*) AS n_participants
    FROM (SELECT {_GROUP} FROM each UNION SELECT {_GROUP} FROM zero)
    GROUP BY {_CELL}
), centred AS (
    SELECT *,
        ratio_mean - avg(ratio_mean) OVER cell AS off_mean,
        ratio_median - avg(ratio_median) OVER cell AS off_median,
        ln(ratio_geomean) AS log_ratio,
        ln(ratio_geomean) - avg(ln(ratio_geomean)) OVER cell AS off_log
    FROM each
    WINDOW cell AS (PARTITION BY {_CELL})
), suggested AS (
    SELECT {_CELL},
        sum(n_shown) AS n_shown,
        sum(n_verify_kept) AS n_verify_kept,
        sum(n_correct_kept) AS n_correct_kept,
        sum(n_discarded) AS n_discarded,
        sum(n_excluded) AS n_excluded,
        {_over_participants("c_v_geomean_s")} AS c_v_geomean_s,
        {_over_participants("c_a_geomean_s")} AS c_a_geomean_s,
        avg(ratio_mean) AS ratio_mean,
        {_spread("off_mean")} AS ratio_mean_sd,
        avg(ratio_median) AS ratio_median,
        {_spread("off_median")} AS ratio_median_sd,
        {_over_participants("ratio_geomean")} AS ratio_geomean,
        count(log_ratio) AS n,
        avg(log_ratio) AS centre,
        {_spread("off_log")} / sqrt(count(log_ratio)) AS error,
        avg(under_correction_rate) AS under_correction_rate,
        avg(over_correction_rate) AS over_correction_rate
    FROM centred
    GROUP BY {_CELL}
), unsuggested AS (
    SELECT {_CELL}, {_over_participants("c_0_geomean_s")} AS c_0_geomean_s, sum(n_kept) AS n_scratch_kept
    FROM zero
    GROUP BY {_CELL}
)
SELECT {_CELL}, n_participants,
    coalesce(n_shown, 0) AS n_shown,
    coalesce(n_verify_kept, 0) AS n_verify_kept,
    coalesce(n_correct_kept, 0) AS n_correct_kept,
    coalesce(n_discarded, 0) AS n_discarded,
    coalesce(n_excluded, 0) AS n_excluded,
    c_v_geomean_s, c_a_geomean_s, ratio_mean, ratio_mean_sd, ratio_median, ratio_median_sd, ratio_geomean,
    exp(centre - t975 * error) AS ratio_geomean_low,
    exp(centre + t975 * error) AS ratio_geomean_high,
    under_correction_rate, over_correction_rate, c_0_geomean_s,
    coalesce(n_scratch_kept, 0) AS n_scratch_kept
FROM cells
LEFT JOIN suggested USING ({_CELL})
LEFT JOIN unsuggested USING ({_CELL})
LEFT JOIN t_quantiles ON df = min(n - 1, (SELECT max(df) FROM t_quantiles))"""  # noqa: S608


def _ratio_without(*dropped: str) -> str:
    kept = kept_condition(*dropped)
    return f"{geomean_s(f'{kept} AND NOT suggestion_right')} / {geomean_s(f'{kept} AND suggestion_right')}"


def _exclusions() -> str:
    per_participant = ",\n        ".join(
        f"sum({condition}) AS flagged_{name}, sum(excluded_by = '{name}') AS only_{name}, "
        f"{_ratio_without(name)} AS ratio_{name}"
        for name, condition in RULES.items()
    )
    per_cell = ",\n        ".join(
        f"sum(flagged_{name}) AS flagged_{name}, sum(only_{name}) AS only_{name}, "
        f"{_over_participants(f'ratio_{name}')} AS ratio_{name}"
        for name in RULES
    )
    rows = "\nUNION ALL\n".join(
        f"SELECT {_CELL}, '{name}' AS rule, flagged_{name} AS n_flagged, only_{name} AS n_only, "  # noqa: S608
        f"ratio_all AS ratio_geomean, ratio_{name} AS ratio_geomean_without_rule FROM cells"
        for name in RULES
    )
    return f"""
WITH each AS (
    SELECT {_GROUP},
        {_ratio_without()} AS ratio_all,
        {per_participant}
    FROM trials
    WHERE {_SHOWN}
    GROUP BY {_GROUP}
), cells AS (
    SELECT {_CELL},
        {_over_participants("ratio_all")} AS ratio_all,
        {per_cell}
    FROM each
    GROUP BY {_CELL}
)
{rows}"""  # noqa: S608


VIEWS: Mapping[str, str] = {
    name: f"CREATE VIEW {name} AS{select}"
    for name, select in {
        "study_labels": _STUDY_LABELS,
        "trials": _TRIALS,
        "session_times": _SESSION_TIMES,
        "ratios": _RATIOS,
        "scratch": _SCRATCH_VIEW,
        "summary": _SUMMARY,
        "exclusions": _exclusions(),
    }.items()
}
