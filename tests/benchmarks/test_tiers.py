"""What accuracy costs: interpolation and efficiency by hand, and rounds on points whose every number is known."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from benchmarks.real_rounds import Pool
from benchmarks.report import Size
from benchmarks.tier_rounds import Stage, Way, cost_at, efficiency, run
from benchmarks.tiers import FULL, judged, measure
from model.pool_learning import PoolLearner

STAGES = (
    Stage(0, 0, 50.0, 0, 0),
    Stage(10, 5, 60.0, 0, 0),
    Stage(18, 7, 58.0, 0, 0),
    Stage(30, 10, 70.0, 0, 0),
)


def test_costs_between_rounds_by_hand():
    assert cost_at(STAGES, 50.0, 4, 1) == 0
    assert cost_at(STAGES, 55.0, 4, 1) == 15  # half of 10 + 4 * 5
    assert cost_at(STAGES, 60.0, 4, 1) == 30
    # The round that fell back reached nothing; from its 46 to 70 the accuracy rises from the best before.
    assert cost_at(STAGES, 65.0, 4, 1) == 46 + (70 - 46) / 2
    assert cost_at(STAGES, 65.0, 2, 1) == 32 + (50 - 32) / 2
    assert math.isnan(cost_at(STAGES, 70.5, 4, 1))


def test_efficiency_by_hand():
    faster = (Stage(0, 0, 56.0, 0, 0), Stage(10, 0, 66.0, 0, 0))
    found = efficiency([faster], [STAGES], np.array([55.0, 60.0, 65.0, 68.0]), 4, 1)
    assert found[:3].tolist() == pytest.approx([math.inf, 30 / 4, 58 / 9])
    assert math.isnan(found[3])
    summed = judged(found)
    assert summed.mean == 5.0, "each counts 5 at most"
    assert summed.worst == pytest.approx(58 / 9)
    assert (summed.free, summed.missed) == (1, 1)


def clusters(n: int = 90) -> Pool:
    chance = torch.Generator().manual_seed(0)
    labels = torch.arange(2 * n) % 3
    features = 3 * torch.eye(3)[labels] + 0.1 * torch.randn(2 * n, 3, generator=chance)
    return Pool(features[:n], labels[:n], features[n:], labels[n:])


def test_on_clusters_every_suggestion_is_right_and_rounds_end():
    pool = clusters()
    stages = run(pool, PoolLearner(pool.features), Way("x"), 1, 4.0, lambda _: 10, 101.0)
    assert [(s.right, s.wrong) for s in stages] == [(10 * r, 0) for r in range(9)] + [(81, 0)]
    assert {s.accuracy for s in stages} == {100.0}
    stopped = run(pool, PoolLearner(pool.features), Way("x"), 1, 4.0, lambda _: 10, 99.0)
    assert len(stopped) == 2


def test_the_easy_tier_labels_once_the_random_sample_certifies_it():
    pool = clusters(900)
    way = Way("x", "pool", 0.5, easy=True)
    stages = run(pool, PoolLearner(pool.features), way, 1, 4.0, lambda _: 100, 101.0, rounds=4)
    # 99 right ones of a random sample certify 3 %. After two rounds there are 109, but the 100 that BADGE took of
    # 791 others are allowed for: 2.6 % takes 114. After three there are 159.
    assert [s.easy > 0 for s in stages] == [False, False, False, True, True]
    assert all(s.easy_wrong == 0 for s in stages)


def test_the_full_method_is_planned_learns_from_the_pool_and_labels():
    assert (FULL.preset, FULL.intermediate_share, FULL.easy) == ("pool", None, True)


def test_quick_size_needs_no_data_and_tells_each_method_at_each_ratio():
    report = measure(Size.QUICK, None)
    assert len(report.lines) == 12
    assert report.details.count("full method") == 4
    worst = {line.what: line.ours for line in report.lines if "worst" in line.what}
    assert all(value > 0.5 for value in worst.values()), worst
