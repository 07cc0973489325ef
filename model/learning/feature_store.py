"""Features on disk: rows of numbers by key, only ever added, and never wrong after a crash."""

from __future__ import annotations

import contextlib
import os
import uuid
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from model.disk import open_file
from model.errors import UserError

KEY_BYTES = 16
_SUFFIX = ".features"
_VERSION = 1


class FeatureError(UserError):
    """Features that cannot be kept."""


class FeatureStore:
    """Rows of ``width`` float32 numbers, each under a key of :data:`KEY_BYTES` bytes, in files of ``folder``.

    Each writer adds records to a file of its own, so that none waits for another. A record that a crash cut
    short, or that changed on disk, does not match its checksum and counts as not there. To be closed.
    """

    def __init__(self, folder: Path, width: int) -> None:
        self._folder = folder / f"{width}-v{_VERSION}"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self._unwritable(error) from error
        self._record = np.dtype([("key", f"V{KEY_BYTES}"), ("sum", "<u4"), ("values", "<f4", (width,))])
        self._out: IO[bytes] | None = None
        self._shards: list[NDArray[np.void]] = []
        self._places: dict[bytes, tuple[int, int]] = {}
        for path in sorted(self._folder.glob(f"*{_SUFFIX}")):
            with contextlib.suppress(OSError):  # what is no file holds no rows
                self._open(path)

    def read(self, keys: Sequence[bytes]) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """Return the rows of ``keys``, (n, width), and which were there and whole, (n,); others are 0."""
        values = np.zeros((len(keys), *self._record["values"].shape), np.float32)
        found = np.zeros(len(keys), np.bool_)
        for row, key in enumerate(keys):
            shard, place = self._places.get(key, (-1, 0))
            if shard < 0:
                continue
            record = self._shards[shard][place]
            if record["sum"] == _checksum(key, record["values"]):
                values[row], found[row] = record["values"], True
        return values, found

    def append(self, keys: Sequence[bytes], values: NDArray[np.float32]) -> None:
        """Add rows, (n, width); they can be read when the store is opened again. Raises :class:`FeatureError`."""
        records = np.zeros(len(keys), self._record)
        records["values"] = values
        for record, key in zip(records, keys, strict=True):
            record["key"] = np.void(key)
            record["sum"] = _checksum(key, record["values"])
        try:
            if self._out is None:
                self._out = (self._folder / f"{uuid.uuid4().hex}{_SUFFIX}").open("xb")
            self._out.write(records.tobytes())
            self._out.flush()
        except OSError as error:
            raise self._unwritable(error) from error

    def close(self) -> None:
        """Close the files."""
        if self._out is not None:
            self._out.close()
            self._out = None
        self._shards.clear()
        self._places.clear()

    def __enter__(self) -> FeatureStore:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _open(self, path: Path) -> None:
        with open_file(path) as file:
            whole = os.fstat(file.fileno()).st_size // self._record.itemsize
            if whole == 0:
                return
            # Mapped: of a file of any size only the rows that are asked for come into memory.
            records = np.memmap(file, self._record, mode="r", shape=(whole,))
        shard = len(self._shards)
        self._shards.append(records)
        for place, key in enumerate(records["key"].tolist()):
            self._places[key] = shard, place

    def _unwritable(self, error: OSError) -> FeatureError:
        return FeatureError(
            f"Features could not be written to {self._folder} ({error.strerror}); make room there, or "
            "choose another folder."
        )


def _checksum(key: bytes, values: NDArray[np.float32]) -> int:
    return zlib.crc32(values.tobytes(), zlib.crc32(key))
