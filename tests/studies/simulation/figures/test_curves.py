"""Interpolation and labeling efficiency against numbers by hand."""

from __future__ import annotations

import numpy as np
import pytest

from studies.simulation.figures.curves import Curve, cost_to_reach, efficiency, levels_of, summarise


def curve(*points: tuple[float, float], seed: int = 1) -> Curve:
    cost, accuracy = zip(*points, strict=True)
    return Curve(seed, np.array(cost, float), np.array(accuracy, float))


STRAIGHT = curve((0, 0.2), (100, 0.6), (300, 0.8))


@pytest.mark.parametrize(
    ("level", "cost"),
    [
        (0.4, 50.0),  # halfway through the first piece
        (0.6, 100.0),
        (0.65, 150.0),  # a quarter of the second
        (0.8, 300.0),
        (0.81, None),  # never
        (0.2, None),  # there from the start
        (0.1, None),
    ],
)
def test_the_cost_to_reach_an_accuracy(level: float, cost: float | None):
    found = cost_to_reach(STRAIGHT, level)
    assert found == (None if cost is None else pytest.approx(cost))


def test_a_curve_that_falls_back_has_reached_what_it_reached_first():
    falling = curve((0, 0.2), (10, 0.6), (20, 0.4), (30, 0.8))
    assert cost_to_reach(falling, 0.5) == pytest.approx(7.5)
    assert cost_to_reach(falling, 0.7) == pytest.approx(27.5)


def test_levels_lie_where_all_curves_go_and_none_begins():
    other = curve((0, 0.3), (100, 0.7))
    levels = levels_of([STRAIGHT, other], 4)
    assert levels == pytest.approx([0.4, 0.5, 0.6, 0.7])
    assert len(levels_of([STRAIGHT, curve((0, 0.9), (100, 0.95))])) == 0
    assert len(levels_of([])) == 0


def test_efficiency_is_the_others_cost_over_ours():
    dear = curve((0, 0.2), (200, 0.6), (600, 0.8))
    found = efficiency([STRAIGHT], [dear])
    assert len(found) == 30
    assert [point.accuracy for point in found][::29] == pytest.approx([0.22, 0.8])
    assert all(point.ratio.mean == pytest.approx(2.0) and point.ratio.sd is None for point in found)


def test_efficiency_over_two_runs_compares_seed_by_seed():
    ours = [STRAIGHT, curve((0, 0.2), (100, 0.6), (300, 0.8), seed=2)]
    others = [curve((0, 0.2), (200, 0.6), (600, 0.8)), curve((0, 0.2), (300, 0.6), (900, 0.8), seed=2)]
    found = efficiency(ours, others)
    assert found[0].ratio.mean == pytest.approx(6**0.5), "the geometric mean of 2 and 3"
    assert found[0].ratio.sd == pytest.approx(1.5 ** (0.5**0.5)), "a factor"
    assert found[0].ratio.n == 2
    # A seed that the other has not run is left out.
    assert efficiency(ours, others[:1])[0].ratio.n == 1
    assert efficiency(ours, []) == ()


def test_where_only_one_goes_nothing_is_invented():
    short = curve((0, 0.2), (10, 0.5))
    assert max(point.accuracy for point in efficiency([short], [STRAIGHT])) == pytest.approx(0.5)


def test_a_summary_says_where_a_method_loses():
    # Twice as efficient up to 0.5, then much dearer; at the level 0.605, 347.25 are paid for what costs the other 105.
    ours = curve((0, 0.2), (37.5, 0.5), (480, 0.65))
    found = summarise(efficiency([ours], [STRAIGHT]))
    assert found is not None
    assert found.least == pytest.approx(105 / 347.25)
    assert found.least_at == pytest.approx(0.605)
    # 37.5 + 442.5 (t - 0.5) / 0.15 = 100 (t - 0.2) / 0.4 at t = 0.514; levels are 0.015 apart, from 0.215 on.
    assert found.loses_from == pytest.approx(0.515)
    assert found.loses_at == 10
    assert summarise(()) is None


def test_a_summary_of_one_that_never_loses():
    found = summarise(efficiency([STRAIGHT], [curve((0, 0.2), (200, 0.6), (600, 0.8))]))
    assert found is not None
    assert [found.mean, found.least] == pytest.approx([2.0, 2.0])
    assert (found.loses_from, found.loses_at, found.levels) == (None, 0, 30)
