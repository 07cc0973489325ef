"""Folders of images, one a class."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PIL import Image


def draw_images(folder: Path, classes: Mapping[str, int]) -> None:
    for number, (name, count) in enumerate(classes.items()):
        (folder / name).mkdir(parents=True)
        for image in range(count):
            Image.new("RGB", (8, 8), (40 * number, 20 * image, 9)).save(folder / name / f"{image}.png")
