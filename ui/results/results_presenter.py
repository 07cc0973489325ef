"""Shows a file's results on the page of its kind: a study's, or experiments'."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject

from studies.files.schema import EXPERIMENT_ID
from studies.files.sqlite_file import kind_of
from ui.results.experiment_page import ExperimentPage
from ui.results.results_page import ResultsPage
from ui.results.sources import make_experiment_source, make_source
from ui.shell import Shell


class ResultsPresenter(QObject):
    """Each page is made when it is first shown."""

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self._shell = shell
        self._results: ResultsPage | None = None
        self._experiments: ExperimentPage | None = None

    def show(self, path: Path) -> None:
        """Show the results of a file; one that cannot be read says so on its page."""
        if kind_of(path) == EXPERIMENT_ID:
            experiments = self._experiments_page()
            experiments.show_source(make_experiment_source(path))
            self._bring(experiments)
        else:
            results = self._results_page()
            results.show_source(make_source(path))
            self._bring(results)

    def _results_page(self) -> ResultsPage:
        if self._results is None:
            self._results = ResultsPage(self._shell.jobs, self._shell.dialogs)
            self._join(self._results)
        return self._results

    def _experiments_page(self) -> ExperimentPage:
        if self._experiments is None:
            self._experiments = ExperimentPage(self._shell.jobs, self._shell.dialogs)
            self._join(self._experiments)
        return self._experiments

    def _join(self, page: ResultsPage | ExperimentPage) -> None:
        page.home_wanted.connect(self._shell.go_home)
        page.file_chosen.connect(self.show)
        self._shell.pages.addWidget(page)

    def _bring(self, page: ResultsPage | ExperimentPage) -> None:
        self._shell.pages.setCurrentWidget(page)
        page.setFocus()
