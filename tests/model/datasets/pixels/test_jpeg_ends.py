"""JPEG files that are cut short: shown where next to nothing is missing, and refused otherwise."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageFile

from model.datasets.image_files import ImageError
from model.datasets.images import CUT_NOTE, load_rgb
from tests.model.datasets.image_files import noisy, pixels

KINDS: dict[str, tuple[Image.Image, dict[str, Any]]] = {
    "plain": (noisy((64, 64)), {}),
    "small": (noisy((17, 9)), {}),
    "fine": (noisy((120, 900)), {"quality": 95, "subsampling": 0}),
    "progressive": (noisy((120, 90)), {"progressive": True}),
    "grey": (noisy((64, 64)).convert("L"), {}),
    "print": (noisy((64, 64)).convert("CMYK"), {}),
    "black": (Image.new("RGB", (64, 64)), {}),
}


def jpeg(kind):
    image, options = KINDS[kind]
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", **options)
    return buffer.getvalue()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("missing", [1, 2])
def test_without_its_end_mark_a_file_is_shown_whole(kind, missing):
    data = jpeg(kind)
    seen = load_rgb(io.BytesIO(data[:-missing]))
    assert pixels(seen) == pixels(load_rgb(io.BytesIO(data)))
    assert seen.info["note"] == CUT_NOTE
    assert load_rgb(io.BytesIO(data[:-missing]), (10, 10)).size == load_rgb(io.BytesIO(data), (10, 10)).size


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("fit", [None, (10, 10)])
def test_half_a_file_is_refused(kind, fit):
    data = jpeg(kind)
    picture = data.index(b"\xff\xda")
    with pytest.raises(ImageError, match="cut short"):
        load_rgb(io.BytesIO(data[: picture + (len(data) - picture) // 2]), fit)


def test_the_last_rows_may_be_missing():
    picture = Image.linear_gradient("L").resize((640, 640))
    rough = Image.fromarray(
        (np.asarray(picture, int) // 2 + np.asarray(noisy((640, 640)))[..., 0] // 2).astype("u1")
    )
    buffer = io.BytesIO()
    rough.save(buffer, "JPEG")
    data = buffer.getvalue()
    seen = load_rgb(io.BytesIO(data[: len(data) * 97 // 100]))
    whole = np.asarray(load_rgb(io.BytesIO(data)))
    assert (np.asarray(seen)[:600] == whole[:600]).all()
    assert seen.info["note"] == CUT_NOTE
    with pytest.raises(ImageError):
        load_rgb(io.BytesIO(data[: len(data) * 9 // 10]))


def test_other_formats_stay_refused_and_pillow_is_left_as_it_was():
    for kind in ("PNG", "GIF", "WEBP", "TIFF"):
        buffer = io.BytesIO()
        noisy((64, 64)).save(buffer, kind)
        with pytest.raises(ImageError):
            load_rgb(io.BytesIO(buffer.getvalue()[: len(buffer.getvalue()) * 2 // 3]))
    assert ImageFile.LOAD_TRUNCATED_IMAGES is False
