"""What is found on reading all images of a set: what is broken, empty, twice there, or of an odd size."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from model.datasets.folder import FileSet
from model.datasets.image_files import PlaceError
from model.datasets.images import CUT_NOTE
from model.datasets.listing import count_left_out
from model.datasets.pixels.survey import survey


def noise(seed: int, width: int = 40, height: int = 30) -> Image.Image:
    return Image.fromarray(np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8))


def spotted() -> Image.Image:
    """A large page with a dot that vanishes when it is scaled down."""
    page = Image.new("RGB", (1000, 1000), "white")
    page.paste((0, 0, 0), (500, 500, 503, 503))
    return page


def found(folder: Path, pictures: dict[str, Image.Image], **labels: int) -> list[tuple[str, str]]:
    for name, picture in pictures.items():
        picture.save(folder / name)
    return problems(folder, list(pictures), labels)


def problems(folder: Path, names: list[str], labels: dict[str, int] | None = None) -> list[tuple[str, str]]:
    of = [(labels or {}).get(name[0], 0) for name in names]
    told: list[None] = []
    result = survey(FileSet("folder", folder, ("x", "y"), names, of, ()), lambda: told.append(None))
    assert len(told) == len(names)
    assert count_left_out(result) == sum(problem.left_out for problem in result)
    return [(problem.item, problem.reason) for problem in result]


def test_images_that_differ_and_show_something_are_not_named(tmp_path):
    plain = {f"{seed}.png": noise(seed) for seed in range(3)}
    assert found(tmp_path, {**plain, "spot.png": spotted()}) == []


EMPTY = "It is of one colour, or nearly so: there is nothing to see on it."


@pytest.mark.parametrize(
    ("picture", "reason"),
    [
        (Image.new("RGB", (40, 30), "red"), EMPTY),
        (Image.new("RGBA", (40, 30)), EMPTY),
        (Image.fromarray(np.array([[0, 100]] * 30, np.uint16)), "It is very small (2 x 30 pixels)."),
        (noise(1, 4, 4), "It is very small (4 x 4 pixels)."),
        (noise(1, 8_000, 6_300), "It is very large (8,000 x 6,300 pixels) and takes long to show."),
    ],
    ids=["red", "clear", "narrow", "small", "large"],
)
def test_what_shows_nothing_or_is_of_an_odd_size_is_named(tmp_path, picture, reason):
    assert found(tmp_path, {"a.png": picture, "b.png": noise(2)}) == [("a.png", reason)]


def test_a_deep_image_that_is_black_beside_the_others_is_named(tmp_path):
    deep = {f"{n}.png": Image.fromarray(np.array([[0, 4095 - n] * 20] * 30, np.uint16)) for n in range(5)}
    dark = Image.fromarray(np.array([[0, 90] * 20] * 30, np.uint16))
    assert ("dark.png", EMPTY) in found(tmp_path, {**deep, "dark.png": dark})


def test_the_same_picture_under_two_names_is_named_whatever_the_file(tmp_path):
    one, other = noise(1), noise(2)
    pictures = {"a.png": one, "b.bmp": one, "c.png": other, "d.png": noise(3), "e.tif": other}
    assert found(tmp_path, pictures, a=0, b=0, c=0, e=1) == [
        ("a.png, b.bmp", "They are the same picture."),
        ("c.png, e.tif", "They are the same picture, in different classes."),
    ]


def test_pictures_that_differ_in_one_pixel_are_two(tmp_path):
    large = noise(1, 400, 300).resize((2000, 1500))
    other = large.copy()
    other.putpixel((700, 700), tuple(int(value) ^ 1 for value in np.asarray(large)[700, 700]))
    assert found(tmp_path, {"a.png": large, "b.png": other}) == []


def test_empty_images_are_no_twins(tmp_path):
    pictures = {name: Image.new("RGB", (40, 30), "red") for name in ("a.png", "b.png")}
    assert found(tmp_path, pictures) == [("a.png", EMPTY), ("b.png", EMPTY)]


def test_pages_ends_and_ranges_are_told_and_what_is_broken_is_left_out(tmp_path):
    noise(1).save(tmp_path / "pages.tif", save_all=True, append_images=[noise(2)])
    noise(3).save(tmp_path / "cut.jpg")
    (tmp_path / "cut.jpg").write_bytes((tmp_path / "cut.jpg").read_bytes()[:-2])
    (tmp_path / "none.jpg").write_bytes(b"")
    assert problems(tmp_path, ["pages.tif", "cut.jpg", "none.jpg"]) == [
        ("pages.tif", "To be known: page 1 of 2."),
        ("cut.jpg", f"To be known: {CUT_NOTE}."),
        ("none.jpg", "The file none.jpg is not an image that can be shown; convert it, or take it out."),
    ]


def test_a_place_that_is_away_is_no_fault_of_its_images(tmp_path):
    with pytest.raises(PlaceError):
        problems(tmp_path / "away", ["a.png", "b.png"])
