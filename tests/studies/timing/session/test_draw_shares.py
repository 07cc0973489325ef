"""Shares of right and missing suggestions and of classes: exact where balanced, by chance elsewhere."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.studies.timing.session.drawing import Images, draw, images, kinds, plan


@pytest.mark.parametrize(
    ("p_right", "none_share", "count", "right", "none"),
    [
        (0.5, 0.0, 100, {50}, {0}),
        (0.5, 0.0, 105, {52, 53}, {0}),
        (0.7, 0.0, 10, {7}, {0}),
        (0.29, 0.0, 100, {29}, {0}),
        (0.0, 0.0, 7, {0}, {0}),
        (1.0, 0.0, 7, {7}, {0}),
        (0.5, 0.2, 100, {40}, {20}),
        (0.5, 1.0, 10, {0}, {10}),
        (0.5, 0.25, 10, {3, 4}, {2, 3}),
    ],
)
def test_balanced_shares_are_exact_in_every_block(
    p_right: float, none_share: float, count: int, right: set[int], none: set[int]
) -> None:
    wanted = plan(count, count, p_right=p_right, none_share=none_share, assignment="balanced")
    found: Counter[tuple[int, int]] = Counter()
    for number in range(1, 31):
        trials = draw(wanted, number, images("abcd", 40), images("XY", 60))
        for block in (0, 1):
            of = Counter(kinds([t for t in trials if t.block == block]))
            found[of[True], of[None]] += 1
    assert {r for r, _ in found} == right
    assert {n for _, n in found} == none


def test_what_cannot_be_exact_is_rounded_fairly() -> None:
    """105 images at a half: 52 or 53 are right, each half of the time; 4 SD of 400 draws."""
    wanted = plan(105, assignment="balanced")
    up = sum(kinds(draw(wanted, n, images("abcde", 21))).count(True) == 53 for n in range(1, 401))
    assert abs(up - 200) < 4 * 10


def test_balanced_kinds_come_in_random_order() -> None:
    wanted = plan(20, assignment="balanced")
    first = [kinds(draw(wanted, n, images("ab", 10)))[0] for n in range(1, 201)]
    assert abs(first.count(True) - 100) < 4 * 50**0.5


def test_chance_is_each_image_on_its_own() -> None:
    """Over 300 sessions of 40: shares within 4 SD, and the count of a session spreads as a binomial one does."""
    wanted = plan(40, p_right=0.7, none_share=0.25)
    counts = [Counter(kinds(draw(wanted, n, images("abcd", 10)))) for n in range(1, 301)]
    total = 300 * 40
    none = sum(c[None] for c in counts)
    right = sum(c[True] for c in counts)
    assert abs(none - 0.25 * total) < 4 * (total * 0.25 * 0.75) ** 0.5
    assert abs(right - 0.7 * (total - none)) < 4 * ((total - none) * 0.7 * 0.3) ** 0.5
    mean = none / 300
    variance = sum((c[None] - mean) ** 2 for c in counts) / 299
    assert (
        0.7 < variance / (40 * 0.25 * 0.75) < 1.3
    )  # 4 SD of a variance of 300 are 0.33; fixed shares give 0


@pytest.mark.parametrize(("p_right", "expected"), [(0.0, {False}), (1.0, {True})])
def test_chance_at_its_ends_is_certain(p_right: float, expected: set[bool]) -> None:
    trials = draw(plan(40, p_right=p_right), 1, images("abcd", 10))
    assert set(kinds(trials)) == expected
    none = draw(plan(40, none_share=1.0), 1, images("abcd", 10))
    assert {t.suggestion for t in none} == {None}


def test_a_wrong_suggestion_is_any_other_class_alike() -> None:
    """Chi-square over the 7 x 6 pairs; 35 degrees of freedom, 99.9 % below 66.6."""
    wanted = plan(70, p_right=0.0, balanced_classes=True)
    pairs = Counter(
        (t.true_class, t.suggestion) for n in range(1, 61) for t in draw(wanted, n, images("abcdefg", 10))
    )
    assert all(truth != suggestion for truth, suggestion in pairs)
    expected = 60 * 70 / 42
    assert len(pairs) == 42
    assert sum((n - expected) ** 2 / expected for n in pairs.values()) < 66.6


def test_every_image_is_drawn_alike() -> None:
    """Chi-square over 40 images, 39 degrees of freedom but less spread, as a draw is without repetition."""
    drawn = Counter(t.item for n in range(1, 401) for t in draw(plan(10), n, images("abcd", 10)))
    assert len(drawn) == 40
    assert sum((n - 100) ** 2 / (100 * 0.75) for n in drawn.values()) < 72.1


@pytest.mark.parametrize(("wanted", "practice"), [(100, 6), (105, 5), (7, 0), (1, 3), (21, 21)])
def test_balanced_classes_differ_by_one_at_most(wanted: int, practice: int) -> None:
    classes = "abcdefghijklmnopqrstu"
    for number in range(1, 11):
        trials = draw(plan(wanted, practice=practice, balanced_classes=True), number, images(classes, 9))
        for part in (trials, [t for t in trials if not t.practice]):
            counts = Counter(t.true_class for t in part)
            every = [counts[name] for name in classes]
            assert max(every) - min(every) <= 1
    firsts = {
        draw(plan(1, balanced_classes=True), n, images(classes, 9))[0].true_class for n in range(1, 200)
    }
    assert firsts == set(classes)  # which class is one ahead is chance


def test_where_classes_are_small_balance_goes_as_far_as_they_allow() -> None:
    uneven = Images(("a", "b", "c"), [0] * 20 + [1] * 2 + [2] * 5)
    trials = draw(plan(15, balanced_classes=True), 1, uneven)
    assert Counter(t.true_class for t in trials) == {"a": 8, "b": 2, "c": 5}


def test_without_balance_classes_come_as_in_the_set() -> None:
    uneven = Images(("a", "b"), [0] * 90 + [1] * 10)
    share = sum(t.true_class == "b" for n in range(1, 101) for t in draw(plan(20), n, uneven))
    assert abs(share - 200) < 4 * (2000 * 0.1 * 0.9 * 80 / 99) ** 0.5
