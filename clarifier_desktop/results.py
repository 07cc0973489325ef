"""Gives the results pages their functions: each opens the file beside a writer, reads, and closes it."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from studies.export import ExportResult, export
from studies.schema import EXPERIMENT_ID
from studies.simulation.results import Results, read_results
from studies.simulation.store import ExperimentStore
from studies.sqlite_file import kind_of
from studies.store import Store
from studies.timing import analysis
from studies.timing.analysis import Filter
from ui.experiment_source import ExperimentSource
from ui.results_data import ResultsData, ResultsSource

if TYPE_CHECKING:
    from clarifier_desktop.app import Program


def make_source(path: Path) -> ResultsSource:
    """The results of a file; nothing is opened yet."""
    return ResultsSource(path, partial(_load, path), partial(_export, path))


def _load(path: Path, where: Filter) -> ResultsData:
    with Store.open(path, writable=False) as store:
        return ResultsData(
            choices=analysis.choices(store),
            ratios=analysis.ratio_rows(store, where),
            scratch=analysis.scratch_rows(store, where),
            summary=analysis.summary_rows(store, where),
            exclusions=analysis.exclusion_rows(store, where),
        )


def _export(path: Path, what: str, to: Path) -> ExportResult:
    with Store.open(path, writable=False) as store:
        return export(store, what, to)


def make_experiment_source(path: Path) -> ExperimentSource:
    """The experiments of a file; nothing is opened yet."""
    return ExperimentSource(path, partial(_load_experiments, path))


def _load_experiments(path: Path) -> tuple[Results, ...]:
    with ExperimentStore.open(path, writable=False) as store:
        return tuple(read_results(store, head) for head in store.experiments())


def show_experiments(program: Program, path: Path) -> bool:
    """Show a file of experiments on a page of its own; ``False`` where it is another kind of file."""
    if kind_of(path) != EXPERIMENT_ID:
        return False
    from ui.experiment_page import ExperimentPage

    page = program.experiments
    if page is None:
        page = program.experiments = ExperimentPage(program.jobs)
        page.home_wanted.connect(program.go_home)
        page.file_chosen.connect(program.show_results)
        program.window.pages.addWidget(page)
    page.show_source(make_experiment_source(path))
    program.window.pages.setCurrentWidget(page)
    page.setFocus()
    return True
