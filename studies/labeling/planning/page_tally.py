"""What this person's pages took: each confirmed page of the grid with its images, its marks and its seconds."""

from __future__ import annotations

from collections.abc import Sequence

from studies.labeling.facts.records import Purpose, Verb
from studies.labeling.facts.stored_event import StoredEvent
from studies.pages.costs import PageCosts
from studies.pages.fit import PageFit, TimedPage, estimate_costs, fit_pages

_RECENT = 100  # pages by which the planned costs are estimated: people become faster
_AWAY_S, _AWAY_S_CELL = 20.0, 3.0  # a page that took longer than both together was not looked at all the time


class PageTally:
    """The pages that stand, in the order in which they were confirmed; an action is one page."""

    def __init__(self) -> None:
        self._pages: dict[int, TimedPage | None] = {}  # by action; None: its time is not known

    def __len__(self) -> int:
        return sum(page is not None for page in self._pages.values())

    def add(self, event: StoredEvent) -> None:
        """Take in the next event; those that are not of a page change nothing."""
        if event.purpose is not Purpose.GRID or event.took_ns is None or event.images is None:
            return
        before = self._pages.setdefault(event.action, TimedPage(event.images, 0, event.took_ns / 1e9))
        if before is None:
            return
        away = event.focus_lost or event.stood_still or before.seconds > _AWAY_S + _AWAY_S_CELL * before.cells
        marked = event.verb in (Verb.RELEASE, Verb.REJECT)
        self._pages[event.action] = (
            None if away else TimedPage(before.cells, before.marks + marked, before.seconds)
        )

    def take_back(self, action: int) -> None:
        """An action is undone."""
        self._pages.pop(action, None)

    @property
    def timed(self) -> Sequence[TimedPage]:
        """The pages whose time counts, the latest last."""
        return [page for page in self._pages.values() if page is not None]

    def costs(self) -> PageCosts:
        """What pages cost, to plan with."""
        return estimate_costs(self.timed[-_RECENT:])

    def fit(self) -> PageFit | None:
        """What pages cost, with intervals; ``None`` where there are too few."""
        return fit_pages(self.timed)
