"""Multinomial logistic regression with weight decay, by L-BFGS on the full batch."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from model.port import Cancelled, Port

_PAIRS = 10  # steps in L-BFGS' memory
_TOLERANCE = 1e-4  # stop after a step that lowers the loss by less than this fraction of it
_SUFFICIENT_DECREASE = 1e-4  # Armijo's condition
_SHORTEST_STEP = 1e-4


@dataclass(frozen=True)
class Fit:
    """A linear layer and its loss, the weight decay included; ``converged`` unless the steps ran out."""

    weight: Tensor  # (C, d)
    bias: Tensor  # (C,)
    loss: float
    accuracy: float  # on the items it was fitted to
    converged: bool


def fit_logistic(
    features: Tensor, labels: Tensor, classes: int, weight_decay: float, iterations: int, port: Port
) -> Fit:
    """Minimise the mean cross-entropy + weight_decay / 2 (|W|^2 + |b|^2) over W and b, from 0.

    ``features`` are (n, d) float32, ``labels`` (n,) int64. It is the loss that SGD with weight decay
    descends, and it has one minimum. L-BFGS (Nocedal and Wright 2006, algorithm 7.4), started from the Hessian at
    uniform probabilities, I (x) X'X / (n C) + weight_decay, in a basis of the items' span if there are fewer items
    than features. Raises :class:`model.port.Cancelled`.
    """
    x, basis = _project_to_span(features)
    problem = _Problem(x, labels, weight_decay)
    weights, loss, converged = _minimise(
        problem,
        x.new_zeros(classes, x.shape[1]),
        _invert_first_hessian(x, classes, weight_decay, len(x)),
        iterations,
        port,
    )
    right = (x @ weights.T).argmax(dim=1) == labels
    full = weights if basis is None else weights @ basis.T
    accuracy = float(right.float().mean())
    return Fit(full[:, :-1].contiguous(), full[:, -1].contiguous(), loss, accuracy, converged)


def fit_soft(
    features: Tensor,
    targets: Tensor,
    counts: Tensor,
    start: tuple[Tensor, Tensor],
    weight_decay: float,
    iterations: int,
    port: Port,
) -> Fit:
    """Take ``iterations`` steps from ``start``, weight (C, d) and bias (C,), with soft targets.

    Items have ``features``, (n, d), ``targets``, distributions (n, C), and weights ``counts``, (n,); the loss is
    :func:`fit_logistic`'s with a weighted mean. Raises :class:`model.port.Cancelled`.
    """
    x, basis = _project_to_span(features)
    shares = (counts / counts.sum()).unsqueeze(1)
    first = torch.cat([start[0], start[1].unsqueeze(1)], dim=1)
    # The component of the start orthogonal to the data's span only decays, so drop it.
    first = first if basis is None else first @ basis
    problem = _SoftProblem(x, targets, shares, weight_decay)
    inverse = _invert_first_hessian(x * shares.sqrt(), targets.shape[1], weight_decay, 1)
    weights, loss, converged = _minimise(problem, first, inverse, iterations, port)
    right = ((x @ weights.T).argmax(dim=1) == targets.argmax(dim=1)).float()
    accuracy = float((right * shares[:, 0]).sum())
    full = weights if basis is None else weights @ basis.T
    return Fit(full[:, :-1].contiguous(), full[:, -1].contiguous(), loss, accuracy, converged)


def _project_to_span(features: Tensor) -> tuple[Tensor, Tensor | None]:
    """Features and a 1 for the bias, (n, d + 1), or (n, n) in the basis returned, where that is less."""
    given = torch.cat([features, features.new_ones(len(features), 1)], dim=1)
    if len(given) >= given.shape[1]:
        return given, None
    basis = torch.linalg.qr(given.T)[0]
    return given @ basis, basis


class _Loss(Protocol):
    def at(self, weights: Tensor) -> tuple[float, Tensor]:
        """Return the loss and its gradient, (C, r)."""
        ...


@dataclass(frozen=True)
class _SoftProblem:
    x: Tensor  # (n, r)
    targets: Tensor  # (n, C)
    shares: Tensor  # (n, 1), summing to 1
    weight_decay: float

    def at(self, weights: Tensor) -> tuple[float, Tensor]:
        log_p = (self.x @ weights.T).log_softmax(dim=1)
        entropy = (self.shares * self.targets * log_p).sum()
        loss = self.weight_decay / 2 * weights.square().sum() - entropy
        delta = log_p.exp_().sub_(self.targets).mul_(self.shares)
        return float(loss), torch.addmm(weights, delta.T, self.x, beta=self.weight_decay)


@dataclass(frozen=True)
class _Problem:
    x: Tensor  # (n, r)
    labels: Tensor  # (n,)
    weight_decay: float

    def at(self, weights: Tensor) -> tuple[float, Tensor]:
        n = len(self.labels)
        rows = torch.arange(n, device=self.x.device)
        log_p = (self.x @ weights.T).log_softmax(dim=1)
        loss = self.weight_decay / 2 * weights.square().sum() - log_p[rows, self.labels].mean()
        delta = log_p.exp_()
        delta[rows, self.labels] -= 1
        return float(loss), torch.addmm(weights, delta.T, self.x, beta=self.weight_decay, alpha=1 / n)


def _invert_first_hessian(
    x: Tensor, classes: int, weight_decay: float, items: int
) -> Callable[[Tensor], Tensor]:
    """Return what multiplies a gradient by the inverse of the first Hessian."""
    hessian = (x.T @ x).div_(items * classes)
    ridge = max(weight_decay, 1e-4 * float(hessian.diagonal().mean()), 1e-12)
    hessian.diagonal().add_(ridge)
    root = torch.linalg.cholesky(hessian)
    return lambda gradient: torch.cholesky_solve(gradient.T, root).T


class _Memory:
    """The last steps and changes of the gradient, which L-BFGS corrects the first Hessian with."""

    def __init__(self, inverse: Callable[[Tensor], Tensor]) -> None:
        self._inverse = inverse
        self._pairs: deque[tuple[Tensor, Tensor, float]] = deque(maxlen=_PAIRS)
        self._scale = 1.0

    def add(self, step: Tensor, change: Tensor) -> None:
        curvature = float((step * change).sum())
        if curvature > 0:
            self._pairs.append((step, change, curvature))
            self._scale = curvature / float((change * self._inverse(change)).sum())

    def direction(self, gradient: Tensor) -> Tensor:
        """The two-loop recursion."""
        q, shares = gradient.clone(), []
        for step, change, curvature in reversed(self._pairs):
            shares.append(float((step * q).sum()) / curvature)
            q.sub_(change, alpha=shares[-1])
        q = self._inverse(q).mul_(self._scale)
        for (step, change, curvature), share in zip(self._pairs, reversed(shares), strict=True):
            q.add_(step, alpha=share - float((change * q).sum()) / curvature)
        return q.neg_()


def _minimise(
    problem: _Loss, start: Tensor, inverse: Callable[[Tensor], Tensor], iterations: int, port: Port
) -> tuple[Tensor, float, bool]:
    weights, memory = start, _Memory(inverse)
    loss, gradient = problem.at(weights)
    for done in range(iterations):
        if port.cancelled():
            raise Cancelled
        port.progress(done, iterations, f"Training the last layer: step {done + 1} of at most {iterations}")
        step = _search_line(problem, weights, loss, gradient, memory.direction(gradient))
        if step is None:
            return weights, loss, True
        new, new_loss, new_gradient = step
        memory.add(new - weights, new_gradient - gradient)
        small = loss - new_loss <= _TOLERANCE * abs(new_loss)
        weights, loss, gradient = step
        if small:
            return weights, loss, True
    return weights, loss, False


def _search_line(
    problem: _Loss, weights: Tensor, loss: float, gradient: Tensor, direction: Tensor
) -> tuple[Tensor, float, Tensor] | None:
    """Take the first of the steps 1, 1/2, 1/4, ... that lowers the loss enough; ``None`` if none does."""
    fall, length = float((gradient * direction).sum()), 1.0
    while fall < 0 and length >= _SHORTEST_STEP:
        new = torch.add(weights, direction, alpha=length)
        new_loss, new_gradient = problem.at(new)
        if new_loss <= loss + _SUFFICIENT_DECREASE * length * fall:
            return new, new_loss, new_gradient
        length /= 2
    return None
