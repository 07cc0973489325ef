"""A folder of images whose middle has one of a few colours, so that each next trial changes what the witness sees."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.witness.screen import Colour
from model.datasets import open_set
from studies.timing.facts.pages import trials_of
from studies.timing.facts.plan import LoadedPlan, load_plan
from studies.timing.session.draw import draw_session

# Far from each other and from the greys of the page.
COLOURS: tuple[Colour, ...] = (
    (220, 30, 30),
    (30, 60, 220),
    (20, 160, 40),
    (230, 200, 20),
    (190, 30, 190),
    (20, 190, 200),
)
CLASSES = ("first", "second")
_NEAR = 40  # steps of a channel that JPEG and scaling may take
PARTICIPANT_NUMBER = 1


@dataclass(frozen=True)
class Kind:
    """What the images are: JPEG of some width and height; ``grain`` makes a photo's worth of work of decoding."""

    width: int
    height: int
    grain: bool = True


def shown(colour: Colour) -> int | None:
    """Which of the colours this is, or ``None`` for the page without an image."""
    for number, known in enumerate(COLOURS):
        if all(abs(a - b) <= _NEAR for a, b in zip(colour, known, strict=True)):
            return number
    return None


def make_study(folder: Path, kind: Kind, images: int, trials: int, fixation_ms: int) -> LoadedPlan:
    """Write a folder of ``images`` and a plan that shows ``trials`` of them without practice or breaks.

    The trials are drawn as the program will draw them, and the colours laid so that neighbours always differ.
    """
    root = folder / "images"
    places = [f"{CLASSES[i % 2]}/{i:05d}.jpg" for i in range(images)]
    for name in CLASSES:
        (root / name).mkdir(parents=True)
    for place in places:
        (root / place).touch()
    plan = folder / "plan.toml"
    plan.write_text(_plan(trials, fixation_ms), encoding="utf-8")
    loaded = load_plan(str(plan))
    found = open_set(loaded.source(loaded.plan.blocks[0]), folder)
    drawn = [trial.item for trial in trials_of(draw_session(loaded.plan, PARTICIPANT_NUMBER, [found]))]
    files = contents(folder / "contents", kind)
    others = sorted(set(places) - set(drawn))
    for number, place in enumerate([*drawn, *others]):
        (root / place).unlink()
        os.link(files[number % len(files)], root / place)
    return loaded


def _plan(trials: int, fixation_ms: int) -> str:
    return f"""name = "benchmark"
[trials]
practice = 0
break_every = 0
fixation_ms = {fixation_ms}
[session]
block_order = "fixed"
[[blocks]]
dataset = "folder"
path = "images"
images = {trials}
"""


def contents(folder: Path, kind: Kind) -> list[Path]:
    """Write one file a colour."""
    folder.mkdir()
    pixels = _background(kind)
    top, left = kind.height // 4, kind.width // 4
    files = []
    for number, colour in enumerate(COLOURS):
        pixels[top : kind.height - top, left : kind.width - left] = colour
        file = folder / f"{number}.jpg"
        Image.fromarray(pixels).save(file, quality=90)
        files.append(file)
    return files


def _background(kind: Kind) -> np.ndarray:
    """A smooth change of light with a camera's noise, or plain grey."""
    shape = (kind.height, kind.width, 3)
    if not kind.grain:
        return np.full(shape, 128, np.uint8)
    light = np.linspace(60, 190, kind.width)[None, :, None] + np.linspace(-30, 30, kind.height)[:, None, None]
    noise = np.random.default_rng(1).normal(0, 12, shape).astype(np.float32)
    return np.clip(light + noise, 0, 255).astype(np.uint8)
