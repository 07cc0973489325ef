"""Small images decoded off the window's thread, kept while they are wanted."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor

from PIL import Image
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from ui.answering.decode_ahead import scale_to_square, to_qimage

_LOOK_MS = 8  # between two looks for images that are decoded

LoadImage = Callable[[int, tuple[int, int]], tuple[Image.Image, bool]]


class Thumbnails(QObject):
    """``changed`` when some are there, ``filled`` when all that are wanted are; one that cannot be read is ``None``."""

    changed = Signal()
    filled = Signal()

    def __init__(self, load: LoadImage, parent: QObject) -> None:
        super().__init__(parent)
        self._load = load
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="thumbnails")
        self._futures: dict[int, Future[QImage]] = {}
        self.images: dict[int, QImage | None] = {}
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self._collect)

    def want(self, items: Iterable[int], side: int, ratio: float) -> None:
        """Decode what is missing of ``items`` to fit ``side`` logical pixels, and let go of everything else."""
        for future in self._futures.values():
            future.cancel()
        wanted = set(items)
        self.images = {item: image for item, image in self.images.items() if item in wanted}
        pixels = round(side * ratio)
        self._futures = {
            item: self._pool.submit(self._decode, item, pixels, ratio)
            for item in dict.fromkeys(items)
            if item not in self.images
        }
        self._timer.start()

    def forget(self) -> None:
        """Let go of everything: another size is wanted."""
        self.images.clear()

    def close(self) -> None:
        """End decoding."""
        self._timer.stop()
        for future in self._futures.values():
            future.cancel()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _collect(self) -> None:
        done = [item for item, future in self._futures.items() if future.done()]
        for item in done:
            future = self._futures.pop(item)
            self.images[item] = None if future.exception() is not None else future.result()
        if done:
            self.changed.emit()
        if not self._futures:
            self._timer.stop()
            self.filled.emit()

    def _decode(self, item: int, side: int, ratio: float) -> QImage:
        image, smooth = self._load(item, (side, side))
        return to_qimage(scale_to_square(image, side, smooth), ratio)
