"""Files of real images and weights, in a folder that the person names."""

from __future__ import annotations

from pathlib import Path

from benchmarks.report import SkippedError

CUB = "cub100_jpeg.npz"
CIFAR = "cifar10_full_jpeg.npz"
OMNIGLOT = "omniglot_242c.npz"
MOBILENET = "mobilenet_v2_imagenet.pth"


def found(folder: Path | None, *names: str) -> list[Path]:
    """Return the files of the folder; raises ``SkippedError`` if one is missing."""
    if folder is None:
        raise SkippedError(f"Give the folder that holds {' and '.join(names)} with --data.")
    missing = [name for name in names if not (folder / name).is_file()]
    if missing:
        raise SkippedError(f"{folder} does not hold {' and '.join(missing)}.")
    return [folder / name for name in names]
