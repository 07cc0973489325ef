"""The coming images: how many are held, in which size, and what becomes of a broken one."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from PIL import Image

from model.errors import UserError
from ui.answering.decode_ahead import AHEAD, Box, DecodeAhead, scale_to_square, to_qimage

BOX = Box(100, 1.0)


class Loader:
    """Red images; those in ``broken`` cannot be read. Waits at ``gate``."""

    def __init__(self) -> None:
        self.loaded: list[int] = []
        self.broken: set[int] = set()
        self.gate = threading.Event()
        self.gate.set()

    def __call__(self, shown: int, fit: tuple[int, int] | None) -> tuple[Image.Image, bool]:
        assert threading.current_thread() is not threading.main_thread()
        self.gate.wait(10)
        self.loaded.append(shown)
        if shown in self.broken:
            raise UserError("The image is gone.")
        return Image.new("RGB", (40, 20), (255, 0, 0)), False


@pytest.fixture
def loader() -> Loader:
    return Loader()


@pytest.fixture
def decoder(loader: Loader) -> Iterator[DecodeAhead[int]]:
    made = DecodeAhead(loader)
    yield made
    loader.gate.set()
    made.close()


def test_only_the_next_few_are_held(decoder: DecodeAhead[int], loader: Loader, qtbot) -> None:
    trials = list(range(20))
    decoder.prepare(trials, BOX)
    qtbot.waitUntil(lambda: decoder.ready(AHEAD - 1))
    assert loader.loaded == list(range(AHEAD))
    decoder.prepare(trials[1:], BOX)
    qtbot.waitUntil(lambda: decoder.ready(AHEAD))
    assert loader.loaded == list(range(AHEAD + 1)), "none is decoded twice"
    assert not decoder.ready(0), "let go of what is over"


def test_an_image_fills_its_box_in_device_pixels(decoder: DecodeAhead[int], qtbot) -> None:
    decoder.prepare(list(range(1)), Box(100, 1.5))
    qtbot.waitUntil(lambda: decoder.ready(0))
    image = decoder.take(0)
    assert (image.width(), image.height()) == (150, 75)
    assert image.deviceIndependentSize().width() == pytest.approx(100)
    assert image.pixelColor(3, 3).name() == "#ff0000"


def test_another_size_of_the_window_decodes_anew(decoder: DecodeAhead[int], loader: Loader, qtbot) -> None:
    decoder.prepare(list(range(1)), BOX)
    qtbot.waitUntil(lambda: decoder.ready(0))
    decoder.prepare(list(range(1)), Box(60, 1.0))
    qtbot.waitUntil(lambda: decoder.ready(0))
    assert decoder.take(0).width() == 60
    assert loader.loaded == [0, 0]


def test_a_broken_image_is_told_when_it_is_taken(decoder: DecodeAhead[int], loader: Loader, qtbot) -> None:
    loader.broken = {1}
    decoder.prepare(list(range(3)), BOX)
    qtbot.waitUntil(lambda: decoder.ready(2))
    with pytest.raises(UserError, match="gone"):
        decoder.take(1)
    assert decoder.take(2).width() == 100


def test_what_is_not_there_yet_is_not_ready(decoder: DecodeAhead[int], loader: Loader, qtbot) -> None:
    loader.gate.clear()
    decoder.prepare(list(range(2)), BOX)
    assert not decoder.ready(0)
    assert not decoder.ready(7), "never asked for"
    loader.gate.set()
    qtbot.waitUntil(lambda: decoder.ready(0))


def test_the_end_waits_for_no_image_that_hangs(decoder: DecodeAhead[int], loader: Loader) -> None:
    loader.gate.clear()
    decoder.prepare([1, 2], BOX)
    began = time.monotonic()
    decoder.close()
    assert time.monotonic() - began < 1
    loader.gate.set()


@pytest.mark.parametrize(
    ("size", "expected"), [((10, 10), (90, 90)), ((400, 200), (90, 45)), ((1, 900), (1, 90))]
)
def test_fitted_keeps_the_shape(size: tuple[int, int], expected: tuple[int, int]) -> None:
    assert scale_to_square(Image.new("RGB", size), 90, smooth=True).size == expected


def test_small_images_stay_crisp_where_asked() -> None:
    image = Image.new("RGB", (2, 1), (0, 0, 0))
    image.putpixel((1, 0), (255, 255, 255))
    crisp = scale_to_square(image, 8, smooth=False)
    assert {crisp.getpixel((x, 2)) for x in range(8)} == {(0, 0, 0), (255, 255, 255)}
    assert len({scale_to_square(image, 8, smooth=True).getpixel((x, 2)) for x in range(8)}) > 2


def test_a_qt_image_owns_its_pixels() -> None:
    made = to_qimage(Image.new("RGB", (3, 3), (1, 2, 3)))
    assert made.pixelColor(2, 2).name() == "#010203"
