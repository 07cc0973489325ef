"""Stored features: the network's own, computed once, and gone on with after a break."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from model.learning.features import Features, stored_features
from model.networks.loading import Loader
from model.networks.networks import Network, build, frozen
from model.port import Cancelled, NullPort
from tests.model.coloured import SIDE, TRANSFORM, Coloured

CPU = torch.device("cpu")
N = 10


def network(seed: int = 0) -> Network:
    return frozen("tiny", build("small-cnn", 3, SIDE, seed).body, 256, 3, seed=0)


class Counting(NullPort):
    """Counts the images computed; stops once they are ``after``."""

    def __init__(self, after: int = 10**9) -> None:
        self.after, self.computed = after, 0

    def progress(self, done: int, total: int, text: str) -> None:
        if text.startswith("Computing"):
            self.computed = done

    def cancelled(self) -> bool:
        return self.computed >= self.after


def features(
    folder: Path,
    images: Coloured | None = None,
    positions: np.ndarray | None = None,
    port: NullPort | None = None,
    copies: int = 0,
    seed: int = 0,
    batch_size: int = 4,
) -> Features:
    positions = np.arange(N) if positions is None else positions
    with Loader(images or Coloured(N), TRANSFORM, workers=1) as loader:
        return stored_features(
            network(seed), loader, positions, folder, CPU, port or NullPort(), copies, batch_size
        )


def test_features_are_the_networks_own_and_computed_once(tmp_path):
    images = Coloured(N)
    first = features(tmp_path, images)
    with torch.no_grad():
        pixels = TRANSFORM.test(torch.from_numpy(images.pixels).permute(0, 3, 1, 2))
        torch.testing.assert_close(first.values, network().embed(pixels))
    again, port = Coloured(N), Counting()
    order = np.array([3, 9, 0])
    second = features(tmp_path, again, order, port)
    assert torch.equal(second.values, first.values[order])
    assert second.positions.tolist() == order.tolist()
    assert (sum(again.reads), port.computed) == (0, 0)


def test_another_network_transform_or_copy_is_computed_anew(tmp_path):
    features(tmp_path)
    for change in ({"seed": 1}, {"copies": 1}):
        port = Counting()
        features(tmp_path, port=port, **change)  # type: ignore[arg-type]
        assert port.computed == N


def test_augmented_copies_depend_on_content_and_number_alone(tmp_path):
    images = Coloured(N)
    three = features(tmp_path / "a", images, copies=3, batch_size=6)
    assert three.values.shape == (N, 3, 256)
    assert not torch.allclose(three.values[:, 0], three.values[:, 1])
    few = features(tmp_path / "b", images, np.array([8, 2]), copies=2, batch_size=1)
    torch.testing.assert_close(few.values, three.values[[8, 2], :2])
    port = Counting()
    five = features(tmp_path / "a", images, copies=5, port=port)
    assert torch.equal(five.values[:, :3], three.values)
    assert port.computed == N


def test_identical_images_are_computed_once(tmp_path):
    images = Coloured(N)
    images.pixels[7] = images.pixels[1]
    port = Counting()
    found = features(tmp_path, images, port=port)
    assert port.computed == N - 1
    assert torch.equal(found.values[7], found.values[1])
    assert found.positions.tolist() == list(range(N))


def test_what_was_computed_before_a_break_is_kept(tmp_path):
    with pytest.raises(Cancelled):
        features(tmp_path, port=Counting(after=4))
    images, port = Coloured(N), Counting()
    found = features(tmp_path, images, port=port)
    assert port.computed == N - 4
    assert images.reads == [0] * 4 + [1] * (N - 4)
    torch.testing.assert_close(found.values, features(tmp_path / "whole").values)


def test_damaged_features_are_computed_anew(tmp_path):
    first = features(tmp_path)
    (path,) = tmp_path.rglob("*.features")
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content[:-3])
    port = Counting()
    assert torch.equal(features(tmp_path, port=port).values[5], first.values[5])
    assert port.computed == 2


def test_images_that_cannot_be_read_are_left_out_and_named(tmp_path):
    images = Coloured(N, broken=(2,), missing=(5,))
    for copies in (0, 2):
        found = features(tmp_path, images, copies=copies)
        assert found.positions.tolist() == [0, 1, 3, 4, 6, 7, 8, 9]
        assert len(found.values) == 8
        assert sorted(problem.item for problem in found.problems) == ["2.png", "5.png"]


def test_no_images_give_no_rows(tmp_path):
    assert features(tmp_path, positions=np.zeros(0, np.int64)).values.shape == (0, 256)
    everything_broken = features(tmp_path, Coloured(N, missing=range(N)))
    assert everything_broken.values.shape == (0, 256)


def test_a_network_that_is_trained_has_no_features_to_keep(tmp_path):
    with Loader(Coloured(3), TRANSFORM, workers=1) as loader, pytest.raises(ValueError, match="frozen"):
        stored_features(build("small-cnn", 3, SIDE, 0), loader, [0], tmp_path, CPU, NullPort())
