"""A kept model says of a folder's images what it would say of them in its project."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from model.datasets.base import DataError
from model.learning.calibration import at_temperature
from model.port import NullPort
from model.rounds.model_file import ModelFileError, keep_model
from model.rounds.predicting import open_for_model, predict_images, predict_new
from model.rounds.predictions import read_predictions
from tests.model.coloured import TRANSFORM, Coloured
from tests.model.rounds.asking import answer, request
from tests.model.rounds.test_model_file import CLASSES, probabilities, small


def fill(folder: Path, count: int = 4) -> Path:
    images = Coloured(count)
    (folder / "deeper").mkdir(parents=True)
    for index in range(count):
        images.image(index).save(folder / ("deeper" if index % 2 else "") / f"{index}.png")
    return folder


def test_images_are_seen_as_in_training(tmp_path: Path) -> None:
    network = small()
    expected = probabilities(network, TRANSFORM)
    _, file = keep_model(tmp_path, network, TRANSFORM, CLASSES, 30)
    images = open_for_model(file, fill(tmp_path / "new"))
    found = predict_images(file, images, NullPort())
    assert (found.classes, found.temperature, found.problems) == (CLASSES, None, ())
    assert found.items == ("0.png", "2.png", "deeper/1.png", "deeper/3.png")
    best = expected[[0, 2, 1, 3]].topk(3, dim=1)
    assert found.likeliest.labels.tolist() == best.indices.tolist()
    np.testing.assert_allclose(found.likeliest.probabilities, best.values.numpy(), atol=1e-6)


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    _, file = keep_model(tmp_path, small(), TRANSFORM, CLASSES, 30)
    folder = fill(tmp_path / "new")
    (folder / "2.png").write_bytes(b"no image")
    found = predict_images(file, open_for_model(file, folder), NullPort())
    assert found.items == ("0.png", "deeper/1.png", "deeper/3.png")
    assert [problem.item for problem in found.problems] == ["2.png"]
    assert len(found.likeliest.labels) == 3


def test_probabilities_are_calibrated_where_that_was_measured(tmp_path: Path) -> None:
    network = small()
    raw = probabilities(network, TRANSFORM)[0]
    _, file = keep_model(tmp_path, network, TRANSFORM, CLASSES, 30, temperature=4.0)
    found = predict_images(file, open_for_model(file, fill(tmp_path / "new")), NullPort())
    assert found.temperature == 4.0
    expected = at_temperature(raw[None], 4.0).max()
    assert found.likeliest.probabilities[0, 0] == pytest.approx(float(expected), abs=1e-6)
    assert found.likeliest.probabilities[0, 0] < float(raw.max())


@pytest.mark.parametrize("held_out", [24, 9])
def test_a_round_keeps_what_calibrates_its_model(tmp_path: Path, held_out: int) -> None:
    """What is told later of an image of the project is what its round told of it."""
    images = Coloured(42)
    holdout = np.arange(42) < held_out
    labels = np.where(np.arange(42) < held_out + 12, np.array(images.labels), -1).astype(np.int32)
    asked = request(tmp_path, images, labels=labels, holdout=holdout)
    result = answer(asked, images)
    folder = tmp_path / "same"
    folder.mkdir()
    for index in range(42):
        images.image(index).save(folder / f"{index:02d}.png")
    file = asked.work / result.model.file
    found = predict_images(file, open_for_model(file, folder), NullPort())
    assert (found.temperature is not None) is result.measured is (held_out >= 20)
    assert found.likeliest.labels[:, 0].tolist() == result.predicted.tolist()
    np.testing.assert_allclose(found.likeliest.probabilities[:, 0], result.confidence, atol=1e-4)


def test_what_is_no_model_and_a_folder_without_images_are_refused(tmp_path: Path) -> None:
    folder = fill(tmp_path / "new")
    with pytest.raises(ModelFileError, match="There is no file"):
        open_for_model(tmp_path / "gone.pt", folder)
    torch.save({"weight": torch.zeros(1)}, tmp_path / "other.pt")
    with pytest.raises(ModelFileError, match="holds no model of this program"):
        open_for_model(tmp_path / "other.pt", folder)
    _, file = keep_model(tmp_path, small(), TRANSFORM, CLASSES, 30)
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="holds no images"):
        open_for_model(file, tmp_path / "empty")


def test_a_damaged_temperature_is_none(tmp_path: Path) -> None:
    _, file = keep_model(tmp_path, small(), TRANSFORM, CLASSES, 30, temperature=2.0)
    saved = torch.load(file, weights_only=True)
    torch.save({**saved, "temperature": 0.0}, file)
    assert predict_images(file, open_for_model(file, fill(tmp_path / "new")), NullPort()).temperature is None


@pytest.mark.parametrize("held_out", [24, 9])
def test_images_that_came_later_are_predicted_as_the_others(tmp_path: Path, held_out: int) -> None:
    """A round over 36 images, and six that came later: as if it had known all 42."""
    images = Coloured(42, broken=[40])
    fewer = Coloured(36)
    fewer.pixels = images.pixels[:36]
    holdout = np.arange(36) < held_out
    labels = np.where(np.arange(36) < held_out + 12, np.array(fewer.labels), -1).astype(np.int32)
    asked = request(tmp_path, fewer, labels=labels, holdout=holdout)
    model = answer(asked, fewer).model
    before = read_predictions(asked.work, model.sha256)
    assert before is not None
    assert predict_new(asked.work, asked.work / model.file, model.sha256, images, NullPort()) == 5
    after = read_predictions(asked.work, model.sha256)
    assert after is not None
    assert after.likeliest is not None
    assert len(after.predicted) == len(after.likeliest.labels) == 42
    assert after.predicted[:36].tolist() == before.predicted.tolist()
    assert after.predicted[40] == -1
    later = tmp_path / "later"
    later.mkdir()
    for index in (36, 37, 38, 39, 41):
        images.image(index).save(later / f"{index}.png")
    file = asked.work / model.file
    alone = predict_images(file, open_for_model(file, later), NullPort())
    at = [36, 37, 38, 39, 41]
    assert after.predicted[at].tolist() == alone.likeliest.labels[:, 0].tolist()
    np.testing.assert_allclose(after.confidence[at], alone.likeliest.probabilities[:, 0], atol=1e-5)
    assert predict_new(asked.work, file, model.sha256, images, NullPort()) == 0
    assert predict_new(asked.work, file, "0" * 64, Coloured(50), NullPort()) == 0
