"""Pixels of more than 8 bits: shown by the range that holds them, and by one range for a whole set."""

from __future__ import annotations

import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from model.datasets import pool
from model.datasets.base import Source
from model.datasets.folder import FileSet
from model.datasets.images import load_rgb
from model.datasets.pixels import deep
from model.datasets.pixels.deep import Range, Ranges
from model.datasets.pixels.measuring import measure_ranges
from tests.model.datasets.image_files import pixels, saved


def greys(image):
    return [pixel[0] for pixel in pixels(image)[0]]


def save_deep(folder, name, values, dtype=np.uint16):
    folder.mkdir(parents=True, exist_ok=True)
    return saved(folder, Image.fromarray(np.array([values], dtype)), name)


@pytest.mark.parametrize("name", ["a.png", "a.tif"])
@pytest.mark.parametrize("bits", [8, 10, 12, 14, 16])
def test_16_bit_files_are_read_by_the_bits_that_they_use(tmp_path, name, bits):
    top = (1 << bits) - 1
    path = save_deep(tmp_path, name, [0, top // 2, top])
    assert greys(load_rgb(path)) == [0, 127, 255]


@pytest.mark.parametrize(
    ("values", "dtype", "expected"),
    [
        ([0, 2048, 4095], np.int32, [0, 128, 255]),
        ([0, 128, 255], np.int32, [0, 128, 255]),
        ([0, 3, 20], np.int32, [0, 3, 20]),  # each value can be told apart, and made brighter
        ([0, 257, 65535], np.int32, [0, 1, 255]),
        ([-100, 0, 100], np.int32, [28, 128, 228]),
        ([-1024, 0, 3071], np.int32, [0, 51, 204]),
        ([0, 524_288, 1_048_575], np.int32, [0, 128, 255]),
        ([7, 7], np.int32, [7, 7]),
        ([0.0, 0.2, 1.0], np.float32, [0, 51, 255]),
        ([0.0, 0.2, 1.001], np.float32, [0, 51, 255]),
        ([0.0, 0.01, 0.015625], np.float32, [0, 163, 255]),
        ([0.0, 100.0, 200.0], np.float32, [0, 100, 200]),
        ([0.0, 2048.0, 4095.0], np.float32, [0, 128, 255]),
        ([-1.0, 0.0, 1.0], np.float32, [0, 128, 255]),
        ([-4.0, -1.0], np.float32, [0, 191]),
        ([float("nan"), 0.0, float("inf"), 1.0], np.float32, [0, 0, 0, 255]),
        ([-3.4e38, 0.0, 0.5, 1.0], np.float32, [0, 0, 128, 255]),  # "not measured" in maps
        ([float("nan")] * 2, np.float32, [0, 0]),
        ([0.0, 0.0], np.float32, [0, 0]),
        ([0.5, 0.5], np.float32, [255, 255]),
    ],
)
def test_wide_integers_and_floats(tmp_path, values, dtype, expected):
    assert greys(load_rgb(save_deep(tmp_path, "a.tif", values, dtype))) == expected


def test_signed_16_bit_tiff(tmp_path):
    values = np.array([-1024, 0, 1023], "<i2").tobytes()
    tags = {256: 3, 257: 1, 258: 16, 259: 1, 262: 1, 273: 200, 277: 1, 278: 1, 279: len(values), 339: 2}
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags.items())
    head = b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + bytes(4)
    path = tmp_path / "a.tif"
    path.write_bytes(head.ljust(200, b"\0") + values)
    assert greys(load_rgb(path)) == [0, 128, 255]


def write_png_16(path, rows, alpha=False):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    lines = b"".join(b"\0" + row.astype(">u2").tobytes() for row in rows)
    header = struct.pack(">IIBBBBB", rows.shape[1], rows.shape[0], 16, 6 if alpha else 2, 0, 0, 0)
    parts = (chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(lines)), chunk(b"IEND", b""))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(parts))


def test_12_bits_a_colour(tmp_path):
    """The reader keeps the upper 8 of 16 bits, of which 12-bit colours use four."""
    path = tmp_path / "a.png"
    write_png_16(path, np.array([[[0, 2048, 4095], [1024, 16, 0]]]))
    assert pixels(load_rgb(path)) == [[(0, 128, 255), (64, 1, 0)]]
    write_png_16(path, np.array([[[0, 32896, 65535], [257, 0, 0]]]))
    assert pixels(load_rgb(path)) == [[(0, 128, 255), (1, 0, 0)]]
    write_png_16(path, np.array([[[0, 2048, 4095, 65535], [0, 0, 0, 0]]]), alpha=True)
    assert pixels(load_rgb(path)) == [[(0, 128, 255), (255, 255, 255)]]


@pytest.mark.parametrize("kind", [np.uint16, np.int32, np.float32])
def test_strips_make_one_image(tmp_path, monkeypatch, kind):
    values = (np.arange(7 * 11).reshape(7, 11) * 53).astype(kind)
    path = saved(tmp_path, Image.fromarray(values), "deep.tif")
    whole = pixels(load_rgb(path))
    colours = np.arange(7 * 11 * 3).reshape(7, 11, 3) * 17
    write_png_16(tmp_path / "colours.png", colours)
    coloured = pixels(load_rgb(tmp_path / "colours.png"))
    monkeypatch.setattr(deep, "_STRIP", 22)
    assert pixels(load_rgb(path)) == whole
    assert pixels(load_rgb(tmp_path / "colours.png")) == coloured


def folder_of(tmp_path, tops):
    for number, top in enumerate(tops):
        save_deep(tmp_path, f"{number}.png", [0, top // 2, top])
    return FileSet("folder", tmp_path, (), [f"{number}.png" for number in range(len(tops))], (), ())


def test_a_set_has_one_range_so_that_its_pictures_stay_comparable(tmp_path):
    images = folder_of(tmp_path, [4000, 900, 3000])
    assert images.ranges() == Ranges(Range(0, 4095))
    assert greys(images.image(1)) == [0, 28, 56]
    assert greys(images.image(0))[2] == 249


def test_an_image_of_another_kind_does_not_darken_the_others_and_is_not_cut_off(tmp_path):
    images = folder_of(tmp_path, [4000, 4000, 65535, 3000, 1000])
    assert images.ranges() == Ranges(Range(0, 4095))
    assert greys(images.image(0))[2] == 249
    assert greys(images.image(2)) == [0, 127, 255]


def test_integers_and_floats_have_ranges_of_their_own(tmp_path):
    paths = [save_deep(tmp_path, "a.png", [0, 1023]), save_deep(tmp_path, "b.tif", [0.0, 0.9], np.float32)]
    assert measure_ranges(paths) == Ranges(Range(0, 1023), Range(0, 1))


def test_a_range_is_not_taken_from_files_that_are_away(tmp_path):
    images = folder_of(tmp_path, [1000, 4000, 1000])
    for number in (1, 2):
        (tmp_path / f"{number}.png").rename(tmp_path / f"{number}.away")
    assert images.ranges() == Ranges()
    for number in (1, 2):
        (tmp_path / f"{number}.away").rename(tmp_path / f"{number}.png")
    assert images.ranges() == Ranges(Range(0, 4095))


def test_ordinary_images_are_not_measured(tmp_path, monkeypatch):
    saved(tmp_path, Image.new("RGB", (4, 4), "red"), "a.png")
    images = FileSet("folder", tmp_path, (), ["a.png"], (), ())
    monkeypatch.setattr(FileSet, "ranges", lambda _: pytest.fail("measured"))
    assert images.image(0).size == (4, 4)
    assert images.describe_reading(0) == ""


def test_what_changes_the_pixels_is_described(tmp_path):
    images = folder_of(tmp_path, [4000])
    assert images.describe_reading(0) == "range 0..4095"
    clear = saved(tmp_path, Image.new("RGBA", (4, 4)), "clear.png")
    frames = [Image.new("L", (4, 4), grey) for grey in (0, 9)]
    saved(tmp_path, frames[0], "many.tif", save_all=True, append_images=frames[1:])
    more = FileSet("folder", tmp_path, (), [clear.name, "many.tif"], (), ())
    assert [more.describe_reading(i) for i in (0, 1)] == ["ground", "page"]


def test_every_way_to_open_a_folder_gives_its_range(tmp_path):
    for name in ("a", "b"):
        save_deep(tmp_path / name, "1.png", [0, 4095])
    for classes in (None, ["x", "y"]):
        images = pool.open_pool(Source("folder", tmp_path), tmp_path, classes)
        assert images.describe_reading(0) == "range 0..4095"
