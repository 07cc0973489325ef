"""Where the cells of a page are: pure geometry, in logical px."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

PAGE_SIZES = (12, 24, 48)  # images of a page
LEAST_SIDE = 64  # of an image that can still be judged
GAP = 4  # around an image: the cursor's frame is there


class Place(NamedTuple):
    """A rectangle."""

    left: int
    top: int
    width: int
    height: int


@dataclass(frozen=True)
class PageLayout:
    """Cells in rows that fill ``width`` x ``height``, each with a line of ``caption`` px below its image."""

    cells: int
    width: int
    height: int
    caption: int
    columns: int
    rows: int

    @property
    def image_size(self) -> tuple[int, int]:
        """Width and height of the room for an image, the same in all cells."""
        return (
            max(1, self.width // self.columns - 2 * GAP),
            max(1, self.height // self.rows - 2 * GAP - self.caption),
        )

    def cell(self, index: int) -> Place:
        """The place of a cell. Cells touch, and together they leave nothing of the page free but a last row's end."""
        row, column = divmod(index, self.columns)
        left, top = column * self.width // self.columns, row * self.height // self.rows
        right, bottom = (column + 1) * self.width // self.columns, (row + 1) * self.height // self.rows
        return Place(left, top, right - left, bottom - top)

    def image(self, index: int) -> Place:
        """The room for a cell's image."""
        left, top, width, _ = self.cell(index)
        across, down = self.image_size
        return Place(left + (width - across) // 2, top + GAP, across, down)

    def at(self, x: float, y: float) -> int | None:
        """The cell at a point; ``None`` where there is none."""
        if not (0 <= x < self.width and 0 <= y < self.height):
            return None
        # The first column whose right edge, rounded down, lies beyond the point.
        column = next(c for c in range(self.columns) if x < (c + 1) * self.width // self.columns)
        row = next(r for r in range(self.rows) if y < (r + 1) * self.height // self.rows)
        index = row * self.columns + column
        return index if index < self.cells else None

    def between(self, start: tuple[float, float], end: tuple[float, float]) -> tuple[int, ...]:
        """The cells that a stroke from one point to another passes, each once, in order."""
        step = max(1.0, min(self.image_size) / 4)
        length = max(abs(end[0] - start[0]), abs(end[1] - start[1]))
        steps = max(1, int(length / step) + 1)
        points = (
            (start[0] + (end[0] - start[0]) * i / steps, start[1] + (end[1] - start[1]) * i / steps)
            for i in range(steps + 1)
        )
        found = (self.at(x, y) for x, y in points)
        return tuple(dict.fromkeys(cell for cell in found if cell is not None))


def lay_out(cells: int, width: int, height: int, caption: int = 0) -> PageLayout:
    """The columns and rows in which the largest square fits each cell; of equals the one with fewer free places."""
    cells, width, height = max(1, cells), max(1, width), max(1, height)
    layouts = (
        PageLayout(cells, width, height, caption, columns, -(-cells // columns))
        for columns in range(1, cells + 1)
    )
    return max(layouts, key=lambda one: (min(one.image_size), -one.columns * one.rows))


def page_size(wanted: int, width: int, height: int, caption: int = 0) -> int:
    """The largest page size up to ``wanted`` whose images can be judged; the smallest where none can."""
    smaller = [size for size in PAGE_SIZES if size <= wanted] or [PAGE_SIZES[0]]
    for size in reversed(smaller):
        if min(lay_out(size, width, height, caption).image_size) >= LEAST_SIDE:
            return size
    return smaller[0]
