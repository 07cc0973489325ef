"""Which page or frame of a file is shown: the first, or, where that is empty, the first that is not."""

from __future__ import annotations

from collections.abc import Callable

from PIL import Image, ImageFile

from model.datasets.pixels.deep import find_spans

_MOST_TRIED = 50
_UNIFORM = 2  # greys that a lossy file adds to an empty page


def count_pages(image: Image.Image) -> int:
    """Return how many pages or frames a file has; one that cannot be counted has 1."""
    try:
        return int(getattr(image, "n_frames", 1))
    except Exception:
        # What follows a readable first page may be damaged.
        return 1


def load_page(image: ImageFile.ImageFile, may_load: Callable[[], bool]) -> tuple[int, int]:
    """Load the page that is shown; return its number, from 0, and how many there are.

    ``may_load`` is asked before a page is loaded; the first is loaded in any case.
    """
    may_load()
    image.load()
    count = count_pages(image)
    if count == 1 or not is_uniform(image):
        return 0, count
    for page in range(1, min(count, _MOST_TRIED)):
        try:
            image.seek(page)
            if not may_load():
                break
            image.load()
        except (OSError, EOFError, SyntaxError, ValueError):
            break
        if not is_uniform(image):
            return page, count
    image.seek(0)
    may_load()
    image.load()
    return 0, count


def is_uniform(image: Image.Image, most: float = _UNIFORM) -> bool:
    """Whether a loaded image is of one colour, within ``most`` greys, or shows nothing at all."""
    if image.mode in ("P", "PA", "LA", "La", "RGBa") or "transparency" in image.info:
        image = image.convert("RGBA")
    spans = find_spans(image)
    if image.mode == "RGBA" and spans[3][1] == 0:
        return True
    return all(high - low <= most for low, high in spans)
