"""Small experiments: coloured squares that a small network tells apart in a second, and answers by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from studies.simulation.plan.checks import LoadedExperiment, parse_experiment

COLOURS = {"red": (220, 40, 40), "green": (40, 200, 40), "blue": (40, 60, 220)}

HEAD = """
name = "squares"
rounds = 2
seeds = [1, 2]

[seed_labels]
per_class = 2
"""
DATA = """
[[data]]
dataset = "folder"
path = "squares"
title = "Squares"
test_per_class = 4
size = 16
[data.changes]
epochs = 2
"""
SUGGEST = """
[[methods]]
name = "SUGGEST"
kind = "suggest"
budgets = [6]
"""
CLARIFIER = """
[[methods]]
name = "CLARIFIER"
kind = "clarifier"
budgets = [2, 3, 2]
easy = "highest-confidence"
"""
PLAN = HEAD + DATA + SUGGEST + CLARIFIER


def draw_squares(folder: Path, each: int = 16) -> Path:
    """Noisy squares of three colours in ``folder/squares``; returns ``folder``."""
    chance = np.random.default_rng(0)
    for name, colour in COLOURS.items():
        (folder / "squares" / name).mkdir(parents=True)
        for number in range(each):
            pixels = np.clip(np.array(colour) + chance.normal(0, 60, (16, 16, 3)), 0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(folder / "squares" / name / f"{number:02d}.png")
    return folder


def loaded(toml: str = PLAN, folder: Path | None = None) -> LoadedExperiment:
    return parse_experiment(toml, "squares.toml", folder)
