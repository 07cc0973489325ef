"""Batches of decoded images, read ahead in threads and kept in memory as far as there is room."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from types import TracebackType

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from model.datasets.base import ImageSet, Problem
from model.datasets.image_files import ImageError, PlaceError
from model.networks.transforms import Transform
from model.port import Cancelled, NullPort, Port

_POLL_S = 0.1
_UNREAD, _BROKEN = -1, -2
_CHUNK = 8  # images a task: fewer cost more in handing over than in decoding, for the smallest images


# Copies here are made by numpy: torch would share each among threads, and wait for them where they train.
Pixels = NDArray[np.uint8]
_Loaded = dict[int, Pixels | ImageError]


@dataclass(frozen=True)
class Batch:
    """Decoded images, and where in the set they are."""

    pixels: Tensor  # uint8 (b, 3, resize, resize)
    positions: Tensor  # int64 (b,)


class Loader:
    """Reads images of a set in any order, each as ``transform.load`` makes it; nothing here is random.

    Up to ``cache_bytes`` of decoded images stay in memory, the first that are read, and are not decoded
    again; of the others no more than about two batches are held at a time. ``workers`` threads decode
    (default: one a processor, at most 8). To be used from one thread, and closed.
    """

    def __init__(
        self,
        images: ImageSet,
        transform: Transform,
        cache_bytes: int = 1 << 30,
        workers: int | None = None,
    ) -> None:
        self.images = images
        self.transform = transform
        self._workers = workers or min(8, os.cpu_count() or 1)
        self._problems: list[Problem] = []
        self._readers: set[_Reader] = set()
        # For each image its row in memory, or why it has none.
        self._rows = np.full(len(images), _UNREAD, np.int32)
        self._used = 0
        side = transform.resize
        room = min(len(images), cache_bytes // (3 * side * side))
        # Systems give memory to a row when it is first written.
        self._memory = np.empty((room, 3, side, side), np.uint8)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The images that could not be read so far, each once, in the order in which they were met."""
        return tuple(self._problems)

    def batches(
        self, positions: Sequence[int] | NDArray[np.int64], batch_size: int, port: Port | None = None
    ) -> Iterator[Batch]:
        """Return the images at ``positions``, in that order, ``batch_size`` at a time.

        Images that cannot be read are passed over and named in :attr:`problems`; every batch but the last is
        full all the same. The threads end with the iterator, at the latest when the loader is closed. Waiting
        for images raises :class:`Cancelled` soon after ``port`` is; it is told no progress.
        """
        port = port or NullPort()
        wanted = np.asarray(positions, np.int64)
        wanted = wanted[self._rows[wanted] != _BROKEN]
        if (self._rows[wanted] >= 0).all():
            return self._iterate_cached(wanted, batch_size)
        return self._read(wanted, batch_size, port)

    def close(self) -> None:
        """Stop all threads, waiting for the images that are being decoded."""
        for reader in tuple(self._readers):
            reader.close()

    def __enter__(self) -> Loader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _iterate_cached(self, wanted: NDArray[np.int64], batch_size: int) -> Iterator[Batch]:
        rows, places = self._rows[wanted], torch.from_numpy(wanted)
        for start in range(0, len(wanted), batch_size):
            part = slice(start, start + batch_size)
            yield Batch(torch.from_numpy(self._memory.take(rows[part], axis=0)), places[part])

    def _read(self, wanted: NDArray[np.int64], batch_size: int, port: Port) -> Iterator[Batch]:
        reader = _Reader(self.images, self.transform, self._workers)
        self._readers.add(reader)
        try:
            pixels: list[Pixels] = []
            places: list[int] = []
            for place, loaded in self._ahead(reader, wanted, batch_size, port):
                pixels.append(loaded)
                places.append(place)
                if len(places) == batch_size:
                    yield _batch(pixels, places)
                    pixels, places = [], []
            if places:
                yield _batch(pixels, places)
        finally:
            reader.close()
            self._readers.discard(reader)

    def _ahead(
        self, reader: _Reader, wanted: NDArray[np.int64], batch_size: int, port: Port
    ) -> Iterator[tuple[int, Pixels]]:
        """Give every readable image in order, with decoding about two batches ahead."""
        begun: deque[tuple[list[int], Future[_Loaded]]] = deque()
        ahead = max(2, 2 * batch_size // _CHUNK, 2 * self._workers)
        for start in range(0, len(wanted), _CHUNK):
            chunk = wanted[start : start + _CHUNK].tolist()
            begun.append((chunk, reader.begin([p for p in chunk if self._rows[p] == _UNREAD])))
            if len(begun) > ahead:
                yield from self._take_chunk(*begun.popleft(), port)
        while begun:
            yield from self._take_chunk(*begun.popleft(), port)

    def _take_chunk(
        self, chunk: Sequence[int], future: Future[_Loaded], port: Port
    ) -> Iterator[tuple[int, Pixels]]:
        while not wait([future], _POLL_S).done:
            if port.cancelled():
                raise Cancelled
        loaded = future.result()
        for place in chunk:
            found = loaded.get(place)
            if isinstance(found, ImageError):
                self._leave_out(place, found)
            elif found is not None:
                self._keep(place, found)
                yield place, found
            elif self._rows[place] >= 0:
                yield place, self._memory[self._rows[place]]

    def _leave_out(self, place: int, error: ImageError) -> None:
        if isinstance(error, PlaceError):
            raise error  # no image is at fault, and nothing can be learned now
        if self._rows[place] != _BROKEN:
            self._rows[place] = _BROKEN
            self._problems.append(Problem(self.images.items[place], str(error)))

    def _keep(self, place: int, pixels: Pixels) -> None:
        if self._used < len(self._memory) and self._rows[place] == _UNREAD:
            self._memory[self._used] = pixels
            self._rows[place] = self._used
            self._used += 1


def _batch(pixels: Sequence[Pixels], places: Sequence[int]) -> Batch:
    return Batch(torch.from_numpy(np.stack(pixels)), torch.tensor(places))


class _Reader:
    """The threads of one pass over the images."""

    def __init__(self, images: ImageSet, transform: Transform, workers: int) -> None:
        self._images = images
        self._transform = transform
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="decode")
        self._closed = False

    def begin(self, places: Sequence[int]) -> Future[_Loaded]:
        """Decode images in a thread."""
        return self._threads.submit(self._load, places)

    def close(self) -> None:
        """Stop after the images that are being decoded."""
        self._closed = True
        self._threads.shutdown(cancel_futures=True)

    def _load(self, places: Sequence[int]) -> _Loaded:
        loaded: _Loaded = {}
        for place in places:
            if self._closed:
                break
            try:
                pixels = self._transform.load(self._images.image(place))
                loaded[place] = np.ascontiguousarray(pixels.numpy())
            except ImageError as error:
                loaded[place] = error
        return loaded
