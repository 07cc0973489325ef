"""Deep pixels (more than 8 bits, or floats) scaled to 8 bits, by one range for a whole set where it has one."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from PIL import Image, ImageFile

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_STRIP = 1 << 20  # pixels that are scaled at once
_OTHER_KIND = 8  # what spans more than this many times the usual is another kind of image
_NO_VALUE = 1e30  # floats beyond stand for "not measured"
_FULL = 65535
_BITS = 8  # integers are never spread further: 8 bits show each of their values, and "brighter" does the rest

_GREY = "LA;16B"  # grey with opacity, which the reader gives three equal colours
_GREY_BYTES = "RGBA"  # its four bytes as they come: the second is the lower half of the grey
_HALVES = {"16B": "16L", "16L": "16B", "16N": "16B" if sys.byteorder == "little" else "16L"}
_EXTRA_BANDS, _PREMULTIPLIED = 338, 1  # of TIFF
_FAINT = 128  # below, dividing by the opacity says little of the colour
_COLOUR = ("RGB", "RGBA", "RGBX")


@dataclass(frozen=True)
class Range:
    """The values that are shown black and white."""

    low: float
    high: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.low) and math.isfinite(self.high) and self.low <= self.high):
            raise ValueError("a display range goes from a number to one that is not smaller")

    def holds(self, other: Range) -> bool:
        """Whether nothing of ``other`` would be cut off."""
        return self.low <= other.low and other.high <= self.high

    def __str__(self) -> str:
        return f"{self.low:.10g}..{self.high:.10g}"


@dataclass(frozen=True)
class Ranges:
    """What a whole set is shown by: its integers and its floats; ``None`` where it holds none."""

    integers: Range | None = None
    floats: Range | None = None

    def of(self, image: Image.Image) -> Range | None:
        """The one for a deep image."""
        return self.floats if image.mode == "F" else self.integers

    def hold(self, other: Ranges) -> bool:
        """Whether nothing of ``other`` would be cut off; what has no range here would."""
        pairs = ((self.integers, other.integers), (self.floats, other.floats))
        return all(own is None or (mine is not None and mine.holds(own)) for mine, own in pairs)

    def __str__(self) -> str:
        kinds = {"whole numbers": self.integers, "fractions": self.floats}
        return ", ".join(f"{kind} {shown}" for kind, shown in kinds.items() if shown is not None)


GetRanges = Callable[[], Ranges]


def is_deep(image: Image.Image) -> bool:
    """Whether an image, which need not be loaded, has more than 8 bits a band that are asked for."""
    return is_deep_grey(image) or is_deep_colour(image)


def is_deep_grey(image: Image.Image) -> bool:
    """Whether an image, loaded or not, has one band of more than 8 bits."""
    return image.mode.startswith("I") or image.mode == "F"


def is_deep_colour(image: Image.Image) -> bool:
    """Whether a file has 16 bits for each colour, of which the reader keeps the upper 8."""
    return _low_tiles(image) is not None


def join_ranges(found: Sequence[Range]) -> Range | None:
    """Return the range that holds all of ``found`` but for those of another kind, which are shown by their own."""
    if not found:
        return None
    highs, lows = sorted(r.high for r in found), sorted(-r.low for r in found)
    return Range(0.0 - _largest_usual(lows), _largest_usual(highs))


def _largest_usual(ascending: list[float]) -> float:
    usual = ascending[(len(ascending) - 1) // 2]
    return max(value for value in ascending if value <= _OTHER_KIND * (usual + 1) - 1)


def find_range(image: Image.Image) -> Range:
    """Return the range that a loaded deep image would be shown by alone.

    From 0, or the nearest -2^n below, to the smallest 2^n - 1 above: for integers at least 255, for floats up to 1
    the smallest power of two. NaN and infinity do not count.
    """
    if image.mode in _COLOUR:
        upper = max(high for _, high in find_spans(_without_faint(image))[:3])
        return Range(0.0, float((1 << (_BITS + int(upper).bit_length())) - 1))
    spans = [span for strip in _strips(image) for span in _span(strip)]
    if not spans:
        return Range(0.0, 1.0 if image.mode == "F" else 255.0)
    least, most = min(s[0] for s in spans), max(s[1] for s in spans)
    return _float_range(least, most) if image.mode == "F" else _integer_range(least, most)


def find_spans(image: Image.Image) -> list[tuple[float, float]]:
    """Return the least and the largest value of each band of a loaded image."""
    return [cast("tuple[float, float]", band.getextrema()) for band in image.split()]


def to_8_bits(image: Image.Image, shown: Range) -> Image.Image:
    """Scale a loaded deep grey image to mode L; NaN turns black."""
    import numpy as np

    seen = np.empty((image.height, image.width), np.uint8)
    top = 0
    for strip in _strips(image):
        seen[top : top + len(strip)] = _scale(strip, shown)
        top += len(strip)
    return Image.fromarray(seen)


def choose_range(image: Image.Image, ranges: GetRanges | None) -> tuple[Range, bool]:
    """Return what a loaded deep image is shown by, and whether that is its own range though it has a set.

    It is the set's range, or the image's own where that would cut something off.
    """
    own = find_range(image)
    common = ranges().of(image) if ranges is not None else None
    return (common, False) if common is not None and common.holds(own) else (own, ranges is not None)


def spread_colour(
    image: ImageFile.ImageFile, open_again: Callable[[], ImageFile.ImageFile], shown: Range
) -> Image.Image:
    """Return a loaded image of 16 bits a band, of which the reader keeps the upper 8, scaled to 8 bits."""
    import numpy as np

    clear = (
        image.info.get("transparency") if image.mode == "RGB" else None
    )  # the one colour that is not there
    if shown.high >= _FULL and clear is None:
        return image
    lower = open_again()
    is_grey = lower.tile[0].args == _GREY
    lower.tile = _low_tiles(lower) or lower.tile
    lower.load()
    seen = Image.new(image.mode if clear is None else "RGBA", image.size)
    rows = max(1, _STRIP // image.width)
    for top in range(0, image.height, rows):
        box = (0, top, image.width, min(image.height, top + rows))
        high, low = (np.asarray(part.crop(box)) for part in (image, lower))
        values = high[..., :3].astype(np.uint16) * 256 + (low[..., 1:2] if is_grey else low[..., :3])
        # Transparency has no range but the full one.
        alpha = high[..., 3:] if clear is None else _alpha_of(values, clear)
        seen.paste(Image.fromarray(np.concatenate([_scale(values, shown), alpha], axis=-1)), box)
    return seen


def keep_premultiplied(image: Image.Image) -> None:
    """Have deep colours that a file holds multiplied by their opacity read so: the reader divides the upper 8 bits."""
    tiles = getattr(image, "tile", None)
    if tiles and image.mode == "RGBA":
        image.tile = [_straight(tile) for tile in tiles]  # type: ignore[attr-defined]


def is_premultiplied(image: Image.Image) -> bool:
    """Whether the colours of an image are multiplied by their opacity in its file."""
    return _PREMULTIPLIED in getattr(image, "tag_v2", {}).get(_EXTRA_BANDS, ())


def _without_faint(image: Image.Image) -> Image.Image:
    """An image with its colours as they are seen; black where they are too faint to be told."""
    if not is_premultiplied(image):
        return image
    seen = divide_by_opacity(image)
    seen.paste((0, 0, 0, 0), mask=image.getchannel("A").point([255 if a < _FAINT else 0 for a in range(256)]))
    return seen


def _straight(tile: Any) -> Any:
    """How to read the same bytes as if the colours were not multiplied."""
    args = tile.args if isinstance(tile.args, tuple) else (tile.args,)
    mode, _, order = str(args[0] if args else "").partition(";")
    if mode != "RGBa" or order not in _HALVES:
        return tile
    args = (f"RGBA;{order}", *args[1:])
    return tile._replace(args=args if isinstance(tile.args, tuple) else args[0])


def divide_by_opacity(image: Image.Image) -> Image.Image:
    """Return an RGBA image whose colours are multiplied by their opacity with the colours as they are seen."""
    return Image.frombytes("RGBa", image.size, image.tobytes()).convert("RGBA")


def _alpha_of(values: NDArray[np.uint16], clear: Sequence[int]) -> NDArray[np.uint8]:
    import numpy as np

    there: NDArray[np.bool_] = (values != np.asarray(clear)).any(axis=-1, keepdims=True)
    return there.astype(np.uint8) * np.uint8(255)


def _low_tiles(image: Image.Image) -> list[Any] | None:
    """How to read the lower 8 of 16 bits a colour: as if its bytes came in the other order."""
    tiles = getattr(image, "tile", None)
    if not tiles or image.mode not in _COLOUR:
        return None
    turned = []
    for tile in tiles:
        args = tile.args if isinstance(tile.args, tuple) else (tile.args,)
        raw = str(args[0]) if args else ""
        mode, _, order = raw.partition(";")
        if raw != _GREY and (mode not in _COLOUR or order not in _HALVES):
            return None
        args = (_GREY_BYTES if raw == _GREY else f"{mode};{_HALVES[order]}", *args[1:])
        turned.append(tile._replace(args=args if isinstance(tile.args, tuple) else args[0]))
    return turned


def _strips(image: Image.Image) -> Iterator[NDArray[Any]]:
    import numpy as np

    rows = max(1, _STRIP // image.width)
    for top in range(0, image.height, rows):
        yield np.asarray(image.crop((0, top, image.width, min(image.height, top + rows))))


def _usable(strip: NDArray[Any]) -> NDArray[np.bool_]:
    import numpy as np

    usable: NDArray[np.bool_] = np.isfinite(strip) & (np.abs(strip) < _NO_VALUE)
    return usable


def _span(strip: NDArray[Any]) -> list[tuple[float, float]]:
    values = strip[_usable(strip)] if strip.dtype.kind == "f" else strip
    return [(float(values.min()), float(values.max()))] if values.size else []


def _integer_range(least: float, most: float) -> Range:
    bits = _BITS - (least < 0)
    low = -float(max(1 << bits, 1 << (int(-least) - 1).bit_length())) if least < 0 else 0.0
    return Range(low, float(max((1 << bits) - 1, (1 << max(0, int(most)).bit_length()) - 1)))


def _float_range(least: float, most: float) -> Range:
    return Range(-_power_above(-least) if least < 0 else 0.0, _float_top(most))


def _float_top(most: float) -> float:
    if most <= 1.01:  # rounding takes shares beyond 1
        return _power_above(min(most, 1.0)) if most > 0 else 0.0
    return float((1 << math.ceil(most).bit_length()) - 1)


def _power_above(value: float) -> float:
    """The smallest power of two that is not less than ``value``, which is above 0."""
    part, exponent = math.frexp(value)
    return math.ldexp(1.0, exponent - 1 if part == 0.5 else exponent)


def _scale(strip: NDArray[Any], shown: Range) -> NDArray[np.uint8]:
    import numpy as np

    values = strip.astype(np.float32)
    if strip.dtype.kind == "f":
        values = np.where(_usable(strip), values, np.float32(shown.low))
    grey = np.rint((values - shown.low) / ((shown.high - shown.low) or 1.0) * 255.0)
    seen: NDArray[np.uint8] = np.clip(grey, 0, 255).astype(np.uint8)
    return seen
