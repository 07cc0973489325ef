"""Colours as their file's ICC profile means them, in sRGB: what screens show and what networks were trained on."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    from PIL.ImageCms import ImageCmsTransform

_SPACES = {"RGB": "RGB", "RGBA": "RGB", "CMYK": "CMYK"}
_STEPS = (0, 64, 128, 192, 255)
_SAME = 3  # of 255: profiles of sRGB itself differ by less


def to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Return an image of mode RGB, RGBA or CMYK in sRGB, CMYK as RGB.

    As it is where it has no profile, that of sRGB, a damaged one or one for other bands.
    """
    transform = _find_transform(profile, image.mode)
    if transform is None:
        return image
    seen = transform.apply(image)
    seen.info.clear()  # it has the profile of before
    return seen


def has_other_colours(image: Image.Image) -> bool:
    """Whether :func:`to_srgb` changes an image, which need not be loaded."""
    mode = "RGB" if image.mode in ("P", "PA") else image.mode
    return _find_transform(image.info.get("icc_profile"), mode) is not None


def _find_transform(profile: bytes | None, mode: str) -> ImageCmsTransform | None:
    return _transform(profile, mode) if profile and mode in _SPACES else None


@lru_cache(maxsize=16)
def _transform(profile: bytes, mode: str) -> ImageCmsTransform | None:
    """How a profile's colours become sRGB; ``None`` where that changes nothing or cannot be."""
    try:
        from PIL import ImageCms

        opened = ImageCms.getOpenProfile(io.BytesIO(profile))
        if opened.profile.xcolor_space.strip() != _SPACES[mode]:
            return None
        out = "RGB" if mode == "CMYK" else mode
        transform = ImageCms.buildTransform(opened, ImageCms.createProfile("sRGB"), mode, out)
        return transform if mode == "CMYK" or _changes(transform, mode) else None
    except Exception:
        return None  # the library raises several kinds for damaged ones: the picture is shown as it is


def _changes(transform: ImageCmsTransform, mode: str) -> bool:
    steps = len(_STEPS)
    grid = Image.new("RGB", (steps * steps, steps))
    grid.putdata([(red, green, blue) for red in _STEPS for green in _STEPS for blue in _STEPS])
    seen = transform.apply(grid.convert(mode)).convert("RGB")
    return any(
        abs(before - after) > _SAME for before, after in zip(grid.tobytes(), seen.tobytes(), strict=True)
    )
