"""Lists of trials: the same for ever from a seed, no image twice, images that cannot be read, and orders of blocks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise

import pytest

from studies.timing.facts.pages import trials_of
from studies.timing.facts.records import PlannedTrial
from studies.timing.session.chance import Chance, DrawError
from studies.timing.session.draw import block_order, draw_session, latin_square
from tests.studies.timing.session.drawing import TWO_SETS, Images, draw, images, kinds, plan

GOLDEN = (
    (0, 0, "set 1", True, "X4", "X", None),
    (1, 0, "set 1", False, "X6", "X", None),
    (2, 0, "set 1", False, "X0", "X", "Y"),
    (3, 0, "set 1", False, "Y9", "Y", None),
    (4, 1, "set 0", True, "c5", "c", "a"),
    (5, 1, "set 0", False, "a6", "a", "c"),
    (6, 1, "set 0", False, "b1", "b", "b"),
    (7, 1, "set 0", False, "c8", "c", "a"),
    (8, 1, "set 0", False, "b7", "b", None),
)


def rows(trials: Sequence[PlannedTrial]) -> tuple[tuple[object, ...], ...]:
    return tuple(
        (t.position, t.block, t.dataset, t.practice, t.item, t.true_class, t.suggestion) for t in trials
    )


def test_a_golden_list() -> None:
    """Drawn once and written down: no version of Python or of this code may draw another."""
    wanted = plan(4, 3, seed=20260101, practice=1, none_share=0.3, block_order="shuffled")
    assert rows(draw(wanted, 2, *TWO_SETS)) == GOLDEN


def test_golden_numbers_of_chance() -> None:
    """Mersenne Twister seeded with the text "1|2|x": 0.7794, 0.6158, 0.5130, 0.5576, 0.3097."""
    assert Chance(1, 2, "x").shuffled("abcde") == ["e", "c", "d", "b", "a"]
    assert Chance(1, 2, "x").choice(range(1000)) == 779
    chance = Chance(1, 2, "x")
    assert [chance.happens(0.6) for _ in range(5)] == [False, False, True, True, True]
    assert [Chance(1, 2, "x").round_randomly(value) for value in (3.0, 3.77, 3.78)] == [3, 3, 4]


def test_the_same_seed_and_number_give_the_same_list_and_others_another() -> None:
    wanted = plan(10, 10, practice=2)
    sets = (images("abcdef", 10), images("XY", 20))
    first = draw(wanted, 1, *sets)
    assert draw(plan(10, 10, practice=2), 1, *sets) == first
    lists = [
        first,
        *(draw(wanted, n, *sets) for n in range(2, 30)),
        draw(plan(10, 10, seed=2, practice=2), 1, *sets),
    ]
    assert len(set(lists)) == len(lists)


def test_positions_blocks_and_truth() -> None:
    sets = TWO_SETS
    trials = draw(plan(6, 5, practice=3, block_order="fixed"), 1, *sets)
    assert [t.position for t in trials] == list(range(17))
    assert [(t.block, t.dataset, t.practice) for t in trials] == (
        [(0, "set 0", True)] * 3
        + [(0, "set 0", False)] * 6
        + [(1, "set 1", True)] * 3
        + [(1, "set 1", False)] * 5
    )
    for t in trials:
        assert t.true_class == t.item[0]  # the images are named so
        assert t.item in sets[t.block].items
        assert t.suggestion in sets[t.block].classes


def test_no_image_twice_in_a_block_and_practice_apart() -> None:
    for number in range(1, 40):
        for balanced in (False, True):
            wanted = plan(9, 5, practice=3, balanced_classes=balanced)
            trials = draw(wanted, number, *TWO_SETS)
            for block in (0, 1):
                items = [t.item for t in trials if t.block == block]
                assert len(set(items)) == len(items)


def test_a_block_is_drawn_alike_wherever_it_comes() -> None:
    """The order of blocks is a matter of its own: it changes no block's trials."""
    sets = (images("abc", 9), images("XY", 9), images("uvw", 9))

    def by_set(order: str) -> dict[str, list[tuple[str, str | None]]]:
        found: dict[str, list[tuple[str, str | None]]] = {}
        for t in draw(plan(5, 5, 5, practice=2, block_order=order), 2, *sets):
            found.setdefault(t.dataset, []).append((t.item, t.suggestion))
        return found

    assert block_order(plan(5, 5, 5, block_order="latin_square"), 2) != (0, 1, 2)
    assert by_set("fixed") == by_set("latin_square") == by_set("shuffled")


@pytest.mark.parametrize("balanced", [False, True])
def test_an_unusable_image_is_passed_over_and_little_else_changes(balanced: bool) -> None:
    wanted = plan(10, practice=2, balanced_classes=balanced)
    drawn_from = images("abc", 10)
    before = draw(wanted, 1, drawn_from)
    for broken in {t.item for t in before}:
        tried: list[int] = []

        def usable(_block: int, index: int, broken: str = broken, tried: list[int] = tried) -> bool:
            tried.append(index)
            return drawn_from.items[index] != broken

        after = trials_of(draw_session(wanted, 1, [drawn_from], usable))
        assert len(after) == 12
        assert len({t.item for t in before} - {t.item for t in after}) == 1
        assert broken not in {t.item for t in after}
        assert kinds(after) == kinds(before)
        assert len(tried) == len(set(tried)) == 13  # no image is opened in vain


def test_balance_holds_beside_unusable_images() -> None:
    """A broken image is made good by another of its class, as long as there is one."""
    drawn_from = images("abcde", 20)
    trials = trials_of(
        draw_session(
            plan(50, practice=5, balanced_classes=True),
            1,
            [drawn_from],
            lambda _, index: drawn_from.labels[index] != 0 or index % 2 == 0,
        )
    )
    assert set(Counter(t.true_class for t in trials if not t.practice).values()) == {10}
    assert all(int(t.item[1:]) % 2 == 0 for t in trials if t.true_class == "a")


def test_the_block_that_is_asked_about_is_the_plans() -> None:
    """Where blocks are shown in another order, ``usable`` is still asked by the plan's numbers."""
    asked: set[tuple[int, int]] = set()
    sets = (images("ab", 2), images("XY", 50))

    def usable(block: int, index: int) -> bool:
        asked.add((block, index))
        return True

    wanted = plan(4, 50, block_order="latin_square")
    assert block_order(wanted, 2) == (1, 0)
    draw_session(wanted, 2, sets, usable)
    assert {index for block, index in asked if block == 0} == {0, 1, 2, 3}
    assert len({index for block, index in asked if block == 1}) == 50


def never(_block: int, _index: int) -> bool:
    return False


def every_third(_block: int, index: int) -> bool:
    return index % 3 == 0


def always(_block: int, _index: int) -> bool:
    return True


@pytest.mark.parametrize("balanced", [False, True])
@pytest.mark.parametrize(
    ("usable", "has"),
    [
        (always, "12 usable images"),
        (every_third, r"4 usable images \(8 more cannot be read\)"),
        (never, r"0 usable images \(12 more cannot be read\)"),
    ],
)
def test_a_set_that_is_too_small(balanced: bool, usable: Callable[[int, int], bool], has: str) -> None:
    wanted = plan(10, practice=3, balanced_classes=balanced)
    with pytest.raises(DrawError, match=rf'"set 0" has {has}, but the plan needs 13: 10 and 3 for practice'):
        draw_session(wanted, 1, [images("abc", 4)], usable)
    with pytest.raises(DrawError, match="0 usable images, but"):
        draw_session(wanted, 1, [Images(("a", "b"), [])], usable)


def test_a_set_that_is_just_large_enough() -> None:
    assert len(draw(plan(10, practice=2), 1, images("abc", 4))) == 12


@pytest.mark.parametrize("size", range(1, 9))
def test_latin_squares(size: int) -> None:
    square = latin_square(size)
    assert len(square) == (2 * size if size % 2 and size > 1 else size)
    for row in square:
        assert sorted(row) == list(range(size))
    for half in range(0, len(square), size):
        for column in zip(*square[half : half + size], strict=True):
            assert sorted(column) == list(range(size))
    follows = Counter(pair for row in square for pair in pairwise(row))
    # each block follows each other one equally often: once, or twice in the pair of squares of an odd size
    assert set(follows.values()) <= {1 if size % 2 == 0 else 2}
    assert len(follows) == size * (size - 1)


def test_block_orders() -> None:
    fixed = plan(1, 1, 1, 1, block_order="fixed")
    assert {block_order(fixed, n) for n in range(1, 9)} == {(0, 1, 2, 3)}
    latin = plan(1, 1, 1, 1, block_order="latin_square")
    assert [block_order(latin, n) for n in range(1, 10)] == [
        *latin_square(4),
        *latin_square(4),
        latin_square(4)[0],
    ]
    shuffled = plan(1, 1, 1, block_order="shuffled")
    orders = Counter(block_order(shuffled, n) for n in range(1, 601))
    assert len(orders) == 6
    assert (
        sum((n - 100) ** 2 / 100 for n in orders.values()) < 20.5
    )  # chi-square, 5 degrees of freedom, 99.9 %
