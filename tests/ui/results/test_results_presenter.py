"""A file's results come on the page of its kind, which is made once."""

from __future__ import annotations

from pathlib import Path

from clarifier_desktop.app import Program
from studies.simulation.file.store import ExperimentStore
from studies.timing.file.store import Store
from ui.results.experiment_page import ExperimentPage
from ui.results.results_page import ResultsPage


def test_a_study_and_experiments_have_a_page_each(program: Program, tmp_path: Path, qtbot) -> None:
    Store.open(tmp_path / "pilot.sqlite").close()
    ExperimentStore.open(tmp_path / "digits.sqlite").close()
    pages = program.window.pages
    program.show_results(tmp_path / "pilot.sqlite")
    study = pages.currentWidget()
    assert isinstance(study, ResultsPage)
    study.file_chosen.emit(tmp_path / "digits.sqlite")
    experiments = pages.currentWidget()
    assert isinstance(experiments, ExperimentPage)
    experiments.file_chosen.emit(tmp_path / "pilot.sqlite")
    assert pages.currentWidget() is study
    study.home_wanted.emit()
    assert pages.currentWidget() is program.home


def test_a_file_that_is_not_there_is_told_on_the_page(program: Program, tmp_path: Path, qtbot) -> None:
    program.show_results(tmp_path / "nothing.sqlite")
    page = program.window.pages.currentWidget()
    assert isinstance(page, ResultsPage)
    qtbot.waitUntil(lambda: "nothing.sqlite" in page._message.sentence.text())
