"""Small images decoded off the window's thread, kept while they are wanted."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Future

from PIL import Image
from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from model.datasets.base import ImageSet
from model.datasets.image_files import MissingImageError, PlaceError
from model.errors import UserError
from model.threads import Worker
from ui.answering.decode_ahead import scale_to_square, to_qimage

_LOOK_MS = 8  # between two looks for images that are decoded
AGAIN_MS = 2_000  # between two looks whether images that were away are there again

LoadImage = Callable[[int, tuple[int, int]], tuple[Image.Image, bool]]


def squares(images: ImageSet, count: int, side: int) -> tuple[QImage, ...]:
    """The middle of each of the first ``count`` images that can be read, at most ``side`` px wide and high."""
    found: list[QImage] = []
    for item in range(min(count, len(images))):
        try:
            whole = to_qimage(images.image(item, (2 * side, 2 * side)))
        except (UserError, OSError, ValueError):
            continue
        least = min(whole.width(), whole.height())
        middle = whole.copy((whole.width() - least) // 2, (whole.height() - least) // 2, least, least)
        how = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        found.append(middle.scaled(side, side, *how) if least > side else middle)
    return tuple(found)


class Thumbnails(QObject):
    """``changed`` when some are there, ``filled`` when all that are wanted are; one that cannot be read is ``None``.

    Those whose files are away are tried again while they are wanted and ``parent`` shows; ``returned`` when one came.
    """

    changed = Signal()
    filled = Signal()
    returned = Signal()

    def __init__(self, load: LoadImage, parent: QWidget) -> None:
        super().__init__(parent)
        self._load, self._shown_by = load, parent
        self._thread = Worker("thumbnails")
        self._futures: dict[int, Future[QImage]] = {}
        self._decode_as = 0, 1.0  # pixels, and device pixels for each logical one
        self._away: list[int] = []  # in the order in which they are wanted
        self.images: dict[int, QImage | None] = {}
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(AGAIN_MS)
        self._again.timeout.connect(self._try_again)
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self._collect)

    def want(self, items: Iterable[int], side: int, ratio: float) -> None:
        """Decode what is missing of ``items`` to fit ``side`` logical pixels, and let go of everything else."""
        for future in self._futures.values():
            future.cancel()
        wanted = set(items)
        self.images = {item: image for item, image in self.images.items() if item in wanted}
        self._decode_as = round(side * ratio), ratio
        self._futures, self._away = {}, []
        self._again.stop()
        self._begin(item for item in dict.fromkeys(items) if self.images.get(item) is None)

    def forget(self) -> None:
        """Let go of everything: another size is wanted."""
        self.images.clear()

    def close(self) -> None:
        """End decoding."""
        self._timer.stop()
        self._again.stop()
        self._thread.close()

    def _begin(self, items: Iterable[int]) -> None:
        self._futures = {item: self._thread.submit(self._decode, item, *self._decode_as) for item in items}
        self._timer.start()

    def _try_again(self) -> None:
        if self._shown_by.isVisible():
            away, self._away = self._away, []
            self._begin(away)
        else:
            self._again.start()

    def _collect(self) -> None:
        done = [item for item, future in self._futures.items() if future.done()]
        returned = False
        for item in done:
            future = self._futures.pop(item)
            error = future.exception()
            if isinstance(error, MissingImageError | PlaceError):
                self._away.append(item)
            returned = returned or (error is None and item in self.images)
            self.images[item] = None if error is not None else future.result()
        if done:
            self.changed.emit()
        if returned:
            self.returned.emit()
        if not self._futures:
            self._timer.stop()
            if self._away:
                self._again.start()
            self.filled.emit()

    def _decode(self, item: int, side: int, ratio: float) -> QImage:
        image, smooth = self._load(item, (side, side))
        return to_qimage(scale_to_square(image, side, smooth), ratio)
