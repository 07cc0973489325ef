from __future__ import annotations

from pathlib import Path

import pytest

from clarifier_desktop.app import Program
from tests.ui.labeling.live import images, project_of
from tests.ui.labeling.window import label


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return images(tmp_path / "animals")


@pytest.fixture
def labeled(program: Program, folder: Path, tmp_path: Path, qtbot) -> Program:
    """The program with an open project of which some images are labeled; no round comes by itself."""
    project_of(folder, tmp_path / "animals.clarifier", seed_labels=100).close()
    program.open_project(tmp_path / "animals.clarifier", "A1")
    label(program, qtbot, 8)
    return program
