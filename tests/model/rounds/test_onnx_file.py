"""A model as ONNX says what the program says, whatever the number of images, and without torch."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import numpy as np
import pytest
import torch

from model.networks.networks import Network, build
from model.networks.transforms import Transform
from model.networks.weights import frozen_network
from model.port import NullPort
from model.rounds import onnx_file
from model.rounds.model_file import ModelFileError, keep_model
from model.rounds.onnx_file import INPUT, OUTPUT, export_onnx, need_onnx
from model.rounds.predicting import open_for_model, predict_images
from tests.model.coloured import TRANSFORM
from tests.model.random_weights import random_weights
from tests.model.rounds.test_model_file import CLASSES, small
from tests.model.rounds.test_predicting import fill

CROPPED = Transform(33, 40, 0, True, (0.4, 0.5, 0.6), (0.2, 0.25, 0.3))  # an odd edge


def frozen(folder: Path) -> Network:
    torch.save(random_weights("mobilenet_v3_small"), folder / "weights.pth")
    return frozen_network("mobilenet_v3_small", 3, 0, folder, folder / "weights.pth")


@pytest.mark.parametrize(
    ("name", "transform", "temperature"),
    [("small-cnn", TRANSFORM, None), ("small-cnn", CROPPED, 2.5), ("frozen", CROPPED, 2.5)],
)
def test_onnx_says_what_the_program_says(
    name: str,
    transform: Transform,
    temperature: float | None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pytest.importorskip("onnxscript")
    runtime = pytest.importorskip("onnxruntime")
    with suppress(ImportError):  # torch draws a line of progress with it, whose thread would stay
        monkeypatch.setattr("tqdm.tqdm.monitor_interval", 0)
    network = frozen(tmp_path) if name == "frozen" else build(name, 3, transform.size, 1)
    _, file = keep_model(tmp_path, network, transform, CLASSES, 30, temperature=temperature)
    images = open_for_model(file, fill(tmp_path / "new", 5))
    expected = predict_images(file, images, NullPort())
    session = runtime.InferenceSession(
        export_onnx(file, tmp_path / "m.onnx"), providers=["CPUExecutionProvider"]
    )
    pixels = np.stack([transform.load(images.image(i)).numpy() for i in range(5)])
    for some in (slice(0, 1), slice(0, 5)):
        (said,) = session.run([OUTPUT], {INPUT: pixels[some]})
        order = np.argsort(-said, axis=1)
        assert order.tolist() == expected.likeliest.labels[some].tolist()
        np.testing.assert_allclose(
            np.take_along_axis(said, order, 1), expected.likeliest.probabilities[some], atol=1e-5
        )
    about = session.get_modelmeta().custom_metadata_map
    assert json.loads(about["classes"]) == list(CLASSES)
    assert json.loads(about["transform"])["resize"] == transform.resize
    assert json.loads(about["temperature"]) == temperature


def test_without_the_extra_one_sentence_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(onnx_file, "_NEEDED", ("no_such_package",))
    with pytest.raises(ModelFileError, match=r"pip install 'clarifier-desktop\[onnx\]'"):
        need_onnx()
    with pytest.raises(ModelFileError, match="not installed"):
        export_onnx(tmp_path / "any.pt", tmp_path / "any.onnx")


def test_a_file_of_answers_is_never_overwritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onnx_file, "_NEEDED", ())
    with closing(sqlite3.connect(tmp_path / "p.clarifier")) as connection:
        connection.execute("CREATE TABLE answers (a)")
        connection.commit()
    _, file = keep_model(tmp_path, small(), TRANSFORM, CLASSES, 30)
    with pytest.raises(ModelFileError, match="holds answers"):
        export_onnx(file, tmp_path / "p.clarifier")
