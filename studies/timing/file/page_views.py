"""The views of pages: each that was confirmed, and each image on it."""

from __future__ import annotations

from collections.abc import Mapping

from studies.timing.file.rules import PAGE_RULES, SHOWN, STALLED, STALLED_AT_ENDS, names_of
from studies.timing.file.views import PEOPLE

# The mark of a cell is the last that the confirmed presentation of its page got.
_ANSWERED_CELLS = """
    SELECT c.session_id, c.position, c.cell, c.item, c.true_class, p.suggestion,
        c.true_class <> p.suggestion AS odd,
        coalesce((
            SELECT m.marked FROM marks AS m
            WHERE m.session_id = c.session_id AND m.position = c.position AND m.cell = c.cell
                AND m.attempt = r.attempt
            ORDER BY m.seq DESC LIMIT 1), 0) AS marked,
        (
            SELECT max(m.at_ns) FROM marks AS m
            WHERE m.session_id = c.session_id AND m.position = c.position AND m.cell = c.cell
                AND m.attempt = r.attempt) AS marked_ns
    FROM page_responses AS r
    JOIN planned_pages AS p ON p.session_id = r.session_id AND p.position = r.position
    JOIN planned_cells AS c ON c.session_id = r.session_id AND c.position = r.position"""

_PAGES = f"""
WITH people AS ({PEOPLE}
), shown AS ({SHOWN}
), answered AS ({_ANSWERED_CELLS}
), counted AS (
    SELECT session_id, position, count(*) AS cells, sum(odd) AS odd, sum(marked) AS marks,
        sum(odd AND NOT marked) AS misses, sum(marked AND NOT odd) AS false_marks
    FROM answered
    GROUP BY session_id, position
), facts AS (
    SELECT labels.study, people.participant, r.session_id AS session, 'page' AS interface, p.block, p.position,
        p.dataset, p.practice, p.suggestion, p.odd_share,
        counted.cells, counted.odd, counted.marks, counted.misses, counted.false_marks,
        (
            SELECT count(*) FROM marks AS m
            WHERE m.session_id = r.session_id AND m.position = r.position AND m.attempt = r.attempt
                AND NOT m.marked) AS taken_back,
        (r.response_ns - r.onset_ns) / 1e9 AS page_time_s,
        (r.first_input_ns - r.onset_ns) / 1e9 AS first_input_s,
        (r.handler_ns - r.response_ns) / 1e9 AS handler_delay_s,
        r.stamp_source, r.device, r.focus_lost,
        r.longest_stall_ns / 1e9 AS longest_stall_s,
        max(r.attempt, coalesce(shown.times, 0)) AS presentations,
        max(r.attempt, coalesce(shown.times, 0)) > 1 AS repeated,
        {STALLED} AS stalled,
        {STALLED_AT_ENDS} AS stalled_at_ends,
        coalesce(progress.answered_share < incomplete_limit, 0) AS incomplete,
        limits.*,
        r.utc, r.onset_ns, r.first_input_ns, r.response_ns, r.handler_ns, r.longest_stall_ns, s.robot
    FROM page_responses AS r
    JOIN planned_pages AS p ON p.session_id = r.session_id AND p.position = r.position
    JOIN counted ON counted.session_id = r.session_id AND counted.position = r.position
    JOIN counted_sessions AS s ON s.session_id = r.session_id
    JOIN people ON people.session_id = r.session_id
    JOIN study_labels AS labels ON labels.study_id = s.study_id
    JOIN study_limits AS limits ON limits.study_id = s.study_id
    JOIN session_progress AS progress ON progress.session_id = r.session_id
    LEFT JOIN shown ON shown.session_id = r.session_id AND shown.position = r.position
), named AS (
    SELECT *, {names_of(PAGE_RULES)} AS excluded_by FROM facts
)
SELECT study, participant, session, interface, block, position, dataset, practice, suggestion, odd_share, cells, odd,
    marks, misses, false_marks, taken_back, page_time_s, first_input_s, handler_delay_s, stamp_source, device,
    focus_lost, longest_stall_s, presentations, repeated, stalled,
    excluded_by,
    NOT practice AND excluded_by = '' AS kept,
    utc, onset_ns, first_input_ns, response_ns, handler_ns, longest_stall_ns, stalled_at_ends, incomplete, robot
FROM named"""  # noqa: S608 - built from constants of this module

_CELLS = f"""
WITH answered AS ({_ANSWERED_CELLS}
)
SELECT pages.study, pages.participant, pages.session, pages.position, answered.cell, pages.dataset, pages.practice,
    answered.item, answered.true_class, answered.suggestion, answered.odd, answered.marked,
    answered.odd AND NOT answered.marked AS miss,
    answered.marked AND NOT answered.odd AS false_mark,
    CASE WHEN answered.marked THEN (answered.marked_ns - pages.onset_ns) / 1e9 END AS marked_s,
    pages.odd_share, pages.excluded_by, pages.kept,
    trials.position AS asked_position, trials.answer AS asked_answer
FROM answered
JOIN pages ON pages.session = answered.session_id AND pages.position = answered.position
LEFT JOIN trials ON trials.session = answered.session_id AND trials.page = answered.position
    AND trials.cell = answered.cell"""  # noqa: S608

# What asking about a marked image by itself took (c_a'): it is added to the cost of a page, so the mean is arithmetic.
_ASKED = """
SELECT study, participant, dataset, sum(kept) AS n_kept, avg(CASE WHEN kept THEN response_time_s END) AS mean_s
FROM trials
WHERE kind = 'asked'
GROUP BY study, participant, dataset"""

# What is shown in which way, whether answered or not: what results can be filtered by.
_SHOWN_SETS = """
SELECT labels.study, p.dataset, coalesce(p.interface, s.interface) AS interface
FROM planned_trials AS p JOIN counted_sessions AS s ON s.session_id = p.session_id
JOIN study_labels AS labels ON labels.study_id = s.study_id
UNION SELECT labels.study, p.dataset, 'page'
FROM planned_pages AS p JOIN counted_sessions AS s ON s.session_id = p.session_id
JOIN study_labels AS labels ON labels.study_id = s.study_id"""

PAGE_VIEWS: Mapping[str, str] = {
    name: f"CREATE VIEW {name} AS{select}"
    for name, select in {"pages": _PAGES, "cells": _CELLS, "asked": _ASKED, "shown_sets": _SHOWN_SETS}.items()
}
