"""The most doubtful labels first, and how many slips there are."""

from __future__ import annotations

import numpy as np
import pytest

from studies.finish.doubtful import Doubt, estimate_slips, rank_doubtful

SURE = np.array([[0.97, 0.02, 0.01]] * 6 + [[0.02, 0.96, 0.02]] * 6 + [[0.01, 0.01, 0.98]] * 6)
LABELS = np.repeat([0, 1, 2], 6)


def test_labels_that_the_model_contradicts_come_in_order_of_doubt() -> None:
    p = SURE.copy()
    p[2] = [0.05, 0.94, 0.01]
    p[8] = [0.01, 0.005, 0.985]
    p[14] = [0.45, 0.05, 0.5]  # not sure, and not against
    found = rank_doubtful(p, LABELS)
    assert [(one.place, one.other) for one in found] == [(8, 2), (2, 1)]
    assert found[0].chance == pytest.approx(0.995)
    assert {one.doubts for one in found} == {frozenset({Doubt.MODEL})}
    assert [one.place for one in rank_doubtful(p, LABELS, confirmed=[8])] == [2]


def test_a_class_that_is_never_sure_is_contradicted_by_less() -> None:
    p = np.array([[0.55, 0.45], [0.55, 0.45], [0.45, 0.55], [0.02, 0.98], [0.02, 0.98], [0.02, 0.98]])
    labels = np.array([0, 0, 0, 1, 1, 0])
    assert [one.place for one in rank_doubtful(p, labels)] == [5]
    labels[5] = 1
    p[3] = [0.6, 0.4]
    assert [one.place for one in rank_doubtful(p, labels)] == [3], (
        "0.6 is much for a class that usually has 0.5"
    )


def test_duplicates_with_other_labels_and_answers_too_fast_are_doubted() -> None:
    labels = LABELS.copy()
    labels[5] = 1
    seconds = np.full(18, 1.2)
    seconds[[7, 9]] = 0.2, np.nan
    found = rank_doubtful(SURE, labels, [(4, 5), (0, 1)], seconds)
    assert [one.place for one in found] == [5, 7, 4]
    assert found[0].doubts == {Doubt.MODEL, Doubt.DUPLICATE}
    assert [one.doubts for one in found[1:]] == [frozenset({Doubt.FAST}), frozenset({Doubt.DUPLICATE})]
    assert found[1].chance == pytest.approx(10 * 0.04 / (0.96 + 10 * 0.04))


def test_without_labels_nothing_is_doubtful() -> None:
    assert rank_doubtful(np.zeros((0, 3)), np.zeros(0, np.int64)) == []


def test_nine_slips_among_1400_are_on_the_first_page() -> None:
    chance = np.random.default_rng(2)
    true = chance.integers(0, 7, 1400)
    logits = 1.2 * chance.normal(size=(1400, 7))
    logits[np.arange(1400), true] += 8.0
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    slips = chance.choice(1400, 9, replace=False)
    labels = true.copy()
    labels[slips] = (true[slips] + 1) % 7
    found = rank_doubtful(p, labels)
    assert set(slips) <= {one.place for one in found[:28]}
    shown = [one.place in slips for one in found[:28]]
    expected = np.array([one.chance for one in found])
    estimate = estimate_slips(shown, expected)
    assert estimate.low == pytest.approx(9, abs=0.5)
    assert 9 <= estimate.value <= estimate.high < 20


def test_what_was_not_looked_at_is_estimated_by_what_was() -> None:
    expected = np.full(100, 0.5)
    half = estimate_slips([True, False] * 20, expected)
    assert half.value == pytest.approx(20 + 30, rel=0.05)
    assert half.low < 40 < 50 < half.high
    few = estimate_slips([False] * 40, expected)
    assert few.low == pytest.approx(0, abs=0.1)
    assert few.value < 2 < few.high < 10
    assert estimate_slips([True, False] * 20, expected, np.full(30, 0.4)).value > half.value
    assert estimate_slips([], expected).low < 10 < 40 < estimate_slips([], expected).high


def test_chances_of_a_model_that_is_not_sure_are_not_believed() -> None:
    expected = np.sort(np.random.default_rng(4).beta(1, 3, 2000))[::-1]
    slips = np.arange(2000) < 30  # what is further down is right, though its chances add up to hundreds
    found = estimate_slips(slips[:96].tolist(), expected[:200], expected[200:])
    assert found.low <= 30 <= found.high < 60


def test_the_limits_of_slips_hold_where_chances_are_off_by_one_factor() -> None:
    chance = np.random.default_rng(6)
    held = 0
    for _ in range(400):
        expected = np.sort(chance.beta(1, 4, 120))[::-1]
        slips = chance.random(120) < 0.5 * expected
        found = estimate_slips(slips[:40].tolist(), expected)
        held += found.low - 0.5 <= slips.sum() <= found.high + 0.5
    assert held / 400 >= 0.85
