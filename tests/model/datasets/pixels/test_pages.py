"""Files of several pages: the first that is not empty is seen, and its number told."""

from __future__ import annotations

import pytest
from PIL import Image

from model.datasets.images import load_rgb
from tests.model.datasets.image_files import at, corner_marked, saved

NAMES = ("a.gif", "a.tif", "a.webp", "a.png")


def save_pages(tmp_path, name, pages):
    options = {"lossless": True} if name.endswith("webp") else {}
    return saved(tmp_path, pages[0], name, save_all=True, append_images=pages[1:], **options)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("fit", [None, (20, 20)])
def test_the_first_page_that_is_not_empty(tmp_path, name, fit):
    pages = [Image.new("RGB", (40, 40), "white"), corner_marked(40, 40), Image.new("RGB", (40, 40), "blue")]
    image = load_rgb(save_pages(tmp_path, name, pages), fit)
    red, green, _ = at(image, 3, 3)
    assert red > 200 > 60 > green
    assert image.info["note"] == "page 2 of 3"


@pytest.mark.parametrize("name", NAMES)
def test_a_first_page_with_something_on_it_stays(tmp_path, name):
    pages = [corner_marked(40, 40), Image.new("RGB", (40, 40), "blue")]
    image = load_rgb(save_pages(tmp_path, name, pages))
    assert at(image, 30, 30)[1] > 200
    assert image.info["note"] == "page 1 of 2"


@pytest.mark.parametrize("name", NAMES)
def test_empty_pages_alone_give_the_first(tmp_path, name):
    image = load_rgb(
        save_pages(tmp_path, name, [Image.new("RGB", (8, 8), colour) for colour in ("red", "lime")])
    )
    assert at(image, 4, 4) == (255, 0, 0)


def test_a_first_frame_on_which_nothing_is(tmp_path):
    frames = [Image.new("RGBA", (40, 40)), corner_marked(40, 40).convert("RGBA")]
    assert at(load_rgb(save_pages(tmp_path, "a.webp", frames)), 3, 3)[1] < 60


def test_pages_of_other_sizes_and_depths(tmp_path):
    ramp = Image.linear_gradient("L").resize((60, 50)).convert("I;16").point(lambda value: value * 16)
    image = load_rgb(save_pages(tmp_path, "a.tif", [Image.new("L", (8, 8), 255), ramp]))
    assert image.size == (60, 50)
    assert at(image, 30, 49)[0] > 240


def test_a_damaged_second_page_leaves_the_first(tmp_path):
    path = save_pages(tmp_path, "a.gif", [Image.new("L", (40, 40), 255), corner_marked(40, 40)])
    path.write_bytes(path.read_bytes()[:-60])
    assert load_rgb(path).size == (40, 40)


def test_one_page_has_no_note(tmp_path):
    assert "note" not in load_rgb(saved(tmp_path, corner_marked(8, 8))).info
