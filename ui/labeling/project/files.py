"""Where a labeling project's files lie."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from model.disk import LONGEST_NAME, fit_name, is_there
from ui.preferences import Paths

PROJECT_SUFFIX = ".clarifier"
_LONGEST_STEM = LONGEST_NAME - 40  # room for a number, the ending, and that of the files beside it


def project_path(folder: Path, name: str) -> Path:
    """A project's file of that name in a folder that is not there yet."""
    name = fit_name(name, longest=_LONGEST_STEM)
    first = folder / f"{name}{PROJECT_SUFFIX}"
    numbers = (folder / f"{name}-{number}{PROJECT_SUFFIX}" for number in range(2, 10_000))
    return next(path for path in (first, *numbers) if not is_there(path))


def project_files(folder: Path) -> tuple[Path, ...]:
    """The projects' files in a folder, which need not be there."""
    return tuple(sorted(folder.glob(f"*{PROJECT_SUFFIX}")))


def work_folder(paths: Paths, uuid: str) -> Path:
    """Where a project's features, checkpoints and models are kept."""
    return project_folder(paths.cache, uuid)


def project_folder(cache: Path, uuid: str) -> Path:
    """The same, by the folder of all that can be made again."""
    name = uuid if re.fullmatch(r"[0-9A-Za-z-]{1,64}", uuid) else hashlib.sha256(uuid.encode()).hexdigest()
    return cache / "projects" / name  # what a file says never leads elsewhere
