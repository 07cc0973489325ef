"""Predictions: those of the network in evaluation mode, for the images that can be read."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from model.learning.prediction import predict
from model.networks.loading import Loader
from model.networks.networks import build
from model.port import Cancelled, NullPort
from tests.model.coloured import SIDE, TRANSFORM, Coloured

CPU = torch.device("cpu")


def test_probabilities_and_features_are_the_networks_own():
    images = Coloured(10)
    network = build("small-cnn", 3, SIDE, 0)
    wanted = [7, 2, 9, 0, 4]
    with Loader(images, TRANSFORM, workers=1) as loader:
        found = predict(network, loader, wanted, CPU, NullPort(), batch_size=2)
    network.eval()
    pixels = TRANSFORM.test(torch.from_numpy(images.pixels[wanted]).permute(0, 3, 1, 2))
    with torch.no_grad():
        torch.testing.assert_close(found.features, network.embed(pixels))
        torch.testing.assert_close(found.probabilities, network(pixels).softmax(dim=1))
    assert found.positions.tolist() == wanted
    assert found.probabilities.dtype == found.features.dtype == torch.float32
    assert not found.features.requires_grad


def test_broken_images_are_left_out_and_named():
    with Loader(Coloured(6, broken=(1, 4)), TRANSFORM, workers=1) as loader:
        found = predict(build("small-cnn", 3, SIDE, 0), loader, np.arange(6), CPU, NullPort(), batch_size=4)
        assert [problem.item for problem in loader.problems] == ["1.png", "4.png"]
    assert found.positions.tolist() == [0, 2, 3, 5]
    assert found.probabilities.shape == (4, 3)
    assert found.features.shape == (4, 256)


def test_no_images_and_a_cancellation():
    class Stop(NullPort):
        def cancelled(self) -> bool:
            return True

    network = build("small-cnn", 3, SIDE, 0)
    with Loader(Coloured(3), TRANSFORM, workers=1) as loader:
        assert predict(network, loader, [], CPU, NullPort()).probabilities.shape == (0, 3)
        with pytest.raises(Cancelled):
            predict(network, loader, [0], CPU, Stop())
