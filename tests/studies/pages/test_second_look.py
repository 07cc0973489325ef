"""What is looked at once more, against chances that a hand can compute."""

from __future__ import annotations

import numpy as np
import pytest

from studies.pages.second_look import LEAST, expect_missed, plan_second_look


def test_a_confirmed_label_is_wrong_by_what_the_model_says_and_by_what_a_person_misses():
    chance = expect_missed(np.array([1.0, 0.5, 0.1, 0.0]), 0.1)
    assert chance.tolist() == pytest.approx([0.0, 0.05 / 0.55, 0.09 / 0.19, 1.0])
    assert expect_missed(np.array([0.0, 0.5]), 0.0).tolist() == [0.0, 0.0]


def test_pages_are_of_one_label_and_hold_what_is_likely_wrong_the_likeliest_first():
    right = np.array([0.1, 0.9, 0.4, 0.05, 0.2, 0.01, 0.5])
    labels = np.array([0, 0, 0, 0, 1, 1, 1])
    probabilities = np.where(np.arange(2) == labels[:, None], right[:, None], 1 - right[:, None])
    confirmed = np.array([True, True, True, True, True, False, True])
    pages = plan_second_look(probabilities, labels, confirmed, 0.1, 2)
    assert [(page.label, page.items) for page in pages] == [(0, (3, 0)), (1, (4, 6)), (0, (2,))]
    assert pages[2].wrong == pytest.approx(0.06 / 0.46)
    assert LEAST > 0.01 / 0.91  # of the one that the model finds likely


def test_nothing_is_looked_at_again_by_a_person_who_misses_nothing_or_saw_no_page():
    probabilities, labels = np.full((4, 2), 0.5), np.zeros(4, int)
    assert plan_second_look(probabilities, labels, np.ones(4, bool), 0.0, 24) == ()
    assert plan_second_look(probabilities, labels, np.zeros(4, bool), 0.5, 24) == ()
