"""Images of a page decoded off the window's thread: the page's own first, then the next page's."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from PIL import Image
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from ui.answering.decode_ahead import scale_to_fit
from ui.answering.pages.page_images import PageImages, Room

ROOM = Room(100, 80, 2.0)


class Loader:
    """Hands out images one by one as they are let through; those to look at closely at once."""

    def __init__(self) -> None:
        self.gate = threading.Semaphore(0)
        self.asked: list[object] = []
        self.names: dict[object, object] = {}  # what a key stands for by now

    def __call__(self, key: object, room: tuple[int, int]) -> tuple[Image.Image, bool]:
        assert str(key).startswith("close") or self.gate.acquire(timeout=10)
        self.asked.append(key)
        if self.names.get(key, key) == "bad":
            raise OSError("cut short")
        return Image.new("RGB", (400, 100)), True

    def let(self, count: int) -> None:
        for _ in range(count):
            self.gate.release()


@pytest.fixture
def loader() -> Loader:
    return Loader()


@pytest.fixture
def images(qapp: QApplication, loader: Loader) -> Iterator[PageImages]:
    parent = QObject()
    made = PageImages(loader, parent)
    yield made
    loader.let(100)
    made.close()


def test_images_just_fit_their_room_in_device_pixels(images: PageImages, loader: Loader, qtbot) -> None:
    with qtbot.waitSignal(images.filled):
        assert not images.show(["one", "bad"], ROOM)
        loader.let(2)
    image = images.images["one"]
    assert image is not None
    assert (image.width(), image.height(), image.devicePixelRatio()) == (200, 50, 2.0)
    assert images.images["bad"] is None


def test_the_page_comes_before_the_next_one_and_that_is_there_when_it_is_shown(
    images: PageImages, loader: Loader, qtbot
) -> None:
    images.prepare(["d", "e"], ROOM)
    images.show(["a", "b"], ROOM)
    images.prepare(["c", "d"], ROOM)
    loader.let(5)
    qtbot.waitUntil(lambda: all(future.done() for future in images._futures.values()))
    assert loader.asked[-4:] == ["a", "b", "c", "d"]
    assert images.show(["c", "d"], ROOM), "at once"
    assert set(images.images) == {"c", "d"}


def test_at_another_size_the_old_images_stay_until_the_new_are_there(
    images: PageImages, loader: Loader, qtbot
) -> None:
    with qtbot.waitSignal(images.filled):
        images.show(["a"], ROOM)
        loader.let(1)
    images.resize(Room(50, 40, 2.0))
    old = images.images["a"]
    assert old is not None
    assert old.width() == 200
    with qtbot.waitSignal(images.changed):
        loader.let(1)
    new = images.images["a"]
    assert new is not None
    assert new.width() == 100


def test_what_could_be_read_stays_so_while_the_page_is_shown_and_the_next_page_tries_anew(
    images: PageImages, loader: Loader, qtbot
) -> None:
    loader.let(100)
    with qtbot.waitSignal(images.filled):
        images.show(["good", "bad"], ROOM)
    for old, new in (("good", "bad"), ("bad", "good")):
        loader.names[old] = new
    images.resize(Room(50, 40, 2.0))
    qtbot.waitUntil(lambda: all(future.done() for future in images._futures.values()))
    qtbot.wait(30)
    assert images.images["good"] is not None
    assert images.images["bad"] is None
    with qtbot.waitSignal(images.filled):
        images.show(["bad"], ROOM)
    assert images.images["bad"] is not None


def test_a_closer_look_does_not_wait_for_the_next_page(images: PageImages, loader: Loader, qtbot) -> None:
    images.prepare([f"next {n}" for n in range(9)], ROOM)
    with qtbot.waitSignal(images.enlarged) as told:
        images.enlarge("close a", Room(300, 300, 1.0))
    assert told.args[0].width() == 300
    images.enlarge("close b", Room(300, 300, 1.0))
    images.stop_enlarging()
    with qtbot.assertNotEmitted(images.enlarged, wait=60):
        pass


@pytest.mark.parametrize(
    ("size", "room", "fitted"),
    [
        ((400, 300), (200, 200), (200, 150)),
        ((30, 60), (200, 200), (100, 200)),
        ((9000, 3), (100, 9), (100, 1)),
    ],
)
def test_an_image_keeps_its_shape(
    size: tuple[int, int], room: tuple[int, int], fitted: tuple[int, int]
) -> None:
    assert scale_to_fit(Image.new("RGB", size), room, True).size == fitted
