"""Rounds of simulated runs: stored features, networks trained in full, and the padding of others' networks."""

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
from model.rounds.backbone import Backbone, choose
from model.rounds.learner import PoolLabels
from model.rounds.simulated import SimulatedPool, open_simulated, pick, train_and_test
from model.rounds.simulated_values import ImagesSpec, LearnerSpec, Place, Scale, SelectionSettings
from model.rounds.stopwatch import Stopwatch
from model.rounds.trainers import NetworkTrainer
from model.tiers import Tier, budgets_of, strategies_of
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


def opened(folder: Path, spec: LearnerSpec) -> SimulatedPool:
    spec = replace(spec, weights=folder / "w.pth") if spec.frozen else spec
    images = ImagesSpec("packed", folder / "set.npz")
    return open_simulated(images, spec, Place(folder / "cache", folder / "features"), NullPort())


def some_labels(pool: SimulatedPool, count: int = 12) -> torch.Tensor:
    labels = np.full(len(pool.labels), -1, np.int64)
    labels[:count] = pool.labels[:count]
    return torch.from_numpy(labels)


def known(pool: SimulatedPool, auto: int | None = None, keep: bool = True) -> PoolLabels:
    """Twelve labels of a random sample, one of them the program's."""
    labels = some_labels(pool).numpy()
    n = len(labels)
    nothing = np.zeros(n, np.bool_)
    return PoolLabels(labels, np.arange(n) == auto, nothing, labels >= 0, np.zeros(n, np.int64), keep)


@pytest.mark.parametrize(
    "spec",
    [
        STORED,
        replace(STORED, config=replace(PRESETS["paper-finegrained"], epochs=3, augmented_copies=2)),
        TRAINED,
    ],
    ids=["L-BFGS", "SGD on augmented copies", "trained in full"],
)
def test_a_trainer_tells_colours_apart_and_repeats_itself(spec: LearnerSpec, folder: Path):
    torch.set_num_threads(1)
    pool = opened(folder, spec)
    labels = some_labels(pool)
    one, same = (pool.trainer.fit(labels, 1, NullPort(), Stopwatch()) for _ in range(2))
    assert one.probabilities.shape == (24, 3)
    assert len(one.features) == 24
    assert one.trained_on == 12
    assert torch.equal(one.probabilities, same.probabilities)
    assert pool.accuracy(one, NullPort()) > 0.8 or spec.frozen  # with random weights
    items = torch.tensor([3, 20])
    held = pool.trainer.fit_fold(labels, items, 1, NullPort())
    assert torch.allclose(held, one.probabilities[items], atol=1e-6)
    pool.close()


def test_features_are_computed_once(folder: Path, monkeypatch: pytest.MonkeyPatch):
    labels = torch.tensor([0, 1, 2, *[-1] * 21])
    first = opened(folder, STORED).trainer.fit(labels, 1, NullPort(), Stopwatch())

    def never(*_: object) -> None:
        raise AssertionError("computed again")

    monkeypatch.setattr("model.networks.networks.Network.embed", never)
    again = opened(folder, STORED).trainer.fit(labels, 1, NullPort(), Stopwatch())
    assert torch.equal(first.features, again.features)


def test_training_and_choosing(folder: Path):
    pool = opened(folder, STORED)
    labels = some_labels(pool).numpy()
    learned = train_and_test(pool, known(pool, auto=11), 5, 1, NullPort())
    assert 0 <= learned.accuracy <= 1
    assert learned.audit_accuracy is not None
    assert set(learned.seconds) == {"training", "audit"}
    assert torch.nonzero(learned.snapshot.auto).flatten().tolist() == [11]
    choice = SelectionSettings(strategies_of(easy="highest-confidence"))
    picked = pick(learned, choice, budgets_of(hard=2, intermediate=3, easy=4), 1, NullPort())
    assert [int(picked.of(tier).sum()) for tier in Tier] == [2, 3, 4]
    assert (labels[picked.items] == -1).all()
    assert len(set(picked.items.tolist())) == 9
    easy = picked.of(Tier.EASY)
    predicted = learned.snapshot.probabilities.argmax(dim=1).numpy()
    assert (picked.suggestions[easy] == predicted[picked.items[easy]]).all()


def test_images_that_cannot_be_read_are_named(folder: Path):
    with np.load(folder / "set.npz") as packed:
        arrays = dict(packed)
    data = arrays["data"].copy()
    data[arrays["offsets"][5] : arrays["offsets"][6]] = 0
    np.savez(folder / "set.npz", **{**arrays, "data": data})
    with pytest.raises(DataError, match="1 image of set cannot be read, the first of them 00005"):
        opened(folder, STORED)
    pool = opened(folder, TRAINED)
    with pytest.raises(DataError, match="1 image of set cannot be read, the first of them 00005"):
        train_and_test(pool, known(pool), None, 1, NullPort())
    pool.close()


def test_the_network_of_a_plan_can_be_chosen_as_in_live_rounds(folder: Path, monkeypatch: pytest.MonkeyPatch):
    weights = folder / "w.pth"
    automatic = LearnerSpec("auto", PRESETS["pool"], weights=weights)
    pool = opened(folder, automatic)
    live = choose(pool.trainer.pool.loader.images, "auto", PRESETS["pool"], folder, weights, NullPort())
    assert pool.trainer.pool.loader.transform == live.transform
    assert not isinstance(pool.trainer, NetworkTrainer)
    pool.close()

    def without_weights(*_: object) -> Backbone:
        return replace(live, note="Weights could not be had.")

    monkeypatch.setattr("model.rounds.simulated.choose", without_weights)
    with pytest.raises(DataError, match="Name a network in the plan"):
        opened(folder, automatic)


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
