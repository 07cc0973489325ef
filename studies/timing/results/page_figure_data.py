"""The numbers of the figure of pages: what an image costs in each way of asking, and when a page is cheaper."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from enum import Enum

from studies.table_files import write_rows
from studies.timing.results.page_costs import by_keyboard_first
from studies.timing.results.page_rows import PageCostRow
from studies.timing.results.rows import RatioRow, ScratchRow


class Way(str, Enum):
    """How an image is asked about; and the chance of a right suggestion from which a page is cheaper."""

    UNAIDED = "unaided"
    CORRECT = "correct"
    VERIFY = "verify"
    PAGE = "page"
    BREAK_EVEN = "page cheaper above"


@dataclass(frozen=True)
class PagePoint:
    """One plotted number of a participant: seconds an image, or of ``BREAK_EVEN`` a chance."""

    study: str
    dataset: str
    series: Way
    participant: str
    value: float


def page_points(
    costs: Sequence[PageCostRow], ratios: Sequence[RatioRow], scratch: Sequence[ScratchRow]
) -> tuple[PagePoint, ...]:
    """Every number that the figure draws, of those participants and data sets that have pages.

    Times are arithmetic means of kept trials; of a page, its kept pages' time divided by their images.
    """
    singles = by_keyboard_first(ratios)
    unaided = {(row.study, row.participant, row.dataset): row for row in scratch}
    points = []
    for row in (row for row in costs if row.odd_share is None):
        key = (row.study, row.participant, row.dataset)
        for way, value in _values(row, singles.get(key), unaided.get(key)):
            if value is not None:
                points.append(PagePoint(row.study, row.dataset, way, row.participant, value))
    return tuple(points)


def _values(
    row: PageCostRow, single: RatioRow | None, unaided: ScratchRow | None
) -> Iterator[tuple[Way, float | None]]:
    yield Way.UNAIDED, unaided.c_0_mean_s if unaided else None
    yield Way.CORRECT, single.c_a_mean_s if single else None
    yield Way.VERIFY, single.c_v_mean_s if single else None
    yield Way.PAGE, row.image_s
    yield Way.BREAK_EVEN, row.break_even


def points_csv(points: Sequence[PagePoint]) -> str:
    """The plotted numbers as CSV, one row a number, in full precision."""
    out = io.StringIO()
    head = [field.name for field in fields(PagePoint)]
    rows = ([v.value if isinstance(v, Enum) else v for v in astuple(point)] for point in points)
    write_rows(out, [head, *rows], end="\n")
    return out.getvalue()
