"""How much memory an image may take: told from its header, and kept to."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from typing import Any

import pytest
from PIL import Image

from model.datasets.image_files import ImageError
from model.datasets.images import can_read, load_rgb
from model.datasets.pixels import header
from tests.model.datasets.image_files import corner_marked, noisy, saved

# Of a child, since a process's peak never falls again. Reads each file and prints what its peak rose by.
_MEASURE = """
import json, resource, sys
from model.datasets.images import load_rgb
from model.datasets.pixels.header import needed_bytes, open_header

load_rgb(sys.argv[1])
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
load_rgb(sys.argv[2])
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
with open(sys.argv[2], "rb") as file:
    print(json.dumps([(after - before) * 1024, needed_bytes(open_header(file))]))
"""

SIDE = 3000
MARGIN = 24 << 20  # what libraries set up, and strips

FILES: dict[str, tuple[str, dict[str, Any]]] = {
    "grey.png": ("L", {}),
    "deep.png": ("I;16", {}),
    "clear.png": ("RGBA", {}),
    "grey_clear.png": ("LA", {}),
    "palette.png": ("P", {"transparency": 0}),
    "wide.tif": ("I", {"compression": "tiff_deflate"}),
    "float.tif": ("F", {"compression": "tiff_deflate"}),
    "print.tif": ("CMYK", {"compression": "tiff_deflate"}),
    "colour.jpg": ("RGB", {}),
    "steps.jpg": ("RGB", {"progressive": True}),
    "grey.jpg": ("L", {}),
    "colour.webp": ("RGB", {"lossless": True}),
    "clear.webp": ("RGBA", {"lossless": True}),
    "colour.jp2": ("RGB", {}),
    "clear.jp2": ("RGBA", {}),
    "grey.jp2": ("L", {}),
    "colour.gif": ("P", {}),
    "colour.avif": ("RGB", {"speed": 10}),
}


@pytest.mark.skipif(sys.platform != "linux", reason="the peak is in other units elsewhere")
@pytest.mark.parametrize("name", FILES)
def test_reading_takes_no_more_than_is_counted(tmp_path, name):
    mode, options = FILES[name]
    image = Image.linear_gradient("L").resize((SIDE, SIDE))
    image = image.convert("I;16") if mode == "I;16" else image.convert(mode)
    large = saved(tmp_path, image, name, **options)
    small = saved(tmp_path, image.crop((0, 0, 16, 16)), f"small_{name}", **options)
    done = subprocess.run(
        [sys.executable, "-c", _MEASURE, str(small), str(large)], capture_output=True, text=True, check=True
    )
    taken, counted = json.loads(done.stdout)
    assert taken <= counted + MARGIN, f"{taken / SIDE**2:.1f} bytes a pixel, {counted / SIDE**2:.1f} counted"


def test_too_large_is_refused_from_the_header_alike_by_both(tmp_path, monkeypatch):
    monkeypatch.setattr(header, "MAX_BYTES", 100 * 100 * 4)
    for name, mode, fits in (("a.png", "RGB", True), ("b.png", "RGBA", False), ("c.png", "I;16", False)):
        path = saved(tmp_path, Image.new(mode, (100, 100)), name)
        assert can_read(path) is fits
        if not fits:
            with pytest.raises(ImageError, match=f"{name} is too large .100 x 100 pixels.*scale it down"):
                load_rgb(path)
        else:
            assert load_rgb(path).size == (100, 100)


def test_what_is_too_narrow_is_not_listed_as_readable(tmp_path):
    assert not can_read(saved(tmp_path, Image.new("L", (3003, 3)), "thread.png"))


def test_a_very_large_jpeg_is_read_at_a_smaller_scale(tmp_path, monkeypatch):
    path = saved(tmp_path, corner_marked(800, 400), "a.jpg")
    monkeypatch.setattr(header, "MAX_BYTES", 210 * 110 * 4)
    assert load_rgb(path).size == (200, 100)
    assert load_rgb(path, (300, 300)).size == (200, 100)
    assert load_rgb(path, (90, 90)).size == (90, 45)
    monkeypatch.setattr(header, "MAX_BYTES", 50 * 50 * 4)
    with pytest.raises(ImageError, match="too large"):
        load_rgb(path)


def test_what_a_progressive_file_holds_at_full_size_counts(tmp_path, monkeypatch):
    buffer = io.BytesIO()
    noisy((800, 400)).save(buffer, "JPEG", progressive=True)
    monkeypatch.setattr(header, "MAX_BYTES", 800 * 400 * 4)
    with pytest.raises(ImageError, match="too large"):
        load_rgb(io.BytesIO(buffer.getvalue()))


def test_pages_that_are_too_large_are_not_looked_at(tmp_path, monkeypatch):
    pages = [Image.new("L", (50, 50), 255), corner_marked(200, 200)]
    path = saved(tmp_path, pages[0], "a.tif", save_all=True, append_images=pages[1:])
    monkeypatch.setattr(header, "MAX_BYTES", 50 * 50 * 20)
    assert load_rgb(path).size == (50, 50)
