"""What no row of a study can hold: SELECTs that name the table in which something else than this program wrote."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from studies.answers import Device, StampSource
from studies.timing.facts.records import EventKind, Interface

_YEAR_NS = 366 * 24 * 3600 * 1_000_000_000
_JITTER_NS = 1_000_000_000  # stamps of the window system are calibrated to our clock
_OF_UNITS = (EventKind.PRESENTED, EventKind.FLAGGED, EventKind.UNFLAGGED, EventKind.IMAGE_FAILED)
_FIRST_T975, _LAST_T975 = 12.7063, 1.9599  # of one degree of freedom, and of infinitely many


def _quoted(values: Iterable[Enum]) -> str:
    return ", ".join(f"'{value.value}'" for value in values)


def _row(table: str, condition: str) -> str:
    return f"SELECT '{table}' FROM {table} WHERE {condition}"  # noqa: S608 - the program's own names


def _no_date(table: str) -> str:
    return _row(table, "utc NOT GLOB '[12][0-9][0-9][0-9]-*T*+00:00' OR datetime(utc) IS NULL")


def _times(table: str) -> str:
    """Answers that came before what they answer, took longer than anybody sits there, or by what there is not."""
    return _row(
        table,
        f"attempt < 1 OR onset_ns < 0 OR response_ns < onset_ns OR response_ns - onset_ns > {_YEAR_NS}"
        f" OR first_input_ns NOT BETWEEN onset_ns - {_JITTER_NS} AND response_ns + {_JITTER_NS}"
        f" OR handler_ns NOT BETWEEN response_ns - {_JITTER_NS} AND response_ns + {_YEAR_NS}"
        f" OR longest_stall_ns NOT BETWEEN 0 AND {_YEAR_NS} OR focus_lost NOT IN (0, 1)"
        f" OR stamp_source NOT IN ({_quoted(StampSource)}) OR device NOT IN ({_quoted(Device)})",
    )


def _blocks(table: str) -> str:
    """A block has one data set."""
    return (
        f"SELECT '{table}' FROM {table} GROUP BY session_id, block "  # noqa: S608
        "HAVING min(dataset) <> max(dataset) OR min(block) < 0"
    )


def _as_presented(table: str) -> str:
    """Each presentation is an event with its onset: an answer is of the last one, and counts them."""
    return f"""
    SELECT '{table}' FROM {table} AS r JOIN events AS e USING (session_id, position) WHERE e.kind = 'presented'
    GROUP BY session_id, position HAVING count(*) <> r.attempt OR sum(e.at_ns = r.onset_ns) = 0"""  # noqa: S608


IMPOSSIBLE = (
    _row("studies", "name = '' OR length(sha256) <> 64 OR too_fast_ms NOT BETWEEN 0 AND 3600000"),
    _row(
        "sessions", f"participant = '' OR participant_number < 1 OR interface NOT IN ({_quoted(Interface)})"
    ),
    _row("planned_trials", "practice NOT IN (0, 1) OR position < 0 OR '' IN (item, true_class, suggestion)"),
    _blocks("planned_trials"),
    _times("responses"),
    _row("responses", "backtracks < 0 OR answer = ''"),
    _as_presented("responses"),
    # Practice comes first in a block.
    """
    SELECT 'planned_trials' FROM planned_trials GROUP BY session_id, block
    HAVING max(CASE WHEN practice THEN position END) > min(CASE WHEN NOT practice THEN position END)""",
    "SELECT 'events' FROM events GROUP BY session_id HAVING max(seq) <> count(*)",
    _row(
        "events",
        f"seq < 1 OR kind NOT IN ({_quoted(EventKind)}) OR position IS NULL AND kind IN ({_quoted(_OF_UNITS)})",
    ),
    *(_no_date(table) for table in ("studies", "sessions", "responses", "events", "withdrawals")),
    f"""
    SELECT 't_quantiles' FROM (SELECT df, t975, row_number() OVER (ORDER BY df) AS place,
        t975 - lag(t975) OVER (ORDER BY df) AS step FROM t_quantiles)
    WHERE df <> place OR t975 NOT BETWEEN {_LAST_T975} AND {_FIRST_T975} OR step >= 0""",  # noqa: S608
)
"""On tables of the first version."""
IMPOSSIBLE_PAGES = (
    _times("page_responses"),
    _row("planned_pages", "odd_share NOT BETWEEN 0 AND 1 OR practice NOT IN (0, 1) OR suggestion = ''"),
    _blocks("planned_pages"),
    "SELECT 'planned_cells' FROM planned_cells GROUP BY session_id, position HAVING min(cell) <> 0 "
    "OR max(cell) <> count(*) - 1 OR min(item) = '' OR min(true_class) = ''",
    _row("marks", "attempt < 1 OR seq < 1 OR marked NOT IN (0, 1)"),
    f"""
    SELECT 'marks' FROM marks AS m JOIN page_responses AS r USING (session_id, position, attempt)
    WHERE m.at_ns NOT BETWEEN r.onset_ns - {_JITTER_NS} AND r.response_ns + {_JITTER_NS}""",  # noqa: S608
    _as_presented("page_responses"),
    """
    SELECT 'planned_pages' FROM planned_pages GROUP BY session_id, block
    HAVING max(CASE WHEN practice THEN position END) > min(CASE WHEN NOT practice THEN position END)""",
    # What is marked is taken back before it is marked again.
    """
    SELECT 'marks' FROM (SELECT marked, lag(marked, 1, 0) OVER (PARTITION BY session_id, position, attempt, cell
        ORDER BY seq) AS before FROM marks) WHERE marked = before""",
    "SELECT 'marks' FROM marks GROUP BY session_id HAVING max(seq) <> count(*)",
    _no_date("page_responses"),
    _no_date("marks"),
    _row(
        "planned_trials",
        f"interface NOT IN ({_quoted(Interface)}) OR (page IS NULL) <> (cell IS NULL) OR page IS NOT NULL AND NOT "  # noqa: S608
        "EXISTS (SELECT 1 FROM planned_cells AS c WHERE c.session_id = planned_trials.session_id "
        "AND c.position = planned_trials.page AND c.cell = planned_trials.cell AND c.item = planned_trials.item "
        "AND c.true_class = planned_trials.true_class)",
    ),
    # What is asked about afterwards is what was marked when the page was confirmed, and all of it.
    """
    SELECT 'marks' FROM page_responses AS r WHERE EXISTS (SELECT 1 FROM planned_trials AS p
        WHERE p.session_id = r.session_id AND p.page = r.position) AND EXISTS (SELECT 1 FROM planned_cells AS c
        WHERE c.session_id = r.session_id AND c.position = r.position AND coalesce((SELECT m.marked FROM marks AS m
            WHERE m.session_id = c.session_id AND m.position = c.position AND m.cell = c.cell
            AND m.attempt = r.attempt ORDER BY m.seq DESC LIMIT 1), 0) <> EXISTS (SELECT 1 FROM planned_trials AS p
            WHERE p.session_id = c.session_id AND p.page = c.position AND p.cell = c.cell))""",
    _row(
        "events",
        "position IS NOT NULL AND NOT EXISTS (SELECT 1 FROM planned_trials AS p WHERE p.session_id = "
        "events.session_id AND p.position = events.position) AND NOT EXISTS (SELECT 1 FROM planned_pages AS p "
        "WHERE p.session_id = events.session_id AND p.position = events.position)",
    ),
)
"""On those that pages brought."""
