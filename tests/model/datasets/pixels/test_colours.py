"""Pictures of other colour spaces are shown, and given to networks, in sRGB."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from model.datasets.images import describe_reading, load_rgb
from model.datasets.pixels.deep import Ranges
from tests.model.datasets.pixels.profiles import ADOBE_RGB, GAMMA, SRGB, ink_profile, rgb_profile

COLOUR = (180, 100, 60)  # within sRGB as Adobe RGB, too


def in_srgb(colour: tuple[int, int, int]) -> list[int]:
    """A colour of Adobe RGB by the formulas of both standards."""
    xyz = np.array(ADOBE_RGB).T @ (np.array(colour) / 255) ** GAMMA
    linear = np.linalg.solve(np.array(SRGB).T, xyz)
    return list(
        np.rint(255 * np.where(linear > 0.0031308, 1.055 * linear ** (1 / 2.4) - 0.055, 12.92 * linear))
    )


def stored(folder: Path, image: Image.Image, profile: bytes, ending: str) -> Path:
    path = folder / f"a{ending}"
    image.save(path, icc_profile=profile, quality=100)
    return path


def assert_shows(path: Path, colour: list[int], off: int = 2) -> None:
    for fit in (None, (4, 4)):
        seen = load_rgb(path, fit)
        assert seen.mode == "RGB"
        assert "icc_profile" not in seen.info
        assert np.abs(np.asarray(seen, int) - colour).max() <= off


def reading(path: Path) -> str:
    return describe_reading(path, Ranges)


@pytest.mark.parametrize("ending", [".png", ".jpg", ".tif", ".webp"])
def test_a_wide_space_becomes_srgb(tmp_path: Path, ending: str) -> None:
    image = Image.new("RGB", (16, 16), COLOUR)
    path = stored(tmp_path, image, rgb_profile(ADOBE_RGB), ending)
    expected = in_srgb(COLOUR)
    assert np.abs(np.array(expected) - COLOUR).max() > 15
    assert_shows(path, expected, off=2 if ending in (".png", ".tif") else 8)
    assert reading(path) == "colours"


def test_palettes_and_what_is_transparent_have_colours_too(tmp_path: Path) -> None:
    wide = rgb_profile(ADOBE_RGB)
    for name, image in {
        "palette": Image.new("RGB", (16, 16), COLOUR).quantize(4),
        "clear": Image.new("RGBA", (16, 16), (*COLOUR, 255)),
    }.items():
        (tmp_path / name).mkdir()
        assert_shows(stored(tmp_path / name, image, wide, ".png"), in_srgb(COLOUR))


def test_inks_are_mixed_as_their_profile_says(tmp_path: Path) -> None:
    path = stored(tmp_path, Image.new("CMYK", (16, 16), (0, 255, 0, 0)), ink_profile(), ".tif")
    assert_shows(path, [119, 119, 119], off=3)  # Lab lightness 50
    assert reading(path) == "colours"


@pytest.mark.parametrize(
    "profile",
    [rgb_profile(SRGB, 2.2), b"no profile at all", rgb_profile(ADOBE_RGB)[:150], ink_profile()],
    ids=["sRGB", "damaged", "cut", "of inks"],
)
def test_a_profile_that_says_nothing_leaves_the_picture(tmp_path: Path, profile: bytes) -> None:
    image = Image.fromarray(np.random.default_rng(0).integers(0, 256, (16, 16, 3), np.uint8))
    path = stored(tmp_path, image, profile, ".png")
    seen = load_rgb(path)
    assert seen.tobytes() == image.tobytes()
    assert reading(path) == ""
