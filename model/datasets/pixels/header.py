"""What the header of an image file tells before anything is decoded: its reader, and whether it can be afforded."""

from __future__ import annotations

from typing import IO, Any

from PIL import Image, ImageFile, JpegImagePlugin

from model.datasets.pixels.deep import is_deep_colour, keep_premultiplied

MAX_BYTES = 512 << 20
"""Images that take more memory than this to be read, with all copies, are refused."""

MAX_PIXELS = 1_000_000_000
"""Images with more pixels are refused whatever they take: decoding would last for many seconds."""

MAX_ASPECT = 1000
"""Images whose longer side is more than this many times the shorter are refused: nobody could see them."""

_PLANES, _BITS, _PHOTOMETRIC = 284, 258, 262  # of TIFF
_APART, _WHITE_IS_ZERO = 2, 0
_BYTE = 8

_LARGE = MAX_BYTES // 2
_SCALES = (1, 2, 4, 8)  # by which JPEG files are decoded smaller

# Only formats that hold pixels: Pillow's EPS reader, for one, starts another program.
_FORMATS = ("JPEG", "PNG", "GIF", "BMP", "PPM", "TIFF", "WEBP", "AVIF", "JPEG2000")

_STORED = {
    "1": 1,
    "L": 1,
    "P": 1,
    "I;16": 2,
    "I;16B": 2,
    "I;16L": 2,
    "I;16N": 2,
}  # bytes a pixel; otherwise 4
# What readers hold beside the image, in bytes a pixel: whole frames, or strips that may be the whole image.
_READERS = {"WEBP": 8, "AVIF": 8, "GIF": 8, "TIFF": 4}


def open_header(file: IO[bytes]) -> ImageFile.ImageFile | None:
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
            keep_premultiplied(image)
            return image
    return None


def refuse_from_header(image: Image.Image) -> str:
    """Return why an image that is not yet loaded is refused, as a clause and what to do; empty if it is not."""
    width, height = image.size
    if needed_bytes(image) > MAX_BYTES or width * height > MAX_PIXELS:
        return (
            f"too large ({width:,} x {height:,} pixels; at most {MAX_BYTES >> 20:,} MB of memory are spent on one); "
            "scale it down"
        )
    if max(width, height) > MAX_ASPECT * min(width, height):
        return (
            f"too narrow to be seen ({width:,} x {height:,} pixels; one side may be at most {MAX_ASPECT:,} times "
            "the other); cut it into pieces"
        )
    bits = _tag(image, _BITS, ())
    if _tag(image, _PLANES) == _APART and len(bits) > 1 and max(bits) > _BYTE:
        return "one whose colours of 16 bits lie apart, which is not read rightly; save it with the colours together"
    return ""


def has_white_zero(image: Image.Image) -> bool:
    """Whether 0 stands for white, which the reader minds in images of 8 bits alone."""
    return bool(_tag(image, _PHOTOMETRIC) == _WHITE_IS_ZERO)


def _tag(image: Image.Image, number: int, usual: Any = None) -> Any:
    """What a TIFF file says under a number."""
    return getattr(image, "tag_v2", {}).get(number, usual)


def needed_bytes(image: Image.Image) -> int:
    """Return about how much memory reading an image takes at its peak, at the smallest scale that its reader has."""
    width, height = image.size
    if image.format != "JPEG":
        return width * height * _bytes_a_pixel(image)
    return _jpeg_bytes(image, _SCALES[-1])


def is_large(image: Image.Image) -> bool:
    """Whether several such images should not be read at the same time."""
    at_once = _jpeg_bytes(image, 1) if image.format == "JPEG" else needed_bytes(image)
    return at_once > _LARGE


def shrink_while_read(image: ImageFile.ImageFile, size: tuple[int, int]) -> None:
    """Have a JPEG decoded at a smaller scale, but not below ``size`` unless its memory is too large."""
    if image.format != "JPEG":
        return
    scale = next((scale for scale in _SCALES if _jpeg_bytes(image, scale) <= MAX_BYTES), _SCALES[-1])
    width, height = (max(1, min(side // scale, most)) for side, most in zip(image.size, size, strict=True))
    if (width, height) != image.size:
        image.draft(None, (width, height))


def _jpeg_bytes(image: Image.Image, scale: int) -> int:
    width, height = image.size
    # A progressive file's coefficients are all held at full size.
    held = 2 * len(image.getbands()) if image.info.get("progressive") else 0
    return width * height * held + (width // scale + 1) * (height // scale + 1) * _bytes_a_pixel(image)


def _bytes_a_pixel(image: Image.Image) -> int:
    see_through = image.has_transparency_data
    needed = _STORED.get(image.mode, 4) + _READERS.get(image.format or "", 0)
    if image.format == "JPEG2000":
        needed += 4 + 4 * len(image.getbands())
    if is_deep_colour(image):
        needed += 8
    elif image.mode.startswith("I") or image.mode == "F":
        needed += 1
    if see_through and image.mode != "RGBA":
        needed += 4
    if see_through or image.mode != "RGB":
        needed += 4
    return needed
