"""A simulated annotator of whole folders, against sums done by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from studies.pages.asking import AskCosts, Misses
from studies.pages.costs import PageCosts
from studies.simulation.run.annotator import Annotator
from studies.simulation.run.folder_state import AskedCounts, FolderState

TRUTH = np.array([0, 0, 0, 1, 2, 2, 2, 2])
CAREFUL = PageCosts(page_s=0.8, cell_s=0.5, mark_s=1.5, miss=0.0, false_mark=0.0)


def annotator(pages: PageCosts = CAREFUL, misses: Misses | None = None, error_rate: float = 0.0) -> Annotator:
    costs = AskCosts(1.0, 4.0, 5.0, ((1, 2.0),), pages, misses)
    labels = np.full(len(TRUTH), -1, np.int32)
    known = FolderState.begin(len(TRUTH), 3)
    return Annotator(TRUTH, labels, known, costs, error_rate, np.random.default_rng(1))


def test_a_page_labels_all_but_the_odd_ones_which_are_never_of_the_class_again() -> None:
    one = annotator()
    one.look_through(np.array([0, 1, 2, 3]), 0, np.full((4, 3), 1 / 3))
    assert one.labels.tolist() == [0, 0, 0, -1, -1, -1, -1, -1]
    assert np.argwhere(one.rejected).tolist() == [[3, 0]]
    assert replace(one.counts, seconds=0) == AskedCounts(pages=1, cells=4, marks=1)
    assert one.counts.seconds == pytest.approx(0.8 + 2.0 + 1.5)
    assert one.after().seen_right.tolist() == [True, True, True, False]
    assert one.after().confirmed.tolist() == [True] * 3 + [False] * 5
    one.answer(0, np.full(3, 1 / 3), unaided=False)
    assert not one.after().confirmed[0]


def test_an_answer_costs_by_the_rank_of_the_right_class() -> None:
    one = annotator()
    suggested = np.array([0.6, 0.1, 0.3])
    for item in (0, 4, 3):  # the suggestion, the next one, the last one
        one.answer(item, suggested, unaided=False)
    one.answer(5, suggested, unaided=True)
    assert one.labels.tolist() == [0, -1, -1, 1, 2, 2, -1, -1]
    assert one.counts == AskedCounts(singles=4, verified=1, near=1, unaided=1, seconds=1.0 + 2.0 + 4.0 + 5.0)
    assert one.after().seen_right.tolist() == [True, False, False]


def test_odd_ones_are_missed_as_often_as_their_share_says() -> None:
    blind = annotator(misses=Misses((0.25, 1.0), (1.0, 0.0)))
    blind.look_through(np.array([0, 1, 2, 3]), 0, np.full((4, 3), 1 / 3))
    assert blind.labels[3] == 0
    assert blind.counts.marks == 0
    blind.look_through(np.array([4, 5]), 0, np.full((2, 3), 1 / 3))
    assert blind.counts.marks == 2


def test_right_ones_are_marked_by_mistake() -> None:
    one = annotator(PageCosts(0.8, 0.5, 1.5, 0.0, false_mark=1.0))
    one.look_through(np.array([0, 1]), 0, np.full((2, 3), 1 / 3))
    assert one.counts.marks == 2
    assert one.labels[:2].tolist() == [-1, -1]


def test_a_cluster_is_named_if_more_than_half_of_it_is_of_one_class() -> None:
    one = annotator()
    one.name_page(np.array([3, 4, 5, 6]))
    assert one.labels.tolist() == [-1, -1, -1, -1, 2, 2, 2, -1]
    assert replace(one.counts, seconds=0) == AskedCounts(pages=1, cells=4, marks=1, named=1)
    assert one.counts.seconds == pytest.approx(0.8 + 2.0 + 1.5 + 5.0)
    one.name_page(np.array([0, 3]))
    assert (one.counts.refused, one.counts.pages, one.counts.cells) == (1, 2, 6)
    one.name_page(np.zeros(0, np.int64))
    assert one.counts.pages == 2


def test_an_image_that_was_said_to_be_of_no_class_may_be_of_any_again() -> None:
    one = annotator(PageCosts(0.8, 0.5, 1.5, 0.0, false_mark=1.0))
    for label in (0, 1, 2):
        one.look_through(np.array([0]), label, np.full((1, 3), 1 / 3))
    assert not one.rejected.any()


def test_an_annotator_who_errs_gives_other_classes() -> None:
    one = annotator(error_rate=1.0)
    one.answer(0, np.array([0.6, 0.1, 0.3]), unaided=False)
    assert one.labels[0] in (1, 2)
