"""Packed sets for tests: coloured JPEGs one after the other, and grey drawings."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

NAMES = np.array(["red", "green", "blue"])


def jpegs(labels: NDArray[np.integer], seed: int = 0) -> list[bytes]:
    """A noisy image of its class's colour for each label."""
    chance = np.random.default_rng(seed)
    files = []
    for label in labels:
        pixels = chance.integers(0, 60, (40, 40, 3), dtype=np.uint8)
        pixels[..., label] += 180
        packed = io.BytesIO()
        Image.fromarray(pixels).save(packed, "JPEG")
        files.append(packed.getvalue())
    return files


def arrays_of(
    files: list[bytes], labels: NDArray[np.integer], prefix: str = ""
) -> dict[str, NDArray[np.generic]]:
    return {
        f"{prefix}data": np.frombuffer(b"".join(files), np.uint8),
        f"{prefix}offsets": np.cumsum([0, *map(len, files)]),
        f"{prefix}labels": labels,
    }


def write_masked(file: Path, n: int = 36, train: int = 24) -> None:
    """One set with a mask: the first ``train`` of ``n`` images are for training."""
    labels = np.arange(n) % 3
    arrays = arrays_of(jpegs(labels), labels)
    np.savez(file, **arrays, class_names=NAMES, is_train=np.arange(n) < train)  # type: ignore[arg-type]


def write_parts(file: Path) -> None:
    """A set of two parts."""
    train, test = np.arange(12) % 3, np.arange(6) % 3
    arrays = arrays_of(jpegs(train), train, "train_") | arrays_of(jpegs(test, 1), test, "test_")
    np.savez(file, **arrays, class_names=NAMES)  # type: ignore[arg-type]


def write_drawings(file: Path, each: int = 5) -> None:
    """Grey drawings of 2 characters without parts."""
    pixels = np.full((2 * each, 20, 20), 255, np.uint8)
    pixels[:each, 5:8] = 0
    pixels[each:, :, 5:8] = 0
    np.savez(file, x=pixels, labels=np.repeat([0, 1], each), class_names=np.array(["bar", "post"]))
