"""What is laid under a transparent image, so that what is on it can be seen."""

from __future__ import annotations

from PIL import Image

GROUNDS = {"white": (200, 256), "grey": (88, 168), "black": (0, 56)}
"""Each ground, and the greys (from, to below) that cannot be told from it well."""

_COLOURS = {"white": (255, 255, 255), "grey": (128, 128, 128), "black": (0, 0, 0)}
_LEAST_ALPHA = 16  # what is less opaque cannot be seen on any ground
_FEW = 0.1  # of what is on the image may be lost on white, on which images are usually laid


def lay_on_ground(image: Image.Image) -> Image.Image:
    """Return an RGBA image as RGB, on white, or on grey or black if more of it can be seen there."""
    seen = Image.new("RGB", image.size, _COLOURS[choose_ground(image)])
    seen.paste(image, mask=image)
    return seen


def choose_ground(image: Image.Image) -> str:
    """Return the name of the ground on which most of an RGBA image stands out."""
    opaque = image.getchannel("A").point([255 if alpha >= _LEAST_ALPHA else 0 for alpha in range(256)])
    greys = image.convert("L").histogram(opaque)
    total = sum(greys)
    lost = {name: sum(greys[low:high]) for name, (low, high) in GROUNDS.items()}
    if lost["white"] <= _FEW * total:
        return "white"
    return min(GROUNDS, key=lambda name: lost[name])
