"""Which images come on pages: by costs, by what was answered, and never under a class that they were said not to be."""

from __future__ import annotations

import numpy as np

from model.rounds.live_values import Likeliest
from studies.labeling.planning.page_plan import AnsweredSuggestions, PageInputs, PagePlan, plan_pages
from studies.pages.asking import USUAL_COSTS
from studies.pages.calibration import at_temperature, scale_likeliest, spread_rest

NOTHING = AnsweredSuggestions(np.zeros((0, 3)), np.zeros(0, np.bool_))


def likeliest(*first: tuple[int, float], classes: int = 3) -> Likeliest:
    """Each item's first class with its probability; the rest goes to the next two, or evenly to all of 40."""
    labels = np.array([[c, (c + 1) % classes, (c + 2) % classes] for c, _ in first], np.int32)
    rest = [(1 - sure) / 39 if sure < 0.5 else 0.9 * (1 - sure) for _, sure in first]
    p = np.array([[sure, next_, next_ / 9] for (_, sure), next_ in zip(first, rest, strict=True)], np.float32)
    return Likeliest(labels, p)


def inputs(n: int, rejected: list[tuple[int, int]] | None = None, **more: object) -> PageInputs:
    values = {
        "costs": USUAL_COSTS,
        "cells": 4,
        "classes": 40,
        "free": np.ones(n, np.bool_),
        "rejected": np.array(rejected or [], np.int64).reshape(-1, 2),
        "answered": NOTHING,
    }
    return PageInputs(**{**values, **more})  # type: ignore[arg-type]


def planned(plan: PagePlan) -> list[tuple[int, tuple[int, ...]]]:
    return [(page.label, page.items) for page in plan.pages]


SURE = likeliest(*[(0, 0.999)] * 4, *[(1, 0.99)] * 4, *[(2, 0.05)] * 4)  # of the last nobody knows anything


def test_what_is_sure_comes_first_and_what_is_doubtful_on_no_page() -> None:
    plan = plan_pages(SURE, True, inputs(12))
    assert planned(plan) == [(0, (0, 1, 2, 3)), (1, (4, 5, 6, 7))]
    assert plan.likely.tolist() == [True] * 8 + [False] * 4
    assert plan.good_images == 8


def test_what_may_not_be_asked_about_is_on_no_page() -> None:
    free = np.ones(12, np.bool_)
    free[[0, 5]] = False
    plan = plan_pages(SURE, True, inputs(12, free=free))
    assert planned(plan) == [(0, (1, 2, 3)), (1, (4, 6, 7))]


def test_a_class_that_was_rejected_is_not_suggested_again() -> None:
    plan = plan_pages(SURE, True, inputs(12, [(1, 0)]))
    assert (1, (1,)) not in planned(plan)
    by_label = dict(planned(plan))
    assert by_label[0] == (0, 2, 3)
    # All but a little of the rest was the next class's.
    assert 1 in dict(planned(plan_pages(SURE, True, inputs(12, [(1, 0)], cells=8))))[1]


def test_rejections_of_items_without_a_prediction_change_nothing() -> None:
    few = Likeliest(SURE.labels[:8], SURE.probabilities[:8])
    assert planned(plan_pages(few, True, inputs(12, [(11, 2)]))) == planned(plan_pages(few, True, inputs(12)))


def test_where_sure_suggestions_were_wrong_no_page_is_made() -> None:
    wrong = AnsweredSuggestions(np.tile([0.999, 0.0009, 0.0001], (200, 1)), np.arange(200) % 2 == 0)
    assert plan_pages(SURE, False, inputs(12, answered=wrong)).pages == ()


def test_images_that_cannot_be_read_are_left_out() -> None:
    labels = SURE.labels.copy()
    labels[0] = -1
    plan = plan_pages(Likeliest(labels, SURE.probabilities), True, inputs(12))
    assert (0, (1, 2, 3)) in planned(plan)


def test_a_temperature_is_the_same_for_the_likeliest_classes_as_for_all() -> None:
    chance = np.random.default_rng(1)
    p = -np.sort(-chance.dirichlet(np.ones(4), 20), axis=1) * 0.9
    for temperature in (0.5, 1.0, 3.0):
        scaled = scale_likeliest(p, 9, temperature)
        assert np.allclose(scaled, at_temperature(spread_rest(p, 9), temperature)[:, :4])
