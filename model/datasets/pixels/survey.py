"""Reads every image of a set, and says which cannot be read and which a person would not see anything new on."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence

from PIL import Image

from model.datasets.base import ImageSet, Problem
from model.datasets.image_files import ImageError, PlaceError
from model.datasets.pixels.pages import is_uniform

_LOOK = (64, 64)  # decoding may be coarse, but reads the whole file
_NAMES_SHOWN = 5
_FEW_GREYS = 8  # that nobody tells apart on a whole page
_LEAST_SIDE = 8
_MOST_PIXELS = 50_000_000


def read_problem(images: ImageSet, index: int) -> Problem | None:
    """Return why an image cannot be shown, ``None`` if it can.

    Raises :class:`model.datasets.image_files.PlaceError` where its place is away.
    """
    found = _look(images, index)
    return found if isinstance(found, Problem) else None


def survey(images: ImageSet, tell: Callable[[], None]) -> list[Problem]:
    """Return what would be left out of a set's images and what to know of the others; ``tell`` is called for each.

    Raises as :func:`read_problem`, and what ``tell`` raises.
    """
    problems: list[Problem] = []
    alike: dict[bytes, list[int]] = {}
    for index in range(len(images)):
        tell()
        seen = _look(images, index)
        if isinstance(seen, Problem):
            problems.append(seen)
            continue
        notes = list(_notes(images, index, seen))
        problems += (Problem(images.items[index], note, left_out=False, kind=kind) for note, kind in notes)
        if not any(kind == _EMPTY[1] for _, kind in notes):
            alike.setdefault(_digest(seen), []).append(index)
    return problems + [note for group in alike.values() if len(group) > 1 for note in _twins(images, group)]


_EMPTY = ("It is of one colour, or nearly so: there is nothing to see on it.", "images of one colour")


def _look(images: ImageSet, index: int) -> Image.Image | Problem:
    try:
        return images.image(index, _LOOK)
    except PlaceError:
        raise  # without what is away for a moment it would be another set
    except ImageError as error:
        return Problem(images.items[index], str(error))


def _notes(images: ImageSet, index: int, seen: Image.Image) -> Iterator[tuple[str, str]]:
    """What to know of an image, and what several such images are called."""
    if "note" in seen.info:
        yield (
            f"To be known: {seen.info['note']}.",
            "images with more pages, a missing end, or a range of their own",
        )
    width, height = seen.info.get("stored_size", (_LEAST_SIDE, _LEAST_SIDE))
    if min(width, height) < _LEAST_SIDE:
        yield f"It is very small ({width:,} x {height:,} pixels).", "very small images"
    if width * height > _MOST_PIXELS:
        yield f"It is very large ({width:,} x {height:,} pixels) and takes long to show.", "very large images"
    # What is small may vanish when it is scaled down.
    if is_uniform(seen, _FEW_GREYS) and is_uniform(images.image(index), _FEW_GREYS):
        yield _EMPTY


def _twins(images: ImageSet, group: Sequence[int]) -> Iterator[Problem]:
    """Which of a few images that look alike are the same to the last pixel."""
    same: dict[bytes, list[int]] = {}
    for index in group:
        same.setdefault(_digest(images.image(index)), []).append(index)
    for indices in same.values():
        if len(indices) > 1:
            named = [images.items[index] for index in indices[:_NAMES_SHOWN]]
            more = len(indices) - len(named)
            crosses = len({images.labels[index] for index in indices}) > 1
            yield Problem(
                ", ".join(named) + (f" and {more:,} more" if more else ""),
                f"They are the same picture{', in different classes' if crosses else ''}.",
                left_out=False,
                kind=f"groups of the same picture{' in different classes' if crosses else ' under several names'}",
            )


def _digest(image: Image.Image) -> bytes:
    return hashlib.blake2b(b"%d x %d:" % image.size + image.tobytes(), digest_size=16).digest()
