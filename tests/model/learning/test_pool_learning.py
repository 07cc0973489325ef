"""Learning from all of the pool: what unlabeled items are taught as, and that few labels then go further."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor

from model.datasets.digits import FILE
from model.learning import pool_learning
from model.learning.config import preset
from model.learning.last_layer import LastLayer, train_last_layer
from model.learning.logistic import fit_logistic, fit_soft
from model.learning.pool_learning import PoolLearner, certainty, combine
from model.learning.training import Stop
from model.port import NullPort
from tests.model.watcher import Watcher

POOL, QUICK = preset("pool"), preset("quick")


def rings(n: int = 120) -> tuple[Tensor, Tensor]:
    """Two classes along two bent bands, of which one label at an end tells little without the others."""
    chance = torch.Generator().manual_seed(0)
    labels = torch.arange(n) % 2
    angle = torch.pi * torch.rand(n, generator=chance) * 0.9
    sign = 1 - 2 * labels.float()
    features = torch.stack(
        [sign * angle.cos() + (labels == 1), sign * angle.sin() + 0.3 * (labels == 1)], dim=1
    )
    return features + 0.05 * torch.randn(n, 2, generator=chance), labels


def some_labels(labels: Tensor, a_class: int, seed: int = 0) -> Tensor:
    given = torch.full_like(labels, -1)
    for label in labels.unique():
        items = torch.nonzero(labels == label).flatten()
        given[items[torch.randperm(len(items), generator=torch.Generator().manual_seed(seed))[:a_class]]] = (
            label
        )
    return given


def digits() -> tuple[Tensor, Tensor]:
    with np.load(FILE) as data:
        cells, labels = data["images"], data["labels"]
    return torch.from_numpy(cells.reshape(len(cells), -1) / np.float32(16)), torch.from_numpy(
        labels.astype(np.int64)
    )


def accuracy(layer: LastLayer, features: Tensor, labels: Tensor) -> float:
    return float((layer.probabilities(features).argmax(dim=1) == labels).float().mean())


def test_the_two_witnesses_by_hand():
    told = torch.tensor([[0.5, 0.5], [0.9, 0.1]])
    said = torch.tensor([[0.8, 0.2], [0.5, 0.5]])
    # (0.4, 0.1) and (0.45, 0.05) to the power of 1.5: 8 to 1 and 27 to 1.
    shares = torch.tensor([[8 / 9, 1 / 9], [27 / 28, 1 / 28]])
    for _ in range(3):  # over the root of a class's sum
        shares = shares / shares.sum(dim=0).sqrt()
        shares = shares / shares.sum(dim=1, keepdim=True)
    assert combine(told, said).flatten().tolist() == pytest.approx(shares.flatten().tolist(), abs=1e-5)
    assert combine(told, said)[0, 0] < 8 / 9, "the popular class is held back"


def test_what_both_say_for_all_classes_alike_stays_so():
    even = torch.full((5, 4), 0.25)
    torch.testing.assert_close(combine(even, even), even)


def test_certainty_by_hand():
    rows = torch.tensor([[1.0, 0, 0, 0], [0.25] * 4, [0.5, 0.5, 0, 0]])
    assert certainty(rows).tolist() == pytest.approx([1.0, 0.0, 0.5])
    assert certainty(torch.ones(2, 1)).tolist() == [1.0, 1.0]


def test_towards_labels_as_distributions_it_ends_where_labels_do():
    features, labels = rings()
    one_hot = torch.nn.functional.one_hot(labels, 2).float()
    zero = (torch.zeros(2, 2), torch.zeros(2))
    hard = fit_logistic(features, labels, 2, 1e-3, 100, NullPort())
    soft = fit_soft(features, one_hot, torch.full((120,), 7.0), zero, 1e-3, 100, NullPort())
    assert soft.converged
    assert soft.loss == pytest.approx(hard.loss, rel=1e-3)
    torch.testing.assert_close(soft.weight, hard.weight, rtol=0.05, atol=0.05)
    assert soft.accuracy == pytest.approx(hard.accuracy, abs=0.01)


def test_items_fewer_than_features_learn_in_their_span():
    features, labels = rings()
    wide = torch.cat([features, torch.zeros(120, 200)], dim=1)
    one_hot = torch.nn.functional.one_hot(labels, 2).float()
    narrow, in_span = (
        fit_soft(
            x, one_hot, torch.ones(120), (torch.zeros(2, x.shape[1]), torch.zeros(2)), 1e-3, 50, NullPort()
        )
        for x in (features, wide)
    )
    assert in_span.loss == pytest.approx(narrow.loss, rel=1e-3)
    torch.testing.assert_close(in_span.weight[:, :2], narrow.weight, rtol=0.05, atol=0.05)


def test_an_item_that_counts_nothing_teaches_nothing():
    features, labels = rings()
    one_hot = torch.nn.functional.one_hot(labels, 2).float()
    counts = torch.ones(120)
    counts[60:] = 0
    zero = (torch.zeros(2, 2), torch.zeros(2))
    fits = [
        fit_soft(features, targets, counts, zero, 1e-3, 20, NullPort()).weight
        for targets in (one_hot, torch.cat([one_hot[:60], 1 - one_hot[60:]]))
    ]
    torch.testing.assert_close(*fits)


def test_without_weight_it_is_the_layer_of_the_labels_alone():
    features, labels = rings()
    given = some_labels(labels, 3)
    learner = PoolLearner(features)
    ours = learner.fit(given, 2, QUICK, 1, NullPort())
    known = given >= 0
    theirs = train_last_layer(features[known], given[known], 2, QUICK, 1, NullPort())
    assert torch.equal(ours.weight, theirs.weight)
    everything = learner.fit(labels, 2, POOL, 1, NullPort())
    assert torch.equal(everything.weight, train_last_layer(features, labels, 2, QUICK, 1, NullPort()).weight)


def test_the_unlabeled_show_the_way_of_the_bands():
    features, labels = rings()
    learner = PoolLearner(features)
    alone, together = (
        [
            accuracy(learner.fit(some_labels(labels, 2, seed), 2, config, 1, NullPort()), features, labels)
            for seed in range(10)
        ]
        for config in (QUICK, POOL)
    )
    assert sum(together) > sum(alone)


def test_golden_numbers_on_digits():
    features, labels = digits()
    learner = PoolLearner(features)
    found = {
        name: [
            round(
                accuracy(learner.fit(some_labels(labels, k, 1), 10, config, 1, NullPort()), features, labels),
                3,
            )
            for k in (3, 10)
        ]
        for name, config in (("quick", QUICK), ("pool", POOL))
    }
    assert found["quick"] == pytest.approx([0.838, 0.899], abs=0.002)
    assert found["pool"] == pytest.approx([0.901, 0.932], abs=0.002)


def test_the_same_seed_gives_the_same_layer_and_ends_within_its_steps():
    features, labels = rings()
    given = some_labels(labels, 3)
    first, again = (PoolLearner(features).fit(given, 2, POOL, 1, NullPort()) for _ in range(2))
    assert torch.equal(first.weight, again.weight)
    assert len(first.history) == 2
    assert first.stop in (Stop.EPOCHS, Stop.MINIMUM)


def test_items_that_are_held_out_teach_nothing():
    features, labels = rings()
    among = torch.arange(0, 120, 2) + (torch.arange(60) % 4 == 0)
    given = torch.full_like(labels, -1)
    given[among] = some_labels(labels[among], 3)
    changed = features.clone()
    held = torch.ones(120, dtype=torch.bool)
    held[among] = False
    changed[held] = 9.0
    one, other = (PoolLearner(x, among).fit(given, 2, POOL, 1, NullPort()) for x in (features, changed))
    assert torch.equal(one.weight, other.weight)


def test_a_known_graph_is_used_again():
    features, labels = rings()
    first = PoolLearner(features)
    one = first.fit(some_labels(labels, 3), 2, POOL, 1, NullPort())
    assert first.graph is not None
    port = Watcher()
    other = PoolLearner(features, graph=first.graph).fit(some_labels(labels, 3), 2, POOL, 1, port)
    assert torch.equal(one.weight, other.weight)
    assert not any("Comparing" in text for _, _, text in port.told)


def test_of_a_large_pool_a_part_is_compared(monkeypatch: pytest.MonkeyPatch):
    features, labels = rings()
    monkeypatch.setattr(pool_learning, "POOL_ITEMS", 60)
    learner = PoolLearner(features)
    layer = learner.fit(some_labels(labels, 5), 2, POOL, 1, NullPort())
    whole = train_last_layer(features, labels, 2, replace(QUICK, pool_weight=0.0), 1, NullPort())
    assert accuracy(layer, features, labels) >= accuracy(whole, features, labels) - 0.1
    # Labels of items outside the part train it all the same.
    outside = some_labels(labels, 60)
    assert torch.isfinite(learner.fit(outside, 2, POOL, 1, NullPort()).weight).all()
