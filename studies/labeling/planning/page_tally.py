"""What this person's pages took, and how many of the odd ones that were put there on purpose they missed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from studies.finish.misses import Caught
from studies.labeling.facts.records import Purpose, Verb
from studies.labeling.facts.stored_event import StoredEvent
from studies.pages.asking import Misses
from studies.pages.costs import USUAL, PageCosts
from studies.pages.fit import PageFit, TimedPage, estimate_costs, fit_pages

_RECENT = 100  # pages by which the planned costs are estimated: people become faster
_AWAY_S, _AWAY_S_CELL = 20.0, 3.0  # a page that took longer than both together was not looked at all the time
_OF_PAGES = (Purpose.GRID, Purpose.PAGE)
_ODD_SHARES = (0.02, 0.1, 0.3)  # where misses are estimated: rare odd ones are missed more
_PRIOR = 10  # odd ones that the usual share of misses counts for, at each of them


@dataclass(frozen=True)
class _Page:
    cells: int
    marks: int
    seconds: float | None  # None: nobody knows, as it was not looked at all the time
    planted: int = 0  # odd cells that were put there on purpose
    missed: int = 0  # of those, confirmed


class PageTally:
    """The pages that stand, in the order in which they were confirmed; an action is one page."""

    def __init__(self) -> None:
        self._pages: dict[int, _Page] = {}  # by action
        self._second: dict[int, _Page] = {}  # those of second looks, whose images were judged before

    def __len__(self) -> int:
        return len(self.timed)

    def add(self, event: StoredEvent) -> None:
        """Take in the next event; those that are not of a page change nothing."""
        if event.took_ns is None or event.images is None:
            return
        is_planted = event.purpose is Purpose.CATCH and event.on_page
        is_second = event.purpose is Purpose.SECOND_LOOK and event.on_page
        if not (is_planted or is_second or event.purpose in _OF_PAGES):
            return
        pages = self._second if is_second else self._pages
        seconds = event.took_ns / 1e9
        away = event.focus_lost or event.stood_still or seconds > _AWAY_S + _AWAY_S_CELL * event.images
        page = pages.get(event.action, _Page(event.images, 0, None if away else seconds))
        if is_planted:
            missed = event.class_id is not None
            page = replace(
                page,
                marks=page.marks + (not missed),
                planted=page.planted + 1,
                missed=page.missed + missed,
            )
        elif event.verb in (Verb.RELEASE, Verb.REJECT):
            page = replace(page, marks=page.marks + 1)
        pages[event.action] = page

    def take_back(self, action: int) -> None:
        """An action is undone."""
        self._pages.pop(action, None)
        self._second.pop(action, None)

    @property
    def timed(self) -> Sequence[TimedPage]:
        """The pages whose time counts, the latest last."""
        return _timed(self._pages.values())

    def costs(self, usual: PageCosts = USUAL) -> PageCosts:
        """What pages cost, to plan with; ``usual`` before there are enough."""
        return estimate_costs(self.timed[-_RECENT:], usual)

    def second_look_costs(self, usual: PageCosts) -> PageCosts:
        """What pages of a second look cost; as ``usual`` before there are enough."""
        return estimate_costs(_timed(self._second.values())[-_RECENT:], usual)

    def fit(self) -> PageFit | None:
        """What pages cost, with intervals; ``None`` where there are too few."""
        return fit_pages(self.timed)

    def misses(self) -> Misses:
        """How often an odd image is confirmed, by the share of odd ones on its page.

        By the odd ones that were put there on purpose, each counted at the nearest of a few shares, with the usual rate
        for a start. A page's share is that of its marks and of what was missed for certain.
        """
        planted, missed = [0] * len(_ODD_SHARES), [0] * len(_ODD_SHARES)
        for page in self._pages.values():
            share = (page.marks + page.missed) / page.cells
            near = min(range(len(_ODD_SHARES)), key=lambda i: abs(_ODD_SHARES[i] - share))
            planted[near] += page.planted
            missed[near] += page.missed
        rates = tuple(
            (wrong + _PRIOR * USUAL.miss) / (total + _PRIOR)
            for total, wrong in zip(planted, missed, strict=True)
        )
        return Misses(_ODD_SHARES, rates)

    @property
    def caught(self) -> Caught:
        """What was found and confirmed on all pages, and what of the odd ones that were put there was missed."""
        pages = self._pages.values()
        planted, missed = sum(page.planted for page in pages), sum(page.missed for page in pages)
        found = max(0, sum(page.marks for page in pages) - (planted - missed))
        cells = sum(page.cells for page in pages)
        return Caught(found, max(0, cells - planted - found), planted, missed)

    @property
    def total_s(self) -> float:
        """What all pages took whose time is known, in s, but for those of second looks."""
        return sum(page.seconds or 0.0 for page in self._pages.values())

    @property
    def second_look_s(self) -> float:
        """What pages of second looks took whose time is known, in s."""
        return sum(page.seconds or 0.0 for page in self._second.values())

    @property
    def marked(self) -> int:
        """How many cells were marked on all pages."""
        return sum(page.marks for page in self._pages.values())


def _timed(pages: Iterable[_Page]) -> Sequence[TimedPage]:
    return [TimedPage(page.cells, page.marks, page.seconds) for page in pages if page.seconds is not None]
