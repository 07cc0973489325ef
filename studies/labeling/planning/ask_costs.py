"""What each way of asking costs this person, to plan with."""

from __future__ import annotations

from dataclasses import replace

from studies.labeling.facts.settings import Costs
from studies.labeling.planning.costs import Tally, rates
from studies.labeling.planning.page_tally import PageTally
from studies.pages.asking import NEAR_RANK, NEAR_SHARE, USUAL_COSTS, AskCosts

_PRIOR = 5  # corrections that the usual share of c_a counts for


def ask_costs(costs: Costs, tally: Tally, pages: PageTally) -> AskCosts:
    """The costs of single images, by the rank of the right class, and of pages.

    c_v, c_a and c_0 are those of :func:`studies.labeling.planning.costs.rates`; of pages the person's own, shrunk to
    the usual ones. Where costs are units, pages cost in proportion to the usual c_v.
    """
    known = rates(costs, tally)
    mean, n = tally.near()
    near = NEAR_SHARE * known.correct
    if mean is not None and known.in_seconds:
        near = (n * mean.value + _PRIOR * near) / (n + _PRIOR)
    page = pages.costs()
    if not known.in_seconds:
        unit = known.verify / USUAL_COSTS.verify
        page = replace(page, page_s=unit * page.page_s, cell_s=unit * page.cell_s, mark_s=unit * page.mark_s)
    near = min(max(known.verify, near), known.correct)
    return AskCosts(known.verify, known.correct, known.unaided, ((NEAR_RANK, near),), page)
