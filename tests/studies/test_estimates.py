"""Intervals and quantiles against numbers worked out elsewhere."""

from __future__ import annotations

import pytest
from scipy.stats import t as student

from studies.estimates import T975, Share


def test_the_quantiles_are_student_s() -> None:
    assert pytest.approx(student.ppf(0.975, range(1, 202)), abs=6e-11) == T975


@pytest.mark.parametrize(
    ("right", "total", "low", "high"),
    [(8, 10, 0.4902, 0.9433), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (50, 100, 0.4038, 0.5962)],
)
def test_wilsons_interval(right: int, total: int, low: float, high: float) -> None:
    interval = Share(right, total).wilson()
    assert interval is not None
    assert [interval.value, interval.low, interval.high] == pytest.approx(
        [right / total, low, high], abs=5e-5
    )


def test_nothing_has_no_share() -> None:
    assert (Share(0, 0).value, Share(0, 0).wilson()) == (None, None)
