"""A round's queue of pages and single images."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from studies.pages.asking import USUAL_COSTS, AskCosts, expect_seconds
from studies.pages.costs import PageCosts
from studies.pages.queue import make_folder_queue, make_queue

NONE = np.zeros(0, np.int64)


def two_classes(*first: float) -> np.ndarray:
    return np.array([[p, 1 - p] for p in first])


def test_a_page_holds_the_images_of_a_class_the_surest_first() -> None:
    p = two_classes(0.95, 0.99, 0.02, 0.97)
    queue = make_queue(p, USUAL_COSTS, cells=24, most=10, chosen=NONE)
    assert [(page.label, page.items) for page in queue.pages] == [
        (0, (1, 3, 0))
    ]  # one of class 1 saves nothing
    seconds = expect_seconds(p, USUAL_COSTS)
    saved = (seconds.single - seconds.page)[[0, 1, 3]].sum() - USUAL_COSTS.pages.page_s
    assert np.isclose(queue.pages[0].saves, saved)
    assert queue.singles == ()


def test_doubtful_images_that_were_chosen_are_asked_one_by_one_and_sure_ones_on_a_page() -> None:
    sure, doubtful = [0.97, 0.01, 0.01, 0.01], [0.4, 0.2, 0.2, 0.2]
    p = np.array([doubtful, sure, sure, sure, doubtful])
    queue = make_queue(p, USUAL_COSTS, cells=24, most=10, chosen=np.array([4, 1, 0]), fill=False)
    assert queue.singles == (4, 1, 0)  # a page of one saves nothing
    queue = make_queue(p, USUAL_COSTS, cells=24, most=10, chosen=np.array([4, 1, 0]))
    assert queue.singles == (4, 0)
    assert [page.items for page in queue.pages] == [(1, 2, 3)]


def test_where_looking_is_slow_there_are_no_pages() -> None:
    slow = AskCosts(1.3, 4.5, 4.5, pages=PageCosts(0.8, 1.3, 1.5, 0.1, 0.0))
    queue = make_queue(two_classes(*[0.99] * 40), slow, cells=24, most=40, chosen=np.arange(5))
    assert queue.pages == ()
    assert queue.singles == (0, 1, 2, 3, 4)


def test_a_suggestion_that_is_most_likely_wrong_is_not_shown() -> None:
    costs = AskCosts(1.0, 4.0, 3.0)
    queue = make_queue(np.full((2, 10), 0.1), costs, cells=24, most=2, chosen=np.array([1, 0]))
    assert queue.singles == (1, 0)
    assert queue.unaided == {0, 1}


@given(st.integers(0, 10_000), st.integers(2, 6), st.integers(1, 60), st.integers(3, 24))
def test_a_queue_asks_each_image_once_and_no_more_than_it_may(
    seed: int, classes: int, most: int, cells: int
) -> None:
    chance = np.random.default_rng(seed)
    p = chance.dirichlet(np.full(classes, 0.2), 80)
    chosen = chance.permutation(80)[: most // 3]
    queue = make_queue(p, USUAL_COSTS, cells, most, chosen)
    asked = [*queue.singles, *(item for page in queue.pages for item in page.items)]
    assert len(asked) == len(set(asked)) == len(queue) <= most
    assert set(chosen.tolist()) <= set(asked)
    assert all(len(page.items) <= cells and page.saves > 0 for page in queue.pages)
    assert all((p[list(page.items)].argmax(axis=1) == page.label).all() for page in queue.pages)
    assert queue == make_queue(p, USUAL_COSTS, cells, most, chosen)


SURE, LIKELY, IN_DOUBT = [0.98, 0.01, 0.01, 0.0], [0.06, 0.1, 0.1, 0.74], [0.4, 0.2, 0.2, 0.2]


def test_pages_that_save_little_wait_while_there_are_doubtful_images() -> None:
    p = np.array([SURE] * 4 + [LIKELY] * 12 + [IN_DOUBT] * 6)
    assert [len(page.items) for page in make_queue(p, USUAL_COSTS, 24, 20, NONE).pages] == [4, 12]
    order = np.arange(len(p))[::-1]
    queue = make_folder_queue(p, USUAL_COSTS, 24, 9, np.array([16]), order)
    assert [page.items for page in queue.pages] == [(0, 1, 2, 3)]
    assert queue.singles == (16, 21, 20, 19, 18)
    everything = make_folder_queue(p, USUAL_COSTS, 24, 22, NONE, order)
    assert [len(page.items) for page in everything.pages] == [4, 12]
    assert len(everything.singles) == 6


def test_a_quarter_of_a_round_is_doubtful_images_and_a_page_is_cut_to_the_rest() -> None:
    p = np.array([SURE] * 40 + [IN_DOUBT] * 20)
    queue = make_folder_queue(p, USUAL_COSTS, 24, 28, NONE, np.arange(60))
    assert queue.singles == tuple(range(40, 47))
    assert [page.items for page in queue.pages] == [tuple(range(21))]


def test_a_sure_image_that_was_chosen_waits_for_a_page() -> None:
    p = np.array([SURE, *[IN_DOUBT] * 20])
    queue = make_folder_queue(p, USUAL_COSTS, 24, 10, np.array([0, 5]), np.arange(21))
    assert 0 not in queue.singles
    assert queue.singles[0] == 5


@given(st.integers(0, 10_000), st.integers(2, 6), st.integers(1, 80), st.integers(3, 24))
def test_a_folders_queue_is_as_long_as_it_may_be_and_asks_each_image_once(
    seed: int, classes: int, most: int, cells: int
) -> None:
    chance = np.random.default_rng(seed)
    p = chance.dirichlet(np.full(classes, 0.2), 80)
    chosen = chance.permutation(80)[: most // 3]
    queue = make_folder_queue(p, USUAL_COSTS, cells, most, chosen, chance.permutation(80))
    asked = [*queue.singles, *(item for page in queue.pages for item in page.items)]
    assert len(asked) == len(set(asked)) == len(queue) == most
    assert all(len(page.items) <= cells and page.saves > 0 for page in queue.pages)
