"""What is left until a project's goal: planned by probabilities and costs, counted down between two models."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from model.rounds.live_values import Likeliest
from studies.finish.looks import Looks
from studies.finish.misses import Caught
from studies.finish.sample import Way
from studies.labeling.facts.finish import SampleDraw
from studies.labeling.planning.finish_look import SampleInputs
from studies.labeling.planning.finish_plan import FinishInputs, plan_rest
from studies.labeling.planning.page_plan import as_arrays
from studies.pages.asking import USUAL_COSTS


def likeliest(sure: np.ndarray) -> Likeliest:
    rest = (1 - sure) / 2
    return Likeliest(
        np.tile(np.array([0, 1, 2], np.int32), (len(sure), 1)),
        np.stack([sure, rest, rest], axis=1).astype(np.float32),
    )


def inputs(items: int, **more: object) -> FinishInputs:
    known = FinishInputs(USUAL_COSTS, 24, False, (0, 1, 2), np.ones(items, np.bool_), as_arrays([]), 100.0)
    return replace(known, **more)  # type: ignore[arg-type]


def test_without_a_certificate_a_person_labels_all_that_is_left() -> None:
    left = np.ones(100, np.bool_)
    left[:40] = False
    rest = plan_rest(likeliest(np.full(100, 0.99)), True, inputs(100, left=left))
    assert (rest.left, rest.plan.by_person, rest.plan.by_program, rest.plan.draws) == (60, 60, 0, 0)
    assert rest.plan.seconds == pytest.approx(60 * USUAL_COSTS.verify, rel=0.05)
    assert rest.seconds.low < rest.seconds.value < rest.seconds.high


def test_the_program_labels_what_is_sure_if_the_sample_pays() -> None:
    sure = likeliest(np.r_[np.full(1800, 0.9999), np.full(200, 0.5)])
    left = np.arange(2000) >= 300
    drawn = tuple((item, item) for item in range(300))
    draw = replace(SampleDraw.of(0, np.ones(2000, np.bool_)), drawn=drawn)
    labels = np.where(left, -1, 0).astype(np.int32)
    ways = dict.fromkeys(range(300), Way.UNAIDED)
    sample = SampleInputs((draw,), ways, labels, Looks(), 2000, 0.01, Caught(0, 0, 0, 0))
    known = inputs(2000, left=left, sample=sample)
    rest = plan_rest(sure, True, known)
    assert rest.plan.by_program > 1000
    assert rest.plan.seconds < plan_rest(sure, True, inputs(2000, left=left)).plan.seconds


def test_images_that_the_model_knows_nothing_of_are_a_persons() -> None:
    some = likeliest(np.full(100, 0.9))
    some.labels[:10] = -1
    rest = plan_rest(some, True, inputs(120))
    assert (rest.left, rest.plan.by_person) == (120, 120)
    known = plan_rest(likeliest(np.full(90, 0.9)), True, inputs(90))
    assert rest.plan.seconds == pytest.approx(known.plan.seconds + 30 * USUAL_COSTS.unaided)


def test_it_is_counted_down_to_what_the_program_labels() -> None:
    rest = plan_rest(likeliest(np.full(100, 0.9)), True, inputs(100))
    assert rest.after(50).value == pytest.approx(rest.seconds.value / 2)
    assert rest.after(0).high == 0
    assert rest.after(200).value == rest.seconds.value
