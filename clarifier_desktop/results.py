"""Gives the results page its functions: each opens the file beside a writer, reads, and closes it."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from studies.export import ExportResult, export
from studies.store import Store
from studies.timing import analysis
from studies.timing.analysis import Filter
from ui.results_data import ResultsData, ResultsSource


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
