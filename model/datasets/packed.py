"""Image sets packed into one .npz file: JPEG files one after the other, or grey drawings as an array."""

from __future__ import annotations

import hashlib
import io
import zipfile
from array import array
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from model.datasets.base import HASH_BYTES, DataError, ImageSet
from model.datasets.images import load_rgb, scale_to_fit
from model.disk import open_file

if TYPE_CHECKING:
    from numpy.typing import NDArray

_JPEG, _GREY = ("data", "offsets", "labels"), ("x", "labels")


class PackedJpegs(ImageSet):
    """Bytes ``data`` (b,), where image i lies from ``offsets[i]`` to ``offsets[i + 1]``, ``labels`` (n,)."""

    def __init__(
        self,
        name: str,
        classes: Iterable[str],
        data: NDArray[np.uint8],
        offsets: NDArray[np.int64],
        labels: NDArray[np.integer],
    ) -> None:
        self._data, self._offsets = data, offsets
        super().__init__(name, classes, [f"{i:05d}" for i in range(len(labels))], array("i", labels.tolist()))

    def image(self, index: int, fit: tuple[int, int] | None = None) -> Image.Image:
        """Return image ``index``; see :meth:`ImageSet.image`."""
        return load_rgb(io.BytesIO(self._bytes(index)), fit)

    def content_hash(self, index: int) -> str:
        """Return a hash of the JPEG file's bytes; see :meth:`ImageSet.content_hash`."""
        return hashlib.blake2b(self._bytes(index), digest_size=HASH_BYTES).hexdigest()

    def _bytes(self, index: int) -> bytes:
        return self._data[self._offsets[index] : self._offsets[index + 1]].tobytes()


class GreyArray(ImageSet):
    """Grey images ``pixels``, uint8 (n, h, w), with ``labels`` (n,)."""

    def __init__(
        self, name: str, classes: Iterable[str], pixels: NDArray[np.uint8], labels: NDArray[np.integer]
    ) -> None:
        self._pixels = pixels
        super().__init__(name, classes, [f"{i:05d}" for i in range(len(labels))], array("i", labels.tolist()))

    def image(self, index: int, fit: tuple[int, int] | None = None) -> Image.Image:
        """Return image ``index``; see :meth:`ImageSet.image`."""
        return scale_to_fit(Image.fromarray(self._pixels[index]).convert("RGB"), fit)


def open_packed(file: Path) -> tuple[ImageSet, ImageSet | NDArray[np.bool_] | None]:
    """Open a packed set, and what it is tested on: another set, a mask (n,) of the first's images, or ``None``.

    With ``class_names`` and either ``x`` (n, h, w) and ``labels``, or ``data``, ``offsets`` and ``labels``, where
    ``is_train`` may tell a training part from the rest; the names may also begin with ``train_`` and ``test_``.
    Raises :class:`DataError`.
    """
    arrays = _read(file)
    classes = [str(name) for name in arrays.get("class_names", ())]
    found = {prefix: _jpegs(file.stem, classes, arrays, prefix) for prefix in ("", "train_", "test_")}
    train, test = found["train_"], found["test_"]
    if classes and train is not None and test is not None:
        return train, test
    images = found[""]
    if classes and images is not None:
        return images, ~arrays["is_train"].astype(bool) if "is_train" in arrays else None
    if classes and all(name in arrays for name in _GREY):
        return GreyArray(file.stem, classes, arrays["x"], arrays["labels"]), None
    raise DataError(
        f"The file {file} holds no packed images; it needs class_names and either data, offsets and labels, or x "
        "and labels."
    )


def _read(file: Path) -> dict[str, NDArray[Any]]:
    try:
        with open_file(file) as stream:
            found = np.load(stream, allow_pickle=False)
            return (
                {name: found[name] for name in found.files} if isinstance(found, np.lib.npyio.NpzFile) else {}
            )
    except FileNotFoundError:
        raise DataError(f"There is no file {file}; name the folder that holds it.") from None
    except (OSError, EOFError, ValueError, zipfile.BadZipFile) as error:
        raise DataError(
            f"The file {file} is damaged, or not an .npz file of arrays; get it again."
        ) from error


def _jpegs(name: str, classes: list[str], arrays: dict[str, NDArray[Any]], prefix: str) -> PackedJpegs | None:
    wanted = [prefix + part for part in _JPEG]
    if not all(part in arrays for part in wanted):
        return None
    data, offsets, labels = (arrays[part] for part in wanted)
    return PackedJpegs(name, classes, data.astype(np.uint8, copy=False), offsets.astype(np.int64), labels)
