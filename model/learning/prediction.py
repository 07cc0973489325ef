"""What a network says of images: class probabilities and features."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from model.networks.loading import Loader
from model.networks.networks import Network
from model.port import Cancelled, Port


@dataclass(frozen=True)
class Prediction:
    """Of m of the images asked for, in the order asked; those that cannot be read are left out."""

    positions: NDArray[np.int64]  # (m,)
    probabilities: Tensor  # (m, C), float32, on the CPU
    features: Tensor  # (m, d), float32, on the CPU; what goes into the last layer


def predict(
    network: Network,
    loader: Loader,
    positions: Sequence[int] | NDArray[np.int64],
    device: torch.device,
    port: Port,
    batch_size: int = 256,
) -> Prediction:
    """Return what ``network`` says of the images at ``positions``, seen with the test-time transform.

    In single precision; the network is moved to ``device`` and left in evaluation mode. Images that cannot
    be read are named by the loader. Raises :class:`model.port.Cancelled` between two batches.
    """
    wanted = np.asarray(positions, np.int64)
    network.to(device).eval()
    probabilities = torch.empty(len(wanted), network.classes)
    features = torch.empty(len(wanted), network.width)
    read: list[Tensor] = []
    done = 0
    for batch in loader.batches(wanted, batch_size):
        if port.cancelled():
            raise Cancelled
        rows = slice(done, done + len(batch.positions))
        with torch.no_grad():
            embedded = network.embed(loader.transform.test(batch.pixels.to(device, non_blocking=True)))
            probabilities[rows] = network.last(embedded).softmax(dim=1)
            features[rows] = embedded
        read.append(batch.positions)
        done = rows.stop
        port.progress(done, len(wanted), f"Predicting: {done:,} of {len(wanted):,} images")
    kept = torch.cat(read).numpy() if read else np.zeros(0, np.int64)
    return Prediction(kept, probabilities[:done], features[:done])
