"""Reading an image file, of whatever mode and format, as a person should see it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from PIL import ExifTags, Image, ImageFile, JpegImagePlugin

from model.errors import UserError

MAX_PIXELS = 175_000_000
"""Images with more pixels than this are refused from their header, before anything is decoded.

Just below the number from which some of Pillow's readers refuse by themselves.
"""

MAX_ASPECT = 1000
"""Images whose longer side is more than this many times the shorter are refused: nobody could see them."""

_STRIP = 1 << 20  # pixels that are scaled to 8 bits at once

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

# Only formats that hold pixels: Pillow's EPS reader, for one, starts another program.
_FORMATS = ("JPEG", "PNG", "GIF", "BMP", "PPM", "TIFF", "WEBP", "AVIF", "JPEG2000")

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


class ImageError(UserError):
    """An image that cannot be shown; the text names its file."""


def load_rgb(
    path_or_file: str | os.PathLike[str] | IO[bytes], fit: tuple[int, int] | None = None
) -> Image.Image:
    """Read an image as a person should see it: always of mode RGB.

    EXIF orientation is applied, an animation gives its first frame, transparency is laid over white, and
    deeper pixels are scaled to 8 bits (see :func:`_to_8_bits`). ``fit``, a width and height in pixels, scales
    the image down to fit within, keeping its shape; it is never scaled up. Safe to call from several threads.

    Raises :class:`ImageError` for a file that is missing, unreadable, truncated, no image, or larger than
    :data:`MAX_PIXELS`.
    """
    if not isinstance(path_or_file, (str, os.PathLike)):
        return _read(path_or_file, Path(str(getattr(path_or_file, "name", "image"))).name, fit)
    with open_image(path_or_file) as file:
        return _read(file, Path(path_or_file).name, fit)


def can_read(path: Path) -> bool:
    """Return whether a file begins like an image that :func:`load_rgb` reads; nothing is decoded.

    Raises ``OSError`` if it cannot be opened.
    """
    with path.open("rb") as file:
        try:
            image = _open(file)
        except OSError as error:
            if error.errno is not None:
                raise
            return False
        except Exception:
            return False
        return image is not None and image.size[0] * image.size[1] <= MAX_PIXELS


@contextmanager
def open_image(path: str | os.PathLike[str]) -> Iterator[IO[bytes]]:
    """Open an image's file, of whatever content; raises :class:`ImageError` if that cannot be done."""
    path = Path(path)
    try:
        with path.open("rb") as file:
            yield file
    except FileNotFoundError:
        raise ImageError(
            f"The image {path.name} is not there any more; put it back, or take it out."
        ) from None
    except OSError as error:
        reason = error.strerror or "unknown error"
        raise ImageError(f"The image {path.name} cannot be opened ({reason}); check the file.") from error


def scale_to_fit(image: Image.Image, fit: tuple[int, int] | None) -> Image.Image:
    """Return ``image`` scaled down to fit within ``fit`` (width, height), or as it is if it fits already."""
    size = _fit_size(image.size, fit)
    return image if size == image.size else image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


def _read(file: IO[bytes], name: str, fit: tuple[int, int] | None) -> Image.Image:
    try:
        image = _open(file)
        if image is None:
            raise ImageError(
                f"The file {name} is not an image that can be shown; convert it, or take it out."
            )
        width, height = image.size
        if width * height > MAX_PIXELS:
            raise ImageError(
                f"The image {name} is too large ({width:,} x {height:,} pixels; at most "
                f"{MAX_PIXELS // 1_000_000} million pixels are read); scale it down, or take it out."
            )
        if max(width, height) > MAX_ASPECT * min(width, height):
            raise ImageError(
                f"The image {name} is too narrow to be seen ({width:,} x {height:,} pixels; one side may be at "
                f"most {MAX_ASPECT:,} times the other); cut it into pieces, or take it out."
            )
        if fit is not None:
            turned = _orientation(image) in _SIDEWAYS
            image.draft(None, _fit_size(image.size, (fit[1], fit[0]) if turned else fit))
        image.load()
        # TIFF and AVIF files are turned upright while they load, so the orientation is asked for again.
        orientation = _orientation(image)
        turn = _UPRIGHT.get(orientation)
        if fit is not None and orientation in _SIDEWAYS:
            fit = (fit[1], fit[0])
        seen = scale_to_fit(_to_rgb(image), fit)
        if turn is not None:
            return seen.transpose(turn)
        # An image straight from the reader drags the file's metadata along.
        return seen.copy() if seen is image else seen
    except ImageError:
        raise
    except Exception as error:
        # Readers raise nearly every built-in exception for a damaged file; all mean the same to a person.
        raise ImageError(
            f"The image {name} is damaged or cut short and cannot be read; replace it, or take it out."
        ) from error


def _open(file: IO[bytes]) -> ImageFile.ImageFile | None:
    """Parse the header; the same search as ``Image.open``, whose limit on pixels is a global and may warn."""
    start = file.tell()
    prefix = file.read(16)
    for load_readers in (Image.preinit, Image.init):
        load_readers()
        for name in _FORMATS:
            factory, accept = Image.OPEN.get(name, (None, None))
            if factory is None or accept is None or accept(prefix) is not True:
                continue
            file.seek(start)
            # A JPEG file of several images is read as its first, without Pillow's look at the others.
            read = JpegImagePlugin.JpegImageFile if name == "JPEG" else factory
            image: ImageFile.ImageFile = read(file, "")
            return image
    return None


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


def _to_rgb(image: Image.Image) -> Image.Image:
    if image.mode == "RGB" and "transparency" not in image.info:
        return image
    if image.mode.startswith("I") or image.mode == "F":
        image = _to_8_bits(image)
    elif image.has_transparency_data:
        seen = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", seen.size, "white"), seen).convert("RGB")
    return image.convert("RGB")


def _to_8_bits(image: Image.Image) -> Image.Image:
    """Scale a deep grey image to mode L.

    Two bytes a pixel are taken as the full range 0..65535. Wider integers and floats do not say their range:
    it is taken as 0..1 (floats), 0..255 or 0..65535, the first that holds all values, and otherwise as what
    the image spans. NaN turns black.
    """
    import numpy as np

    pixels = np.asarray(image)
    rows = max(1, _STRIP // max(1, image.width))
    strips = [slice(top, top + rows) for top in range(0, image.height, rows)]
    low, high = 0.0, 65535.0
    # Netpbm files of two bytes a pixel are handed over as wide integers, scaled to the full range.
    if image.mode in ("I", "F") and image.format != "PPM":
        finite = (part[np.isfinite(part)] for part in (pixels[strip] for strip in strips))
        spans = [(float(part.min()), float(part.max())) for part in finite if part.size]
        if spans:
            least, most = min(s[0] for s in spans), max(s[1] for s in spans)
            ranges = (1.0, 255.0, 65535.0) if image.mode == "F" else (255.0, 65535.0)
            fitting = [top for top in ranges if most <= top]
            low, high = (0.0, fitting[0]) if least >= 0 and fitting else (least, most)
    span = (high - low) or 1.0
    seen = np.empty(pixels.shape, dtype=np.uint8)
    for strip in strips:
        part = pixels[strip].astype(np.float32)
        grey = np.rint((np.where(np.isfinite(part), part, low) - low) / span * 255.0)
        seen[strip] = np.clip(grey, 0, 255)
    return Image.fromarray(seen)
