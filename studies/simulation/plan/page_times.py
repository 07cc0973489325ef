"""What pages cost, drawn from those that people confirmed in a timing study."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from model.errors import UserError
from studies.estimates import Share
from studies.numerals import counted
from studies.pages.asking import Misses
from studies.pages.costs import PageCosts
from studies.pages.fit import FEWEST_PAGES, TimedPage, fit_pages
from studies.simulation.plan.plan import Cost

if TYPE_CHECKING:
    from studies.timing.results.page_rows import PageRow

_TIMED = {"page", "cell", "mark"}


class PageTimesError(UserError):
    """A study whose pages do not tell what pages cost."""


def draw_pages(cost: Cost, path: Path) -> tuple[PageCosts, Misses | None]:
    """What pages cost by a study's kept pages, of one participant or data set or of all, and misses by odd share.

    What the plan gives stands, and what pages cannot tell is usual: all of it where nobody confirmed any, misses where
    no image was odd. Shares are those with which the study drew its pages odd. Raises :class:`PageTimesError`.
    """
    from studies.timing.file.store import Store
    from studies.timing.results.page_rows import PageRow

    with Store.open(path, writable=False) as store:
        everyone = store.rows_where(PageRow, "pages", "session, position", {"participant": None})
    if not everyone:
        return given_pages(cost)
    pages = [
        page
        for page in everyone
        if page.kept and cost.participant in ("", page.participant) and cost.dataset in ("", page.dataset)
    ]
    drawn: dict[str, float | None] = {"miss": _missed(pages), "false_mark": _falsely_marked(pages)}
    if not cost.model_fields_set >= _TIMED:
        fit = fit_pages([TimedPage(page.cells, page.marks, page.page_time_s) for page in pages])
        if fit is None:
            raise PageTimesError(
                f"{path} holds {counted(len(pages), 'kept page')} for these choices; what pages cost can be drawn from "
                f"{FEWEST_PAGES} or more that differ in their numbers of images and of marks. Otherwise give page, "
                "cell and mark in the plan."
            )
        drawn |= {"page": fit.page_s.value, "cell": fit.cell_s.value, "mark": fit.mark_s.value}
    new = {
        key: value for key, value in drawn.items() if value is not None and key not in cost.model_fields_set
    }
    costs, misses = given_pages(cost.model_copy(update=new))
    return costs, misses if cost.model_fields_set & {"miss", "misses"} else _by_share(pages)


def given_pages(cost: Cost) -> tuple[PageCosts, Misses | None]:
    """What pages cost by the plan alone."""
    misses = Misses(*zip(*sorted(cost.misses), strict=True)) if cost.misses else None
    return PageCosts(cost.page, cost.cell, cost.mark, cost.miss, cost.false_mark), misses


def _by_share(pages: list[PageRow]) -> Misses | None:
    shares = sorted({page.odd_share for page in pages})
    rates = [(share, _missed([page for page in pages if page.odd_share == share])) for share in shares]
    known = [(share, rate) for share, rate in rates if rate is not None]
    return Misses(*zip(*known, strict=True)) if len(known) > 1 else None


def _missed(pages: list[PageRow]) -> float | None:
    return Share(sum(page.misses for page in pages), sum(page.odd for page in pages)).value


def _falsely_marked(pages: list[PageRow]) -> float | None:
    return Share(sum(page.false_marks for page in pages), sum(page.cells - page.odd for page in pages)).value
