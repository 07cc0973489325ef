"""The images of the page on screen and of the next one, decoded off the window's thread at the size of their cells."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass

from PIL import Image
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from model.datasets.image_files import PlaceError
from model.threads import Worker
from ui.answering.decode_ahead import scale_to_fit, to_qimage

_LOOK_MS = 8  # between two looks for images that are decoded
_AGAIN_MS = 2_000  # between two tries of images whose place cannot be reached

LoadImage = Callable[..., tuple[Image.Image, bool]]
"""``load(key, (width, height))`` in px: an RGB image, reduced at most to that size, and whether to enlarge smoothly."""


@dataclass(frozen=True)
class Room:
    """The room for an image: its size in logical px, and device pixels for each."""

    width: int
    height: int
    ratio: float

    @property
    def pixels(self) -> tuple[int, int]:
        """Width and height in device pixels."""
        return max(1, round(self.width * self.ratio)), max(1, round(self.height * self.ratio))


class PageImages(QObject):
    """``changed`` when some came, ``filled`` when all of the page are there; one that cannot be read is ``None``.

    Images whose place cannot be reached are no fault of theirs: they are tried again until they come.
    """

    changed = Signal()
    filled = Signal()
    away = Signal(
        str
    )  # a sentence: the place of some cannot be reached; empty once all of the page are there
    enlarged = Signal(object)  # QImage: the one that was asked for to look at closely

    def __init__(self, load: LoadImage, parent: QObject) -> None:
        super().__init__(parent)
        self._load = load
        self._thread, self._close_thread = Worker("page-images"), Worker("closer-look")
        self._futures: dict[tuple[Hashable, Room], Future[QImage]] = {}
        self._close: Future[QImage] | None = None
        self._page: tuple[Hashable, ...] = ()
        self._next: tuple[Hashable, ...] = ()
        self._room = Room(1, 1, 1.0)
        self._next_room = self._room
        self.images: dict[
            Hashable, QImage | None
        ] = {}  # of the page; of another size until the right one is there
        self._closed = False
        self._is_away = False
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(_AGAIN_MS)
        self._again.timeout.connect(self._order)
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self._look)

    @property
    def is_filled(self) -> bool:
        """Whether all images of the page are there, in whatever size."""
        return all(key in self.images for key in self._page)

    def show(self, keys: Sequence[Hashable], room: Room) -> bool:
        """The page's images; whether all are there at once, and then no signal comes."""
        failed = {key for key, image in self.images.items() if image is None}  # each page tries anew
        self._futures = {one: future for one, future in self._futures.items() if one[0] not in failed}
        self.images = {key: self.images[key] for key in keys if self.images.get(key) is not None}
        self._page, self._room, self._next = tuple(keys), room, ()
        self._is_away = False
        self._order()
        self._take()
        return self.is_filled

    def resize(self, room: Room) -> None:
        """The same images at another size; the old ones stay until the new are there."""
        if room != self._room:
            self._room = room
            self._order()

    def prepare(self, keys: Iterable[Hashable], room: Room) -> None:
        """Decode what the next page will need, after what this one needs."""
        self._next, self._next_room = tuple(keys), room
        self._order()

    def forget(self) -> None:
        """Let go of what was not decoded yet, and of a read that hangs: the next time each is tried anew."""
        self._futures = {one: future for one, future in self._futures.items() if future.done()}
        if self._thread.is_busy():
            self._thread.close(0)
            self._thread = Worker("page-images")

    def enlarge(self, key: Hashable, room: Room) -> None:
        """Decode an image as large as fits ``room``; it comes with ``enlarged``."""
        self.stop_enlarging()
        self._close = self._close_thread.submit(self._decode, key, room)
        self._timer.start()

    def stop_enlarging(self) -> None:
        """Nobody looks closely any more."""
        if self._close is not None:
            self._close.cancel()
            self._close = None

    def close(self) -> None:
        """End decoding; waits a moment for the image being decoded."""
        self._closed = True
        self._timer.stop()
        self._again.stop()
        self.stop_enlarging()
        for thread in (self._thread, self._close_thread):
            thread.close()

    def _order(self) -> None:
        """Have decoded what is missing, the page's own first, and let go of everything else."""
        if self._closed:
            return
        wanted = [(key, self._room) for key in self._page] + [(key, self._next_room) for key in self._next]
        kept = set(wanted)
        for one in [one for one in self._futures if one not in kept]:
            self._futures.pop(one).cancel()
        if any(not future.done() for future in self._futures.values()):
            for one in [one for one, future in self._futures.items() if future.cancel()]:
                del self._futures[one]
        for key, room in dict.fromkeys(wanted):
            if (key, room) not in self._futures:
                self._futures[key, room] = self._thread.submit(self._decode, key, room)
        self._timer.start()

    def _take(self) -> bool:
        """Take what is decoded of the page; whether anything came."""
        came = False
        for key in self._page:
            future = self._futures.get((key, self._room))
            if future is not None and future.done():
                if isinstance(error := future.exception(), PlaceError):
                    self._wait_for_place(key, error)
                    continue
                image = None if future.exception() is not None else future.result()
                # What could be read at first, or could not, stays so while the page is on screen.
                if key not in self.images or (image is not None and self.images[key] not in (None, image)):
                    self.images[key], came = image, True
        return came

    def _wait_for_place(self, key: Hashable, error: PlaceError) -> None:
        """Have an image decoded again a little later, unless it is there in another size."""
        del self._futures[key, self._room]
        if not self._is_away:
            self._is_away = True
            self.away.emit(str(error))
        if not self._again.isActive():
            self._again.start()

    def _look(self) -> None:
        was_filled = self.is_filled
        all_done = all(future.done() for future in self._futures.values())  # and so taken below
        if self._take():
            self.changed.emit()
        if self.is_filled and self._is_away and not self._again.isActive():
            self._is_away = False
            self.away.emit("")
        if self.is_filled and not was_filled:
            self.filled.emit()
        if self._close is not None and self._close.done():
            done, self._close = self._close, None
            if done.exception() is None:
                self.enlarged.emit(done.result())
        if self._close is None and all_done:
            self._timer.stop()

    def _decode(self, key: Hashable, room: Room) -> QImage:
        image, smooth = self._load(key, room.pixels)
        return to_qimage(scale_to_fit(image, room.pixels, smooth), room.ratio)
