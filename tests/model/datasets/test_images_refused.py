"""Files that are no images, or that cannot be read, each with its sentence."""

from __future__ import annotations

import os
import struct
import warnings
import zlib

import pytest
from PIL import Image

from model.datasets.image_files import ImageError
from model.datasets.images import load_rgb
from model.errors import UserError
from tests.model.datasets.image_files import noisy, saved


@pytest.mark.parametrize("name", ["cut.jpg", "cut.png", "cut.gif", "cut.bmp", "cut.tif", "cut.webp"])
@pytest.mark.parametrize("fit", [None, (20, 20)])
def test_truncated(tmp_path, name, fit):
    path = saved(tmp_path, noisy((64, 64)), name)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(ImageError, match=name):
        load_rgb(path, fit)


def test_no_images(tmp_path):
    for name, content in (
        ("empty.png", b""),
        ("letter.jpg", b"Dear Sir, " * 50),
        ("head.jpg", b"\xff\xd8\xff"),
    ):
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(ImageError, match=name):
            load_rgb(path)


def test_no_program_is_started_for_postscript(tmp_path):
    path = tmp_path / "drawing.png"
    path.write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\nshowpage\n")
    with pytest.raises(ImageError, match="not an image"):
        load_rgb(path)


def test_missing_and_forbidden(tmp_path):
    with pytest.raises(ImageError, match=r"gone\.png is not there"):
        load_rgb(tmp_path / "gone.png")
    with pytest.raises(ImageError, match="cannot be opened"):
        load_rgb(tmp_path)
    assert issubclass(ImageError, UserError)


def png_header(width, height):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")


def test_decompression_bomb_is_refused_from_its_header(tmp_path):
    path = tmp_path / "bomb.png"
    path.write_bytes(png_header(50_000, 50_000))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with pytest.raises(ImageError, match=r"bomb\.png is too large \(50,000 x 50,000"):
            load_rgb(path)
    assert caught == []


@pytest.mark.parametrize("name", ["large.png", "large.gif", "large.mpo"])
def test_large_images_below_the_limit_give_no_warning(tmp_path, monkeypatch, name):
    image = Image.new("RGB", (120, 100), "red")
    path = saved(
        tmp_path, image, name, **({"save_all": True, "append_images": [image]} if "mpo" in name else {})
    )
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 10_000)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert load_rgb(path).size == (120, 100)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads everything")
def test_unreadable(tmp_path):
    path = saved(tmp_path, noisy((8, 8)))
    path.chmod(0)
    with pytest.raises(ImageError, match="Permission denied"):
        load_rgb(path)


@pytest.mark.parametrize("size", [(3003, 3), (2, 2001)])
def test_too_narrow_to_be_seen(tmp_path, size):
    path = saved(tmp_path, Image.new("L", size), "thread.png")
    with pytest.raises(ImageError, match=r"thread\.png is too narrow"):
        load_rgb(path)
    assert load_rgb(saved(tmp_path, Image.new("L", (1000, 1)), "edge.png")).size == (1000, 1)
