"""By which display range deep images of a set are shown, and which of them go beyond it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from PIL import ImageFile

from model.datasets.image_files import open_image
from model.datasets.pixels import deep
from model.datasets.pixels.header import open_header, refuse_from_header
from model.port import Cancelled, NullPort, Port

Paths = Sequence[str | os.PathLike[str]]
_NOBODY = NullPort()


def measure_ranges(paths: Paths, port: Port = _NOBODY) -> deep.Ranges | None:
    """Return what deep images among ``paths`` are shown by; ``None`` if most of them cannot be read now.

    Raises :class:`model.port.Cancelled` when ``port`` is.
    """
    measured = list(_measure(paths, port))
    read = [own for own in measured if own is not None]
    if 2 * len(read) < len(measured):
        return None
    return deep.Ranges(
        deep.join_ranges([own.integers for own in read if own.integers is not None]),
        deep.join_ranges([own.floats for own in read if own.floats is not None]),
    )


def find_beyond(paths: Paths, ranges: deep.Ranges, port: Port = _NOBODY) -> tuple[int, ...]:
    """Return the places of those ``paths`` whose deep images ``ranges`` would cut off: they are shown by their own.

    Images that cannot be read are none of them. Raises :class:`model.port.Cancelled` when ``port`` is.
    """
    return tuple(
        place for place, own in enumerate(_measure(paths, port)) if own is not None and not ranges.hold(own)
    )


def _measure(paths: Paths, port: Port) -> Iterator[deep.Ranges | None]:
    """The own range of each image, none for one that is not deep; ``None`` for one that cannot be read."""
    for done, path in enumerate(paths):
        if port.cancelled():
            raise Cancelled
        port.progress(done, len(paths), f"Measuring the display range: {done:,} of {len(paths):,} images")
        try:
            with open_image(path) as file:
                own = _measure_one(open_header(file))
        except Exception:
            own = None  # what is wrong with it is told when it is to be shown
        yield own


def _measure_one(image: ImageFile.ImageFile | None) -> deep.Ranges:
    if image is None or not deep.is_deep(image) or refuse_from_header(image):
        return deep.Ranges()
    image.load()
    own = deep.find_range(image)
    return deep.Ranges(floats=own) if image.mode == "F" else deep.Ranges(integers=own)
