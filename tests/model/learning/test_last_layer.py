"""The last layer on stored features, against torch's own SGD and the minimum by its own condition."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from model.learning.config import Solver, TrainingConfig, preset
from model.learning.last_layer import LastLayer, train_last_layer
from model.learning.logistic import fit_logistic
from model.learning.training import Stop, TrainingError, seed_of
from model.networks.networks import frozen, new_last_layer
from model.port import Cancelled, NullPort

C, D = 4, 6
SGD = replace(preset("paper-finegrained"), epochs=5, batch_size=7, stop_accuracy=None)
QUICK = preset("quick")


def clouds(n: int = 40, seed: int = 0) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(seed)
    labels = torch.arange(n) % C
    centres = 2 * torch.randn(C, D, generator=torch.Generator().manual_seed(99))
    return centres[labels] + torch.randn(n, D, generator=generator), labels


def train(features: Tensor, labels: Tensor, config: TrainingConfig = SGD, seed: int = 0) -> LastLayer:
    return train_last_layer(features, labels, C, config, seed, NullPort())


def test_sgd_is_torchs_own():
    features, labels = clouds()
    ours = train(features, labels)
    layer = new_last_layer(D, C, torch.Generator().manual_seed(0))
    optimizer = torch.optim.SGD(layer.parameters(), lr=0.01, momentum=0.9, weight_decay=5e-4)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=5)
    for epoch in range(5):
        order = torch.randperm(40, generator=torch.Generator().manual_seed(seed_of(0, epoch)))
        for part in order.split(7):
            optimizer.zero_grad()
            nn.functional.cross_entropy(layer(features[part]), labels[part]).backward()
            optimizer.step()
        schedule.step()
    torch.testing.assert_close(ours.weight, layer.weight.detach(), rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(ours.bias, layer.bias.detach(), rtol=1e-4, atol=1e-5)
    assert ours.stop is Stop.EPOCHS


@pytest.mark.parametrize("config", [SGD, QUICK])
def test_the_same_seed_gives_the_same_layer(config):
    features, labels = clouds()
    copies = torch.stack([features, features + 0.1], dim=1)
    first, again = train(copies, labels, config, seed=3), train(copies, labels, config, seed=3)
    assert torch.equal(first.weight, again.weight)
    assert torch.equal(first.bias, again.bias)


def test_sgd_stops_at_the_training_accuracy_and_uses_every_copy():
    features, labels = clouds()
    done = train(features, labels, replace(SGD, epochs=300, stop_accuracy=0.9))
    assert done.stop is Stop.ACCURACY
    assert done.history[-1].accuracy >= 0.9 > done.history[-2].accuracy
    # The second copy alone tells the classes apart.
    blank = torch.stack([torch.zeros_like(features), features], dim=1)
    layer = train(blank, labels, replace(SGD, epochs=100))
    assert 0.4 < np.mean([epoch.accuracy for epoch in layer.history]) < 0.8
    assert float((layer.probabilities(features).argmax(dim=1) == labels).double().mean()) > 0.9


@pytest.mark.parametrize("n", [5, 40, 200])  # fewer and more items than features
@pytest.mark.parametrize("weight_decay", [1e-3, 0.1])
def test_the_fit_is_the_minimum(n, weight_decay):
    features, labels = clouds(n)
    fit = fit_logistic(features, labels, C, weight_decay, 200, NullPort())
    weight = fit.weight.double().requires_grad_()
    bias = fit.bias.double().requires_grad_()

    def loss() -> Tensor:
        decay = weight_decay / 2 * (weight.square().sum() + bias.square().sum())
        mean: Tensor = nn.functional.cross_entropy(features.double() @ weight.T + bias, labels)
        total: Tensor = mean + decay
        return total

    found = loss()
    assert fit.loss == pytest.approx(float(found.detach()), rel=1e-5)
    optimizer = torch.optim.LBFGS(
        [weight, bias], max_iter=500, tolerance_grad=1e-9, line_search_fn="strong_wolfe"
    )

    def closure() -> Tensor:
        optimizer.zero_grad()
        value = loss()
        value.backward()
        return value

    optimizer.step(closure)
    assert fit.converged
    assert float(loss().detach()) == pytest.approx(fit.loss, rel=2e-3)


def test_two_items_of_one_feature_by_hand():
    """x = 1 and -1, classes 0 and 1: W = (w, -w), b = 0, and w (weight decay) = sigmoid(-2 w)."""
    fit = fit_logistic(torch.tensor([[1.0], [-1.0]]), torch.tensor([0, 1]), 2, 0.1, 100, NullPort())
    w = float(fit.weight[0, 0])
    assert float(fit.weight[1, 0]) == pytest.approx(-w, abs=1e-4)
    assert 0.1 * w == pytest.approx(1 / (1 + np.exp(2 * w)), rel=0.02)
    assert fit.bias.tolist() == pytest.approx([0, 0], abs=1e-4)
    assert fit.accuracy == 1


def test_odd_features_can_be_fitted():
    features, labels = clouds()
    same = features.repeat(3, 1)  # identical items, of no full rank
    constant = torch.cat([features, torch.zeros(40, 3), torch.full((40, 1), 1e3)], dim=1)
    large = features * 1e4
    for given, its in ((same, labels.repeat(3)), (constant, labels), (large, labels)):
        for decay in (0.0, 1e-3):
            layer = train(given, its, replace(QUICK, weight_decay=decay))
            assert bool(torch.isfinite(layer.weight).all())
            assert layer.history[-1].accuracy > 0.9


def test_no_more_steps_than_allowed():
    features, labels = clouds(200)
    assert train(features, labels, replace(QUICK, iterations=1)).stop is Stop.EPOCHS
    assert train(features, labels, replace(QUICK, iterations=200)).stop is Stop.MINIMUM


def test_the_layer_can_be_put_into_its_network():
    features, labels = clouds()
    layer = train(features, labels, QUICK)
    network = frozen("none", nn.Identity(), D, C, seed=0)
    layer.put_into(network)
    torch.testing.assert_close(network(features).softmax(dim=1), layer.probabilities(features))
    torch.testing.assert_close(layer.probabilities(features).sum(dim=1), torch.ones(40))


@pytest.mark.parametrize("config", [SGD, QUICK], ids=lambda c: c.solver.value)
def test_what_cannot_be_trained_gets_a_sentence(config):
    features, labels = clouds(8)
    for x, y, sentence in (
        (features[:0], labels[:0], "No image is labeled"),
        (features, labels * 0, "of one class"),
        (features / 0, labels, "features hold NaN"),
    ):
        with pytest.raises(TrainingError, match=sentence):
            train(x, y, config)
    for x, y in (
        (features[:3], labels),
        (features, labels - 1),
        (features, labels + 1),
        (features[0], labels),
    ):
        with pytest.raises(ValueError, match="must"):
            train(x, y, config)


def test_a_loss_that_is_no_number_gets_a_sentence():
    features, labels = clouds()
    with pytest.raises(TrainingError, match="smaller learning rate"):
        train(features * 1e18, labels, replace(SGD, learning_rate=100.0, epochs=50))


@pytest.mark.parametrize("solver", list(Solver))
def test_it_stops_when_told(solver):
    class Told(NullPort):
        def cancelled(self) -> bool:
            return True

    features, labels = clouds()
    with pytest.raises(Cancelled):
        train_last_layer(features, labels, C, replace(SGD, solver=solver), 0, Told())
