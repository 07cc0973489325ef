"""What is looked at once more, against chances that a hand can compute."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from studies.pages.asking import USUAL_COSTS
from studies.pages.second_look import WORTH, SecondPage, expect_look, expect_missed, plan_second_look


def test_a_confirmed_label_is_wrong_by_what_the_model_says_and_by_what_a_person_misses():
    chance = expect_missed(np.array([1.0, 0.5, 0.1, 0.0]), 0.1)
    assert chance.tolist() == pytest.approx([0.0, 0.05 / 0.55, 0.09 / 0.19, 1.0])
    assert expect_missed(np.array([0.0, 0.5]), 0.0).tolist() == [0.0, 0.0]


def test_pages_are_of_one_label_and_hold_what_is_likely_wrong_the_likeliest_first():
    right = np.array([0.1, 0.9, 0.4, 0.05, 0.2, 0.01, 0.5])
    labels = np.array([0, 0, 0, 0, 1, 1, 1])
    confirmed = np.array([True, True, True, True, True, False, True])
    pages = plan_second_look(right, labels, confirmed, USUAL_COSTS, 2)
    assert [(page.label, page.items) for page in pages] == [(0, (3, 0)), (1, (4, 6)), (0, (2,))]
    assert pages[2].wrong == pytest.approx(0.06 / 0.46)
    assert 0.5 / (WORTH * 1.3) > 0.01 / 0.91  # of the one that the model finds likely


def test_who_looks_slowly_looks_again_at_less():
    right = np.array([0.5, 0.1])  # wrong with a chance of 1 in 11, and of 9 in 19
    labels = np.zeros(2, int)
    slow = replace(USUAL_COSTS, pages=replace(USUAL_COSTS.pages, cell_s=1.2))
    for costs, shown in ((USUAL_COSTS, (1, 0)), (slow, (1,))):
        (page,) = plan_second_look(right, labels, np.ones(2, bool), costs, 24)
        assert page.items == shown


def test_nothing_is_looked_at_again_by_a_person_who_misses_nothing_or_saw_no_page():
    right, labels = np.full(4, 0.5), np.zeros(4, int)
    careful = replace(USUAL_COSTS, pages=replace(USUAL_COSTS.pages, miss=0.0, cell_s=0.0))
    assert plan_second_look(right, labels, np.ones(4, bool), careful, 24) == ()
    assert plan_second_look(right, labels, np.zeros(4, bool), USUAL_COSTS, 24) == ()


def test_its_time_is_that_of_its_pages_and_of_what_is_found_on_them():
    pages = (SecondPage(0, (1, 2, 3), 0.5), SecondPage(1, (4,), 0.5))
    own = replace(USUAL_COSTS.pages, page_s=1.0, cell_s=0.5, mark_s=2.0, miss=0.2)
    assert expect_look(pages, USUAL_COSTS, own) == pytest.approx(2 * 1.0 + 4 * 0.5 + 0.8 * (2.0 + 4.5))
