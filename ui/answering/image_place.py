"""Tells a fault of the images' place, which passes, from one of an image, which is left out; waits for the place."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, QTimer, Signal

from model.datasets.image_files import ImageError

_SEVERAL = 3  # images in a row that cannot be read
_AGAIN_MS = 2_000  # between two looks whether a place is there again
_SLOW_MS = 2_000  # an image that takes longer is told of
_LONGEST_NAME = 40
_SEEN_S = 1.0  # a key before that may have been meant for an image


class SlowImageError(ImageError):
    """An image that does not come, though nothing was found wrong with it: a disk may be slow, or never answer."""

    def __init__(self, item: str) -> None:
        name = item.rpartition("/")[2]
        short = name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}..."
        super().__init__(f"The image {short} has not come yet: its disk is slow, or does not answer.")


class ImagePlace(QObject):
    """What failed lately, one image after the other, and what is waited for: a place, or a person's word."""

    due = Signal()  # it is time to look again whether the place is there
    slow = Signal(object)  # a SlowImageError: the image that is expected takes long

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._failed = 0
        self._reason = ""
        self.wait: Exception | str | None = (
            None  # what keeps the images from being shown, or makes a person look
        )
        self._since_s = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_AGAIN_MS)
        self._timer.timeout.connect(self.due)
        self._slow = QTimer(self)
        self._slow.setSingleShot(True)
        self._slow.setInterval(_SLOW_MS)
        self._expected = ""
        self._slow.timeout.connect(self._tell_slow)

    def expect(self, item: str) -> bool:
        """An image is to come; ``slow`` where that takes long. Returns whether another one was waited for before."""
        told = isinstance(self.wait, SlowImageError)
        if item != self._expected or not (told or self._slow.isActive()):
            self._slow.start()
        changes, self._expected = told and item != self._expected, item
        if changes:
            self.wait = None
        return changes

    def wait_for(self, what: Exception | str) -> None:
        """Wait for a place that cannot be reached (an error), and look again soon; or for a person (a sentence)."""
        if str(what) != str(self.wait):
            self._since_s = time.monotonic()
        self.wait = what
        self._slow.stop()
        if isinstance(what, Exception) and not isinstance(what, SlowImageError):
            self._timer.start()

    def has_been_seen(self) -> bool:
        """Whether a person can have read what is waited for."""
        return time.monotonic() - self._since_s >= _SEEN_S

    def rest(self) -> None:
        """Do not look for a while: nobody could see what comes."""
        self._timer.stop()
        self._slow.stop()

    def go_on(self) -> None:
        """Wait no longer."""
        self.wait = None
        self.rest()

    def note_failure(self, reason: str) -> None:
        """An image was left out."""
        self.go_on()
        self._failed += 1
        self._reason = reason

    def note_success(self) -> bool:
        """An image could be shown; returns whether its place was waited for."""
        waited = self.wait is not None
        self.go_on()
        self._failed = 0
        return waited

    def several_failed(self) -> bool:
        """Whether so many were left out in a row that a person should know before more are; asked once."""
        if self._failed < _SEVERAL:
            return False
        self._failed = 0
        return True

    def sentence(self) -> str:
        """What to say then."""
        return f"{_SEVERAL} images in a row could not be read and were left out. The last one: {self._reason}"

    def _tell_slow(self) -> None:
        self.slow.emit(SlowImageError(self._expected))
