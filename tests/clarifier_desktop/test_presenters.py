"""Features are made when they are needed, so that the window comes first, and closed if they were made."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from clarifier_desktop.app import Program
from tests.ui.labeling.live import images, project_of
from ui.preferences import Paths

_LATER = (
    "ui.study", "ui.results", "ui.labeling.project.new_project_page", "ui.labeling.sitting", "studies.timing",
    "studies.labeling", "studies.simulation", "model.datasets", "numpy", "PIL", "sqlite_utils", "pydantic",
)  # fmt: skip

_SHOW = """
import sys
from PySide6.QtWidgets import QApplication
from clarifier_desktop.app import Program
from ui.preferences import Paths
application = QApplication([])
program = Program(application, Paths.of_user())
program.show()
print("\\n".join(sys.modules))
program.close()
"""


@pytest.fixture
def program(qapp: QApplication, qtbot, own_folders: Path) -> Iterator[Program]:
    made = Program(qapp, Paths.of_user())
    qtbot.addWidget(made.window)
    yield made
    made.close()


def test_the_home_page_loads_no_feature(tmp_path: Path) -> None:
    environment = {**os.environ, "CLARIFIER_HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"}
    shown = subprocess.run(
        [sys.executable, "-c", _SHOW], env=environment, capture_output=True, text=True, check=True
    )
    loaded = shown.stdout.split()
    assert "ui.home_page" in loaded
    assert [module for module in loaded if module.startswith(_LATER)] == []


def test_what_is_not_needed_is_not_made_for_pausing_or_closing(program: Program) -> None:
    assert program.flow is None
    assert program.labeling is None
    program.presenters.look_away()
    program.close()
    assert set(vars(program.presenters)) == {"_shell", "home"}


def test_closing_closes_the_open_project_and_ends_its_background_work(
    program: Program, tmp_path: Path
) -> None:
    project_of(images(tmp_path / "animals"), tmp_path / "animals.clarifier").close()
    program.open_project(tmp_path / "animals.clarifier", "A1")
    assert program.labeling is not None
    program.close()
    assert program.labeling is None
    assert program.presenters.project.jobs.ended
    assert program.jobs.ended
