"""In which order labeled items were drawn from the pool, and which of them evenly at random."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from model.names import EVEN_STRATEGIES
from model.tiers import Tier
from studies.labeling.facts.task_draw import TaskDraw
from studies.labeling.state.ledger import Ledger

_ASKED = tuple(tier.value for tier in Tier if tier.asked)
_STEPS = 2 * len(_ASKED) + 1  # each tier, the same ranked ahead, and an answer


def drawn_at_random(ledger: Ledger, draws: Sequence[TaskDraw]) -> NDArray[np.bool_]:
    """Return which labels, (n,), are of a random sample: first labels, held-out items, and evenly drawn tiers.

    In the order of the authors' code the easy tier takes what is predicted best first, so nothing after it is evenly
    drawn.
    """
    even = [draw.task_id for draw in draws if draw.strategy in EVEN_STRATEGIES and not draw.published]
    labeled = ledger.labels >= 0
    return ledger.random_labels() | (labeled & np.isin(ledger.tasks_behind, even))


def query_order(ledger: Ledger, draws: Sequence[TaskDraw]) -> NDArray[np.int64]:
    """Return when items, (n,), were drawn from the pool: larger is later, -1 for those that nothing is known of.

    A round's items are drawn when it begins, tier by tier, however late they are
    answered; all others when they are answered.
    """
    answered, tasks = ledger.answered_at, ledger.tasks_behind
    order = np.where(answered < 0, -1, _STEPS * answered + _STEPS - 1)
    if draws:
        place_of = np.array([_place(ledger, draw) for draw in draws])
        ids = np.array([draw.task_id for draw in draws])
        by_id = np.argsort(ids)
        at = np.minimum(np.searchsorted(ids, tasks, sorter=by_id), len(ids) - 1)
        known = ids[by_id[at]] == tasks
        order[known] = place_of[by_id[at[known]]]
    return order


def _place(ledger: Ledger, draw: TaskDraw) -> int:
    place = _ASKED.index(draw.tier) if draw.tier in _ASKED else 0
    within = place + len(_ASKED) * draw.ahead
    return _STEPS * ledger.first_event(draw.from_action) + within
