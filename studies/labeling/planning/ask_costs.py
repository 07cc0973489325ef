"""What each way of asking costs this person, to plan with."""

from __future__ import annotations

from dataclasses import replace

from studies.labeling.facts.settings import Costs
from studies.labeling.planning.costs import Tally, rates
from studies.labeling.planning.page_tally import PageTally
from studies.pages.asking import NEAR_RANK, NEAR_SHARE, USUAL_COSTS, AskCosts
from studies.pages.costs import USUAL, PageCosts

_PRIOR = 5  # corrections that the usual share of c_a counts for
_MOST_PACE = 2.0  # times as fast, or as slow, as is usual


def ask_costs(costs: Costs, tally: Tally, pages: PageTally) -> AskCosts:
    """The costs of single images, by the rank of the right class, and of pages.

    c_v, c_a and c_0 are those of :func:`studies.labeling.planning.costs.rates`; of pages the person's own, shrunk to
    the usual ones in proportion to c_v, as are pages where costs are units.
    """
    known = rates(costs, tally)
    mean, n = tally.near()
    near = NEAR_SHARE * known.correct
    if mean is not None and known.in_seconds:
        near = (n * mean.value + _PRIOR * near) / (n + _PRIOR)
    pace = known.verify / USUAL_COSTS.verify
    if known.in_seconds:  # who checks one image twice as fast is thought to look through pages twice as fast
        page = pages.costs(_at_pace(USUAL, min(max(pace, 1 / _MOST_PACE), _MOST_PACE)))
    else:
        page = _at_pace(pages.costs(), pace)
    near = min(max(known.verify, near), known.correct)
    return AskCosts(known.verify, known.correct, known.unaided, ((NEAR_RANK, near),), page, pages.misses())


def _at_pace(costs: PageCosts, pace: float) -> PageCosts:
    return replace(costs, page_s=pace * costs.page_s, cell_s=pace * costs.cell_s, mark_s=pace * costs.mark_s)
