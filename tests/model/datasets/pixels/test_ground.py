"""What lies under transparent images: white, unless what is on them would be lost."""

from __future__ import annotations

import pytest
from PIL import Image

from model.datasets.images import load_rgb
from tests.model.datasets.image_files import at, saved


def with_shape(colour, mode="RGBA"):
    image = Image.new(mode, (40, 30), 0)
    image.paste(colour, (10, 10, 30, 20))
    return image


@pytest.mark.parametrize("fit", [None, (8, 8)])
@pytest.mark.parametrize(
    ("colour", "ground"),
    [
        ((255, 255, 255, 255), 128),
        ((230, 230, 200, 255), 128),
        ((255, 255, 255, 90), 128),  # half-transparent
        ((0, 0, 0, 255), 255),
        ((128, 128, 128, 255), 255),
        ((200, 30, 30, 255), 255),
    ],
)
def test_ground_by_what_is_on_it(tmp_path, colour, ground, fit):
    image = load_rgb(saved(tmp_path, with_shape(colour)), fit)
    assert at(image, 0, 0) == (ground,) * 3
    assert at(image, image.width // 2, image.height // 2) != (ground,) * 3


def test_grey_with_transparency(tmp_path):
    image = load_rgb(saved(tmp_path, with_shape((255, 255), "LA")))
    assert (at(image, 0, 0), at(image, 20, 15)) == ((128,) * 3, (255,) * 3)


def test_white_of_a_palette(tmp_path):
    image = Image.new("P", (3, 1))
    image.putpalette([10, 20, 30, 255, 255, 255])
    image.putdata([0, 1, 1])
    seen = load_rgb(saved(tmp_path, image, transparency=0))
    assert (at(seen, 0, 0), at(seen, 1, 0)) == ((128,) * 3, (255,) * 3)


def test_white_and_grey_together_lie_on_black(tmp_path):
    image = with_shape((255, 255, 255, 255))
    image.paste((128, 128, 128, 255), (10, 10, 20, 20))
    assert at(load_rgb(saved(tmp_path, image)), 0, 0) == (0, 0, 0)


def test_a_picture_with_some_white_keeps_its_white_ground(tmp_path):
    image = Image.new("RGBA", (40, 30), (90, 120, 60, 255))
    image.paste((255, 255, 255, 255), (0, 0, 40, 2))
    image.paste((0, 0, 0, 0), (0, 20, 10, 30))
    assert at(load_rgb(saved(tmp_path, image)), 2, 25) == (255, 255, 255)


def test_nothing_on_it(tmp_path):
    assert at(load_rgb(saved(tmp_path, Image.new("RGBA", (4, 4)))), 0, 0) == (255, 255, 255)
