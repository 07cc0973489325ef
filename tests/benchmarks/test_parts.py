"""The arithmetic of the benchmarks, against numbers known by hand."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.spread import percentile, slope, spread
from benchmarks.study.response_time import compare
from benchmarks.study.simulated_study import ExGaussian, Population
from benchmarks.witness.person import Pressed
from benchmarks.witness.pictures import COLOURS, shown
from benchmarks.witness.program import Recorded
from benchmarks.witness.screen import Seen, WitnessError

MS = 1_000_000


def test_spread():
    found = spread([1.0, 2.0, 3.0, 4.0, 10.0])
    assert (found.mean, found.median) == (4.0, 3.0)
    assert found.sd == pytest.approx(12.5**0.5)


def test_percentiles_lie_between_neighbours():
    assert percentile([30.0, 10.0, 20.0], 0.75) == 25.0


def test_slope_and_its_error():
    assert slope([0, 1, 2], [5.0, 7.0, 9.0]).slope == 2.0
    # Residuals 1, -2, 1 over one degree of freedom and a width of 2.
    assert slope([0, 1, 2], [1.0, 0.0, 5.0]).error == pytest.approx(3**0.5)


def test_the_mean_log_of_an_ex_gaussian_agrees_with_draws():
    times = ExGaussian(0.55, 0.05, 0.25)
    draws = np.log(times.draw(np.random.default_rng(3), 400_000))
    assert times.mean_log() == pytest.approx(draws.mean(), abs=4 * draws.std() / len(draws) ** 0.5)


def test_the_true_ratio_of_scaled_times_is_the_scale():
    verify, correct = ExGaussian(0.5, 0.05, 0.25), ExGaussian(1.5, 0.15, 0.75)
    assert Population(verify, correct).true_ratio() == pytest.approx(3.0)


def test_errors_are_stored_minus_known_from_outside():
    pressed = [Pressed(Seen(999 * MS, 1000 * MS, COLOURS[0]), 1400 * MS, True)]
    errors = compare(pressed, [Recorded(0, 999 * MS, 1402 * MS), Recorded(1, 9000 * MS, 9400 * MS)])
    assert (errors.onset, errors.key, errors.response_time) == ([-1.0], [2.0], [3.0])


def test_keys_that_left_no_answer_are_told():
    pressed = [Pressed(Seen(0, 0, COLOURS[0]), 400 * MS, True)]
    with pytest.raises(WitnessError, match="1 of 1 keys"):
        compare(pressed, [Recorded(0, 5000 * MS, 5400 * MS)])


def test_colours_are_told_from_each_other_and_from_the_page():
    assert [shown(colour) for colour in COLOURS] == list(range(len(COLOURS)))
    assert [shown((grey, grey, grey)) for grey in range(0, 256, 5)] == [None] * 52
