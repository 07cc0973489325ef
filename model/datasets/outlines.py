"""The outlines of the 24 shapes, in units of the shape's radius, y pointing down."""

from __future__ import annotations

from collections.abc import Callable
from math import cos, pi, sin

from model.datasets.canvas import Canvas, arc, curve, mirror, regular


def _circle(c: Canvas) -> None:
    c.area(arc((0, 0), 0.92, 0.92))


def _ring(c: Canvas) -> None:
    c.area(arc((0, 0), 0.98, 0.98))
    c.hole(arc((0, 0), 0.58, 0.58))


def _square(c: Canvas) -> None:
    c.area([(-0.82, -0.82), (0.82, -0.82), (0.82, 0.82), (-0.82, 0.82)])


def _triangle(c: Canvas) -> None:
    c.area([(0, -0.95), (1.0, 0.78), (-1.0, 0.78)])


def _hexagon(c: Canvas) -> None:
    c.area(regular(6))


def _star(c: Canvas) -> None:
    tips, dents = regular(5), regular(5, -54)
    c.area([p for tip, (x, y) in zip(tips, dents, strict=True) for p in (tip, (0.42 * x, 0.42 * y))])


def _cross(c: Canvas) -> None:
    w, r = 0.3, 0.95
    quarter = [(w, -r), (w, -w), (r, -w), (r, w), (w, w), (w, r)]
    c.area(mirror(quarter))


def _heart(c: Canvas) -> None:
    half = curve((0, -0.45), (0.2, -1.05), (1.1, -1.0), (1.0, -0.25)) + curve(
        (1.0, -0.25), (0.95, 0.25), (0.3, 0.55), (0, 0.95)
    )
    c.area(mirror(half))


def _arrow(c: Canvas) -> None:
    c.area([(-1, -0.2), (0.15, -0.2), (0.15, -0.62), (1, 0), (0.15, 0.62), (0.15, 0.2), (-1, 0.2)])


def _crescent(c: Canvas) -> None:
    outer = arc((0.1, 0), 0.98, 0.98, 48, 312)
    tip = outer[-1]
    inner = curve(tip, (-0.35, -0.62), (-0.35, 0.62), outer[0])
    c.area(outer + inner[1:-1])


def _spiral(c: Canvas) -> None:
    turns = 2.6
    c.stroke(
        [
            ((0.06 + 0.84 * t) * cos(2 * pi * turns * t), (0.06 + 0.84 * t) * sin(2 * pi * turns * t))
            for t in (i / 120 for i in range(121))
        ],
        0.13,
    )


def _lightning(c: Canvas) -> None:
    c.area([(0.2, -1), (-0.58, 0.14), (-0.06, 0.14), (-0.3, 1), (0.58, -0.24), (0.04, -0.24), (0.5, -1)])


def _cloud(c: Canvas) -> None:
    # One outline around the union of its bumps, so that no edge crosses the inside.
    bumps = [(-0.62, 0.22, 0.36), (-0.28, -0.18, 0.42), (0.25, -0.26, 0.46), (0.66, 0.2, 0.38)]
    for x, y, r in bumps:
        c.area(arc((x, y), r, r))
    c.area([(-0.62, 0.1), (0.0, -0.2), (0.66, 0.1), (0.66, 0.58), (-0.62, 0.58)])


def _house(c: Canvas) -> None:
    c.area([(0.38, -0.85), (0.62, -0.85), (0.62, -0.3), (0.38, -0.5)])
    c.area([(0, -0.95), (1, -0.08), (0.76, -0.08), (0.76, 0.9), (-0.76, 0.9), (-0.76, -0.08), (-1, -0.08)])
    c.hole([(-0.2, 0.9), (-0.2, 0.3), (0.2, 0.3), (0.2, 0.9)])


def _tree(c: Canvas) -> None:
    c.area([(-0.13, 0.6), (0.13, 0.6), (0.13, 1), (-0.13, 1)])
    c.area(
        mirror(
            [
                (0, -1),
                (0.42, -0.42),
                (0.22, -0.42),
                (0.62, 0.12),
                (0.34, 0.12),
                (0.8, 0.68),
                (0.4, 0.68),
                (0, 0.68),
            ]
        )
    )


def _fish(c: Canvas) -> None:
    c.area([(0.45, 0), (1, -0.55), (0.88, 0), (1, 0.55)])
    c.area(
        curve((-1, 0.02), (-0.6, -0.75), (0.3, -0.6), (0.68, 0))
        + curve((0.68, 0), (0.3, 0.6), (-0.6, 0.75), (-1, 0.02))
    )
    c.hole(arc((-0.58, -0.12), 0.09, 0.09))
    c.crease(arc((-0.72, 0), 0.42, 0.5, -48, 48))


def _cup(c: Canvas) -> None:
    c.stroke(arc((0.5, 0.05), 0.42, 0.4, -90, 90), 0.17)
    c.area([(-0.85, -0.7), (0.55, -0.7), (0.55, 0.45), (0.3, 0.8), (-0.6, 0.8), (-0.85, 0.45)])


def _key(c: Canvas) -> None:
    c.area(
        [
            (-0.2, -0.12),
            (1, -0.12),
            (1, 0.42),
            (0.84, 0.42),
            (0.84, 0.12),
            (0.66, 0.12),
            (0.66, 0.34),
            (0.5, 0.34),
            (0.5, 0.12),
            (-0.2, 0.12),
        ]
    )
    c.area(arc((-0.55, 0), 0.45, 0.45))
    c.hole(arc((-0.6, 0), 0.2, 0.2))


def _umbrella(c: Canvas) -> None:
    c.stroke([(0, -0.2), (0, 0.75), *arc((0.18, 0.75), 0.18, 0.2, 180, 0)], 0.1)
    scallops = [p for x in (0.67, 0, -0.67) for p in arc((x, 0.02), 0.33, 0.2, 0, -180)]
    c.area(arc((0, 0.02), 1, 0.95, 180, 360) + scallops[1:-1])
    c.stroke([(0, -0.95), (0, -1.02)], 0.1)


def _anchor(c: Canvas) -> None:
    c.stroke([(0, -0.5), (0, 0.85)], 0.17)
    c.stroke([(-0.42, -0.3), (0.42, -0.3)], 0.15)
    c.stroke(arc((0, 0.1), 0.78, 0.74, 10, 170), 0.17)
    c.area([(0.98, 0.3), (0.82, -0.16), (0.5, 0.2)])
    c.area([(-0.98, 0.3), (-0.82, -0.16), (-0.5, 0.2)])
    c.stroke(arc((0, -0.72), 0.2, 0.2), 0.13)


def _bell(c: Canvas) -> None:
    c.area(arc((0, 0.78), 0.2, 0.2))
    c.stroke(arc((0, -0.84), 0.1, 0.1), 0.09)
    half = [*curve((0, -0.78), (0.62, -0.76), (0.5, 0.1), (0.62, 0.35)), (0.9, 0.66), (0.9, 0.76)]
    c.area(mirror(half))
    c.crease([(-0.6, 0.42), (0.6, 0.42)])


def _leaf(c: Canvas) -> None:
    c.stroke([(0, 0.6), (0.04, 1.05)], 0.1)
    c.area(mirror(curve((0, -1), (0.75, -0.45), (0.8, 0.45), (0, 0.75))))
    c.crease([(0, -0.7), (0, 0.7)])
    for y in (-0.2, 0.12, 0.44):
        c.crease([(-0.32, y - 0.24), (0, y), (0.32, y - 0.24)], 0.055)


def _drop(c: Canvas) -> None:
    c.area(
        mirror(curve((0, -1), (0.12, -0.55), (0.66, -0.2), (0.66, 0.3)) + arc((0, 0.3), 0.66, 0.66, 0, 90))
    )


def _crown(c: Canvas) -> None:
    half = [(0, -0.62), (0.36, 0.06), (0.86, -0.5), (0.72, 0.72), (0, 0.72)]
    for x, y in ((0, -0.68), (0.88, -0.56), (-0.88, -0.56)):
        c.area(arc((x, y), 0.12, 0.12))
    c.area(mirror(half))
    c.crease([(-0.68, 0.46), (0.68, 0.46)])


OUTLINES: dict[str, tuple[Callable[[Canvas], None], float]] = {
    "anchor": (_anchor, 25),
    "arrow": (_arrow, 180),
    "bell": (_bell, 25),
    "circle": (_circle, 180),
    "cloud": (_cloud, 12),
    "crescent": (_crescent, 180),
    "cross": (_cross, 15),
    "crown": (_crown, 20),
    "cup": (_cup, 15),
    "drop": (_drop, 25),
    "fish": (_fish, 25),
    "heart": (_heart, 25),
    "hexagon": (_hexagon, 180),
    "house": (_house, 15),
    "key": (_key, 180),
    "leaf": (_leaf, 180),
    "lightning": (_lightning, 15),
    "ring": (_ring, 180),
    "spiral": (_spiral, 180),
    "square": (_square, 12),
    "star": (_star, 180),
    "tree": (_tree, 15),
    "triangle": (_triangle, 20),
    "umbrella": (_umbrella, 20),
}
"""For each class what draws it, and how far it may be turned either way, in degrees."""
