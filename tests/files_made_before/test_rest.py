"""Preferences, a model's file and a cache of features that were made before are read as they were then."""

from __future__ import annotations

import hashlib
import lzma
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from clarifier_desktop.settings import load, save
from model.datasets.base import Source
from model.datasets.pool import open_pool
from model.learning.features import stored_features
from model.learning.prediction import predict
from model.networks.loading import Loader
from model.networks.networks import Network, frozen
from model.networks.transforms import fine_grained
from model.port import NullPort
from model.rounds.model_file import export_model, load_model
from tests.files_made_before.opened import EXPORTS, FOLDER, unpack_pictures
from ui.preferences import Paths, Theme

NAMES = ("red", "green", "blue", "teal")
CPU = torch.device("cpu")
HOME = Path("/tmp/clarifier-before")
UNMOVED = [row for row in range(12) if row != 7]  # of the first twelve images; one got another name later


def positions(loader: Loader) -> np.ndarray:
    return np.array([loader.images.items.index(f"first/{row:03d}.png") for row in UNMOVED])


def test_preferences(tmp_path):
    shutil.copy(FOLDER / "settings.json", tmp_path)
    paths = Paths(tmp_path, tmp_path, tmp_path)
    for _ in range(2):
        preferences, trouble = load(paths)
        assert trouble is None
        assert preferences.theme is Theme.DARK
        assert preferences.store_folder == HOME / "studies"
        assert preferences.last_store == HOME / "studies" / "Größe.sqlite"
        assert preferences.recent_files == (HOME / "planned.clarifier", HOME / "studies" / "Größe.sqlite")
        assert preferences.data_folders == {"cub200": HOME / "birds"}
        save(paths, preferences)


@pytest.fixture
def loader(tmp_path):
    """The first images, as a frozen network sees them."""
    images = open_pool(Source("folder", unpack_pictures(tmp_path / "pictures")), tmp_path, NAMES)
    with Loader(images, fine_grained()) as loader:
        yield loader


def test_a_models_file(loader, tmp_path):
    (packed,) = FOLDER.glob("model-*.pt.xz")
    file = tmp_path / packed.stem
    file.write_bytes(lzma.decompress(packed.read_bytes()))
    network, transform, classes = load_model(file)
    assert (classes, transform.size, network.name) == (NAMES, 16, "small-cnn")
    with Loader(loader.images, transform) as own:
        told = predict(network, own, positions(loader), CPU, NullPort()).probabilities.numpy()
    then = np.loadtxt(EXPORTS / "model.probabilities.csv", delimiter=",")
    assert np.allclose(told, then[UNMOVED], atol=1e-4)
    export_model(file, tmp_path / "given.pt", hashlib.sha256(file.read_bytes()).hexdigest())
    assert load_model(tmp_path / "given.pt")[2] == NAMES


def test_features_of_a_frozen_network_are_not_computed_again(loader, tmp_path, monkeypatch):
    folder = tmp_path / "features"
    shutil.copytree(FOLDER / "features", folder)
    body = torch.nn.Sequential(
        torch.nn.Conv2d(3, 8, 7, stride=32),
        torch.nn.ReLU(),
        torch.nn.AdaptiveAvgPool2d(1),
        torch.nn.Flatten(),
    )
    body.load_state_dict(torch.load(FOLDER / "body.pt", weights_only=True))
    monkeypatch.setattr(Network, "embed", lambda *_: pytest.fail("computed again"))
    network = frozen("tiny", body, 8, 4, seed=0)
    with np.load(FOLDER / "features.npz") as then:
        for copies, name in ((0, "seen"), (2, "augmented")):
            told = stored_features(network, loader, positions(loader), folder, CPU, NullPort(), copies)
            assert np.array_equal(told.values.numpy(), then[name][UNMOVED])
