"""Shapes that everyone can name, drawn from a seed among clutter."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from PIL import Image, ImageChops

from model.datasets.base import ImageSet
from model.datasets.canvas import Canvas
from model.datasets.clutter import Palette, add_noise, background, foreground
from model.datasets.images import scale_to_fit
from model.datasets.outlines import OUTLINES

SIZE = 320
PER_CLASS = 50
SEED = 1
_FINE = 3  # drawn this many times larger and scaled down, so that edges are smooth


class Shapes(ImageSet):
    """24 classes of 50 images, 320 x 320 pixels; an image depends only on seed, class and number."""

    def __init__(self, seed: int = SEED) -> None:
        names = sorted(OUTLINES)
        items = [f"{name}/{number:02d}" for name in names for number in range(PER_CLASS)]
        super().__init__("shapes", names, items, [i // PER_CLASS for i in range(len(items))])
        self._seed = seed

    def image(self, index: int, fit: tuple[int, int] | None = None) -> Image.Image:
        """Draw image ``index``; see :meth:`ImageSet.image`."""
        name = self.classes[self.labels[index]]
        return scale_to_fit(draw_shape(name, self._seed, index % PER_CLASS), fit)


def draw_shape(name: str, seed: int, number: int) -> Image.Image:
    """Draw one image of class ``name``, RGB, 320 x 320 pixels."""
    # A text seed is hashed the same way by every version of Python, and so is the stream of random().
    chance = Random(f"{seed}/{name}/{number}").random
    palette = Palette(chance)
    size = SIZE * _FINE
    image = background(size, palette, chance)
    _place(image, name, palette, chance)
    foreground(image, palette, chance)
    return add_noise(image.reduce(_FINE), chance)


def _place(image: Image.Image, name: str, palette: Palette, chance: Callable[[], float]) -> None:
    shape, turn = OUTLINES[name]
    size = image.width
    radius = size * (0.16 + 0.10 * chance())
    room = size / 2 - radius * 1.12
    centre = tuple(size / 2 + room * (2 * chance() - 1) for _ in range(2))
    canvas = Canvas(size, (centre[0], centre[1]), radius, turn * (2 * chance() - 1))
    shape(canvas)
    image.paste(palette.edge, mask=ImageChops.lighter(canvas.edge, canvas.fill))
    image.paste(palette.ink, mask=canvas.fill)
