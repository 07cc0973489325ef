"""What ways of asking cost, against sums done by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studies.pages.asking import USUAL_COSTS, AskCosts, Misses, expect_seconds, without, worth
from studies.pages.costs import PageCosts

PLAIN = AskCosts(
    verify=1.0,
    correct=4.0,
    unaided=3.0,
    near=((1, 2.0), (2, 3.0)),
    pages=PageCosts(page_s=0.8, cell_s=0.5, mark_s=1.5, miss=0.1, false_mark=0.0),
)


def test_an_image_by_itself_costs_by_where_the_right_class_stands() -> None:
    p = np.array([[0.1, 0.6, 0.05, 0.25]])
    assert expect_seconds(p, PLAIN).single[0] == pytest.approx(0.6 * 1 + 0.25 * 2 + 0.1 * 3 + 0.05 * 4)


def test_an_odd_one_on_a_page_is_marked_and_asked_about_with_the_next_best_class() -> None:
    p = np.array([[0.1, 0.6, 0.05, 0.25]])
    again = 0.25 * 1 + 0.1 * 2 + 0.05 * 3
    assert expect_seconds(p, PLAIN).page[0] == pytest.approx(0.5 + 0.4 * 1.5 + again)


def test_right_ones_that_are_marked_are_paid_twice() -> None:
    careless = AskCosts(1.0, 4.0, 3.0, pages=PageCosts(0.8, 0.5, 1.5, 0.1, false_mark=0.02))
    assert expect_seconds(np.array([[1.0, 0.0]]), careless).page[0] == pytest.approx(0.5 + 0.02 * (1.5 + 4.0))


def test_misses_do_not_make_pages_look_cheaper() -> None:
    p = np.array([[0.5, 0.5]])
    blind = AskCosts(1.0, 4.0, 3.0, pages=PageCosts(0.8, 0.5, 1.5, 0.9, 0.0))
    keen = AskCosts(1.0, 4.0, 3.0, pages=PageCosts(0.8, 0.5, 1.5, 0.0, 0.0))
    assert expect_seconds(p, blind).page == expect_seconds(p, keen).page


def test_without_a_suggestion_is_cheaper_where_it_would_be_wrong() -> None:
    seconds = expect_seconds(np.array([[0.26, 0.25, 0.25, 0.24], [0.9, 0.1, 0.0, 0.0]]), AskCosts(1, 4, 3))
    assert (seconds.alone == [seconds.unaided[0], seconds.single[1]]).all()


def test_the_rate_of_misses_is_read_between_measured_shares() -> None:
    costs = AskCosts(1, 4, 4, misses=Misses((0.01, 0.51), (0.30, 0.10)))
    assert costs.miss_at(0.26) == pytest.approx(0.20)
    assert costs.miss_at(0.0) == pytest.approx(0.30)
    assert costs.pages_at(0.9).miss == pytest.approx(0.10)
    assert PLAIN.miss_at(0.26) == 0.1


def test_a_rejected_class_leaves_its_probability_to_the_others() -> None:
    p = np.array([[0.6, 0.3, 0.1], [1.0, 0.0, 0.0]])
    rejected = np.array([[True, False, False], [True, False, False]])
    assert without(p, rejected) == pytest.approx(np.array([[0.0, 0.75, 0.25], [0.0, 0.5, 0.5]]))


def test_what_is_sure_is_worth_no_label() -> None:
    p = np.array([[1.0, 0.0], [0.5, 0.5]])
    assert worth(p, np.array([0.5, 2.0])) == pytest.approx([0.0, 0.25])


@given(st.integers(0, 1000), st.integers(2, 12))
def test_no_way_of_asking_costs_less_than_the_cheapest_answer_or_more_than_the_dearest(
    seed: int, classes: int
) -> None:
    p = np.random.default_rng(seed).dirichlet(np.ones(classes), 20)
    seconds = expect_seconds(p, USUAL_COSTS)
    assert (seconds.single >= USUAL_COSTS.verify - 1e-9).all()
    assert (seconds.single <= USUAL_COSTS.correct + 1e-9).all()
    assert (seconds.page >= USUAL_COSTS.pages.cell_s).all()
    most = USUAL_COSTS.pages.cell_s + USUAL_COSTS.pages.mark_s + USUAL_COSTS.correct
    assert (seconds.page <= most + 1e-9).all()
