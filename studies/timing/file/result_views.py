"""The views of results: what the kept trials say of each participant, and of all of them."""

from __future__ import annotations

from collections.abc import Mapping

from studies.timing.facts.exclusions import USUAL_LIMITS
from studies.timing.file.rules import RULES, kept_without, removed_by
from studies.timing.file.views import PEOPLE, TRIALS, progress_in

_GROUP = "study, participant, dataset, interface"
_CELL = "study, dataset, interface"
_SHOWN = "NOT practice AND suggestion IS NOT NULL"
_SCRATCH = "NOT practice AND kind = 'scratch'"


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


# Of each session, over all of its data sets.
_SESSION_TIMES = f"""
SELECT session,
    {geomean_s("kept AND suggestion_right")} AS c_v_geomean_s,
    {geomean_s("kept AND NOT suggestion_right")} AS c_a_geomean_s
FROM trials
GROUP BY session"""  # noqa: S608
ONE_SESSION_TIMES = f"""
WITH counted_sessions AS (
    SELECT * FROM sessions
    WHERE (study_id, code_key, robot) = (SELECT study_id, code_key, robot FROM sessions WHERE session_id = :session)
), session_progress AS ({progress_in("counted_sessions")}
), trials AS ({TRIALS}
), session_times AS ({_SESSION_TIMES}
)
SELECT * FROM session_times WHERE session = :session"""  # noqa: S608 - built from constants
"""The view ``session_times`` for one session, made of its person's sessions alone, as somebody waits for it."""

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

# How far a participant came, in all sessions of a study.
_PERSON_PROGRESS = f"""
WITH people AS ({PEOPLE})
SELECT labels.study, people.participant, min(progress.finished) AS finished,
    sum(progress.answered) * 1.0 / nullif(sum(progress.planned), 0) AS answered_share
FROM session_progress AS progress
JOIN people ON people.session_id = progress.session_id
JOIN study_labels AS labels ON labels.study_id = progress.study_id
GROUP BY labels.study, people.participant"""  # noqa: S608

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
    under_correction_rate, over_correction_rate, finished, answered_share, robot
FROM means
LEFT JOIN medians USING ({_GROUP})
LEFT JOIN person_progress USING (study, participant)"""  # noqa: S608

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
    SELECT {_CELL}, count(*) AS n_participants, sum(finished) AS n_finished, avg(answered_share) AS answered_share
    FROM (SELECT {_GROUP} FROM each UNION SELECT {_GROUP} FROM zero)
    LEFT JOIN person_progress USING (study, participant)
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
        -- over those who have both, so that they are of the same people as the ratio
        {_over_participants("CASE WHEN ratio_geomean > 0 THEN c_v_geomean_s END")} AS c_v_geomean_s,
        {_over_participants("CASE WHEN ratio_geomean > 0 THEN c_a_geomean_s END")} AS c_a_geomean_s,
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
    SELECT {_CELL}, {_over_participants("c_0_geomean_s")} AS c_0_geomean_s, sum(n_kept) AS n_scratch_kept,
        count(c_0_geomean_s) AS n_scratch
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
    coalesce(n_scratch_kept, 0) AS n_scratch_kept,
    coalesce(n, 0) AS n_ratio, coalesce(n_scratch, 0) AS n_scratch, n_finished, answered_share
FROM cells
LEFT JOIN suggested USING ({_CELL})
LEFT JOIN unsuggested USING ({_CELL})
LEFT JOIN t_quantiles ON df = min(n - 1, (SELECT max(df) FROM t_quantiles))"""  # noqa: S608


def _ratio_of(kept: str) -> str:
    return f"{geomean_s(f'{kept} AND NOT suggestion_right')} / {geomean_s(f'{kept} AND suggestion_right')}"


def _where_on(name: str) -> str:
    """In which studies a rule is on."""
    if name not in (*USUAL_LIMITS, "stalled"):
        return ""
    is_on = "NOT on_stalled_at_ends" if name == "stalled" else f"on_{name}"
    return f" WHERE study IN (SELECT study FROM plan_limits WHERE {is_on})"  # noqa: S608


def _exclusions() -> str:
    per_participant = ",\n        ".join(
        f"sum({removed_by(name)}) AS flagged_{name}, sum(excluded_by = '{name}') AS only_{name}, "
        f"{_ratio_of(kept_without(name))} AS ratio_{name}"
        for name in RULES
    )
    per_cell = ",\n        ".join(
        f"sum(flagged_{name}) AS flagged_{name}, sum(only_{name}) AS only_{name}, "
        f"{_over_participants(f'ratio_{name}')} AS ratio_{name}"
        for name in RULES
    )
    rows = "\nUNION ALL\n".join(
        f"SELECT {_CELL}, '{name}' AS rule, flagged_{name} AS n_flagged, only_{name} AS n_only, "  # noqa: S608
        f"ratio_all AS ratio_geomean, ratio_{name} AS ratio_geomean_without_rule FROM cells{_where_on(name)}"
        for name in RULES
    )
    return f"""
WITH each AS (
    SELECT {_GROUP},
        {_ratio_of("kept")} AS ratio_all,
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


RESULT_VIEWS: Mapping[str, str] = {
    name: f"CREATE VIEW {name} AS{select}"
    for name, select in {
        "person_progress": _PERSON_PROGRESS,
        "session_times": _SESSION_TIMES,
        "ratios": _RATIOS,
        "scratch": _SCRATCH_VIEW,
        "summary": _SUMMARY,
        "exclusions": _exclusions(),
    }.items()
}
