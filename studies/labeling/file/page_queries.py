"""What pages of the queue need to know of a project's file."""

from __future__ import annotations

import json
from dataclasses import dataclass

from studies.labeling.facts.records import Purpose
from studies.labeling.file.finish_queries import FinishQueries

_NOT_UNDONE = "NOT EXISTS (SELECT 1 FROM label_events AS u WHERE u.undoes = e.action)"
_CORRECTED = f"""
    SELECT DISTINCT e.suggestion, e.item FROM label_events AS e
    WHERE e.suggestion IS NOT NULL AND e.verb IN ('label', 'release', 'reject')
        AND (e.class_id IS NULL OR e.class_id <> e.suggestion) AND {_NOT_UNDONE}"""  # noqa: S608 - constants
# Suggestions that were on screen as their tasks have them: those that a refit renewed are not in the tasks.
_ANSWERED = f"""
    SELECT t.top, e.verb = 'label' AND e.class_id = e.suggestion
    FROM label_events AS e JOIN tasks AS t ON t.task_id = e.task_id
    WHERE e.verb IN ('label', 'release') AND e.purpose IN ('queue', 'ahead', 'page') AND e.refit IS NULL
        AND json_extract(t.top, '$[0][0]') = e.suggestion AND {_NOT_UNDONE}
    ORDER BY e.seq DESC LIMIT ?"""  # noqa: S608 - constants


_WORK = """
    WITH done AS (
        SELECT e.action, max(e.purpose IN ('grid', 'page', 'cluster', 'doubt', 'second-look'))
                AS on_page,
            sum(e.place IS NOT NULL AND e.class_id IS NULL) AS marks,
            max(coalesce(e.response_ns - e.onset_ns, 0)) / 1e9 AS seconds
        FROM label_events AS e
        WHERE e.sitting > ? AND e.onset_ns IS NOT NULL
        GROUP BY e.sitting, e.action)
    SELECT count(*), coalesce(sum(on_page), 0), coalesce(sum(on_page * marks), 0), coalesce(sum(seconds), 0.0)
    FROM done"""


_LOOKED_FOR = """
    SELECT e.seq, e.item, e.detail FROM label_events AS e
    WHERE e.purpose = '{purpose}' AND e.verb <> 'undo' AND {not_undone}"""
_LOOKS = tuple(  # each by an index of its own
    _LOOKED_FOR.format(purpose=purpose.value, not_undone=_NOT_UNDONE)
    for purpose in (Purpose.DOUBT, Purpose.SECOND_LOOK)
)
_LOOKED = f"SELECT item, detail FROM ({' UNION ALL '.join(_LOOKS)}) ORDER BY seq"  # noqa: S608 - constants
_LOOKED_TWICE = f"SELECT item, detail FROM ({_LOOKS[1]}) ORDER BY seq"  # noqa: S608 - constants
_FAST = """
    SELECT e.item FROM states JOIN label_events AS e ON e.seq = states.seq
    WHERE e.verb = 'label' AND e.images = 1 AND e.response_ns - e.onset_ns < ?"""


@dataclass(frozen=True)
class Work:
    """What somebody did in some sittings, with what was undone."""

    actions: int  # answers and pages
    pages: int
    marks: int  # on those
    seconds: float  # from each onset to its answer


class PageQueries(FinishQueries):
    """Queries to an open project's file."""

    def corrected_suggestions(self) -> dict[int, list[int]]:
        """For each class that was suggested wrongly the items that it was suggested for."""
        items: dict[int, list[int]] = {}
        for class_id, item in self.query(_CORRECTED):
            items.setdefault(class_id, []).append(item)
        return items

    def answered_suggestions(self, count: int) -> list[tuple[list[float], bool]]:
        """The latest suggestions that were answered: the probabilities of the likeliest classes, and whether the
        likeliest was right.
        """
        return [
            ([float(probability) for _, probability in json.loads(top)], bool(right))
            for top, right in self.query(_ANSWERED, (count,))
        ]

    def looked_at(self) -> list[tuple[int, str]]:
        """The items whose labels were looked at again, in order, each with the event's detail."""
        return self.query(_LOOKED)

    def looked_at_twice(self) -> list[tuple[int, str]]:
        """Of those, the ones that a second look at pages showed."""
        return self.query(_LOOKED_TWICE)

    def answered_within(self, seconds: float) -> list[int]:
        """The items whose label came, by itself, sooner than that after the image."""
        return [item for (item,) in self.query(_FAST, (round(seconds * 1e9),))]

    def next_page(self) -> int:
        """The number of the next page of the queue."""
        number: int = self.query("SELECT coalesce(max(page) + 1, 0) FROM tasks")[0][0]
        return number

    def count_on_pages(self, round_: int) -> int:
        """How many images a round has asked about on pages."""
        sql = "SELECT count(*) FROM tasks WHERE round = ? AND purpose = 'page'"
        count: int = self.query(sql, (round_,))[0][0]
        return count

    def work_after(self, sitting: int) -> Work:
        """What was done in the sittings after number ``sitting``."""
        return Work(*self.query(_WORK, (sitting,))[0])
