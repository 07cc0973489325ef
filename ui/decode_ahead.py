"""Decodes the coming images off the GUI thread, scaled for the screen, so that the next one is ready in time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from PIL import Image
from PySide6.QtGui import QImage

from studies.timing.records import PlannedTrial

AHEAD = 4  # images held ready; bounds memory whatever the images' size

Loader = Callable[[PlannedTrial, tuple[int, int]], tuple[Image.Image, bool]]


@dataclass(frozen=True)
class Box:
    """The place of the image on screen: side in logical px, and device pixels for each."""

    side: int
    ratio: float

    @property
    def pixels(self) -> int:
        """Side in device pixels."""
        return round(self.side * self.ratio)


class DecodeAhead:
    """Holds the next images as QImages ready to paint. ``load`` gives (RGB image, enlarge smoothly)."""

    def __init__(self, load: Loader) -> None:
        self._load = load
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="decode")
        self._futures: dict[int, Future[QImage]] = {}
        self._box = Box(1, 1.0)

    def prepare(self, trials: Iterable[PlannedTrial], box: Box) -> None:
        """Start decoding what is missing of ``trials``, and let go of everything else."""
        if box != self._box:
            self._drop(set())
            self._box = box
        wanted = list(trials)[:AHEAD]
        self._drop({trial.position for trial in wanted})
        for trial in wanted:
            if trial.position not in self._futures:
                self._futures[trial.position] = self._pool.submit(self._decode, trial, box)

    def ready(self, position: int) -> bool:
        """Whether ``take`` would answer at once."""
        return position in self._futures and self._futures[position].done()

    def take(self, position: int) -> QImage:
        """The image of a trial that is ready; raises what decoding raised."""
        return self._futures[position].result()

    def close(self) -> None:
        """End the thread; waits for the image being decoded."""
        self._drop(set())
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _drop(self, keep: set[int]) -> None:
        for position in [p for p in self._futures if p not in keep]:
            self._futures.pop(position).cancel()

    def _decode(self, trial: PlannedTrial, box: Box) -> QImage:
        side = box.pixels
        image, smooth = self._load(trial, (side, side))
        return to_qimage(fitted(image, side, smooth), box.ratio)


def fitted(image: Image.Image, side: int, smooth: bool) -> Image.Image:
    """The image scaled up or down to just fit a square of ``side`` pixels, its shape kept."""
    scale = side / max(image.size)
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    if size == image.size:
        return image
    return image.resize(size, Image.Resampling.BICUBIC if smooth or scale < 1 else Image.Resampling.NEAREST)


def to_qimage(image: Image.Image, ratio: float = 1.0) -> QImage:
    """A Qt image in the format that paints fastest, owning its pixels."""
    data = image.convert("RGBX").tobytes()
    result = QImage(data, image.width, image.height, 4 * image.width, QImage.Format.Format_RGBX8888)
    result = result.convertToFormat(QImage.Format.Format_RGB32)
    result.setDevicePixelRatio(ratio)
    return result
