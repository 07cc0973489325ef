"""The learners of simulated runs: stored features, networks trained in full, and the padding of others' networks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
import torchvision
from torch import nn
from torch.nn import functional

from model.datasets.base import DataError
from model.learning.config import PRESETS
from model.networks.networks import frozen, pad_as_tensorflow
from model.port import NullPort
from model.rounds.learner import Learner, make_learner
from model.rounds.simulated import Audit, look, pick
from model.rounds.simulated_values import Choice, ImagesSpec, LearnerSpec, Place, Scale
from model.tiers import Tier
from tests.model.datasets.packed_files import write_masked

STORED = LearnerSpec(
    network="mobilenet_v2",
    config=PRESETS["quick"],
    frozen=True,
    stored=True,
    same_padding=True,
    size=32,
    resize=40,
    scale=Scale.HALF,
)
TRAINED = LearnerSpec("small-cnn", replace(PRESETS["quick"], epochs=4, batch_size=8), size=16, resize=16)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_masked(tmp_path / "set.npz")
    generator = torch.random.get_rng_state()
    torch.manual_seed(0)
    torch.save(torchvision.models.mobilenet_v2().state_dict(), tmp_path / "w.pth")
    torch.random.set_rng_state(generator)
    return tmp_path


def made(folder: Path, spec: LearnerSpec) -> Learner:
    spec = replace(spec, weights=folder / "w.pth") if spec.frozen else spec
    images = ImagesSpec("packed", folder / "set.npz")
    return make_learner(images, spec, Place(folder / "cache", folder / "features"), NullPort())


def some_labels(learner: Learner, count: int = 12) -> np.ndarray:
    labels = np.full(len(learner.labels), -1, np.int32)
    labels[:count] = learner.labels[:count]
    return labels


@pytest.mark.parametrize(
    "spec",
    [
        STORED,
        replace(STORED, config=replace(PRESETS["paper-finegrained"], epochs=3, augmented_copies=2)),
        TRAINED,
    ],
    ids=["L-BFGS", "SGD on augmented copies", "trained in full"],
)
def test_a_learner_tells_colours_apart_and_repeats_itself(spec: LearnerSpec, folder: Path):
    torch.set_num_threads(1)
    learner = made(folder, spec)
    labels = some_labels(learner)
    one, same = (learner.fit(torch.from_numpy(labels.astype(np.int64)), 1, NullPort()) for _ in range(2))
    assert one.probabilities.shape == (24, 3)
    assert one.tested.shape == (12, 3)
    assert len(one.features) == 24
    assert torch.equal(one.probabilities, same.probabilities)
    right = (one.tested.argmax(dim=1).numpy() == learner.test_labels).mean()
    assert right > 0.8 or spec.frozen  # with random weights
    items = torch.tensor([20, 3])
    held = learner.fit_for(torch.from_numpy(labels.astype(np.int64)), items, 1, NullPort())
    assert torch.allclose(held, one.probabilities[items], atol=1e-6)
    learner.close()


def test_features_are_computed_once(folder: Path, monkeypatch: pytest.MonkeyPatch):
    first = made(folder, STORED).fit(torch.tensor([0, 1, 2, *[-1] * 21]), 1, NullPort())

    def never(*_: object) -> None:
        raise AssertionError("computed again")

    monkeypatch.setattr("model.networks.networks.Network.embed", never)
    again = made(folder, STORED).fit(torch.tensor([0, 1, 2, *[-1] * 21]), 1, NullPort())
    assert torch.equal(first.features, again.features)


def test_looking_and_choosing(folder: Path):
    learner = made(folder, STORED)
    labels = some_labels(learner)
    auto = np.zeros(24, bool)
    auto[11] = True
    seen = look(learner, labels, labels, auto, Audit(labels >= 0, np.zeros(24, np.int64)), 1, NullPort())
    assert 0 <= seen.accuracy <= 1
    assert seen.audit_accuracy is not None
    assert set(seen.seconds) == {"training", "audit"}
    assert torch.equal(seen.snapshot.auto, torch.from_numpy(auto))
    picked = pick(seen, Choice(easy="highest-confidence"), (2, 3, 4), 1, NullPort())
    assert [int(picked.of(tier).sum()) for tier in Tier] == [2, 3, 4]
    assert (labels[picked.items] == -1).all()
    assert len(set(picked.items.tolist())) == 9
    easy = picked.of(Tier.EASY)
    said = seen.snapshot.probabilities.argmax(dim=1).numpy()
    assert (picked.suggestions[easy] == said[picked.items[easy]]).all()
    assert look(learner, labels, labels, auto, None, 1, NullPort()).audit_accuracy is None


def test_images_that_cannot_be_read_are_named(folder: Path):
    with np.load(folder / "set.npz") as packed:
        arrays = dict(packed)
    data = arrays["data"].copy()
    data[arrays["offsets"][5] : arrays["offsets"][6]] = 0
    np.savez(folder / "set.npz", **{**arrays, "data": data})
    with pytest.raises(DataError, match="1 images of set cannot be read, the first of them 00005"):
        made(folder, STORED)
    learner = made(folder, TRAINED)
    with pytest.raises(DataError, match="cannot be read, the first of them 00005"):
        learner.fit(torch.from_numpy(some_labels(learner).astype(np.int64)), 1, NullPort())
    learner.close()


def test_padding_as_tensorflow_does_it():
    layer = nn.Conv2d(1, 1, 3, stride=2, bias=False)
    network = frozen("n", nn.Sequential(layer, nn.Conv2d(1, 1, 3, padding=1)), 1, 2, 0)
    image = torch.arange(16.0).reshape(1, 1, 4, 4)
    pad_as_tensorflow(network)
    assert network.name == "n padded as TensorFlow does"
    # 4 pixels, kernel 3, stride 2: SAME gives 2 outputs from one more pixel, at the right and the bottom.
    expected = functional.conv2d(functional.pad(image, (0, 1, 0, 1)), layer.weight, stride=2)
    assert torch.equal(layer(image), expected)
    odd = torch.arange(25.0).reshape(1, 1, 5, 5)
    # 5 pixels give 3 outputs from two more: one on each side.
    assert torch.equal(
        layer(odd), functional.conv2d(functional.pad(odd, (1, 1, 1, 1)), layer.weight, stride=2)
    )
