"""The options of the command ``label``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class LabelOptions:
    """A folder or a project's file to label, and who does it."""

    target: Path
    project: Path | None = None  # where a new project's file goes; None: the program's own folder
    classes: Path | None = None  # a list of classes, one per line
    annotator: str = ""
    minutes: float | None = None  # of a new project's planned rounds
    network: str | None = None  # of a new project, or another one of an old project; None: as it is
    weights: Path | None = None  # a file for it
    model: Path | None = None  # a model, or a project with one, that a new project begins with
    robot: bool = False
    robot_rounds: int | None = None
    robot_labels: int | None = None
    to_goal: bool = False
    robot_speed: float = 1.0
    screenshots: Path | None = None
    full_screen: bool = False
