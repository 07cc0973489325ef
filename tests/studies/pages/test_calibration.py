"""Probabilities that answers make right as often as they say."""

from __future__ import annotations

import numpy as np
import pytest

from studies.pages.calibration import at_temperature, fit_temperature

NOTHING = np.zeros((0, 4))


def test_the_temperature_of_answers_is_found() -> None:
    chance = np.random.default_rng(1)
    true = chance.dirichlet(np.full(6, 0.5), 4000)
    right = chance.random(4000) < true.max(axis=1)
    too_sure = at_temperature(true, 1 / 2.5)
    assert fit_temperature(too_sure, right) == pytest.approx(2.5, rel=0.1)


def test_without_answers_models_count_as_somewhat_too_sure() -> None:
    assert fit_temperature(NOTHING, np.zeros(0, bool)) == pytest.approx(np.exp(0.5), rel=0.03)


def test_a_temperature_keeps_the_order_and_what_is_impossible() -> None:
    p = np.array([[0.7, 0.2, 0.1, 0.0]])
    warm = at_temperature(p, 2.0)
    assert warm[0] == pytest.approx(np.sqrt([0.7, 0.2, 0.1, 1e-6]) / np.sqrt([0.7, 0.2, 0.1, 1e-6]).sum())
    assert at_temperature(p, 1.0) == pytest.approx(p, abs=1e-5)
    assert at_temperature(NOTHING, 2.0).shape == (0, 4)
