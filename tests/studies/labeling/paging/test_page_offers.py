"""When the program says that pages are quicker: by calibrated confidence and by this person's costs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from studies.labeling.facts.records import LabelEvent, Purpose, Verb
from studies.labeling.facts.settings import CostOrigin
from studies.labeling.paging.page_offers import PageOffers
from studies.labeling.paging.queue_pages import CELLS
from studies.labeling.project.project import Project
from studies.labeling.rounds.conductor import Conductor
from studies.labeling.rounds.item_predictions import ItemPredictions
from studies.pages.asking import USUAL_COSTS
from tests.studies.labeling.sample import conductor, create, open_project

N = 400
COSTS = {"verify": 1.3, "correct": 4.5}


@pytest.fixture
def project(tmp_path: Path):
    create(tmp_path / "p", items=N, holdout=10, costs=COSTS).close()
    opened = open_project(tmp_path / "p")
    yield opened
    opened.store.close()


@pytest.fixture
def leads(project: Project) -> Conductor:
    return conductor(project)


def predict(leads: Conductor, confidence: float, measured: bool = True, class_id: int = 1) -> None:
    predicted = np.full(N, class_id, np.int32)
    predicted[200:220] = 2
    leads.predictions = ItemPredictions(
        predicted, np.full(N, confidence, np.float32), (0, 1, 2), ((), (), ()), measured
    )


def test_what_is_sure_is_offered_by_the_class_that_saves_most(project, leads):
    predict(leads, 0.95)
    offer = PageOffers(project, leads).best()
    assert offer is not None
    assert (offer.images, offer.class_id) == (N - 10, 1), "without those held out"
    pages = USUAL_COSTS.pages
    single = 0.95 * 1.3 + 0.05 * 5.2  # c_a is planned as four times c_v before anything was timed
    assert offer.saves_s == pytest.approx((N - 10) * (single - pages.of_item(0.95, CELLS, 5.2)), rel=0.01)


@pytest.mark.parametrize(("confidence", "measured"), [(0.5, True), (0.95, False)])
def test_doubtful_images_are_not_offered_nor_what_nobody_measured(project, leads, confidence, measured):
    predict(leads, confidence, measured)
    assert PageOffers(project, leads).best() is None


def test_before_a_model_and_in_units_nothing_is_offered(project, leads):
    offers = PageOffers(project, leads)
    assert offers.best() is None
    predict(leads, 0.95)
    units = project.settings.costs.model_copy(update={"origin": CostOrigin.PAPER})
    project.change_settings(project.settings.model_copy(update={"costs": units}))
    assert offers.best() is None


def test_a_class_of_half_a_page_or_less_is_left_to_single_images(project, leads):
    predict(leads, 0.95)
    known = leads.predictions
    predicted = np.full(N, -1, np.int32)
    predicted[20:31] = 0
    leads.predictions = replace(known, predicted=predicted)
    assert PageOffers(project, leads).best() is None


def test_labeled_images_leave_the_offer_after_a_few_actions(project, leads):
    predict(leads, 0.95)
    offers = PageOffers(project, leads)
    first = offers.best()
    for item in range(20, 31):
        project.record([LabelEvent(0, item, Verb.LABEL, Purpose.SEARCH, 1)])
    again = offers.best()
    assert first is not None
    assert again is not None
    assert again.images == first.images - 11
