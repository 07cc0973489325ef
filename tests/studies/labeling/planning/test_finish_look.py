"""Which draws of a random sample count, and what they are a sample of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from model.rounds.live_values import Judged, Likeliest
from studies.finish.effort import FinishPlan, Left
from studies.finish.exact import Draw
from studies.finish.folder_rule import Sample
from studies.finish.looks import Looks
from studies.finish.misses import Caught
from studies.finish.sample import Way
from studies.finish.score import margins
from studies.labeling.facts.finish import SampleDraw
from studies.labeling.planning.finish_look import Drawn, SampleInputs, judge_draws, look_at, restrict_draws

N = 20


def pool(*without: int, items: int = N) -> np.ndarray:
    mask = np.ones(items, np.bool_)
    mask[list(without)] = False
    return mask


def draw(number: int, mask: np.ndarray, *drawn: int) -> SampleDraw:
    return replace(SampleDraw.of(number, mask), drawn=tuple((100 + item, item) for item in drawn))


def sample(draws: tuple[SampleDraw, ...], ways: Mapping[int, Way]) -> SampleInputs:
    return SampleInputs(draws, ways, np.zeros(N, np.int32), Looks(), N, 0.05, Caught(0, 0, 0, 0))


def test_a_mask_is_read_back_and_later_images_are_not_in_it() -> None:
    mask = pool(3, 7, items=13)
    assert np.array_equal(SampleDraw.of(0, mask).mask(13), mask)
    assert SampleDraw.of(0, mask).mask(20).sum() == 11


def test_pools_shrink_by_what_was_labeled_in_other_ways() -> None:
    first = draw(0, pool(), 0, 1, 2)
    second = draw(1, pool(0, 1, 2, 5, 6), 3, 4)
    ways = dict.fromkeys(range(5), Way.UNAIDED) | {5: Way.ELSEWHERE, 6: Way.ELSEWHERE}
    found = restrict_draws(sample((first, second), ways), pool(0, 1, 2, 3, 4, 5, 6, 7), 1.0)
    assert found.chosen.draws == (Draw(20, 3), Draw(15, 2))
    assert found.eligible.tolist() == [item > 7 for item in range(N)]
    assert [np.flatnonzero(gone).tolist() for gone in found.gone] == [[5, 6], [7]]


def test_what_came_back_between_two_draws_is_of_neither() -> None:
    """Image 9 had a label when the first was drawn, and none when the second was."""
    first = draw(0, pool(9), 0, 1)
    second = draw(1, pool(0, 1), 9, 2)
    ways = dict.fromkeys((0, 1, 2, 9), Way.UNAIDED)
    found = restrict_draws(sample((first, second), ways), pool(0, 1, 2, 9), 1.0)
    assert found.chosen.items == (0, 1, 2)
    assert found.chosen.draws == (Draw(19, 2), Draw(17, 1))


def test_a_draw_of_which_nothing_counts_restricts_nothing() -> None:
    first = draw(0, pool(*range(10)), 12)
    second = draw(1, pool(), 0, 1)
    found = restrict_draws(sample((first, second), dict.fromkeys((0, 1), Way.UNAIDED)), pool(0, 1), 1.0)
    assert found.chosen.draws == (Draw(20, 2),)
    assert found.eligible.sum() == 18


def test_a_certificate_that_leaves_more_to_the_person_than_pages_would_take_is_not_worth_taking() -> None:
    """What is left is asked about one by one, which pages would be cheaper for."""
    sure = np.tile(np.array([0.99, 0.01]), (500, 1))
    sure[40:] = [0.7, 0.3]
    left = Left(sure, margins(sure), np.full(500, 0.6), np.full(500, 1.8))
    drawn = Drawn(Sample((Draw(900, 400),), np.full(400, 0.9), np.arange(400) < 1), (0,), False)
    inputs = replace(sample((), {}), items=900, share=0.03)
    found = look_at(drawn, inputs, left, np.arange(500), np.zeros(500, np.int32), 0, 0.0)
    assert found.promise.certificate.given
    leaves = replace(found, person_s=1.8 * 460)
    assert not leaves.worth_taking(FinishPlan(0, 460, 40, 800.0, 1.0, all_seconds=300.0))
    assert leaves.worth_taking(FinishPlan(0, 460, 40, 800.0, 1.0, all_seconds=900.0))


def test_the_sample_is_judged_out_of_fold_and_a_remark_is_wrong() -> None:
    one = draw(0, pool(), 0, 1, 2, 3)
    ways = {0: Way.UNAIDED, 1: Way.UNAIDED, 2: Way.REMARK, 3: Way.UNAIDED}
    inputs = sample((one,), ways)

    def likeliest(labels: list[int], sure: float) -> Likeliest:
        first = np.array(labels, np.int32)
        return Likeliest(
            np.stack([first, 1 - first], axis=1).astype(np.int32),
            np.tile(np.array([sure, 1 - sure], np.float32), (len(labels), 1)),
        )

    told = likeliest([0] * N, 0.6)
    judged = Judged(np.array([0, 1, 3, 7]), likeliest([0, 1, 0, 1], 0.9), told, told)
    found = judge_draws(restrict_draws(inputs, pool(0, 1, 2, 3, 7), 1.0), inputs, judged, 1.0, 2)
    assert found.sample.wrong.tolist() == [False, True, True, False]
    assert found.sample.score == pytest.approx([0.8, 0.8, 0.2, 0.8], abs=1e-6)
    assert found.wrong_elsewhere == (1,)
