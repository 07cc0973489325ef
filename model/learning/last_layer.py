"""Training only the last layer, on features that were computed before: seconds where a network takes minutes."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from model.learning.config import Solver, TrainingConfig
from model.learning.logistic import fit_logistic
from model.learning.training import Epoch, Stop, TrainingError, learning_rate, seed_of, stop_reason
from model.networks.networks import Network, new_last_layer
from model.port import Cancelled, Port


@dataclass(frozen=True)
class LastLayer:
    """A trained last layer: logits = features W' + b."""

    weight: Tensor  # (C, d), float32
    bias: Tensor  # (C,), float32
    history: tuple[Epoch, ...]  # one epoch for Solver.LBFGS, its loss with the weight decay
    stop: Stop

    def probabilities(self, features: Tensor) -> Tensor:
        """Return the class probabilities, (n, C), of features (n, d)."""
        return self.logits(features).softmax(dim=1)

    def logits(self, features: Tensor) -> Tensor:
        """Return the logits, (n, C), of features (n, d)."""
        return torch.addmm(self.bias, features, self.weight.T)

    def times(self, factor: float) -> LastLayer:
        """The layer with its logits times a factor."""
        return replace(self, weight=self.weight * factor, bias=self.bias * factor)

    def plus(self, other: LastLayer) -> LastLayer:
        """The layer whose logits are the sum of both: the normalised product of their probabilities."""
        return replace(self, weight=self.weight + other.weight, bias=self.bias + other.bias)

    def to(self, place: torch.device) -> LastLayer:
        """The layer on another device."""
        return replace(self, weight=self.weight.to(place), bias=self.bias.to(place))

    def put_into(self, network: Network) -> None:
        """Copy the layer into ``network``, which then predicts with it."""
        with torch.no_grad():
            network.last.weight.copy_(self.weight)
            network.last.bias.copy_(self.bias)


def layer_of(network: Network) -> LastLayer:
    """The last layer of a network as it is; nothing is known of how it was trained."""
    last = network.last
    return LastLayer(last.weight.detach().clone(), last.bias.detach().clone(), (), Stop.EPOCHS)


def train_last_layer(
    features: Tensor, labels: Tensor, classes: int, config: TrainingConfig, seed: int, port: Port
) -> LastLayer:
    """Train a new last layer on features, float32 (n, d), and labels, int64 (n,), on their device.

    Features of augmented copies, (n, copies, d), are drawn from: SGD takes one copy of each item an epoch,
    L-BFGS all copies at once. With Solver.SGD it is what :func:`model.learning.training.train` does to a frozen
    network, and with Solver.LBFGS the minimum of the same loss, which no seed changes. The same seed gives
    the same layer on a CPU, to the last bit.

    Raises :class:`model.learning.training.TrainingError` and :class:`model.port.Cancelled`.
    """
    _check(features, labels, classes)
    if config.solver is Solver.SGD:
        return _sgd(features, labels, classes, config, seed, port)
    started = time.perf_counter()
    flat = features.flatten(0, -2)
    repeated = labels.repeat_interleave(len(flat) // len(labels))
    fit = fit_logistic(flat, repeated, classes, config.weight_decay, config.iterations, port)
    epoch = Epoch(fit.loss, fit.accuracy, time.perf_counter() - started)
    return LastLayer(fit.weight, fit.bias, (epoch,), Stop.MINIMUM if fit.converged else Stop.EPOCHS)


def _check(features: Tensor, labels: Tensor, classes: int) -> None:
    if len(labels) == 0:
        raise TrainingError("No image is labeled yet; label some of at least two classes first.")
    if len(features) != len(labels) or features.ndim not in (2, 3):
        raise ValueError("Features must be (n, d) or (n, copies, d), with one label per row.")
    if int(labels.min()) < 0 or int(labels.max()) >= classes:
        raise ValueError(f"Labels must lie from 0 to {classes - 1}.")
    if bool((labels == labels[0]).all()):
        raise TrainingError("All labeled images are of one class; label some of another class first.")
    if not bool(torch.isfinite(features).all()):
        raise TrainingError("The network's features hold NaN or infinite values; get its weights again.")


def _sgd(
    features: Tensor, labels: Tensor, classes: int, config: TrainingConfig, seed: int, port: Port
) -> LastLayer:
    first = new_last_layer(features.shape[-1], classes, torch.Generator().manual_seed(seed))
    run = _Sgd(features, labels, first, config, port)
    history: list[Epoch] = []
    while (stop := stop_reason(history, config)) is None:
        history.append(run.epoch(len(history), torch.Generator().manual_seed(seed_of(seed, len(history)))))
    return LastLayer(run.weights[:, :-1].contiguous(), run.weights[:, -1].contiguous(), tuple(history), stop)


class _Sgd:
    """SGD with the gradient written out: an instance's is (p - onehot(y)) (x) h, and the bias a feature of 1."""

    def __init__(
        self, features: Tensor, labels: Tensor, first: torch.nn.Linear, config: TrainingConfig, port: Port
    ) -> None:
        self._features, self._labels = features, labels
        self._config, self._port = config, port
        with torch.no_grad():
            joined = torch.cat([first.weight, first.bias.unsqueeze(1)], dim=1)
        self.weights = joined.to(features.device)  # (C, d + 1)
        self._momentum = torch.zeros_like(self.weights)

    def epoch(self, number: int, generator: torch.Generator) -> Epoch:
        started, size = time.perf_counter(), self._config.batch_size
        x, y = self._shuffle(generator)
        rate = learning_rate(self._config, number)
        loss = x.new_zeros(())
        right = torch.zeros((), dtype=torch.int64, device=x.device)
        for start in range(0, len(y), size):
            if self._port.cancelled():
                raise Cancelled
            part = slice(start, start + size)
            log_p = (x[part] @ self.weights.T).log_softmax(dim=1)
            right += (log_p.argmax(dim=1) == y[part]).sum()
            loss -= log_p.gather(1, y[part].unsqueeze(1)).sum()
            self._step(x[part], y[part], log_p, rate)
        epochs = self._config.epochs
        self._port.progress(
            number + 1, epochs, f"Training the last layer: epoch {number + 1} of at most {epochs}"
        )
        if not bool(torch.isfinite(loss)):
            raise TrainingError(
                "Training diverged: the loss is NaN or infinite. Choose a smaller learning rate."
            )
        return Epoch(float(loss) / len(y), int(right) / len(y), time.perf_counter() - started)

    def _step(self, x: Tensor, y: Tensor, log_p: Tensor, rate: float) -> None:
        delta = log_p.exp_().div_(len(y))
        delta.scatter_add_(1, y.unsqueeze(1), delta.new_full((len(y), 1), -1 / len(y)))
        self._momentum.mul_(self._config.momentum).addmm_(delta.T, x)
        self._momentum.add_(self.weights, alpha=self._config.weight_decay)
        self.weights.sub_(self._momentum, alpha=rate)

    def _shuffle(self, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Return all items in a new order, of each one copy, with the feature of the bias."""
        n = len(self._labels)
        order = torch.randperm(n, generator=generator).to(self._features.device)
        if self._features.ndim == 2:
            x = self._features[order]
        else:
            copies = torch.randint(self._features.shape[1], (n,), generator=generator)
            x = self._features[order, copies.to(order.device)]
        return torch.cat([x, x.new_ones(n, 1)], dim=1), self._labels[order]
