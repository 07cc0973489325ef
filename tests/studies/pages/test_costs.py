"""The price of a page against sums done by hand."""

from __future__ import annotations

import pytest

from studies.pages.costs import USUAL, PageCosts

PLAIN = PageCosts(page_s=0.0, cell_s=0.5, mark_s=1.5, miss=0.0, false_mark=0.0)


def test_a_page_costs_its_opening_its_cells_and_its_marks() -> None:
    assert USUAL.of_page(24, 2) == pytest.approx(0.8 + 12.0 + 3.0)


def test_an_image_on_a_page_shares_its_opening_and_pays_for_being_odd() -> None:
    # 0.5 + 0.8 / 20; one in ten is odd, nine in ten of those are marked; one in 200 right ones is marked by mistake
    assert USUAL.of_item(0.9, 20, 4.5) == pytest.approx(0.54 + (0.09 + 0.0045) * 6.0)
    assert USUAL.left_wrong(0.9) == pytest.approx(0.01)


def test_a_page_is_cheaper_from_the_published_chance_on() -> None:
    assert PLAIN.break_even(24, 1.3, 4.5) == pytest.approx((0.5 + 1.5) / (1.3 + 1.5))
    assert PLAIN.of_item(0.72, 24, 4.5) < 0.72 * 1.3 + 0.28 * 4.5
    assert PLAIN.of_item(0.71, 24, 4.5) > 0.71 * 1.3 + 0.29 * 4.5


def test_a_careless_eye_does_not_make_pages_look_cheaper() -> None:
    careless = PageCosts(0.0, 0.5, 1.5, miss=0.5, false_mark=0.0)
    assert careless.break_even(24, 1.3, 4.5) == PLAIN.break_even(24, 1.3, 4.5)


def test_slow_looking_never_pays_and_free_looking_always_does() -> None:
    assert PageCosts(0.0, 2.0, 1.5, 0.0, 0.0).break_even(24, 1.3, 4.5) == 1.0
    assert PageCosts(0.0, 0.0, 0.0, 0.0, 0.0).break_even(24, 1.3, 4.5) == 0.0
