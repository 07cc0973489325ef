from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from model.datasets.base import ImageSet
from model.datasets.image_files import ImageError
from model.learning.config import preset
from model.networks.networks import NetworkError
from model.networks.transforms import fine_grained
from model.networks.weight_files import WeightsError
from model.port import NullPort
from model.rounds import backbone as module
from model.rounds.backbone import choose
from model.rounds.live_values import LearnerSettings
from tests.model.random_weights import random_weights

NETWORK = "mobilenet_v3_small"


class Sized(ImageSet):
    """Images of given sizes, grey or not, some of which cannot be read."""

    def __init__(self, sides: list[int], grey: bool = False, broken: Collection[int] = ()) -> None:
        n = len(sides)
        super().__init__("sized", ("a", "b"), [f"{i}.png" for i in range(n)], [0] * n)
        self.sides, self.grey, self.broken = sides, grey, broken

    def image(self, index: int, fit: tuple[int, int] | None = None) -> Image.Image:
        if index in self.broken:
            raise ImageError("broken")
        side = min(self.sides[index], 10_000 if fit is None else fit[0])
        pixels = np.full((side, side, 3), 90, np.uint8)
        pixels[..., 2] += 0 if self.grey else 50
        return Image.fromarray(pixels)


def auto(images: ImageSet, tmp_path: Path, **settings):
    chosen = LearnerSettings(**settings)
    return choose(images, chosen.network, preset(chosen.preset), tmp_path, chosen.weights, NullPort())


@pytest.fixture
def weights(tmp_path, monkeypatch) -> Path:
    """A smaller network in place of the usual frozen one, and weights for it."""
    monkeypatch.setattr(module, "FROZEN", NETWORK)
    file: Path = tmp_path / "weights.pth"
    torch.save(random_weights(NETWORK), file)
    return file


@pytest.mark.parametrize(
    ("side", "grey", "size", "mirror"),
    [
        (8, True, 16, False),
        (16, False, 16, True),
        (28, True, 32, False),
        (64, True, 32, False),
    ],
)
def test_small_drawings_and_tiny_images_train_a_small_network_of_their_size(
    tmp_path, side, grey, size, mirror
):
    found = auto(Sized([side] * 5, grey), tmp_path)
    assert (found.name, found.stored, found.note) == ("small-cnn", False, "")
    assert (found.transform.size, found.transform.resize, found.transform.padding) == (size, size, size // 8)
    assert found.transform.flip is mirror, "signs without colour mean something else in the mirror"
    assert found.make(2, 0, NullPort()).classes == 2


def test_larger_images_are_seen_by_a_frozen_network(tmp_path, weights):
    found = auto(Sized([65] * 5), tmp_path, weights=weights)
    assert (found.name, found.stored, found.note, found.transform) == (NETWORK, True, "", fine_grained())
    assert found.make(4, 0, NullPort()).classes == 4


@pytest.mark.parametrize("side", [17, 32, 64])
def test_small_photographs_are_seen_by_a_frozen_network(tmp_path, weights, side):
    found = auto(Sized([side] * 5), tmp_path, weights=weights)
    assert (found.name, found.stored, found.transform) == (NETWORK, True, fine_grained())


def test_small_photographs_without_weights_train_a_network_of_their_size(tmp_path, monkeypatch):
    def offline(*_: object) -> Path:
        raise WeightsError("The weights could not be downloaded.")

    monkeypatch.setattr("model.networks.weights.find_or_download", offline)
    found = auto(Sized([32] * 5), tmp_path)
    assert (found.name, found.stored, found.transform.size, found.transform.flip) == (
        "small-cnn",
        False,
        32,
        True,
    )
    assert "could not be loaded" in found.note


@pytest.mark.parametrize(("grey", "size"), [(False, 64), (True, 32)])
def test_without_weights_larger_images_train_a_small_network_and_it_is_said(
    tmp_path, monkeypatch, grey, size
):
    def offline(*_: object) -> Path:
        raise WeightsError("The weights could not be downloaded.")

    monkeypatch.setattr("model.networks.weights.find_or_download", offline)
    found = auto(Sized([300] * 5, grey), tmp_path)
    assert (found.name, found.stored, found.transform.size) == ("small-cnn", False, size)
    assert "could not be loaded" in found.note
    assert found.note.endswith("The weights could not be downloaded.")


def test_a_wrong_file_of_weights_that_was_chosen_is_no_reason_for_another_network(tmp_path, weights):
    weights.write_bytes(b"none")
    with pytest.raises(WeightsError, match=r"weights\.pth holds no weights"):
        auto(Sized([300] * 5), tmp_path, weights=weights)
    weights.unlink()
    with pytest.raises(WeightsError, match="is not there; choose where"):
        auto(Sized([300] * 5), tmp_path, weights=weights)


def test_the_median_decides_and_what_cannot_be_read_does_not(tmp_path, weights):
    assert not auto(Sized([28, 28, 28, 900, 900], True), tmp_path, weights=weights).stored
    assert auto(Sized([28, 28, 28, 900, 900], True, broken=(0, 1)), tmp_path, weights=weights).stored
    assert not auto(Sized([900], broken=(0,)), tmp_path, weights=weights).stored


def test_a_network_that_was_chosen_is_taken_and_has_no_substitute(tmp_path, weights):
    images = Sized([300] * 3)
    assert auto(images, tmp_path, network="resnet18").name == "resnet18"
    assert not auto(images, tmp_path, network="resnet18").stored
    chosen = auto(Sized([8] * 3), tmp_path, network=NETWORK, weights=weights)
    assert (chosen.name, chosen.stored) == (NETWORK, True)
    weights.unlink()
    with pytest.raises(WeightsError, match="is not there"):
        chosen.make(2, 0, NullPort())
    with pytest.raises(NetworkError):
        auto(images, tmp_path, network="none-of-these", weights=weights).make(2, 0, NullPort())
