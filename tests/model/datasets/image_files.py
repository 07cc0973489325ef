"""Images for tests: written to files, and read pixel by pixel."""

from __future__ import annotations

import numpy as np
from PIL import Image


def pixels(image):
    """Rows of RGB tuples."""
    return [[at(image, x, y) for x in range(image.width)] for y in range(image.height)]


def at(image, x, y) -> tuple[int, int, int]:
    pixel = image.getpixel((x, y))
    assert image.mode == "RGB"
    return pixel  # type: ignore[no-any-return]


def saved(tmp_path, image, name="a.png", **options):
    path = tmp_path / name
    image.save(path, **options)
    return path


def row(mode, values):
    image = Image.new(mode, (len(values), 1))
    for x, value in enumerate(values):
        image.putpixel((x, 0), value)
    return image


def corner_marked(width, height):
    """White but for a red quarter at the top left."""
    image = Image.new("RGB", (width, height), "white")
    image.paste("red", (0, 0, width // 2, height // 2))
    return image


def noisy(size):
    return Image.frombytes("RGB", size, np.random.default_rng(1).bytes(size[0] * size[1] * 3))
