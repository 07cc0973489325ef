"""What a shape is drawn on, and the curves it is drawn with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import cos, radians, sin

from PIL import Image, ImageDraw

Point = tuple[float, float]  # in units of the shape's radius, y pointing down


class Canvas:
    """Two masks, of a shape's area and of its edge, under one rotation, scale and shift.

    ``centre`` and ``radius`` are in pixels, ``turn`` in degrees.
    """

    def __init__(self, size: int, centre: Point, radius: float, turn: float) -> None:
        self.fill = Image.new("L", (size, size), 0)
        self.edge = Image.new("L", (size, size), 0)
        self._fill, self._edge = ImageDraw.Draw(self.fill), ImageDraw.Draw(self.edge)
        self._centre, self._radius = centre, radius
        self._cos, self._sin = cos(radians(turn)), sin(radians(turn))

    def area(self, points: Iterable[Point]) -> None:
        """Add the polygon to the shape."""
        self._polygon(points, 255)

    def hole(self, points: Iterable[Point]) -> None:
        """Cut the polygon out of the shape; what lies behind shows through."""
        self._polygon(points, 0)

    def stroke(self, points: Iterable[Point], width: float) -> None:
        """Add a line with round ends, ``width`` radii thick."""
        self._line(points, width, 255)

    def crease(self, points: Iterable[Point], width: float = 0.07) -> None:
        """Draw a line in the colour of the edge upon the shape."""
        path = self._on_image(points)
        _round_line(self._fill, path, width * self._radius, 0)
        _round_line(self._edge, path, width * self._radius, 255)

    def _polygon(self, points: Iterable[Point], value: int) -> None:
        path = self._on_image(points)
        if not value:
            self._edge.polygon(path, fill=0)
        _round_line(self._edge, [*path, path[0], path[1]], 0.09 * self._radius, 255)
        self._fill.polygon(path, fill=value)

    def _line(self, points: Iterable[Point], width: float, value: int) -> None:
        path = self._on_image(points)
        _round_line(self._edge, path, (width + 0.09) * self._radius, 255)
        _round_line(self._fill, path, width * self._radius, value)

    def _on_image(self, points: Iterable[Point]) -> list[Point]:
        (cx, cy), r, c, s = self._centre, self._radius, self._cos, self._sin
        return [(cx + r * (x * c - y * s), cy + r * (x * s + y * c)) for x, y in points]


def _round_line(draw: ImageDraw.ImageDraw, path: Sequence[Point], width: float, value: int) -> None:
    draw.line(path, fill=value, width=max(1, round(width)), joint="curve")
    for x, y in (path[0], path[-1]):
        draw.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), fill=value)


def arc(centre: Point, rx: float, ry: float, start: float = 0.0, end: float = 360.0) -> list[Point]:
    """Return points along an ellipse, angles in degrees, clockwise on the screen from the right."""
    steps = max(8, round(abs(end - start) / 5))
    angles = [radians(start + (end - start) * i / steps) for i in range(steps + 1)]
    return [(centre[0] + rx * cos(a), centre[1] + ry * sin(a)) for a in angles]


def regular(corners: int, first: float = -90.0) -> list[Point]:
    """Return the corners of a regular polygon of radius 1."""
    return [(cos(a), sin(a)) for a in (radians(first + 360 * i / corners) for i in range(corners))]


def mirror(half: Sequence[Point]) -> list[Point]:
    """Complete the right half of an outline, given from top to bottom, by its mirror image."""
    return [*half, *((-x, y) for x, y in reversed(half))]


def curve(a: Point, b: Point, c: Point, d: Point) -> list[Point]:
    """Return points along a cubic Bezier curve."""
    points = []
    for i in range(17):
        t = i / 16
        u = 1 - t
        w = (u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t)
        points.append(
            (
                w[0] * a[0] + w[1] * b[0] + w[2] * c[0] + w[3] * d[0],
                w[0] * a[1] + w[1] * b[1] + w[2] * c[1] + w[3] * d[1],
            )
        )
    return points
