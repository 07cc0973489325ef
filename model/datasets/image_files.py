"""Opening an image's file, and what can be wrong with it or with its place."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from model.disk import open_file
from model.errors import UserError


class ImageError(UserError):
    """An image that cannot be shown; the text names its file."""


class MissingImageError(ImageError):
    """A file that is not there or cannot be opened, which may pass; a damaged one stays damaged."""


class PlaceError(ImageError):
    """The place of an image cannot be reached: a fault of the place, and of no image in it.

    ``whole``: nothing of the set can be reached; otherwise ``part`` is how the names of the images begin that cannot.
    """

    def __init__(self, text: str, whole: bool, part: str = "") -> None:
        super().__init__(text, whole, part)
        self.whole = whole
        self.part = part

    def __str__(self) -> str:
        """The sentence."""
        return str(self.args[0])


MISSING = ("is not there any more", "cannot be opened", "cannot be reached")
"""What the sentences of :class:`MissingImageError` and :class:`PlaceError` hold, in whatever version of the program."""
AWAY = MISSING[2]
"""What the sentence of a :class:`PlaceError` holds."""


@contextmanager
def open_image(path: str | os.PathLike[str]) -> Iterator[IO[bytes]]:
    """Open an image's file, of whatever content; raises :class:`ImageError` if that cannot be done."""
    path = Path(path)
    try:
        with open_file(path) as file:
            yield file
    except FileNotFoundError:
        raise MissingImageError(f"The image {path.name} {MISSING[0]}; put it back, or take it out.") from None
    except OSError as error:
        raise unopened(path.name, error) from error


def unopened(name: str, error: OSError) -> MissingImageError:
    """The error for a file that the disk does not give."""
    return MissingImageError(
        f"The image {name} {MISSING[1]} ({error.strerror or 'unknown error'}); check the file."
    )
