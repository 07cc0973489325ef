"""Colours, backgrounds, distractors and noise for drawn images."""

from __future__ import annotations

from collections.abc import Callable
from colorsys import hsv_to_rgb
from functools import cache
from math import cos, pi, sin
from random import Random

from PIL import Image, ImageChops, ImageDraw

Chance = Callable[[], float]
Colour = tuple[int, int, int]

_TILE = 512  # pixels a side of the noise, from which each image takes a piece


class Palette:
    """Colours of one image: a ground and a shape that stand apart in lightness, and a matching edge."""

    def __init__(self, chance: Chance) -> None:
        self.light_ground = chance() < 0.5
        self._hue = chance()
        shape_hue = self._hue + 0.3 + 0.4 * chance()
        if self.light_ground:
            self.ink = _darker(_colour(shape_hue, 0.45 + 0.35 * chance(), 0.42 + 0.25 * chance()), 100)
            self.edge = _colour(shape_hue, 0.7, 0.3)
        else:
            self.ink = _lighter(_colour(shape_hue, 0.4 + 0.35 * chance(), 0.75 + 0.2 * chance()), 140)
            self.edge = _colour(shape_hue, 0.2, 0.95)

    def ground(self, chance: Chance) -> Colour:
        """Return a colour near the background's."""
        hue = self._hue + 0.16 * (chance() - 0.5)
        value = 0.74 + 0.2 * chance() if self.light_ground else 0.2 + 0.2 * chance()
        return _colour(hue, 0.1 + 0.3 * chance(), value)

    def like_ink(self, chance: Chance) -> Colour:
        """Return a colour near the shape's, for fragments that draw the eye as the shape does."""
        red, green, blue = (min(255, max(0, round(v + 60 * (chance() - 0.5)))) for v in self.ink)
        return red, green, blue

    def distractor(self, chance: Chance) -> Colour:
        """Return a colour of any hue that stands out from the background, though less than the shape."""
        value = 0.45 + 0.3 * chance() if self.light_ground else 0.5 + 0.3 * chance()
        return _colour(chance(), 0.25 + 0.4 * chance(), value)


def background(size: int, palette: Palette, chance: Chance) -> Image.Image:
    """Return a ground of ``size`` pixels a side with blobs, lines and fragments upon it."""
    corners = Image.new("RGB", (2, 2))
    for x in range(2):
        for y in range(2):
            corners.putpixel((x, y), palette.ground(chance))
    image = corners.resize((size, size), Image.Resampling.BILINEAR, box=(0.5, 0.5, 1.5, 1.5))
    draw = ImageDraw.Draw(image)
    for _ in range(5 + int(5 * chance())):
        _blob(draw, size, palette.ground(chance), chance)
    for _ in range(3 + int(4 * chance())):
        _line(draw, size, palette.distractor(chance), chance)
    for _ in range(9 + int(8 * chance())):
        _fragment(draw, size, palette.distractor(chance), 0.012 + 0.03 * chance(), chance)
    for _ in range(4 + int(4 * chance())):
        _fragment(draw, size, palette.like_ink(chance), 0.035 + 0.035 * chance(), chance)
    return image


def foreground(image: Image.Image, palette: Palette, chance: Chance) -> None:
    """Draw a few thin lines over everything."""
    draw = ImageDraw.Draw(image)
    for _ in range(2 + int(3 * chance())):
        _line(draw, image.width, palette.distractor(chance), chance)


def add_noise(image: Image.Image, chance: Chance) -> Image.Image:
    """Return ``image``, smaller than 512 pixels a side, with fine and coarse grain."""
    width, height = image.size
    x, y = int(chance() * (_TILE - width)), int(chance() * (_TILE - height))
    grain = _noise().crop((x, y, x + width, y + height))
    coarse = (
        _noise().crop((y, x, y + width // 4, x + height // 4)).resize(image.size, Image.Resampling.BICUBIC)
    )
    both = ImageChops.add(grain, coarse, 2)
    return ImageChops.add(image, Image.merge("RGB", (both, both, both)), 1, -128)


@cache
def _noise() -> Image.Image:
    chance = Random("grain").random
    values = bytes(round(128 + 44 * (chance() + chance() + chance() - 1.5)) for _ in range(_TILE * _TILE))
    return Image.frombytes("L", (_TILE, _TILE), values)


def _blob(draw: ImageDraw.ImageDraw, size: int, colour: Colour, chance: Chance) -> None:
    """Draw a long, dented patch, which nobody takes for one of the classes."""
    x, y, r, two, five = chance(), chance(), 0.06 + 0.13 * chance(), 2 * pi * chance(), 2 * pi * chance()
    points = []
    for a in (2 * pi * i / 72 for i in range(72)):
        reach = r * (1 + 0.38 * sin(2 * a + two) + 0.1 * sin(5 * a + five))
        points.append((size * (x + reach * cos(a)), size * (y + reach * sin(a))))
    draw.polygon(points, fill=colour)


def _line(draw: ImageDraw.ImageDraw, size: int, colour: Colour, chance: Chance) -> None:
    x, y, angle, length = chance(), chance(), 2 * pi * chance(), 0.3 + 0.9 * chance()
    dx, dy = length * cos(angle) / 2, length * sin(angle) / 2
    ends = [size * v for v in (x - dx, y - dy, x + dx, y + dy)]
    draw.line(ends, fill=colour, width=round(size * (0.005 + 0.007 * chance())))


def _fragment(draw: ImageDraw.ImageDraw, size: int, colour: Colour, radius: float, chance: Chance) -> None:
    """Draw a dot, a splinter or a short bow: too small and too broken to look like a class."""
    x, y, r, angle, kind = size * chance(), size * chance(), size * radius, 2 * pi * chance(), chance()
    box = (x - r, y - r, x + r, y + r)
    if kind < 0.3:
        small = r * 0.35
        draw.ellipse((x - small, y - small, x + small, y + small), fill=colour)
    elif kind < 0.65:
        draw.polygon(
            [
                (x + r * k * cos(angle + a), y + r * k * sin(angle + a))
                for k, a in ((1.3, 0.0), (0.4, 1.6), (1.1, 3.3), (0.3, 4.4))
            ],
            fill=colour,
        )
    else:
        start = 360 * angle / (2 * pi)
        draw.arc(box, start, start + 60 + 100 * chance(), fill=colour, width=round(size * 0.006 + r * 0.2))


def _colour(hue: float, saturation: float, value: float) -> Colour:
    red, green, blue = hsv_to_rgb(hue % 1.0, saturation, value)
    return round(255 * red), round(255 * green), round(255 * blue)


def _luma(colour: Colour) -> float:
    """Return how light a colour looks, 0..255 (ITU-R BT.601)."""
    return 0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2]


def _darker(colour: Colour, most: float) -> Colour:
    share = min(1.0, most / max(1.0, _luma(colour)))
    red, green, blue = (round(v * share) for v in colour)
    return red, green, blue


def _lighter(colour: Colour, least: float) -> Colour:
    share = min(1.0, (255 - least) / max(1.0, 255 - _luma(colour)))
    red, green, blue = (round(255 - (255 - v) * share) for v in colour)
    return red, green, blue
