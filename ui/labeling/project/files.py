"""Where a labeling project's files lie."""

from __future__ import annotations

from pathlib import Path

from ui.preferences import Paths

PROJECT_SUFFIX = ".clarifier"


def project_path(folder: Path, name: str) -> Path:
    """A project's file of that name in a folder that is not there yet."""
    first = folder / f"{name}{PROJECT_SUFFIX}"
    numbers = (folder / f"{name}-{number}{PROJECT_SUFFIX}" for number in range(2, 10_000))
    return next(path for path in (first, *numbers) if not path.exists())


def work_folder(paths: Paths, uuid: str) -> Path:
    """Where a project's features, checkpoints and models are kept."""
    return project_folder(paths.cache, uuid)


def project_folder(cache: Path, uuid: str) -> Path:
    """The same, by the folder of all that can be made again."""
    return cache / "projects" / uuid
