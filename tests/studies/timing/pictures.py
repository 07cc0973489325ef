"""A small study on images of one's own, for the tests of what opens and runs one."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from studies.timing.facts.plan import LoadedPlan, parse_plan

CLASSES = ("cat", "dog", "owl")
PLAN = """
name = "pictures"
seed = 7
[suggestions]
p_right = 0.5
[trials]
practice = 2
balanced_classes = true
break_every = 4
[session]
block_order = "fixed"
[[blocks]]
dataset = "folder"
path = "pictures"
images = 6
"""


def make_pictures(folder: Path, per_class: int = 4) -> Path:
    """Images of one colour each: ``pictures/cat/0.png`` and so on."""
    for number, name in enumerate(CLASSES):
        (folder / "pictures" / name).mkdir(parents=True)
        for image in range(per_class):
            colour = (50 * number, 10 * image, 90)
            Image.new("RGB", (40, 30), colour).save(folder / "pictures" / name / f"{image}.png")
    return folder / "pictures"


def break_picture(file: Path) -> None:
    """Leave only the first half of the file."""
    raw = file.read_bytes()
    file.write_bytes(raw[: len(raw) // 2])


def pictures_plan(folder: Path, toml: str = PLAN) -> LoadedPlan:
    return parse_plan(toml, folder=folder)
