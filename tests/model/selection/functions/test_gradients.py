"""Gradients by their factors, against those that torch differentiates."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from model.selection.functions.gradients import Factors, gradient_factors

N, C, D = 7, 4, 3


def chance() -> torch.Generator:
    return torch.Generator().manual_seed(5)


def random_rows(n: int = N) -> tuple[Tensor, Tensor]:
    logits = torch.randn(n, C, generator=chance(), dtype=torch.float64)
    return logits.softmax(dim=1), torch.randn(n, D, generator=chance(), dtype=torch.float64)


def dense(factors: Factors) -> Tensor:
    """All vectors, built."""
    features = factors.features
    if factors.delta is None:
        return features
    if factors.bias:
        features = torch.cat([torch.ones(len(features), 1, dtype=features.dtype), features], dim=1)
    return (factors.delta[:, :, None] * features[:, None, :]).flatten(start_dim=1)


@pytest.mark.parametrize("bias", [False, True])
def test_they_are_the_gradients_of_the_cross_entropy(bias: bool):
    weights = torch.randn(C, D, generator=chance(), dtype=torch.float64, requires_grad=True)
    offset = torch.zeros(C, dtype=torch.float64, requires_grad=True)
    features = random_rows()[1]
    labels = torch.tensor([0, 1, 2, 3, 0, 1, 2])
    logits = features @ weights.T + offset
    found = dense(gradient_factors(logits.softmax(dim=1).detach(), features, labels, bias))
    for row in range(N):
        loss = torch.nn.functional.cross_entropy(logits[row], labels[row])
        by_weights, by_offset = torch.autograd.grad(loss, [weights, offset], retain_graph=True)
        wanted = torch.cat([by_offset[:, None], by_weights], dim=1) if bias else by_weights
        torch.testing.assert_close(found[row], wanted.flatten())


def test_without_labels_the_prediction_stands_for_them():
    probabilities = torch.tensor([[0.2, 0.7, 0.1], [0.4, 0.4, 0.2]])
    factors = gradient_factors(probabilities, torch.ones(2, 2), None, bias=False)
    torch.testing.assert_close(factors.delta, torch.tensor([[0.2, -0.3, 0.1], [-0.6, 0.4, 0.2]]))


def test_the_probabilities_stay_as_they_were():
    probabilities, features = random_rows()
    before = probabilities.clone()
    gradient_factors(probabilities, features, None, bias=False, saturated=True)
    assert torch.equal(probabilities, before)


@pytest.mark.parametrize("kind", ["features", "weights", "weights and bias"])
def test_products_and_lengths_are_those_of_the_vectors_built(kind: str):
    probabilities, features = random_rows()
    factors = gradient_factors(probabilities, features, None, bias=kind == "weights and bias")
    if kind == "features":
        factors = Factors(None, features)
    vectors, some = dense(factors), torch.tensor([4, 1])
    torch.testing.assert_close(factors.inner(factors.take(some)), vectors @ vectors[some].T)
    torch.testing.assert_close(factors.take(slice(2, 5)).inner(factors), vectors[2:5] @ vectors.T)
    torch.testing.assert_close(factors.squared_norms(), vectors.square().sum(dim=1))
    unit = torch.nn.functional.normalize(vectors)
    torch.testing.assert_close(factors.normalized().inner(factors.normalized()), unit @ unit.T)


def test_by_hand():
    # delta = (0.5, -0.5), h = (3, 4): |delta|^2 = 0.5, |h|^2 = 25.
    one = (torch.tensor([[0.5, 0.5]]), torch.tensor([[3.0, 4.0]]), torch.tensor([1]))
    assert gradient_factors(*one, bias=False).squared_norms().tolist() == pytest.approx([12.5])
    assert gradient_factors(*one, bias=True).squared_norms().tolist() == pytest.approx([13.0])


def test_a_sure_prediction_has_no_gradient_and_is_similar_to_nothing():
    probabilities = torch.tensor([[1.0, 0.0, 0.0], [0.6, 0.3, 0.1]])
    cosine = gradient_factors(probabilities, torch.ones(2, 2), None, bias=True).normalized()
    assert cosine.squared_norms().tolist() == pytest.approx([0, 1])
    assert cosine.inner(cosine)[0].tolist() == [0, 0]


def test_a_saturated_one_is_alike_to_its_class():
    probabilities = torch.tensor([[1.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.6, 0.3, 0.1]])
    factors = gradient_factors(probabilities, torch.ones(4, 2), None, bias=True, saturated=True)
    assert factors.delta is not None
    torch.testing.assert_close(factors.delta[0], torch.tensor([-2 / 3, 1 / 3, 1 / 3]))
    torch.testing.assert_close(factors.delta[3], torch.tensor([-0.4, 0.3, 0.1]))
    unit = factors.normalized()
    assert unit.inner(unit)[0, :3].tolist() == pytest.approx([1, 1, -0.5])


def test_a_sure_prediction_of_another_class_than_the_label_is_no_exception():
    factors = gradient_factors(
        torch.tensor([[1.0, 0.0]]), torch.ones(1, 1), torch.tensor([1]), bias=False, saturated=True
    )
    assert factors.delta is not None
    assert factors.delta.tolist() == [[1.0, -1.0]]
