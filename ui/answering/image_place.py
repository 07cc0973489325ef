"""Tells a fault of the images' place, which passes, from one of an image, which is left out."""

from __future__ import annotations

from collections.abc import Hashable

from model.datasets.image_files import PlaceError

_SEVERAL = 3  # images in a row that cannot be read


class ImagePlace:
    """What failed lately, one image after the other."""

    def __init__(self) -> None:
        self._tried: Hashable = None
        self._failed = 0
        self._reason = ""

    def is_to_blame(self, shown: Hashable, error: Exception) -> bool:
        """Whether to wait for the place.

        Where a part of it is away, an image is waited for once: its folder may be gone for good.
        """
        if not isinstance(error, PlaceError):
            return False
        first, self._tried = shown != self._tried, shown
        return error.whole or first

    def note_failure(self, reason: str) -> None:
        """An image was left out."""
        self._failed += 1
        self._reason = reason

    def note_success(self) -> None:
        """An image could be shown."""
        self._failed = 0

    def several_failed(self) -> bool:
        """Whether so many were left out in a row that a person should know before more are; asked once."""
        if self._failed < _SEVERAL:
            return False
        self._failed = 0
        return True

    def sentence(self) -> str:
        """What to say then."""
        return f"{_SEVERAL} images in a row could not be read and were left out. The last one: {self._reason}"
