"""TIFF files of the kinds that microscopes, scanners and maps write and Pillow does not."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

_FORMATS = {"u": 1, "i": 2, "f": 3}


def write_tiff(
    path: Path,
    values: NDArray[np.generic],
    *,
    order: Literal["<", ">"] = "<",
    photometric: int | None = None,
    tile: int = 0,
    rows: int = 0,
    planar: bool = False,
    deflate: bool = False,
    extra: int | None = None,
    orientation: int = 1,
) -> Path:
    """Write (h, w) or (h, w, bands); ``tile`` a side in pixels, ``rows`` a strip, ``extra`` the kind of a last band."""
    cube = values.reshape(*values.shape[:2], -1)
    height, width, bands = cube.shape
    kind = cube.dtype.kind
    raw = cube.astype(cube.dtype.newbyteorder(order))
    planes = [raw[..., band : band + 1] for band in range(bands)] if planar else [raw]
    pieces = [piece for plane in planes for piece in _cut(plane, tile, rows or height)]
    if deflate:
        pieces = [zlib.compress(piece) for piece in pieces]
    tags: dict[int, tuple[str, list[int]]] = {
        256: ("I", [width]),
        257: ("I", [height]),
        258: ("H", [8 * cube.dtype.itemsize] * bands),
        259: ("H", [8 if deflate else 1]),
        262: ("H", [photometric if photometric is not None else 2 if bands > 2 else 1]),
        274: ("H", [orientation]),
        277: ("H", [bands]),
        284: ("H", [2 if planar else 1]),
        339: ("H", [_FORMATS[kind]] * bands),
    }
    if extra is not None:
        tags[338] = ("H", [extra])
    tags |= {322: ("I", [tile]), 323: ("I", [tile])} if tile else {278: ("I", [rows or height])}
    where, sizes = (324, 325) if tile else (273, 279)
    tags |= {where: ("I", [0] * len(pieces)), sizes: ("I", [len(piece) for piece in pieces])}
    path.write_bytes(_assemble(tags, where, pieces, order))
    return path


def _cut(plane: NDArray[np.generic], tile: int, rows: int) -> list[bytes]:
    height, width = plane.shape[:2]
    if not tile:
        return [plane[top : top + rows].tobytes() for top in range(0, height, rows)]
    padded = np.pad(plane, ((0, -height % tile), (0, -width % tile), (0, 0)))
    tops, lefts = range(0, height, tile), range(0, width, tile)
    return [padded[top : top + tile, left : left + tile].tobytes() for top in tops for left in lefts]


def _assemble(tags: dict[int, tuple[str, list[int]]], where: int, pieces: list[bytes], order: str) -> bytes:
    at = 8 + 2 + 12 * len(tags) + 4
    long = {}  # what does not fit into an entry
    for tag, (kind, numbers) in sorted(tags.items()):
        size = struct.calcsize(f"{order}{len(numbers)}{kind}")
        if size > 4:
            long[tag], at = at, at + size + size % 2
    offsets = []
    for piece in pieces:
        offsets.append(at)
        at += len(piece) + len(piece) % 2
    tags[where] = ("I", offsets)
    entries, rest = b"", b""
    for tag, (kind, numbers) in sorted(tags.items()):
        packed = struct.pack(f"{order}{len(numbers)}{kind}", *numbers)
        field = struct.pack(f"{order}I", long[tag]) if tag in long else packed.ljust(4, b"\0")
        rest += packed + b"\0" * (len(packed) % 2) if tag in long else b""
        entries += struct.pack(f"{order}HHI", tag, 3 if kind == "H" else 4, len(numbers)) + field
    head = (b"II" if order == "<" else b"MM") + struct.pack(f"{order}HI", 42, 8)
    body = b"".join(piece + b"\0" * (len(piece) % 2) for piece in pieces)
    return head + struct.pack(f"{order}H", len(tags)) + entries + bytes(4) + rest + body
