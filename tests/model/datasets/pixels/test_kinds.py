"""Every kind of file that people have: upright and as it was meant, the same at every size, or named with a reason."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageCms

from model.datasets.folder import FileSet
from model.datasets.image_files import ImageError
from model.datasets.listing import list_images
from tests.model.datasets.pixels.tiff_files import write_tiff

Make = Callable[[Path], object]
_AREAS = {
    "ground": (0, 0, 60, 40),
    "upper": (6, 4, 24, 20),
    "lower": (30, 22, 54, 36),
}  # left, top, right, bottom
_COLOURS = {"ground": (40, 60, 80), "upper": (220, 30, 30), "lower": (30, 60, 220)}
_GREYS = {"ground": 40, "upper": 200, "lower": 100}
_ON_WHITE = _COLOURS | {"ground": (255, 255, 255)}


def paint(values: dict[str, Any], dtype: type = np.uint8) -> NDArray[Any]:
    bands = np.shape(values["ground"])
    picture = np.zeros((40, 60, *bands), dtype)
    for area, (left, top, right, bottom) in _AREAS.items():
        picture[top:bottom, left:right] = values[area]
    return picture


COLOUR, GREY = paint(_COLOURS), paint(_GREYS)
DEEP, DEEP_GREY = COLOUR.astype(np.uint16) * 16, GREY.astype(np.uint16) * 16  # 12 of 16 bits
INSIDE = paint({"ground": 0, "upper": 255, "lower": 255})  # opaque but for the ground
SHAPES = paint({"ground": 0, "upper": 255, "lower": 255})


def with_alpha(picture: NDArray[Any], alpha: NDArray[Any]) -> NDArray[Any]:
    return np.dstack([picture, alpha.astype(picture.dtype)])


def saving(picture: NDArray[Any] | Image.Image, **how: Any) -> Make:
    image = picture if isinstance(picture, Image.Image) else Image.fromarray(picture)
    return lambda path: image.save(path, **how)


def tiff(values: NDArray[Any], **how: Any) -> Make:
    return lambda path: write_tiff(path, values, **how)


def png_16(values: NDArray[Any], clear: tuple[int, ...] = ()) -> Make:
    """A PNG file of 16 bits a band, with one colour that stands for nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    def write(path: Path) -> None:
        height, width, bands = np.atleast_3d(values).shape
        kind = {1: 0, 2: 4, 3: 2, 4: 6}[bands]
        lines = b"".join(b"\0" + row.astype(">u2").tobytes() for row in values)
        extra = chunk(b"tRNS", struct.pack(f">{len(clear)}H", *clear)) if clear else b""
        header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 16, kind, 0, 0, 0))
        body = header + extra + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")
        path.write_bytes(b"\x89PNG\r\n\x1a\n" + body)

    return write


_EXACT: dict[str, dict[str, Any]] = {"webp": {"lossless": True}, "jpg": {"quality": 95, "subsampling": 0}}


def turned(orientation: int, ending: str) -> Make:
    """The picture as it lies in a file whose note of orientation turns it upright."""
    back = {
        2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }  # fmt: skip
    picture = Image.fromarray(COLOUR)
    if orientation in back:
        picture = picture.transpose(back[orientation])
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    return saving(picture, exif=exif, **_EXACT.get(ending, {}))


def in_lab() -> Image.Image:
    turn = ImageCms.buildTransform(
        ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB"
    )
    picture = ImageCms.applyTransform(Image.fromarray(COLOUR), turn)
    assert picture is not None
    return picture


def cmyk_jpeg(path: Path, transform: int, marker: bool = True) -> None:
    """A JPEG file as printers get it: CMYK or, with ``transform`` 2, YCCK; with Adobe's marker or without."""
    inks = Image.fromarray(255 - COLOUR)
    bands = inks if transform == 0 else inks.convert("YCbCr")
    black = Image.new("L", inks.size, 0)
    if transform:  # the writer turns all bands over
        bands = Image.merge("YCbCr", [band.point(lambda value: 255 - value) for band in bands.split()])
    Image.merge("CMYK", (*bands.split(), black)).save(path, "JPEG", quality=95, subsampling=0)
    raw = path.read_bytes()
    at = raw.index(b"\xff\xee")
    length = 2 + int.from_bytes(raw[at + 2 : at + 4], "big")
    adobe = raw[at : at + length - 1] + bytes([transform]) if marker else b""
    path.write_bytes(raw[:at] + adobe + raw[at + length :])


def animation(ending: str, empty: Image.Image) -> Make:
    frame = Image.fromarray(COLOUR).convert(empty.mode)
    return saving(empty, save_all=True, append_images=[frame], **_EXACT.get(ending, {}))


def indexed(**how: Any) -> Make:
    picture = Image.fromarray(COLOUR).quantize(3)
    ground = picture.getpixel((1, 1))
    return saving(picture, **{name: value(ground) for name, value in how.items()})


def renamed(format_: str) -> Make:
    return saving(COLOUR, format=format_)


_DEEP_LAYOUTS: dict[str, dict[str, Any]] = {
    "whole": {},
    "in tiles": {"tile": 16},
    "in strips": {"rows": 7},
    "deflated": {"deflate": True},
}
_LAYOUTS = {**_DEEP_LAYOUTS, "big-endian": {"order": ">"}, "in planes": {"planar": True}}
KINDS: dict[str, tuple[str, Make, dict[str, Any]]] = {
    "16 bits a colour": ("a.png", png_16(DEEP), _COLOURS),
    "16 bits, opacity": ("a.png", png_16(with_alpha(DEEP, INSIDE.astype(np.uint16) * 257)), _ON_WHITE),
    "16 bits, one colour is nothing": ("a.png", png_16(DEEP, (640, 960, 1280)), _ON_WHITE),
    "full 16 bits, one colour is nothing": ("a.png", png_16(DEEP * 16, (10240, 15360, 20480)), _ON_WHITE),
    "16 bits of grey": ("a.png", png_16(DEEP_GREY), _GREYS),
    "16 bits of grey, opacity": (
        "a.png",
        png_16(with_alpha(DEEP_GREY, np.full_like(GREY, 255).astype(np.uint16) * 257)),
        _GREYS,
    ),
    "1 bit": ("a.png", saving(Image.fromarray(SHAPES).convert("1")), {"ground": 0, "upper": 255, "lower": 255}),
    "1 bit, fax": (
        "a.tif",
        saving(Image.fromarray(SHAPES).convert("1"), compression="group4"),
        {"ground": 0, "upper": 255, "lower": 255},
    ),
    "grey and opacity": ("a.png", saving(with_alpha(GREY, INSIDE)), _GREYS | {"ground": 0}),
    "palette, one index is nothing": (
        "a.png", indexed(transparency=lambda ground: ground), _ON_WHITE,
    ),
    "palette, opacity by index": (
        "a.png",
        indexed(transparency=lambda ground: bytes(0 if index == ground else 255 for index in range(3))),
        _ON_WHITE,
    ),
    "palette of a GIF": ("a.gif", indexed(transparency=lambda ground: ground), _ON_WHITE),
    "premultiplied": ("a.tif", tiff(with_alpha(COLOUR // 2, np.full_like(GREY, 128)), extra=1), {
        area: tuple(value // 2 + 127 for value in colour) for area, colour in _COLOURS.items()
    }),
    **{f"12 bits, premultiplied {order}": (
        "a.tif", tiff(with_alpha(DEEP, np.full_like(DEEP_GREY, 65535)), order=order, extra=1), _COLOURS,
    ) for order in "<>"},
    "12 bits, premultiplied, half opaque": (
        "a.tif", tiff(with_alpha(DEEP // 2, np.full_like(DEEP_GREY, 32896)), extra=1),
        {area: tuple(value // 2 + 127 for value in colour) for area, colour in _COLOURS.items()},
    ),
    "Lab": ("a.tif", lambda path: in_lab().save(path), _COLOURS),
    "CMYK": ("a.jpg", partial(cmyk_jpeg, transform=0), _COLOURS),
    "YCCK": ("a.jpg", partial(cmyk_jpeg, transform=2), _COLOURS),
    "CMYK without a marker": ("a.jpg", partial(cmyk_jpeg, transform=0, marker=False), _COLOURS),
    "a colour profile": (
        "a.png", saving(COLOUR, icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()),
        _COLOURS,
    ),
    **{f"TIFF {name}": ("a.tif", tiff(COLOUR, **how), _COLOURS) for name, how in _LAYOUTS.items()},
    **{f"TIFF 16 bits {order} {name}": ("a.tif", tiff(DEEP, order=order, **how), _COLOURS)
       for order in "<>" for name, how in _DEEP_LAYOUTS.items()},
    **{f"TIFF 16 bits of grey {order}": ("a.tif", tiff(DEEP_GREY, order=order, tile=16), _GREYS) for order in "<>"},
    **{f"TIFF {compression}": ("a.tif", saving(COLOUR, compression=compression), _COLOURS)
       for compression in ("tiff_lzw", "tiff_adobe_deflate", "packbits")},
    "TIFF 16 bits with opacity": (
        "a.tif", tiff(with_alpha(DEEP, INSIDE.astype(np.uint16) * 257), extra=2), _ON_WHITE,
    ),
    "TIFF JPEG": ("a.tif", saving(COLOUR, compression="jpeg", quality=95), _COLOURS),
    "TIFF white is 0": ("a.tif", tiff(255 - GREY, photometric=0), _GREYS),
    "TIFF 16 bits, white is 0": ("a.tif", tiff(4095 - DEEP_GREY, photometric=0), _GREYS),
    "TIFF floats with NaN": (
        "a.tif", saving(paint({"ground": np.nan, "upper": 0.8, "lower": 0.4}, np.float32)),
        {"ground": 0, "upper": 204, "lower": 102},
    ),
    "TIFF floats below 0": (
        "a.tif", saving(paint({"ground": -1, "upper": 0.5, "lower": 0}, np.float32)),
        {"ground": 0, "upper": 255, "lower": 170},
    ),
    **{f"orientation {turn} {ending}": (f"a.{ending}", turned(turn, ending), _COLOURS)
       for turn in range(1, 9) for ending in ("png", "webp", "tif", "jpg")},
    **{f"16 bits, orientation {turn}": (
        "a.tif", tiff(np.asarray(np.rot90(DEEP, {3: 2, 6: 1, 8: 3}[turn])), orientation=turn), _COLOURS)
       for turn in (3, 6, 8)},
    **{f"animation {ending} {empty.mode}": (f"a.{ending}", animation(ending, empty), _COLOURS)
       for ending in ("gif", "png", "webp")
       for empty in (Image.new("RGB", (60, 40), "white"), Image.new("RGBA", (60, 40)))},
    "a JPEG named PNG": ("a.png", renamed("JPEG"), _COLOURS),
    "a PNG named JPEG": ("a.jpg", renamed("PNG"), _COLOURS),
    "a PNG without an ending": ("a", renamed("PNG"), _COLOURS),
}  # fmt: skip
_LOSSY = ("JPEG", "jpg", "YCCK", "CMYK", "Lab")


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_seen_is_the_picture_upright_at_every_size(tmp_path, kind):
    name, make, expected = KINDS[kind]
    make(tmp_path / name)
    assert list_images(tmp_path).files == [name]
    images = FileSet("folder", tmp_path, (), [name], (), ())
    near = 12 if any(word in kind for word in _LOSSY) else 2
    for fit in (
        None,
        (30, 30),
    ):  # whole, as when looked at closely, and as the model and small windows see it
        seen = images.image(0, fit)
        assert (seen.mode, seen.size) == ("RGB", (60, 40) if fit is None else (30, 20))
        pixels = np.asarray(seen).astype(int)
        scale = 1 if fit is None else 2
        for area, (left, top, right, bottom) in _AREAS.items():
            x, y = (56, 4) if area == "ground" else ((left + right) // 2, (top + bottom) // 2)
            wrong = np.abs(pixels[y // scale, x // scale] - np.asarray(expected[area]))
            assert wrong.max() <= near, (fit, area, pixels[y // scale, x // scale], expected[area])


def as_bytes(data: bytes) -> Make:
    return lambda path: path.write_bytes(data)


_HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(100)
_NOT_AN_IMAGE = "is not an image that can be shown"
_OTHER_NUMBERS = "has numbers or bands of a kind that is not read"
REFUSED: dict[str, tuple[str, Make, str]] = {
    "nothing": ("a.png", as_bytes(b""), _NOT_AN_IMAGE),
    "text": ("a.jpg", as_bytes(b"<html>Not found</html>"), _NOT_AN_IMAGE),
    "HEIC named JPEG": ("a.jpg", as_bytes(_HEIC), _NOT_AN_IMAGE),
    "too narrow": ("a.png", saving(Image.new("RGB", (1, 1001))), "is too narrow to be seen (1 x 1,001 pixels"),
    "64-bit floats": ("a.tif", tiff(GREY.astype(np.float64)), _OTHER_NUMBERS),
    "16-bit floats": ("a.tif", tiff(GREY.astype(np.float16)), _OTHER_NUMBERS),
    "floats of three colours": ("a.tif", tiff(COLOUR.astype(np.float32)), _OTHER_NUMBERS),
    "16 bits of grey in one plane": ("a.tif", tiff(DEEP_GREY, planar=True), _OTHER_NUMBERS),
    "five bands": ("a.tif", tiff(np.dstack([GREY] * 5), photometric=1), _OTHER_NUMBERS),
    "16 bits in planes": ("a.tif", tiff(DEEP, planar=True), "colours of 16 bits lie apart"),
    "16 bits in planes, deflated": (
        "a.tif", tiff(DEEP, planar=True, deflate=True, order=">"), "colours of 16 bits lie apart",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", REFUSED)
def test_what_cannot_be_read_is_refused_with_its_reason(tmp_path, kind):
    name, make, reason = REFUSED[kind]
    make(tmp_path / name)
    images = FileSet("folder", tmp_path, (), [name], (), ())
    with pytest.raises(ImageError) as raised:
        images.image(0)
    assert reason in str(raised.value)


LEFT_OUT = {
    "a.heic": _HEIC,
    "a.dcm": bytes(128) + b"DICM" + bytes(64),
    "a.nii": struct.pack("<i", 348) + bytes(344),
    "a.nii.gz": b"\x1f\x8b\x08" + bytes(64),
}


def test_files_of_other_formats_are_named_among_what_is_left_out(tmp_path):
    for name, data in LEFT_OUT.items():
        (tmp_path / name).write_bytes(data)
    found = list_images(tmp_path)
    assert found.files == []
    assert [problem.item for problem in found.problems] == sorted(LEFT_OUT)
    assert all("format that is not read" in problem.reason for problem in found.problems)


@pytest.mark.parametrize("size", [(1, 1), (1, 1000), (1000, 1)])
def test_the_smallest_are_shown(tmp_path, size):
    Image.new("RGB", size, "red").save(tmp_path / "a.png")
    seen = FileSet("folder", tmp_path, (), ["a.png"], (), ()).image(0, (50, 50))
    assert seen.getpixel((0, 0)) == (255, 0, 0)
