"""The order of draws is that of choosing, not of answering; only what was drawn evenly is a random sample."""

from __future__ import annotations

import pytest

from studies.labeling.facts.records import LabelEvent, Purpose, Verb
from studies.labeling.facts.task_draw import TaskDraw
from studies.labeling.state.draws import drawn_at_random, query_order
from studies.labeling.state.ledger import Ledger


def answered(*tasks: tuple[int, Purpose, int | None]) -> Ledger:
    """A ledger of 8 items, some labeled in turn: (item, purpose, task)."""
    ledger = Ledger(8)
    for action, (item, purpose, task) in enumerate(tasks):
        ledger.apply(LabelEvent(action, item, Verb.LABEL, purpose, class_id=0, task_id=task))
    return ledger


def draw(task_id: int, tier: str, strategy: str, ahead: bool = False, published: bool = False) -> TaskDraw:
    return TaskDraw(task_id, 2, tier, strategy, ahead, published)


ROUND = answered(
    (0, Purpose.SEED, 0),
    (1, Purpose.GRID, None),
    # The round begins, and is answered in a shuffled order.
    (2, Purpose.QUEUE, 11),
    (3, Purpose.GRID, None),
    (4, Purpose.QUEUE, 10),
    (5, Purpose.AHEAD, 12),
)
DRAWS = [
    draw(12, "intermediate", "sample", True),
    draw(10, "hard", "badge"),
    draw(11, "intermediate", "sample"),
]


def test_first_labels_and_evenly_drawn_tiers_are_a_random_sample():
    assert drawn_at_random(ROUND, DRAWS).nonzero()[0].tolist() == [0, 2, 5]


@pytest.mark.parametrize(
    "sample", [draw(11, "intermediate", "logdetmi"), draw(11, "intermediate", "sample", published=True)]
)
def test_others_are_not(sample: TaskDraw):
    assert drawn_at_random(ROUND, [sample]).nonzero()[0].tolist() == [0]


def test_a_round_is_drawn_when_it_begins_however_late_it_is_answered():
    order = query_order(ROUND, DRAWS).tolist()
    drawn = sorted(range(6), key=order.__getitem__)
    assert drawn == [0, 1, 4, 2, 5, 3], "hard, the sample, ahead; then what was labeled in the grid meanwhile"
    assert order[6:] == [-1, -1]


def test_without_rounds_the_order_is_that_of_the_answers():
    ledger = answered((3, Purpose.SEED, 0), (1, Purpose.IMPORT, None))
    order = query_order(ledger, []).tolist()
    assert order[3] < order[1]
    assert query_order(Ledger(2), []).tolist() == [-1, -1]
    assert drawn_at_random(Ledger(2), []).tolist() == [False, False]
