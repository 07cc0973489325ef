"""Decodes the coming images off the GUI thread, scaled for the screen, so that the next one is ready in time."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Generic, TypeVar

from PIL import Image
from PySide6.QtGui import QImage

from model.threads import Worker

_MOST_SIDE = 4096  # px of an image that is looked at closely
NOTE = "note"  # the QImage's text that says what a person should know, such as "page 1 of 3"
AHEAD = 4  # images held ready; bounds memory whatever the images' size

_Shown = TypeVar("_Shown", bound=Hashable)  # what has an image: a trial, or an item's number


@dataclass(frozen=True)
class Box:
    """The place of the image on screen: side in logical px, and device pixels for each."""

    side: int
    ratio: float

    @property
    def pixels(self) -> int:
        """Side in device pixels."""
        return round(self.side * self.ratio)


class DecodeAhead(Generic[_Shown]):
    """Holds the next images as QImages ready to paint. ``load`` gives (RGB image, enlarge smoothly)."""

    def __init__(
        self, load: Callable[[_Shown, tuple[int, int]], tuple[Image.Image, bool]], most: int = AHEAD
    ) -> None:
        self._load = load
        self._most = most
        self._thread = Worker("decode")
        self._futures: dict[_Shown, Future[QImage]] = {}
        self._box = Box(1, 1.0)

    def prepare(self, coming: Iterable[_Shown], box: Box) -> None:
        """Start decoding what is missing of ``coming``, and let go of everything else."""
        if box != self._box:
            self._drop(set())
            self._box = box
        wanted = list(coming)[: self._most]
        self._drop(set(wanted))
        for shown in wanted:
            if shown not in self._futures:
                self._futures[shown] = self._thread.submit(self._decode, shown, box)

    def ready(self, shown: _Shown) -> bool:
        """Whether ``take`` would answer at once."""
        return shown in self._futures and self._futures[shown].done()

    def take(self, shown: _Shown) -> QImage:
        """The image of what is ready; raises what decoding raised."""
        return self._futures[shown].result()

    def error(self, shown: _Shown) -> BaseException | None:
        """What ``take`` would raise of what is ready."""
        return self._futures[shown].exception()

    def forget(self) -> None:
        """Let go of all that was decoded, and of what failed or hangs: the next time each is tried anew."""
        self._drop(set())
        if self._thread.is_busy():
            self._thread.close(0)
            self._thread = Worker("decode")

    def full(self, shown: _Shown) -> Future[QImage]:
        """Decode an image with all its pixels, up to a size that still paints at once."""
        return self._thread.submit(self._decode_full, shown)

    def close(self) -> None:
        """End the thread; an image that is still being read then is given up."""
        self._drop(set())
        self._thread.close()

    def _drop(self, keep: set[_Shown]) -> None:
        for shown in [s for s in self._futures if s not in keep]:
            self._futures.pop(shown).cancel()

    def _decode(self, shown: _Shown, box: Box) -> QImage:
        side = box.pixels
        image, smooth = self._load(shown, (side, side))
        return to_qimage(scale_to_square(image, side, smooth), box.ratio)

    def _decode_full(self, shown: _Shown) -> QImage:
        image, smooth = self._load(shown, (_MOST_SIDE, _MOST_SIDE))
        return to_qimage(
            image if max(image.size) <= _MOST_SIDE else scale_to_square(image, _MOST_SIDE, smooth)
        )


def scale_to_square(image: Image.Image, side: int, smooth: bool) -> Image.Image:
    """The image scaled up or down to just fit a square of ``side`` pixels, its shape kept."""
    return scale_to_fit(image, (side, side), smooth)


def scale_to_fit(image: Image.Image, room: tuple[int, int], smooth: bool) -> Image.Image:
    """The image scaled up or down to just fit a room in px, its shape kept."""
    scale = min(room[0] / image.width, room[1] / image.height)
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    if size == image.size:
        return image
    return image.resize(size, Image.Resampling.BICUBIC if smooth or scale < 1 else Image.Resampling.NEAREST)


def to_qimage(image: Image.Image, ratio: float = 1.0) -> QImage:
    """A Qt image in the format that paints fastest, owning its pixels; its text ``NOTE`` is the image's note."""
    data = image.convert("RGBX").tobytes()
    result = QImage(data, image.width, image.height, 4 * image.width, QImage.Format.Format_RGBX8888)
    result = result.convertToFormat(QImage.Format.Format_RGB32)
    result.setDevicePixelRatio(ratio)
    result.setText(NOTE, str(image.info.get("note", "")))
    return result
