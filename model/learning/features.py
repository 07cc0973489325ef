"""The features of a frozen network, computed once for each image and kept on disk."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from model.datasets.base import Problem
from model.datasets.image_files import ImageError, PlaceError
from model.learning.feature_store import KEY_BYTES, FeatureStore
from model.learning.training import seed_of
from model.networks.loading import Loader
from model.networks.networks import Network
from model.networks.weights import fingerprint
from model.port import Cancelled, Port


@dataclass(frozen=True)
class Features:
    """Of m of the images asked for, in the order asked; those that cannot be read are left out."""

    positions: NDArray[np.int64]  # (m,)
    values: Tensor  # (m, d), or (m, copies, d) of augmented copies; float32, on the CPU
    problems: tuple[Problem, ...]  # what was left out


def stored_features(
    network: Network,
    loader: Loader,
    positions: Sequence[int] | NDArray[np.int64],
    folder: Path,
    device: torch.device,
    port: Port,
    copies: int = 0,
    batch_size: int = 64,
) -> Features:
    """Return the features of the images at ``positions``; only those not yet in ``folder`` are computed.

    With ``copies`` 0 the images are seen with the test-time transform, otherwise each that often with the
    training transform, augmented by the image's content and the copy's number alone. Features are found again
    by what an image holds, by the body's weights and by the transform. What was computed before a crash or a
    cancellation is kept.

    Raises :class:`model.port.Cancelled` between two batches.
    """
    if not network.frozen:
        raise ValueError("Only a frozen network's features stay what they are.")
    pool = _contents(loader, positions, port)
    views = _Views(loader, copies)
    network.to(device).eval()
    name = fingerprint(network.body, network.name)[:32]
    with _channels_last(network), FeatureStore(folder / name, network.width) as store:
        keys = [views.key(content, copy) for content in pool.contents for copy in views.copies]
        flat, there = store.read(keys)
        values = flat.reshape(len(pool.contents), len(views.copies), network.width)
        found = there.reshape(values.shape[:2])
        job = _Job(network, loader, views, pool, found, device, max(1, batch_size // len(views.copies)))
        for rows, chosen, computed in job.batches(port):
            values[rows, chosen] = computed
            found[rows, chosen] = True
            store.append(
                [keys[r * len(views.copies) + c] for r, c in zip(rows, chosen, strict=True)], computed
            )
    return _gather(pool, loader, values, found, copies)


@contextmanager
def _channels_last(network: Network) -> Iterator[None]:
    """Lay the weights out for convolutions on a CPU, which then take about half the time; meanwhile only."""
    network.to(memory_format=torch.channels_last)
    try:
        yield
    finally:
        network.to(memory_format=torch.contiguous_format)


@dataclass(frozen=True)
class _Pool:
    positions: NDArray[np.int64]  # (n,), of those whose content can be read
    contents: list[str]  # (u,), hashes, and how they become pixels where that is not plain; all different
    row: NDArray[np.int64]  # (n,), the content of each position
    problems: tuple[Problem, ...]


def _contents(loader: Loader, positions: Sequence[int] | NDArray[np.int64], port: Port) -> _Pool:
    """Identical images are one content, and computed once."""
    wanted = np.asarray(positions, np.int64).tolist()
    kept, rows, problems = [], [], []
    contents: dict[str, int] = {}
    for done, position in enumerate(wanted):
        if port.cancelled():
            raise Cancelled
        port.progress(done, len(wanted), f"Looking for features: {done:,} of {len(wanted):,} images")
        try:
            reading = loader.images.describe_reading(position)
            content = loader.images.content_hash(position) + (f" {reading}" if reading else "")
        except PlaceError:
            raise
        except ImageError as error:
            problems.append(Problem(loader.images.items[position], str(error)))
            continue
        kept.append(position)
        rows.append(contents.setdefault(content, len(contents)))
    return _Pool(np.array(kept, np.int64), list(contents), np.array(rows, np.int64), tuple(problems))


@dataclass(frozen=True)
class _Views:
    """The ways in which each image is seen: as in tests, or augmented."""

    loader: Loader
    augmented: int

    @property
    def copies(self) -> range:
        return range(max(1, self.augmented))

    def key(self, content: str, copy: int) -> bytes:
        transform = self.loader.transform
        augmented = f"{transform!r}|{copy}" + ("|bicubic" if transform.bicubic else "")
        view = augmented if self.augmented else transform.key
        return hashlib.blake2b(f"{content}|{view}".encode(), digest_size=KEY_BYTES).digest()

    def see(self, pixels: Tensor, content: str, copy: int) -> Tensor:
        """Return a view, (1, 3, size, size), of one image, (1, 3, resize, resize)."""
        if not self.augmented:
            return self.loader.transform.test(pixels)
        seed = seed_of(int(content[:15], 16), copy)
        return self.loader.transform.train(pixels, torch.Generator().manual_seed(seed))


@dataclass(frozen=True)
class _Job:
    network: Network
    loader: Loader
    views: _Views
    pool: _Pool
    found: NDArray[np.bool_]  # (u, copies), what needs no computing
    device: torch.device
    images_a_batch: int

    def batches(self, port: Port) -> Iterator[tuple[list[int], list[int], NDArray[np.float32]]]:
        """Give rows, copies and features, (k, d), of what is not found."""
        first = np.full(len(self.pool.contents), -1, np.int64)
        first[self.pool.row[::-1]] = self.pool.positions[::-1]
        lacking = np.flatnonzero(~self.found.all(axis=1))
        row_of = {int(first[row]): int(row) for row in lacking}
        done = 0
        for batch in self.loader.batches(first[lacking], self.images_a_batch):
            if port.cancelled():
                raise Cancelled
            rows = [row_of[position] for position in batch.positions.tolist()]
            done += len(rows)
            yield self._compute(batch.pixels, rows)
            port.progress(done, len(lacking), f"Computing features: {done:,} of {len(lacking):,} images")

    def _compute(self, pixels: Tensor, rows: list[int]) -> tuple[list[int], list[int], NDArray[np.float32]]:
        pixels = pixels.to(self.device, non_blocking=True)
        seen, at, chosen = [], [], []
        for i, row in enumerate(rows):
            for copy in self.views.copies:
                if not self.found[row, copy]:
                    seen.append(self.views.see(pixels[i : i + 1], self.pool.contents[row], copy))
                    at.append(row)
                    chosen.append(copy)
        last = torch.cat(seen).contiguous(memory_format=torch.channels_last)
        return at, chosen, self.network.embed(last).float().cpu().numpy()


def _gather(
    pool: _Pool, loader: Loader, values: NDArray[np.float32], found: NDArray[np.bool_], copies: int
) -> Features:
    whole = np.all(found, axis=1, keepdims=True)[pool.row, 0]
    rows = pool.row[whole]
    # A copy of the largest array is spared where it would change nothing.
    same = len(rows) == len(values) and bool((rows == np.arange(len(rows))).all())
    kept = torch.from_numpy(values if same else values[rows])
    positions = pool.positions[whole]
    left_out = {loader.images.items[p] for p in pool.positions[~whole].tolist()}
    problems = [problem for problem in loader.problems if problem.item in left_out]
    return Features(positions, kept if copies else kept[:, 0], (*pool.problems, *problems))
