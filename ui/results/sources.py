"""Gives the results pages their functions: each opens the file beside a writer, reads, and closes it."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from studies.simulation.figures.results import Results, read_results
from studies.simulation.file.store import ExperimentStore
from studies.table_files import ExportResult, TableStyle
from studies.timing.file.store import Store
from studies.timing.results import analysis
from studies.timing.results.analysis import Filter
from studies.timing.results.export import export
from studies.timing.results.page_costs import page_cost_rows
from studies.timing.results.sensitivity import sensitivity_rows
from ui.results.experiment_source import ExperimentSource
from ui.results.results_data import ResultsData, ResultsSource


def make_source(path: Path) -> ResultsSource:
    """The results of a file; nothing is opened yet."""
    return ResultsSource(path, partial(_load, path), partial(_export, path))


def _load(path: Path, where: Filter) -> ResultsData:
    with Store.open(path, writable=False) as store:
        simulated = analysis.choose_sessions(store, where.robots)
        return ResultsData(
            choices=analysis.choices(store),
            ratios=analysis.ratio_rows(store, where),
            scratch=analysis.scratch_rows(store, where),
            summary=analysis.summary_rows(store, where),
            exclusions=analysis.exclusion_rows(store, where),
            page_costs=page_cost_rows(store, where),
            sensitivity=sensitivity_rows(store, where),
            sessions=len(store.sessions()),
            withdrawn=store.withdrawn_count(),
            simulated=simulated,
        )


def _export(path: Path, what: str, to: Path, style: TableStyle, robots: bool) -> ExportResult:
    with Store.open(path, writable=False) as store:
        analysis.choose_sessions(store, robots)
        return export(store, what, to, style)


def make_experiment_source(path: Path) -> ExperimentSource:
    """The experiments of a file; nothing is opened yet."""
    return ExperimentSource(path, partial(_load_experiments, path))


def _load_experiments(path: Path) -> tuple[Results, ...]:
    with ExperimentStore.open(path, writable=False) as store:
        return tuple(read_results(store, head) for head in store.experiments())
