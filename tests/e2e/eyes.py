"""What is on the screen, read from the X server's own memory: which of a folder's digits a person would see."""

from __future__ import annotations

import mmap
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from sklearn.datasets import load_digits

_SIDE = 8  # px of a digit
_EDGE = (
    2  # px of the frame by which it is found on the screen: smooth enlarging leaves its outer half as it is
)
_FRAME = 128
_INNER = slice(_EDGE, _EDGE + _SIDE)
_LEAST_PX = 96  # side of an image on the screen
_LEAST_FRAME_PX = 12  # width of its frame there
_EVERY = 4  # px of the screen are looked at for a colour, each way
_SAME_COLOUR = 5  # steps of a channel
_LEAST_OF_COLOUR = 400  # px


def write_digits(folder: Path, count: int, seed: int = 3) -> dict[str, str]:
    """Write drawn digits as PNG files into subfolders named by class; returns the class of each by its path."""
    digits = load_digits()
    different = np.unique(digits.images.reshape(-1, _SIDE * _SIDE), axis=0, return_index=True)[1]
    classes = {}
    for index in np.random.default_rng(seed).permutation(np.sort(different))[:count]:
        name = f"{digits.target[index]}/{index:04d}.png"
        framed = np.full((_SIDE + 2 * _EDGE, _SIDE + 2 * _EDGE), _FRAME, np.uint8)
        framed[_INNER, _INNER] = digits.images[index] * (255 / 16)
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(framed).save(folder / name)
        classes[name] = str(digits.target[index])
    return classes


@dataclass(frozen=True)
class Box:
    """A square of the screen in px."""

    top: int
    left: int
    side: int


class Framebuffer:
    """The pixels of an Xvfb that was started with ``-fbdir``."""

    def __init__(self, file: Path) -> None:
        with file.open("rb") as opened:
            self._memory = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
        head = struct.unpack(">25I", self._memory[:100])  # the header of an X window dump
        start, width, height, line = head[0] + head[19] * 12, head[4], head[5], head[12]
        lines = np.frombuffer(self._memory, np.uint8, height * line, start).reshape(height, line)
        self._pixels = lines[:, : 4 * width].reshape(height, width, 4)[..., :3]

    def grey(self) -> NDArray[np.int16]:
        """(height, width) what is on the screen now; -1 where it is not grey."""
        now = self._pixels.copy()
        grey = (now == now[..., :1]).all(axis=2)
        return np.where(grey, now[..., 0], -1).astype(np.int16)

    def middle_of(self, colour: tuple[int, int, int]) -> tuple[int, int, int] | None:
        """The middle (x, y) of what has a colour, and about how many px; ``None`` where next to nothing has it."""
        some = self._pixels[::_EVERY, ::_EVERY, ::-1]
        apart = np.abs(some.astype(np.int16) - np.array(colour, np.int16))
        rows, columns = np.nonzero((apart <= _SAME_COLOUR).all(axis=2))
        if len(rows) * _EVERY**2 < _LEAST_OF_COLOUR:
            return None
        return _EVERY * int(np.median(columns)), _EVERY * int(np.median(rows)), len(rows) * _EVERY**2

    def middles(self, box: Box, cells: int) -> NDArray[np.uint8]:
        """(cells, cells) the pixels in the middle of each cell that a box is divided into."""
        at = ((np.arange(cells) + 0.5) * box.side / cells).astype(int)
        cell_middles: NDArray[np.uint8] = self._pixels[(box.top + at)[:, None], (box.left + at)[None], 0]
        return cell_middles


@dataclass(frozen=True)
class Digits:
    """The digits of a folder by what they look like."""

    names: tuple[str, ...]
    looks: NDArray[np.float32]  # (n, 64)

    @classmethod
    def of(cls, folder: Path, names: tuple[str, ...]) -> Digits:
        images = [np.asarray(Image.open(folder / name))[_INNER, _INNER].ravel() for name in names]
        return cls(names, np.stack(images).astype(np.float32))

    def seen(self, screen: Framebuffer, box: Box) -> str | None:
        """The digit in a box of the screen; ``None`` where there is none."""
        cells = screen.middles(box, _SIDE + 2 * _EDGE)
        edge = np.concatenate([cells[0], cells[-1], cells[:, 0], cells[:, -1]])
        if (edge != _FRAME).any() or (cells == _FRAME).all():
            return None  # no frame, or nothing but the frame: the box was found while the screen was painted
        distances = ((self.looks - cells[_INNER, _INNER].ravel().astype(np.float32)) ** 2).sum(axis=1)
        return self.names[int(distances.argmin())]


def find_box(screen: Framebuffer) -> Box | None:
    """Where a digit's frame is on the screen."""
    frame = screen.grey() == _FRAME
    columns = _wide_runs(np.flatnonzero(frame.sum(axis=0) >= _LEAST_PX))
    rows = np.flatnonzero(frame.sum(axis=1) >= _LEAST_PX)
    if len(rows) == 0 or len(columns) == 0:
        return None
    if abs(int(rows[-1] - rows[0]) - int(columns[-1] - columns[0])) > 1:
        return None  # half painted
    return Box(int(rows[0]), int(columns[0]), int(rows[-1] + 1 - rows[0]))


def _wide_runs(places: NDArray[np.int64]) -> NDArray[np.int64]:
    """Rising ``places`` without short runs of them: the frames of small pictures that stand beside the image."""
    runs = np.split(places, np.flatnonzero(np.diff(places) > 1) + 1)
    return np.concatenate([run for run in runs if len(run) >= _LEAST_FRAME_PX] or [places[:0]])
