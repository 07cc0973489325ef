from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from clarifier_desktop.app import Program
from tests.ui.dialogs import Answers
from ui.preferences import Paths


@pytest.fixture
def answers() -> Answers:
    return Answers()


@pytest.fixture
def program(qapp: QApplication, qtbot, own_folders: Path, answers: Answers):
    made = Program(qapp, Paths.of_user())
    made.dialogs = answers
    qtbot.addWidget(made.window)
    made.show()
    made.window.resize(1024, 640)
    qtbot.waitExposed(made.window)
    yield made
    made.close()
