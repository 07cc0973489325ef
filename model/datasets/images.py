"""Reading an image file, of whatever mode and format, as a person should see it."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from PIL import ExifTags, Image, ImageFile, ImageOps

from model.datasets.image_files import ImageError, open_image, unopened
from model.datasets.pixels import colours, deep, ground, jpeg_ends, pages
from model.datasets.pixels.header import (
    has_white_zero,
    is_large,
    open_header,
    refuse_from_header,
    shrink_while_read,
)
from model.disk import open_file

IMAGE_SUFFIXES = frozenset(
    (
        ".jpg",
        ".jpeg",
        ".jpe",
        ".jfif",
        ".mpo",
        ".png",
        ".apng",
        ".gif",
        ".bmp",
        ".tif",
        ".tiff",
        ".webp",
        ".ppm",
        ".pgm",
        ".pbm",
        ".pnm",
        ".jp2",
        ".avif",
    )
)
"""File name endings, in lower case, of the formats that :func:`load_rgb` reads."""

_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SIDEWAYS = frozenset({5, 6, 7, 8})


def load_rgb(
    path_or_file: str | os.PathLike[str] | IO[bytes],
    fit: tuple[int, int] | None = None,
    ranges: deep.GetRanges | None = None,
) -> Image.Image:
    """Read an image as a person should see it: always of mode RGB.

    EXIF orientation is applied. Of an animation or a file of several pages the first that is not empty is taken;
    what is transparent is laid over white, or over grey or black where more can be seen so; deeper pixels are scaled
    to 8 bits by ``ranges``, those of the set, or by their own (see :mod:`model.datasets.pixels.deep`). Colours are
    those of sRGB, by the file's own profile. A JPEG file that lacks its end mark or its last rows is read.
    ``info["note"]`` of the result says what a person should know,
    ``info["stored_size"]`` is the width and height as the file has them.
    ``fit``, a width and height in pixels, scales the image down to fit within, keeping its shape; it is never scaled
    up. Without it a JPEG that is very large is halved until it fits in memory. Safe to call from several threads.

    Raises :class:`ImageError` for a file that is missing, unreadable, truncated, no image, or too large.
    """
    if not isinstance(path_or_file, (str, os.PathLike)):
        name = Path(str(getattr(path_or_file, "name", "image"))).name
        return _read(path_or_file, name, fit, ranges)
    with open_image(path_or_file) as file:
        return _read(file, Path(path_or_file).name, fit, ranges)


def can_read(path: Path) -> bool:
    """Return whether a file begins like an image that :func:`load_rgb` reads; nothing is decoded.

    Raises ``OSError`` if it cannot be opened.
    """
    with open_file(path) as file:
        try:
            image = open_header(file)
        except OSError as error:
            if error.errno is not None:
                raise
            return False
        except Exception:
            return False
        return image is not None and not refuse_from_header(image)


def describe_reading(path: str | os.PathLike[str], ranges: deep.GetRanges) -> str:
    """Return in what way, beyond the plain one, :func:`load_rgb` reads a file; nothing is decoded.

    Part of the key of whatever is computed from an image's pixels: another rule, another key. Empty for most images,
    and for those that cannot be read. Raises :class:`ImageError` if the file cannot be opened.
    """
    with open_image(path) as file:
        try:
            image = open_header(file)
            if image is None:
                return ""
            ways = [f"range {ranges().of(image)}"] if deep.is_deep(image) else []
            ways += ["ground"] if image.has_transparency_data else []
            ways += ["colours"] if colours.has_other_colours(image) else []
            ways += ["page"] if pages.count_pages(image) > 1 else []
            return ", ".join(ways)
        except Exception:
            return ""


def scale_to_fit(image: Image.Image, fit: tuple[int, int] | None) -> Image.Image:
    """Return ``image`` scaled down to fit within ``fit`` (width, height), or as it is if it fits already."""
    size = _fit_size(image.size, fit)
    return image if size == image.size else image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


CUT_NOTE = "the end of the file is missing"
OWN_RANGE_NOTE = "beyond the display range of the others, shown by its own:"
_LARGE_ONES = threading.Lock()  # several at once would need more memory than there may be


def _read(
    file: IO[bytes], name: str, fit: tuple[int, int] | None, ranges: deep.GetRanges | None
) -> Image.Image:
    start = file.tell()
    try:
        image = open_header(file)
        if image is None:
            raise ImageError(
                f"The file {name} is not an image that can be shown; convert it, or take it out."
            )
        reason = refuse_from_header(image)
        if reason:
            raise ImageError(f"The image {name} is {reason}, or take it out.")
        with _LARGE_ONES if is_large(image) else nullcontext():
            look = _Look(file, start, fit, ranges)
            try:
                return look.see(image)
            except OSError:
                cut = jpeg_ends.open_cut(file, start) if image.format == "JPEG" else None
                if cut is None:
                    raise
                seen = look.see(cut)
                seen.info["note"] = _join(seen.info.get("note", ""), CUT_NOTE)
                return seen
    except ImageError:
        raise
    except OSError as error:
        if error.errno is not None:  # the disk's, not the reader's
            raise unopened(name, error) from error
        raise _damaged(name) from error
    except Exception as error:
        if any(sign in str(error) for sign in _OF_ANOTHER_KIND):
            raise ImageError(
                f"The image {name} has numbers or bands of a kind that is not read; convert it to 8 or 16 bits a "
                "colour, or take it out."
            ) from error
        # Readers raise nearly every built-in exception for a damaged file; all mean the same to a person.
        raise _damaged(name) from error


_OF_ANOTHER_KIND = (
    "unknown pixel mode",
    "unknown raw mode",
)  # what the reader says of 64-bit floats, for one


def _damaged(name: str) -> ImageError:
    return ImageError(
        f"The image {name} is damaged or cut short and cannot be read; replace it, or take it out."
    )


@dataclass(frozen=True)
class _Look:
    """How one file is looked at."""

    file: IO[bytes]
    start: int
    fit: tuple[int, int] | None
    ranges: deep.GetRanges | None

    def see(self, image: ImageFile.ImageFile) -> Image.Image:
        """Load the image and return it as it is seen."""
        deep_colour, size = False, image.size

        def may_load() -> bool:
            nonlocal deep_colour
            deep.keep_premultiplied(image)
            deep_colour = deep.is_deep_colour(image)  # the header does not tell any more once it is loaded
            return not refuse_from_header(image)

        if (
            image.format == "JPEG"
        ):  # of others the orientation is not asked yet: for that PNG files are loaded
            shrink_while_read(image, _fit_size(image.size, self._stored_fit(image)))
        page, count = pages.load_page(image, may_load)
        # TIFF and AVIF files are turned upright while they load, so the orientation is asked for again.
        turn, fit = _UPRIGHT.get(_orientation(image)), self._stored_fit(image)
        flat, own = self._to_8_bits(image, page, deep_colour)
        seen = _to_flat(flat, fit, image.info.get("icc_profile"))
        if seen.mode != "RGB":
            seen = seen.convert("RGB")
        if turn is not None:
            seen = seen.transpose(turn)
        note = _join(f"page {page + 1:,} of {count:,}" if count > 1 else "", own)
        seen.info = {"stored_size": size, **({"note": note} if note else {})}
        return seen

    def _to_8_bits(self, image: ImageFile.ImageFile, page: int, deep_colour: bool) -> tuple[Image.Image, str]:
        """A loaded image of whatever depth with 8 bits a band, and what to know of it."""
        if not deep_colour and not deep.is_deep_grey(image):
            return image, ""
        shown, is_own = deep.choose_range(image, self.ranges)
        note = f"{OWN_RANGE_NOTE} {shown}" if is_own else ""
        if deep_colour:
            seen = deep.spread_colour(image, self._open_again(page), shown)
            return (deep.divide_by_opacity(seen) if deep.is_premultiplied(image) else seen), note
        seen = deep.to_8_bits(image, shown)
        return (ImageOps.invert(seen) if has_white_zero(image) else seen), note

    def _stored_fit(self, image: Image.Image) -> tuple[int, int] | None:
        """What the image has to fit as it lies in the file."""
        if self.fit is not None and _orientation(image) in _SIDEWAYS:
            return self.fit[1], self.fit[0]
        return self.fit

    def _open_again(self, page: int) -> Callable[[], ImageFile.ImageFile]:
        def open_page() -> ImageFile.ImageFile:
            self.file.seek(self.start)
            image = open_header(self.file)
            assert image is not None  # it was one before
            if page:
                image.seek(page)
                deep.keep_premultiplied(image)
            return image

        return open_page


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:
        # Damaged EXIF data is common and says nothing about the pixels.
        return 1


def _fit_size(size: tuple[int, int], fit: tuple[int, int] | None) -> tuple[int, int]:
    if fit is None:
        return size
    scale = min(fit[0] / size[0], fit[1] / size[1])
    if scale >= 1:
        return size
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _join(*notes: str) -> str:
    return "; ".join(note for note in notes if note)


def _to_flat(image: Image.Image, fit: tuple[int, int] | None, profile: bytes | None) -> Image.Image:
    """Return a loaded image of 8 bits a band, scaled, in mode RGB, or L if it is grey, a quarter of the size."""
    if image.has_transparency_data:
        whole = image if image.mode == "RGBA" else image.convert("RGBA")
        return scale_to_fit(ground.lay_on_ground(colours.to_srgb(whole, profile)), fit)
    if image.mode not in ("L", "RGB") and not (image.mode == "CMYK" and profile):
        image = image.convert("RGB")
    # An image straight from the reader drags the file's metadata along.
    return colours.to_srgb(scale_to_fit(image._new(image.im), fit), profile)
