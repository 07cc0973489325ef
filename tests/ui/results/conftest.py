from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from tests.ui.dialogs import Answers
from tests.ui.on_screen import open_on_screen
from ui.kit import theme
from ui.kit.jobs import JobRunner
from ui.results.results_page import ResultsPage


@pytest.fixture
def jobs(qapp: QApplication) -> Iterator[JobRunner]:
    theme.apply(qapp, theme.Theme.LIGHT)
    made = JobRunner()
    yield made
    made.shutdown()


@pytest.fixture
def page(qtbot, jobs: JobRunner, answers: Answers) -> ResultsPage:
    made = ResultsPage(jobs, answers)
    open_on_screen(qtbot, made, 1024, 640)
    return made
