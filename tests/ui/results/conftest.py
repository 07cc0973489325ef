from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from tests.ui.dialogs import Answers
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
def answers() -> Answers:
    return Answers()


@pytest.fixture
def page(qtbot, jobs: JobRunner, answers: Answers) -> ResultsPage:
    made = ResultsPage(jobs, answers)
    qtbot.addWidget(made)
    made.resize(1024, 640)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made
