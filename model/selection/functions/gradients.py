"""Last-layer gradients of the cross-entropy by their two factors, never built."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Factors:
    """n vectors, each the outer product of ``delta`` (C,) and of ``features`` (d,), preceded by 1 with ``bias``.

    Without ``delta`` the vectors are the features themselves. For an instance with features h, probabilities p
    and label y, delta = p - onehot(y), and the product is the gradient of the cross-entropy by the last layer
    (Ash et al. 2020, section 3), with n x (C + d) numbers instead of n x C (d + 1).
    """

    delta: Tensor | None  # (n, C)
    features: Tensor  # (n, d)
    bias: bool = False

    def __len__(self) -> int:
        return len(self.features)

    def take(self, index: Tensor | slice) -> Factors:
        """Return the vectors of ``index``."""
        delta = None if self.delta is None else self.delta[index]
        return Factors(delta, self.features[index], self.bias)

    def inner(self, other: Factors) -> Tensor:
        """Return all inner products with the vectors of ``other``, (n, m).

        <g_i, g_j> = <delta_i, delta_j> (bias + <h_i, h_j>).
        """
        product = self.features @ other.features.T
        if self.delta is None or other.delta is None:
            return product
        if self.bias:
            product += 1
        return product.mul_(self.delta @ other.delta.T)

    def squared_norms(self) -> Tensor:
        """Return |g_i|^2, (n,)."""
        squared = _squared_lengths(self.features)
        return squared if self.delta is None else _squared_lengths(self.delta) * (squared + self.bias)

    def normalized(self) -> Factors:
        """Return the vectors at length 1, so that :meth:`inner` is their cosine.

        A vector of length 0 stays 0: it is similar to nothing, itself included.
        """
        norms = self.squared_norms().sqrt()
        scale = torch.where(norms > 0, 1 / norms, 0).unsqueeze(1)
        if self.delta is None:
            return Factors(None, self.features * scale)
        return Factors(self.delta * scale, self.features, self.bias)


def gradient_factors(
    probabilities: Tensor, features: Tensor, labels: Tensor | None, bias: bool, saturated: bool = False
) -> Factors:
    """Return the gradients of instances with the given labels, (n,) int64, or with the predicted class.

    A prediction of exactly 1 for the label has gradient 0 and no direction. With ``saturated`` it gets the one
    in which a softmax approaches it with its remainder spread evenly, delta = 1/C - onehot(y): so its cosine is
    1 with its like, and the instance still stands for its class.
    """
    labels = probabilities.argmax(dim=1) if labels is None else labels
    delta = probabilities.clone()
    rows = torch.arange(len(labels), device=labels.device)
    delta[rows, labels] -= 1
    if saturated:
        zero = torch.nonzero((delta == 0).all(dim=1)).flatten()
        delta[zero] = 1 / probabilities.shape[1]
        delta[zero, labels[zero]] -= 1
    return Factors(delta, features, bias)


def _squared_lengths(rows: Tensor) -> Tensor:
    lengths: Tensor = torch.linalg.vector_norm(rows, dim=1)  # makes no second matrix, and is fast
    return lengths.square_()
