"""A set of small images whose class is their colour, some of them broken if asked for."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from PIL import Image

from model.datasets.base import ImageSet
from model.datasets.image_files import ImageError
from model.networks.transforms import Transform

SIDE = 8
TRANSFORM = Transform(SIDE, SIDE, 1, True, (0.5, 0.5, 0.5), (0.25, 0.25, 0.25))


class Coloured(ImageSet):
    """``n`` images of three classes in turn; counts how often each was read."""

    def __init__(self, n: int, broken: Collection[int] = (), missing: Collection[int] = ()) -> None:
        labels = [i % 3 for i in range(n)]
        super().__init__("coloured", ("red", "green", "blue"), [f"{i}.png" for i in range(n)], labels)
        chance = np.random.default_rng(1)
        self.pixels = chance.integers(0, 140, (n, SIDE, SIDE, 3), dtype=np.uint8)
        for i, label in enumerate(labels):
            self.pixels[i, ..., label] += 90
        self.broken, self.missing = frozenset(broken), frozenset(missing)
        self.reads = [0] * n

    def image(self, index: int, fit: tuple[int, int] | None = None) -> Image.Image:
        self.reads[index] += 1
        if index in self.broken or index in self.missing:
            raise ImageError(f"The image {self.items[index]} is damaged; take it out.")
        return Image.fromarray(self.pixels[index])

    def content_hash(self, index: int) -> str:
        if index in self.missing:
            raise ImageError(f"The image {self.items[index]} is not there; put it back.")
        return f"{hash(self.pixels[index].tobytes()) & (2**64 - 1):032x}"
