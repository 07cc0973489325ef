"""The views of a timing study: pure SQL, so that the file reads in Datasette or DB Browser as it is."""

from __future__ import annotations

from collections.abc import Mapping

from studies.timing.file.rules import COUNTED, LIMITS, RULES, SHOWN, STALLED, STALLED_AT_ENDS, names_of

# Where one file holds two plans of the same name, the label tells them apart by their hashes.
_STUDY_LABELS = """
SELECT id AS study_id,
    CASE WHEN count(*) OVER (PARTITION BY name) > 1 THEN name || ' (' || substr(sha256, 1, 8) || ')' ELSE name END
        AS study
FROM studies
WHERE id IN (SELECT study_id FROM sessions)"""

# One person's code is written as it was first, whatever the case and spaces of later sessions.
ALL_PEOPLE = """
    SELECT session_id, first_value(participant)
        OVER (PARTITION BY study_id, code_key, robot ORDER BY utc, session_id) AS participant
    FROM sessions"""
PEOPLE = ALL_PEOPLE.replace("FROM sessions", "FROM counted_sessions")


def progress_in(sessions: str) -> str:
    """How far each of ``sessions`` came: of the trials and pages that count and whose images could be read."""
    own = f"session_id IN (SELECT session_id FROM {sessions})"  # noqa: S608
    return f"""
WITH units AS (
    SELECT session_id, position FROM planned_trials WHERE NOT practice AND {own}
    UNION ALL SELECT session_id, position FROM planned_pages WHERE NOT practice AND {own}
), answers AS (
    SELECT session_id, position FROM responses WHERE {own}
    UNION ALL SELECT session_id, position FROM page_responses WHERE {own}
), failed AS (
    SELECT DISTINCT session_id, position FROM events WHERE kind = 'image_failed' AND {own}
)
SELECT s.session_id, s.study_id, s.code_key,
    EXISTS (SELECT 1 FROM events AS e WHERE e.session_id = s.session_id AND e.position IS NULL AND e.kind = 'finished')
        AS finished,
    count(units.position) AS planned, count(answers.position) AS answered,
    count(answers.position) * 1.0 / nullif(count(units.position), 0) AS answered_share
FROM {sessions} AS s
LEFT JOIN units ON units.session_id = s.session_id AND NOT EXISTS (
    SELECT 1 FROM failed WHERE failed.session_id = units.session_id AND failed.position = units.position)
LEFT JOIN answers ON answers.session_id = units.session_id AND answers.position = units.position
GROUP BY s.session_id"""  # noqa: S608 - built from constants


_BLOCK_CLASSES = """
SELECT session_id, block, count(DISTINCT true_class) AS classes FROM planned_trials GROUP BY session_id, block"""

# The median absolute deviation of log times, as if they were normal (Leys et al. 2013), over right answers.
_MAD = "1.4826"
_ALIKE = "study, participant, dataset, interface, kind, is_right"

TRIALS = f"""
WITH people AS ({PEOPLE}
), shown AS ({SHOWN}
), marked AS (
    SELECT session_id, position,
        -- the last of the two kinds decides
        max(CASE kind WHEN 'flagged' THEN 2 * seq + 1 WHEN 'unflagged' THEN 2 * seq ELSE 0 END) % 2 AS flagged
    FROM events
    WHERE kind IN ('flagged', 'unflagged') AND {COUNTED}
    GROUP BY session_id, position
), facts AS (
    SELECT labels.study, people.participant, s.session_id AS session, coalesce(p.interface, s.interface) AS interface,
        p.block, p.position, p.dataset, p.practice, p.item, p.true_class, p.suggestion, p.page, p.cell,
        p.suggestion = p.true_class AS suggestion_right,
        r.answer,
        r.answer = p.true_class AS answer_right,
        CASE WHEN p.page IS NOT NULL THEN 'asked' WHEN p.suggestion IS NULL THEN 'scratch'
            WHEN p.suggestion = p.true_class THEN 'verify' ELSE 'correct' END AS kind,
        row_number() OVER (PARTITION BY r.session_id, p.block, p.practice, p.page IS NULL ORDER BY r.utc, r.position)
            AS trial,
        (r.response_ns - r.onset_ns) / 1e9 AS response_time_s,
        (r.first_input_ns - r.onset_ns) / 1e9 AS first_input_s,
        (r.handler_ns - r.response_ns) / 1e9 AS handler_delay_s,
        r.stamp_source, r.device, r.backtracks, r.focus_lost,
        r.longest_stall_ns / 1e9 AS longest_stall_s,
        max(r.attempt, coalesce(shown.times, 0)) AS presentations,
        coalesce(marked.flagged, 0) AS flagged,
        r.response_ns <= r.onset_ns OR r.response_ns - r.onset_ns < studies.too_fast_ms * 1000000 AS too_fast,
        max(r.attempt, coalesce(shown.times, 0)) > 1 AS repeated,
        {STALLED} AS stalled,
        {STALLED_AT_ENDS} AS stalled_at_ends,
        r.response_ns - r.onset_ns > too_slow_limit * 1000000 AS too_slow,
        coalesce(progress.answered_share < incomplete_limit, 0) AS incomplete,
        limits.*,
        r.utc, r.onset_ns, r.first_input_ns, r.response_ns, r.handler_ns, r.longest_stall_ns, s.robot
    FROM responses AS r
    JOIN planned_trials AS p ON p.session_id = r.session_id AND p.position = r.position
    JOIN counted_sessions AS s ON s.session_id = r.session_id
    JOIN people ON people.session_id = r.session_id
    JOIN studies ON studies.id = s.study_id
    JOIN study_limits AS limits ON limits.study_id = s.study_id
    JOIN study_labels AS labels ON labels.study_id = s.study_id
    JOIN session_progress AS progress ON progress.session_id = r.session_id
    LEFT JOIN shown ON shown.session_id = r.session_id AND shown.position = r.position
    LEFT JOIN marked ON marked.session_id = r.session_id AND marked.position = r.position
    WHERE r.{COUNTED}
), logs AS (
    SELECT *, ln(response_time_s) AS log_time,
        row_number() OVER (PARTITION BY {_ALIKE} ORDER BY response_time_s) AS place,
        count(*) OVER (PARTITION BY {_ALIKE}) AS n
    FROM (SELECT *, NOT practice AND answer_right AND response_time_s > 0 AS is_right FROM facts)
), deviations AS (
    -- row by row and without a join, which would compare all trials with all
    SELECT *, abs(log_time - middle) AS deviation,
        row_number() OVER (PARTITION BY {_ALIKE} ORDER BY abs(log_time - middle)) AS off_place
    FROM (SELECT *, avg(CASE WHEN place IN ((n + 1) / 2, (n + 2) / 2) THEN log_time END)
        OVER (PARTITION BY {_ALIKE}) AS middle FROM logs)
), judged AS (
    SELECT *,
        coalesce(is_right AND spread > 0 AND deviation > outlier_limit * {_MAD} * spread, 0) AS outlier,
        NOT practice AND page IS NULL AND trial <= first_trials_limit AS first_trials
    FROM (SELECT *, avg(CASE WHEN off_place IN ((n + 1) / 2, (n + 2) / 2) THEN deviation END)
        OVER (PARTITION BY {_ALIKE}) AS spread FROM deviations)
), named AS (
    SELECT *, {names_of(RULES)} AS excluded_by FROM judged
)
SELECT study, participant, session, interface, block, position, dataset, practice, item, true_class, suggestion,
    suggestion_right, answer, answer_right, kind, response_time_s, first_input_s, handler_delay_s, stamp_source,
    device, backtracks, focus_lost, longest_stall_s, presentations, flagged, too_fast, repeated, stalled,
    excluded_by,
    NOT practice AND excluded_by = '' AS kept,
    utc, onset_ns, first_input_ns, response_ns, handler_ns, longest_stall_ns, page, cell,
    trial, stalled_at_ends, too_slow, outlier, first_trials, incomplete, robot
FROM named"""  # noqa: S608 - built from constants

VIEWS: Mapping[str, str] = {
    name: f"CREATE VIEW {name} AS{select}"
    for name, select in {
        "study_labels": _STUDY_LABELS,
        "study_limits": LIMITS,
        "plan_limits": "\nSELECT * FROM study_labels JOIN study_limits USING (study_id)",
        "session_progress": progress_in("sessions"),
        "block_classes": _BLOCK_CLASSES,
        "trials": TRIALS,
    }.items()
}
