"""Sets in two parts: a pool to be labeled and images to test on, the sets' own division where they have one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.datasets.base import DataError, ImageSet, Source
from model.datasets.folder import FileSet
from model.datasets.packed import open_packed
from model.datasets.pool import open_pool
from model.datasets.registry import DATASETS, POOLS, needs_path
from model.disk import is_folder, read_file

PACKED, CUB, DOGS = "packed", "cub200", "dogs"
_CHANCE = 20240607  # which images are kept for testing is the same in every experiment


@dataclass(frozen=True)
class Part:
    """Some images of a set, ascending ``positions`` (n,)."""

    images: ImageSet
    positions: NDArray[np.int64]

    @property
    def labels(self) -> NDArray[np.int64]:
        """True classes, (n,)."""
        return np.asarray(self.images.labels, np.int64)[self.positions]

    def __len__(self) -> int:
        return len(self.positions)

    def fewer(self, most: int | None) -> Part:
        """At most this many of the images, drawn evenly at random, always the same ones."""
        if most is None or most >= len(self):
            return self
        chosen = np.random.default_rng(_CHANCE).choice(len(self), most, replace=False)
        return Part(self.images, self.positions[np.sort(chosen)])


@dataclass(frozen=True)
class Split:
    """A pool and a test part with the same classes."""

    pool: Part
    test: Part

    @property
    def classes(self) -> tuple[str, ...]:
        """Their names."""
        return self.pool.images.classes


def split_names() -> tuple[str, ...]:
    """The names that :func:`open_split` takes."""
    return (*DATASETS, *(name for name in POOLS if not name.endswith("-train")), PACKED, CUB, DOGS)


def has_test_part(dataset: str) -> bool:
    """Whether a set says itself what it is tested on; of a packed one only its file tells."""
    return dataset in (CUB, DOGS) or f"{dataset}-train" in POOLS


def takes_path(dataset: str) -> bool:
    """Whether a set lies in a folder or file that has to be named."""
    return dataset in (PACKED, CUB, DOGS) or needs_path(dataset)


def open_split(dataset: str, path: Path | None, cache: Path, test_per_class: int) -> Split:
    """Open a set in two parts; ``test_per_class`` images of each class are tested on where it has no such part.

    Raises :class:`DataError` where the set is not ready or has too few images.
    """
    if dataset == PACKED and path is not None:
        images, rest = open_packed(path)
        if isinstance(rest, ImageSet):
            return Split(_whole(images), _whole(rest))
        return _split_by_mask(images, rest) if rest is not None else _draw_test_part(images, test_per_class)
    if dataset == CUB and path is not None:
        return _cub(path)
    if dataset == DOGS and path is not None:
        return _dogs(path)
    if f"{dataset}-train" in POOLS:
        parts = (open_pool(Source(name), cache) for name in (f"{dataset}-train", dataset))
        return Split(*map(_whole, parts))
    return _draw_test_part(open_pool(Source(dataset, path), cache), test_per_class)


def _whole(images: ImageSet) -> Part:
    return Part(images, np.arange(len(images)))


def _split_by_mask(images: ImageSet, test: NDArray[np.bool_]) -> Split:
    return Split(Part(images, np.flatnonzero(~test)), Part(images, np.flatnonzero(test)))


def _draw_test_part(images: ImageSet, test_per_class: int) -> Split:
    labels = np.asarray(images.labels, np.int64)
    chance = np.random.default_rng(_CHANCE)
    test = np.zeros(len(labels), bool)
    for label, name in enumerate(images.classes):
        mine = np.flatnonzero(labels == label)
        if len(mine) <= test_per_class:
            raise DataError(
                f"The class {name} of {images.name} has {len(mine)} images; with {test_per_class} kept for testing "
                "none is left to label. Keep fewer."
            )
        test[chance.choice(mine, test_per_class, replace=False)] = True
    kept = np.flatnonzero(~test & (labels >= 0))
    return Split(Part(images, kept), Part(images, np.flatnonzero(test)))


def _cub(path: Path) -> Split:
    """Caltech-UCSD Birds-200-2011 as it is unpacked, with the division of ``train_test_split.txt``."""
    root = path / "CUB_200_2011" if is_folder(path / "CUB_200_2011") else path
    files = _table(root / "images.txt")
    labels = _table(root / "image_class_labels.txt")
    train = _table(root / "train_test_split.txt")
    names = [
        name.partition(".")[2].replace("_", " ") or name for name in _table(root / "classes.txt").values()
    ]
    order = sorted(files, key=int)
    images = FileSet(
        CUB, root / "images", names, [files[i] for i in order], [int(labels[i]) - 1 for i in order], ()
    )
    return _split_by_mask(images, np.array([train[i] == "0" for i in order]))


def _table(file: Path) -> dict[str, str]:
    """Lines of a number and the rest."""
    try:
        lines = read_file(file).decode().splitlines()
    except OSError as error:
        raise DataError(
            f"{file} cannot be read ({error.strerror}); choose the folder CUB_200_2011 of the unpacked birds."
        ) from error
    pairs = (line.partition(" ") for line in lines if line.strip())
    return {number: rest.strip() for number, _, rest in pairs}


def _dogs(path: Path) -> Split:
    """Stanford Dogs as it is unpacked, with the division of ``train_list.mat`` and ``test_list.mat``."""
    train, test = (_dog_list(path, path / f"{part}_list.mat") for part in ("train", "test"))
    files = [file for file, _ in (*train, *test)]
    labels = [label for _, label in (*train, *test)]
    folders = {label: Path(file).parts[0] for file, label in (*train, *test)}
    names = [folders[label].partition("-")[2].replace("_", " ") for label in sorted(folders)]
    images = FileSet(DOGS, path / "Images", names, files, labels, ())
    return _split_by_mask(images, np.arange(len(files)) >= len(train))


def _dog_list(path: Path, file: Path) -> Sequence[tuple[str, int]]:
    from scipy.io import loadmat

    try:
        found = loadmat(file)
        names = [str(np.ravel(cell)[0]) for cell in np.ravel(found["file_list"])]
        labels = [int(label) - 1 for label in np.ravel(found["labels"])]
    except (OSError, ValueError, KeyError) as error:
        raise DataError(
            f"{path} does not look like Stanford Dogs; choose the folder with Images, train_list.mat and "
            "test_list.mat in it."
        ) from error
    return list(zip(names, labels, strict=True))
