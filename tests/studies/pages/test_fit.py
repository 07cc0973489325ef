"""Costs fitted to made-up pages whose true costs are known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import nnls

from studies.pages.costs import LOG_SPREAD, USUAL, PageCosts
from studies.pages.fit import (
    FEWEST_PAGES,
    PageFit,
    TimedPage,
    _solve_bounded,
    estimate_costs,
    fit_pages,
)

TRUE = (USUAL.page_s, USUAL.cell_s, USUAL.mark_s)


def make_pages(count: int, chance: np.random.Generator, spread: float = LOG_SPREAD) -> list[TimedPage]:
    """Pages of 12, 24 and 48 cells with a tenth odd; each time spreads by a log-normal factor of mean 1."""
    pages = []
    for _ in range(count):
        cells = int(chance.choice([12, 24, 48]))
        marks = int(chance.binomial(cells, 0.1))
        noise = np.exp(chance.normal(-spread * spread / 2, spread)) if spread else 1.0
        pages.append(TimedPage(cells, marks, USUAL.of_page(cells, marks) * float(noise)))
    return pages


def test_exact_times_give_the_costs_back() -> None:
    fit = fit_pages(make_pages(20, np.random.default_rng(1), spread=0.0))
    assert fit is not None
    assert [fit.page_s.value, fit.cell_s.value, fit.mark_s.value] == pytest.approx(TRUE)
    assert fit.pages == 20


def test_costs_are_never_below_zero() -> None:
    pages = [
        TimedPage(c, m, 0.5 * c - 0.5) for c, m in ((12, 0), (24, 1), (48, 2), (12, 2), (24, 0), (48, 5))
    ]
    fit = fit_pages(pages)
    assert fit is not None
    for cost in (fit.page_s, fit.cell_s, fit.mark_s):
        assert 0.0 <= cost.low <= cost.value <= cost.high
    assert fit.page_s.value == 0.0


@pytest.mark.parametrize(
    "pages",
    [
        [],
        [TimedPage(12, 1, 8.0)] * 40,  # one size, one number of marks: nothing comes apart
        [TimedPage(c, 1, 8.0) for c in (12, 24, 48) * 9],  # never another number of marks
        make_pages(FEWEST_PAGES - 1, np.random.default_rng(2)),
    ],
)
def test_pages_that_do_not_tell_the_costs_apart_give_none(pages: list[TimedPage]) -> None:
    assert fit_pages(pages) is None


@pytest.mark.parametrize("count", [15, 40])
def test_the_intervals_hold_the_true_costs_as_often_as_they_say(count: int) -> None:
    chance = np.random.default_rng(count)
    fits = [fit_pages(make_pages(count, chance)) for _ in range(600)]
    held = np.array([_holds(fit) for fit in fits if fit is not None])
    assert len(held) > 590
    assert (held.mean(axis=0) > 0.925).all()
    assert held.mean() < 0.99  # and they are no wider than need be


def test_forty_pages_recover_what_a_cell_costs() -> None:
    chance = np.random.default_rng(3)
    values = [fit.cell_s.value for fit in (fit_pages(make_pages(40, chance)) for _ in range(200)) if fit]
    assert np.median(values) == pytest.approx(USUAL.cell_s, rel=0.05)


def test_without_pages_the_costs_are_the_usual_ones() -> None:
    costs = estimate_costs([])
    assert (costs.page_s, costs.cell_s, costs.mark_s) == pytest.approx(TRUE)
    assert (costs.miss, costs.false_mark) == (USUAL.miss, USUAL.false_mark)


def test_a_person_s_own_costs_come_through_with_their_pages() -> None:
    fast = PageCosts(0.5, 0.2, 1.0, 0.1, 0.0)
    pages = [
        TimedPage(c, m, fast.of_page(c, m)) for c, m in ((12, 1), (24, 3), (48, 2), (24, 0), (12, 2), (48, 6))
    ]
    after_3, after_30 = estimate_costs(pages[:3]), estimate_costs(pages * 5)
    assert 0.2 < after_3.cell_s < 0.4
    assert 0.5 < after_3.page_s < 0.8
    assert after_30.cell_s == pytest.approx(0.2, abs=0.02)
    assert after_30.mark_s == pytest.approx(1.0, abs=0.1)


def test_fast_pages_of_one_size_make_all_costs_smaller_and_none_of_them_nothing() -> None:
    pages = [TimedPage(24, 0, 3.3), TimedPage(25, 1, 3.2), TimedPage(24, 1, 2.6)]
    costs = estimate_costs(pages)
    assert 0.1 < costs.cell_s < 0.3
    assert 0.1 < costs.page_s < USUAL.page_s
    assert 0.2 < costs.mark_s < USUAL.mark_s


@pytest.mark.parametrize("seconds", [400.0, 0.4])
def test_one_long_or_short_look_does_not_move_them(seconds: float) -> None:
    pages = make_pages(20, np.random.default_rng(7), spread=0.1)
    moved = estimate_costs([*pages, TimedPage(24, 2, seconds)])
    assert moved.cell_s == pytest.approx(estimate_costs(pages).cell_s, rel=0.02)


def _holds(fit: PageFit) -> list[bool]:
    costs = (fit.page_s, fit.cell_s, fit.mark_s)
    return [cost.low <= true <= cost.high for cost, true in zip(costs, TRUE, strict=True)]


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_the_bounded_fit_is_that_of_scipy(seed: int) -> None:
    chance = np.random.default_rng(seed)
    design = np.column_stack([np.ones(20), chance.integers(1, 49, 20), chance.integers(0, 9, 20)])
    target = design @ chance.normal(0.2, 0.5, 3) + chance.normal(0, 2, 20)
    values = _solve_bounded(design.astype(float), target)
    assert (values >= 0).all()
    expected, norm = nnls(design.astype(float), target)
    assert np.linalg.norm(target - design @ values) == pytest.approx(norm)
    assert np.allclose(values, expected, atol=1e-8)
