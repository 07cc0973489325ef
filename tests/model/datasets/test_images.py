from __future__ import annotations

import io
import warnings

import numpy as np
import pytest
from PIL import Image, ImageFile

from model.datasets import images
from model.datasets.image_files import ImageError
from model.datasets.images import load_rgb
from tests.model.datasets.image_files import at, corner_marked, noisy, pixels, row, saved

GREYS = [[(0, 0, 0), (128, 128, 128), (255, 255, 255)]]


def test_rgb_is_unchanged(tmp_path):
    path = saved(tmp_path, row("RGB", [(1, 2, 3), (250, 128, 7)]))
    assert pixels(load_rgb(path)) == [[(1, 2, 3), (250, 128, 7)]]
    assert load_rgb(str(path)).mode == "RGB"


def test_greyscale_and_bilevel(tmp_path):
    assert pixels(load_rgb(saved(tmp_path, row("L", [0, 128, 255])))) == GREYS
    assert pixels(load_rgb(saved(tmp_path, row("1", [0, 255])))) == [[(0, 0, 0), (255, 255, 255)]]


def test_alpha_is_laid_over_white(tmp_path):
    image = row("RGBA", [(255, 0, 0, 255), (255, 0, 0, 0), (0, 0, 0, 51)])
    assert pixels(load_rgb(saved(tmp_path, image))) == [[(255, 0, 0), (255, 255, 255), (204, 204, 204)]]
    grey = row("LA", [(0, 255), (0, 0), (0, 51)])
    assert pixels(load_rgb(saved(tmp_path, grey))) == [[(0, 0, 0), (255, 255, 255), (204, 204, 204)]]


def test_palette_with_and_without_transparency(tmp_path):
    image = Image.new("P", (3, 1))
    image.putpalette([10, 20, 30, 200, 0, 0, 0, 0, 250])
    image.putdata([0, 1, 2])
    assert pixels(load_rgb(saved(tmp_path, image))) == [[(10, 20, 30), (200, 0, 0), (0, 0, 250)]]
    by_index = saved(tmp_path, image, "b.png", transparency=1)
    assert pixels(load_rgb(by_index)) == [[(10, 20, 30), (255, 255, 255), (0, 0, 250)]]
    by_bytes = saved(tmp_path, image, "c.png", transparency=bytes([0, 255, 255]))
    assert pixels(load_rgb(by_bytes)) == [[(255, 255, 255), (200, 0, 0), (0, 0, 250)]]


def test_colour_key_transparency(tmp_path):
    path = saved(tmp_path, row("RGB", [(1, 2, 3), (9, 9, 9)]), transparency=(1, 2, 3))
    assert pixels(load_rgb(path)) == [[(255, 255, 255), (9, 9, 9)]]


@pytest.mark.parametrize("name", ["a.png", "a.tif"])
def test_16_bits_are_scaled_not_clipped(tmp_path, name):
    path = saved(tmp_path, Image.fromarray(np.array([[0, 32896, 65535]], np.uint16)), name)
    assert pixels(load_rgb(path)) == GREYS


def test_big_endian_16_bit_tiff(tmp_path):
    path = saved(tmp_path, Image.fromarray(np.array([[0, 32896, 65535]], ">u2")), "a.tif")
    assert pixels(load_rgb(path)) == GREYS


def test_16_bit_netpbm(tmp_path):
    path = tmp_path / "a.pgm"
    path.write_bytes(b"P5 3 1 65535\n" + np.array([0, 32896, 65535], ">u2").tobytes())
    assert pixels(load_rgb(path)) == GREYS
    path.write_bytes(b"P5 2 1 65535\n" + np.array([0, 257], ">u2").tobytes())
    assert pixels(load_rgb(path)) == [[(0, 0, 0), (128, 128, 128)]]


def test_cmyk(tmp_path):
    image = row("CMYK", [(0, 0, 0, 0), (255, 255, 0, 0), (0, 0, 0, 255), (0, 255, 255, 0)])
    expected = [[(255, 255, 255), (0, 0, 255), (0, 0, 0), (255, 0, 0)]]
    assert pixels(load_rgb(saved(tmp_path, image, "a.tif"))) == expected


def test_cmyk_jpeg_as_adobe_writes_it(tmp_path):
    """Adobe stores such files inverted; Pillow writes them likewise, marked by its APP14 segment."""
    path = saved(tmp_path, Image.new("CMYK", (16, 16), (0, 255, 255, 0)), "a.jpg", quality=100)
    assert b"Adobe" in path.read_bytes()
    red, green, blue = at(load_rgb(path), 8, 8)
    assert red > 250
    assert max(green, blue) < 5


def test_first_frame_of_animations(tmp_path):
    frames = [Image.new("RGB", (4, 4), colour) for colour in ("red", "lime", "blue")]
    for name in ("a.gif", "a.png", "a.tif", "a.webp"):
        options = {"lossless": True} if name == "a.webp" else {}
        path = saved(tmp_path, frames[0], name, save_all=True, append_images=frames[1:], **options)
        assert at(load_rgb(path), 2, 2) == (255, 0, 0), name


# Where the stored top left ends up on the screen, as (right, bottom), by the EXIF standard.
@pytest.mark.parametrize(
    ("orientation", "corner"),
    [
        (1, (0, 0)),
        (2, (1, 0)),
        (3, (1, 1)),
        (4, (0, 1)),
        (5, (0, 0)),
        (6, (1, 0)),
        (7, (1, 1)),
        (8, (0, 1)),
    ],
)
@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.tif", "a.webp"])
@pytest.mark.parametrize("fit", [None, (40, 40)])
def test_exif_orientation(tmp_path, orientation, corner, name, fit):
    exif = Image.Exif()
    exif[0x0112] = orientation
    image = load_rgb(saved(tmp_path, corner_marked(160, 80), name, exif=exif), fit)
    expected = (80, 160) if orientation >= 5 else (160, 80)
    if fit:
        expected = (expected[0] // 4, expected[1] // 4)
    assert image.size == expected
    for right in (0, 1):
        for bottom in (0, 1):
            x, y = image.width * (1 + 2 * right) // 4, image.height * (1 + 2 * bottom) // 4
            green = at(image, x, y)[1]
            assert (green < 60) == ((right, bottom) == corner), (right, bottom)


# Pillow warns of it, which is an error in tests alone.
@pytest.mark.filterwarnings("ignore:.*EXIF", "ignore:Truncated File Read", "ignore:Metadata")
def test_damaged_exif_is_no_obstacle(tmp_path):
    path = saved(
        tmp_path, Image.new("RGB", (8, 8), "white"), "a.jpg", exif=b"Exif\0\0MM\0*\xff\xff\xff\xff\0\0"
    )
    assert load_rgb(path).size == (8, 8)


def test_fit_scales_down_and_never_up(tmp_path):
    path = saved(tmp_path, Image.new("RGB", (400, 300), "teal"))
    assert load_rgb(path, (100, 100)).size == (100, 75)
    assert load_rgb(path, (1000, 30)).size == (40, 30)
    assert load_rgb(path, (400, 300)).size == (400, 300)
    assert load_rgb(path, (4000, 4000)).size == (400, 300)
    thin = saved(tmp_path, Image.new("RGB", (1000, 1), "teal"), "thin.png")
    assert load_rgb(thin, (100, 100)).size == (100, 1)


def test_fit_decodes_a_jpeg_at_a_smaller_scale(tmp_path, monkeypatch):
    path = saved(tmp_path, corner_marked(1600, 800), "a.jpg")
    decoded = []
    scale = images.scale_to_fit

    def spy(image, fit):
        decoded.append(image.size)
        return scale(image, fit)

    monkeypatch.setattr(images, "scale_to_fit", spy)
    # An eighth would be 200 x 100 and too small, so it is a quarter.
    assert load_rgb(path, (210, 210)).size == (210, 105)
    assert decoded == [(400, 200)]


def test_file_objects():
    file = io.BytesIO()
    row("RGB", [(1, 2, 3)]).save(file, "PNG")
    file.seek(0)
    assert pixels(load_rgb(file)) == [[(1, 2, 3)]]
    with pytest.raises(ImageError, match="image"):
        load_rgb(io.BytesIO(b"nothing"))


def test_pillow_is_left_as_it_was(tmp_path):
    before = (ImageFile.LOAD_TRUNCATED_IMAGES, Image.MAX_IMAGE_PIXELS, list(warnings.filters))
    load_rgb(saved(tmp_path, noisy((8, 8)), "a.jpg"))
    assert (ImageFile.LOAD_TRUNCATED_IMAGES, Image.MAX_IMAGE_PIXELS, list(warnings.filters)) == before
