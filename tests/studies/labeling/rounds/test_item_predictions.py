from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from model.rounds.predictions import Predictions, keep_predictions
from studies.labeling.facts.records import Change, ClassChange, Likely
from studies.labeling.rounds.item_predictions import ItemPredictions
from studies.labeling.state.classes import ClassList
from tests.studies.labeling.sample import NAMES, begin_round, conductor, create, open_project

CLASSES = ClassList.of(ClassList().additions(NAMES))


@pytest.fixture
def predictions() -> ItemPredictions:
    """Of three items by a model of before the class 1 was added: its outputs are the classes 2 and 0."""
    return ItemPredictions(
        np.array([0, 1, -1], np.int32), np.array([0.75, 0.5, 0.0], np.float32), (2, 0), ((1,), (0,))
    )


def test_an_items_prediction_names_the_projects_class(predictions):
    assert [predictions.of(item) for item in range(2)] == [Likely(2, 0.75), Likely(0, 0.5)]


@pytest.mark.parametrize("item", [2, 3], ids=["not predicted", "newer than the model"])
def test_an_item_without_a_prediction(predictions, item):
    assert predictions.of(item) is None


def test_a_class_is_confused_with_others_but_never_with_itself(predictions):
    assert predictions.confused_with(2, CLASSES) == (0,)
    assert predictions.confused_with(1, CLASSES) == (), "the model does not know it"
    merged = CLASSES.apply(ClassChange(0, Change.MERGED, "2"))
    assert predictions.confused_with(2, merged) == ()
    elsewhere = CLASSES.apply(ClassChange(0, Change.MERGED, "1"))
    assert predictions.confused_with(2, elsewhere) == (1,)


def test_predictions_are_read_for_the_model_that_made_them(tmp_path: Path):
    create(tmp_path / "p").close()
    project = open_project(tmp_path / "p")
    begin_round(project, conductor(project), [])
    (model,) = project.models
    assert ItemPredictions.read(tmp_path, model, 40) is None
    outputs, confidence = np.array([0, 2], np.int32), np.array([0.5, 0.25], np.float32)
    keep_predictions(tmp_path, Predictions(model.sha256, outputs, confidence, ((1,), (2,), (0,))))
    kept = ItemPredictions.read(tmp_path, model, 40)
    assert kept is not None
    assert (kept.class_ids, kept.of(1)) == ((0, 1, 2), Likely(2, 0.25))
    assert ItemPredictions.read(tmp_path, model, 1) is None, "of more images than there are"
    keep_predictions(tmp_path, Predictions(model.sha256, outputs, confidence, ((1,), (2,), (0,), (0,))))
    assert ItemPredictions.read(tmp_path, model, 40) is None, "of more classes than the model has"
    project.store.close()
