from __future__ import annotations

import hashlib
import json

import numpy as np
import pytest
from PIL import Image, ImageChops

from model.datasets import shapes
from model.datasets.canvas import Canvas
from model.datasets.clutter import Palette
from model.datasets.digits import FILE, Digits
from model.datasets.outlines import OUTLINES
from model.datasets.shapes import Shapes, draw_shape


def test_digits_are_those_of_scikit_learn():
    from sklearn.datasets import load_digits

    theirs = load_digits()
    with np.load(FILE) as ours:
        assert (ours["images"] == theirs.images).all()
        assert (ours["labels"] == theirs.target).all()
    digits = Digits()
    assert digits.classes == tuple("0123456789")
    assert list(digits.labels) == theirs.target.tolist()
    assert len(digits) == 1797


def test_digits_are_dark_on_white_and_follow_the_cells():
    digits = Digits()
    with np.load(FILE) as data:
        cells = data["images"].astype(float)
    for index in (0, 1, 700, 1796):
        image = digits.image(index)
        assert image.size == (300, 300)
        assert image.getpixel((0, 0)) == (255, 255, 255)
        grey = np.asarray(image.convert("L"), dtype=float)
        assert grey.min() < 40
        seen = grey.reshape(10, 30, 10, 30).mean(axis=(1, 3))[1:9, 1:9]
        assert np.corrcoef(seen.ravel(), cells[index].ravel())[0, 1] < -0.93


def test_shapes_are_24_classes_of_50():
    images = Shapes()
    assert len(images.classes) == 24
    assert images.classes == tuple(sorted(images.classes))
    assert [list(images.labels).count(label) for label in range(24)] == [50] * 24
    assert images.items[0] == "anchor/00"
    assert images.items[-1] == "umbrella/49"


def test_shapes_depend_on_seed_class_and_number_alone():
    first = Shapes()
    first.image(900)
    again = Shapes()
    assert first.image(77).tobytes() == again.image(77).tobytes()
    assert first.image(77).tobytes() == draw_shape(first.classes[1], shapes.SEED, 27).tobytes()
    drawn = {draw_shape(n, s, i).tobytes() for n in ("key", "fish") for s in (1, 2) for i in (0, 1)}
    assert len(drawn) == 8


def silhouette(name):
    canvas = Canvas(64, (32.0, 32.0), 28.0, 0.0)
    OUTLINES[name][0](canvas)
    return np.asarray(canvas.fill, dtype=bool)


def test_no_two_outlines_are_alike():
    """Any two silhouettes differ in a fifth of their area, but for three that their corners tell apart."""
    plain = {"circle", "hexagon", "square"}
    masks = {name: silhouette(name) for name in OUTLINES}
    for a, mask_a in masks.items():
        for b, mask_b in masks.items():
            if a < b:
                overlap = (mask_a & mask_b).sum() / (mask_a | mask_b).sum()
                assert overlap < (0.94 if {a, b} <= plain else 0.8), (a, b, overlap)


def test_shapes_lie_within_the_image_at_every_turn():
    for name, (outline, turn) in OUTLINES.items():
        for angle in (-turn, -turn / 2, 0, turn / 2, turn):
            canvas = Canvas(200, (100.0, 100.0), 80.0, angle)
            outline(canvas)
            left, top, right, bottom = ImageChops.lighter(canvas.edge, canvas.fill).getbbox() or (0, 0, 0, 0)
            reach = 80 * 1.3
            assert min(left, top) >= 100 - reach, (name, angle)
            assert max(right, bottom) <= 100 + reach, (name, angle)


@pytest.mark.parametrize("number", range(40))
def test_shape_and_ground_stand_apart_in_lightness(number):
    from random import Random

    chance = Random(str(number)).random
    palette = Palette(chance)

    def lightness(colour):
        return Image.new("RGB", (1, 1), colour).convert("L").getpixel((0, 0))

    grounds = [lightness(palette.ground(chance)) for _ in range(20)]
    assert min(abs(lightness(palette.ink) - ground) for ground in grounds) > 30


def test_outlines_stay_as_they_are():
    """A study that is resumed or repeated must show the same images: on purpose only, with a new SEED."""

    class Recorder(Canvas):
        def __init__(self):
            super().__init__(4, (0.0, 0.0), 1.0, 0.0)
            self.calls = []

        def _polygon(self, points, value):
            self.calls.append(["polygon", [[round(v, 4) for v in p] for p in points], value])

        def _line(self, points, width, value):
            self.calls.append(["line", [[round(v, 4) for v in p] for p in points], width])

        def crease(self, points, width=0.07):
            self.calls.append(["crease", [[round(v, 4) for v in p] for p in points], width])

    recorded = {}
    for name, (outline, turn) in sorted(OUTLINES.items()):
        recorder = Recorder()
        outline(recorder)
        recorded[name] = [turn, recorder.calls]
    digest = hashlib.sha256(json.dumps(recorded).replace("-0.0,", "0.0,").encode()).hexdigest()
    assert digest == "5cae7dae1c858140c0d3d7763ef19eaa9bd96f229ea119b327e0a4bbccca3213"
