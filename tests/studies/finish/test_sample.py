"""Which labels count as a random sample, and why."""

from __future__ import annotations

import numpy as np
import pytest

from studies.finish.exact import Draw
from studies.finish.sample import (
    COUNTING,
    MOST_OVERLOOKED,
    RandomDraw,
    Reason,
    Way,
    choose_sample,
    count_to_plant,
    judge_sample,
    limit_overlooked,
)


def test_what_was_drawn_and_labeled_without_a_suggestion_counts() -> None:
    draws = [RandomDraw(100, (3, 1, 4)), RandomDraw(60, (15, 9))]
    settled = dict.fromkeys((3, 1, 4, 15, 9), Way.UNAIDED) | {7: Way.UNAIDED, 8: Way.ELSEWHERE}
    found = choose_sample(draws, settled)
    assert found.items == (3, 1, 4, 15, 9)
    assert found.draws == (Draw(100, 3), Draw(60, 2))
    assert {found.reasons[i] for i in found.items} == {Reason.COUNTS}
    assert found.reasons[7] is found.reasons[8] is Reason.CHOSEN
    assert (found.overlooked, found.remarked) == (0.0, frozenset())


def test_the_held_out_sample_does_not_count() -> None:
    draws = [RandomDraw(100, (1, 2), held_out=True), RandomDraw(98, (3,))]
    found = choose_sample(draws, dict.fromkeys((1, 2, 3), Way.UNAIDED))
    assert (found.items, found.draws) == ((3,), (Draw(98, 1),))
    assert found.reasons[1] is Reason.HELD_OUT


def test_items_count_up_to_the_first_that_waits() -> None:
    draws = [RandomDraw(100, (1, 2, 3, 4, 5, 6))]
    settled = {1: Way.UNAIDED, 2: Way.ELSEWHERE, 3: Way.UNAIDED, 5: Way.UNAIDED, 6: Way.ELSEWHERE}
    found = choose_sample(draws, settled)
    assert (found.items, found.draws) == ((1, 3), (Draw(100, 2),))
    assert [found.reasons[i] for i in (2, 5, 6)] == [Reason.BEFORE, Reason.WAITING, Reason.BEFORE]


def test_a_remark_counts_as_wrong() -> None:
    found = choose_sample([RandomDraw(9, (1, 2))], {1: Way.REMARK, 2: Way.UNAIDED})
    assert found.items == (1, 2)
    assert found.remarked == {1}
    assert found.reasons[1] is Reason.COUNTS_AS_WRONG


def test_a_draw_with_suggestions_counts_as_a_whole_or_not_at_all() -> None:
    draws = [RandomDraw(100, (1, 2)), RandomDraw(90, (3,))]
    settled = {1: Way.SUGGESTED, 2: Way.UNAIDED, 3: Way.UNAIDED}
    unknown = choose_sample(draws, settled)
    assert unknown.items == (3,)
    assert unknown.reasons[1] is unknown.reasons[2] is Reason.SUGGESTED
    assert unknown.overlooked == 0.0
    known = choose_sample(draws, settled, overlooked=0.08)
    assert known.items == (1, 2, 3)
    assert [known.reasons[i] for i in (1, 2)] == [Reason.COUNTS_SUGGESTED, Reason.COUNTS]
    assert known.overlooked == 0.08, "the rule must know what was overlooked"
    assert choose_sample([RandomDraw(90, (3,))], settled, overlooked=0.08).overlooked == 0.0


def test_29_planted_suggestions_all_found_permit_it() -> None:
    assert limit_overlooked(29, 0, 0.05) <= MOST_OVERLOOKED < limit_overlooked(28, 0, 0.05)
    assert limit_overlooked(46, 1, 0.05) <= MOST_OVERLOOKED < limit_overlooked(45, 1, 0.05)
    assert limit_overlooked(0, 0, 0.05) == 1.0


def test_the_sample_is_judged_by_predictions_and_remarks() -> None:
    chosen = choose_sample([RandomDraw(9, (4, 1, 2))], {4: Way.UNAIDED, 1: Way.REMARK, 2: Way.UNAIDED})
    predicted, labels = np.array([0, 1, 1, 0, 1]), np.array([0, 1, 0, 0, 1])
    sample = judge_sample(chosen, np.arange(5) / 10, predicted, labels)
    assert sample.score == pytest.approx([0.4, 0.1, 0.2])
    assert sample.wrong.tolist() == [False, True, True], "one has a remark, one is predicted otherwise"
    nothing = judge_sample(choose_sample([], {}), np.zeros(5), predicted, labels)
    assert (len(nothing.score), nothing.draws) == (0, ())


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_is_a_sentence(reason: Reason) -> None:
    assert reason.value.startswith(("It ", "A ", "One "))
    assert reason.value.endswith(".")
    assert (reason in COUNTING) == reason.name.startswith("COUNTS")


@pytest.mark.parametrize("chance", [0.005, 0.0025, 0.00125])
def test_that_planting_ends_when_enough_were_found_hardly_widens_the_chance(chance: float) -> None:
    """Planting ends at the first number that permits suggestions, which is no number named beforehand: exactly, the
    limit that the rule takes then lies below the true share with at most 1.4 times its chance.
    """
    planted = [29]
    while len(planted) < 15:
        planted.append(planted[-1] + count_to_plant(planted[-1], len(planted)))
    limits = [limit_overlooked(n, missed, chance) for missed, n in enumerate(planted)]
    for share in np.arange(0.10, 0.30, 0.005):
        missed, broken = {0: 1.0}, 0.0
        for n in range(1, planted[-1] + 1):
            ends = dict(enumerate(planted))
            step: dict[int, float] = {}
            for x, p in missed.items():
                step[x] = step.get(x, 0.0) + p * (1 - share)
                step[x + 1] = step.get(x + 1, 0.0) + p * share
            done = [x for x in step if x in ends and n >= ends[x]]
            broken += sum(step.pop(x) for x in done if share > limits[x])
            missed = {x: p for x, p in step.items() if x not in done}
        assert broken <= 1.4 * chance


def test_as_many_wrong_suggestions_are_planted_as_the_limit_needs() -> None:
    assert (count_to_plant(0, 0), count_to_plant(20, 0), count_to_plant(29, 0)) == (29, 9, 0)
    assert count_to_plant(29, 1) == 17  # 1 of 46
    more = count_to_plant(10, 2)
    assert limit_overlooked(10 + more, 2, 0.05) <= MOST_OVERLOOKED < limit_overlooked(9 + more, 2, 0.05)
