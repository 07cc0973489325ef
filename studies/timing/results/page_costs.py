"""What pages cost each participant: their fitted times, misses and false marks, and when a page is cheaper."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Iterator, Sequence

from studies.estimates import Interval, Share
from studies.pages.costs import PageCosts
from studies.pages.fit import PageFit, TimedPage, fit_pages
from studies.timing.file.store import Store
from studies.timing.results.analysis import EVERYTHING, Filter, ratio_rows
from studies.timing.results.page_rows import AskedRow, PageCostRow, PageRow
from studies.timing.results.rows import RatioRow

_Key = tuple[str, str, str]  # study, participant, data set
_NO_INTERVAL = (None, None, None)


def page_cost_rows(store: Store, where: Filter = EVERYTHING) -> tuple[PageCostRow, ...]:
    """The table ``page_costs``: for each participant and data set a row over all pages, then one for each share."""
    chosen = {"study": where.study, "dataset": where.dataset}
    order = "study, dataset, participant"
    pages = store.rows_where(
        PageRow, "pages", f"{order}, session, position", {**chosen, "interface": where.interface}
    )
    asked = {_key(row): row for row in store.rows_where(AskedRow, "asked", order, chosen)}
    singles = by_keyboard_first(ratio_rows(store, Filter(where.study, where.dataset)))
    groups: defaultdict[_Key, list[PageRow]] = defaultdict(list)
    for page in pages:
        if not page.practice:
            groups[_key(page)].append(page)
    return tuple(row for key, own in groups.items() for row in _rows(own, asked.get(key), singles.get(key)))


def by_keyboard_first(ratios: Sequence[RatioRow]) -> dict[_Key, RatioRow]:
    """Each participant's times one by one in a data set: those by keyboard, where there are several."""
    return {_key(row): row for row in sorted(ratios, key=lambda row: row.interface == "keyboard")}


def _key(row: PageRow | AskedRow | RatioRow) -> _Key:
    return row.study, row.participant, row.dataset


def _rows(pages: list[PageRow], asked: AskedRow | None, singles: RatioRow | None) -> Iterator[PageCostRow]:
    kept = [page for page in pages if page.kept]
    fit = fit_pages([TimedPage(page.cells, page.marks, page.page_time_s) for page in kept])
    yield _row(pages, None, fit, asked, singles)
    for share in sorted({page.odd_share for page in pages}):
        yield _row([page for page in pages if page.odd_share == share], share, None, None, None)


def _row(
    pages: list[PageRow],
    odd_share: float | None,
    fit: PageFit | None,
    asked: AskedRow | None,
    singles: RatioRow | None,
) -> PageCostRow:
    kept = [page for page in pages if page.kept]
    cells, marks = sum(page.cells for page in kept), sum(page.marks for page in kept)
    odd = sum(page.odd for page in kept)
    misses = Share(sum(page.misses for page in kept), odd)
    false_marks = Share(sum(page.false_marks for page in kept), cells - odd)
    return PageCostRow(
        *_key(pages[0]),
        odd_share,
        len(pages),
        len(kept),
        cells,
        marks,
        sum(page.page_time_s for page in kept) / cells if cells else None,
        *(_ends(fit.page_s) if fit else _NO_INTERVAL),
        *(_ends(fit.cell_s) if fit else _NO_INTERVAL),
        *(_ends(fit.mark_s) if fit else _NO_INTERVAL),
        odd,
        misses.right,
        *_ends(misses.wilson()),
        cells - odd,
        false_marks.right,
        *_ends(false_marks.wilson()),
        asked.n_kept if asked else 0,
        asked.mean_s if asked else None,
        _break_even(kept, fit, misses, false_marks, singles),
    )


def _ends(interval: Interval | None) -> tuple[float | None, float | None, float | None]:
    return (interval.value, interval.low, interval.high) if interval else _NO_INTERVAL


def _break_even(
    kept: list[PageRow], fit: PageFit | None, misses: Share, false_marks: Share, singles: RatioRow | None
) -> float | None:
    if fit is None or singles is None or singles.c_v_mean_s is None or singles.c_a_mean_s is None:
        return None
    costs = PageCosts(
        fit.page_s.value, fit.cell_s.value, fit.mark_s.value, misses.value or 0.0, false_marks.value or 0.0
    )
    cells = round(statistics.median(page.cells for page in kept))
    return costs.break_even(cells, singles.c_v_mean_s, singles.c_a_mean_s)
