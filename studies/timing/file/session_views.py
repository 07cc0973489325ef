"""The views of sessions and of what happened in them: lists of all, those of simulated participants too."""

from __future__ import annotations

from collections.abc import Mapping

from studies.timing.file.views import ALL_PEOPLE


def _of_machine(key: str) -> str:
    return f"CASE WHEN json_valid(s.environment) THEN json_extract(s.environment, '$.{key}') END AS {key}"


_MACHINE = ", ".join(
    _of_machine(key)
    for key in (
        "platform",
        "qt",
        "platform_plugin",
        "keyboard_language",
        "screen_hz",
        "screen_px",
        "screen_ratio",
    )
)

_SESSIONS = f"""
WITH people AS ({ALL_PEOPLE}
), happened AS (
    SELECT session_id, max(utc) AS last_utc, sum(kind = 'paused') AS pauses, sum(kind = 'early') AS early,
        sum(kind = 'interrupted') AS interruptions,
        sum(CASE WHEN kind = 'interrupted' THEN max(CAST(detail AS REAL), 0.0) END) AS gaps_s,
        sum(kind = 'image_failed') AS images_failed
    FROM events
    GROUP BY session_id
), answers AS (
    SELECT session_id, max(utc) AS last_utc
    FROM (SELECT session_id, utc FROM responses UNION ALL SELECT session_id, utc FROM page_responses)
    GROUP BY session_id
)
SELECT labels.study, people.participant, s.session_id AS session, s.participant_number, s.interface, s.seed,
    progress.finished, progress.planned, progress.answered, progress.answered_share,
    s.utc AS started_utc, max(s.utc, coalesce(happened.last_utc, ''), coalesce(answers.last_utc, '')) AS last_utc,
    coalesce(pauses, 0) AS pauses, coalesce(early, 0) AS early, coalesce(interruptions, 0) AS interruptions,
    coalesce(gaps_s, 0.0) AS gaps_s, coalesce(images_failed, 0) AS images_failed,
    s.app_version, {_MACHINE}, s.environment, s.robot
FROM sessions AS s
JOIN people ON people.session_id = s.session_id
JOIN study_labels AS labels ON labels.study_id = s.study_id
JOIN session_progress AS progress ON progress.session_id = s.session_id
LEFT JOIN happened ON happened.session_id = s.session_id
LEFT JOIN answers ON answers.session_id = s.session_id"""  # noqa: S608 - built from constants

_EVENTS = f"""
WITH people AS ({ALL_PEOPLE})
SELECT labels.study, people.participant, e.session_id AS session, e.seq, e.kind, e.position, e.detail, e.utc, e.at_ns,
    s.robot
FROM events AS e
JOIN sessions AS s ON s.session_id = e.session_id
JOIN people ON people.session_id = e.session_id
JOIN study_labels AS labels ON labels.study_id = s.study_id"""  # noqa: S608 - built from constants

SESSION_VIEWS: Mapping[str, str] = {
    "session_facts": f"CREATE VIEW session_facts AS{_SESSIONS}",
    "event_facts": f"CREATE VIEW event_facts AS{_EVENTS}",
}
