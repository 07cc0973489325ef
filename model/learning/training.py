"""Training a network on labeled images: SGD with momentum and a cosine schedule, as the paper does."""

from __future__ import annotations

import hashlib
import math
import time
from collections.abc import Sequence
from dataclasses import asdict, astuple, dataclass, replace
from enum import Enum
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from model.datasets.pixels import PIXEL_RULES
from model.errors import UserError
from model.learning.checkpoint import DamagedCheckpoint, read_checkpoint, write_checkpoint
from model.learning.config import TrainingConfig
from model.networks.loading import Batch, Loader
from model.networks.networks import Network
from model.networks.weights import fingerprint
from model.port import Cancelled, CurvePort, Port


class TrainingError(UserError):
    """A training run that cannot be done."""


class Stop(Enum):
    """Why training ended."""

    ACCURACY = "accuracy"  # the training accuracy was reached
    PATIENCE = "patience"  # it rose no more
    EPOCHS = "epochs"  # all epochs were done
    MINIMUM = "minimum"  # nothing lowers the loss any more; by L-BFGS alone


@dataclass(frozen=True)
class Epoch:
    """What one pass over the labeled images gave, while the weights were changing."""

    loss: float  # mean cross-entropy, nats
    accuracy: float  # 0 to 1
    seconds: float


@dataclass(frozen=True)
class Trained:
    """A trained network and how it went, epochs that were taken from a checkpoint included."""

    network: Network
    history: tuple[Epoch, ...]
    stop: Stop


def train(
    network: Network,
    loader: Loader,
    positions: Sequence[int] | NDArray[np.int64],
    labels: Sequence[int] | NDArray[np.int64],
    config: TrainingConfig,
    device: torch.device,
    seed: int,
    port: Port,
    checkpoint: Path | None = None,
) -> Trained:
    """Train ``network`` on the images at ``positions``, all different, which have ``labels``, 0 to C - 1.

    The network is changed and moved to ``device``; a new one for each round is :func:`model.networks.networks.build`'s.
    Minimises the mean cross-entropy by SGD; the learning rate of epoch e = 0, 1, ... of E is
    config.learning_rate (1 + cos(pi e / E)) / 2 (Loshchilov and Hutter 2017, without restarts).

    On a CPU the same seed, number of threads and version of torch give the same weights to the last bit, also
    if the run was broken off and goes on from ``checkpoint``: order and augmentation of an epoch are drawn
    from the seed and the epoch's number alone. (Dropout in a trained part would draw from torch's own
    generator; no network here has one.) A checkpoint of another run, or a damaged one, is written over.
    Images that cannot be read are passed over, and named by the loader.

    Raises :class:`TrainingError`, and :class:`model.port.Cancelled` between two batches.
    """
    order = np.argsort(np.asarray(positions, np.int64), kind="stable")
    items = _LabeledItems(np.asarray(positions, np.int64)[order], np.asarray(labels, np.int64)[order])
    _check(items, network.classes)
    run = _Run(network, loader, items, config, device, seed, port)
    key = "" if checkpoint is None else run.key()
    history = [] if checkpoint is None else run.resume(checkpoint, key)
    saved = time.monotonic()
    while (stop := stop_reason(history, config)) is None:
        history.append(run.epoch(len(history)))
        if isinstance(port, CurvePort):
            port.curve([epoch.accuracy for epoch in history])
        done = stop_reason(history, config) is not None
        if checkpoint is not None and (done or time.monotonic() - saved >= config.checkpoint_seconds):
            run.save(checkpoint, key, history)
            saved = time.monotonic()
    return Trained(network, tuple(history), stop)


def stop_reason(history: Sequence[Epoch], config: TrainingConfig) -> Stop | None:
    """Return why training ends after the epochs of ``history``; ``None`` if it goes on."""
    if not history:
        return None
    if config.stop_accuracy is not None and history[-1].accuracy >= config.stop_accuracy:
        return Stop.ACCURACY
    best, since = -math.inf, 0
    for epoch in history:
        better = epoch.accuracy > best + config.min_gain
        best, since = (epoch.accuracy, 0) if better else (best, since + 1)
    if config.patience is not None and since >= config.patience:
        return Stop.PATIENCE
    return Stop.EPOCHS if len(history) >= config.epochs else None


def learning_rate(config: TrainingConfig, epoch: int) -> float:
    """Return the learning rate of an epoch, counted from 0."""
    return config.learning_rate * (1 + math.cos(math.pi * epoch / config.epochs)) / 2


def seed_of(*numbers: int) -> int:
    """Return one seed for several numbers, none negative; different ones give unrelated seeds."""
    return int(np.random.SeedSequence(numbers).generate_state(1, np.uint64)[0])


@dataclass(frozen=True)
class _LabeledItems:
    positions: NDArray[np.int64]  # (n,), ascending
    labels: NDArray[np.int64]  # (n,)

    def __len__(self) -> int:
        return len(self.positions)

    def labels_of(self, positions: Tensor) -> Tensor:
        return torch.from_numpy(self.labels[np.searchsorted(self.positions, positions.numpy())])


def _check(items: _LabeledItems, classes: int) -> None:
    if len(items) != len(items.labels) or (np.diff(items.positions) == 0).any():
        raise ValueError("Positions must be different, with one label each.")
    if len(items) == 0:
        raise TrainingError("No image is labeled yet; label some of at least two classes first.")
    if items.labels.min() < 0 or items.labels.max() >= classes:
        raise ValueError(f"Labels must lie from 0 to {classes - 1}.")
    if (items.labels == items.labels[0]).all():
        raise TrainingError("All labeled images are of one class; label some of another class first.")


class _Run:
    """A network in training, with all that changes between two batches."""

    def __init__(
        self,
        network: Network,
        loader: Loader,
        items: _LabeledItems,
        config: TrainingConfig,
        device: torch.device,
        seed: int,
        port: Port,
    ) -> None:
        on_gpu = device.type == "cuda"
        self._format = torch.channels_last if on_gpu and config.channels_last else torch.contiguous_format
        self._network = network.to(device=device, memory_format=self._format)  # type: ignore[call-overload]
        self._loader, self._items, self._config = loader, items, config
        self._device, self._seed, self._port = device, seed, port
        self._mixed = on_gpu and config.mixed_precision
        self._scaler = torch.amp.GradScaler("cuda", enabled=self._mixed)
        self._optimizer = torch.optim.SGD(
            network.trained.parameters(),
            lr=config.learning_rate,
            momentum=config.momentum,
            weight_decay=config.weight_decay,
        )

    def key(self) -> str:
        """Name the run by all that its result depends on."""
        names = self._loader.images.items
        config = replace(self._config, checkpoint_seconds=0.0)
        digest = hashlib.sha256(fingerprint(self._network, self._network.name).encode())
        digest.update(repr((asdict(config), self._seed, self._loader.transform, self._device.type)).encode())
        digest.update(f"pixels {PIXEL_RULES}".encode())
        if shown := str(self._loader.images.ranges()):
            digest.update(shown.encode())
        for position, label in zip(self._items.positions.tolist(), self._items.labels.tolist(), strict=True):
            digest.update(f"{names[position]!r}:{label};".encode())
        return digest.hexdigest()

    def epoch(self, number: int) -> Epoch:
        """Pass over all items once."""
        started = time.perf_counter()
        for group in self._optimizer.param_groups:
            group["lr"] = learning_rate(self._config, number)
        shuffle, augment = (torch.Generator().manual_seed(seed_of(self._seed, number, k)) for k in (0, 1))
        order = torch.randperm(len(self._items), generator=shuffle).numpy()
        loss = torch.zeros((), device=self._device)
        right = torch.zeros((), dtype=torch.int64, device=self._device)
        seen = 0
        self._network.train()
        for batch in self._loader.batches(self._items.positions[order], self._config.batch_size):
            if self._port.cancelled():
                raise Cancelled
            size = len(batch.positions)
            # Batch normalisation knows no spread of one image; another epoch's order has another last one.
            if size == 1 and seen and not self._network.frozen:
                continue
            batch_loss, batch_right = self._step(batch, augment)
            loss += batch_loss * size
            right += batch_right
            seen += size
            self._tell(number, seen)
        return self._finish_epoch(float(loss), int(right), seen, time.perf_counter() - started)

    def resume(self, path: Path, key: str) -> list[Epoch]:
        """Go on from a checkpoint of this run; returns the epochs that were done, none if there is none."""
        try:
            found = read_checkpoint(path, key)
        except DamagedCheckpoint:
            self._port.progress(0, 0, "What was trained before cannot be read: training begins anew")
            return []
        if found is None:
            return []
        self._network.trained.load_state_dict(found["network"])
        self._optimizer.load_state_dict(found["optimizer"])
        self._scaler.load_state_dict(found["scaler"])
        return [Epoch(*values) for values in found["history"]]

    def save(self, path: Path, key: str, history: Sequence[Epoch]) -> None:
        """Write a checkpoint."""
        content = {
            "network": self._network.trained.state_dict(),
            "optimizer": self._optimizer.state_dict(),
            "scaler": self._scaler.state_dict(),
            "history": [astuple(epoch) for epoch in history],
        }
        write_checkpoint(path, key, content)

    def _step(self, batch: Batch, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        pixels = batch.pixels.to(self._device, non_blocking=True)
        labels = self._items.labels_of(batch.positions).to(self._device, non_blocking=True)
        transform = self._loader.transform
        given = transform.train(pixels, generator) if self._config.augment else transform.test(pixels)
        with torch.autocast(self._device.type, enabled=self._mixed):
            logits = self._network(given.contiguous(memory_format=self._format))
            loss = nn.functional.cross_entropy(logits, labels)
        self._optimizer.zero_grad()
        self._scaler.scale(loss).backward()  # type: ignore[no-untyped-call]
        self._scaler.step(self._optimizer)
        self._scaler.update()
        return loss.detach(), (logits.detach().argmax(dim=1) == labels).sum()

    def _tell(self, epoch: int, seen: int) -> None:
        n, epochs = len(self._items), self._config.epochs
        self._port.progress(epoch * n + seen, epochs * n, f"Training: epoch {epoch + 1} of at most {epochs}")

    def _finish_epoch(self, loss: float, right: int, seen: int, seconds: float) -> Epoch:
        if seen == 0:
            raise TrainingError("None of the labeled images can be read; see the list of problems.")
        if not math.isfinite(loss):
            raise TrainingError(
                "Training diverged: the loss is NaN or infinite. Choose a smaller learning rate."
            )
        return Epoch(loss / seen, right / seen, seconds)
