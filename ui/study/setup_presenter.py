"""Joins the researcher's page to plans, data sets and downloads."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject

from model.datasets import download
from model.errors import UserError
from model.port import Port
from studies.timing.facts.plan import LoadedPlan, load_plan, shipped_plans
from studies.timing.session.opening import Opening
from ui.kit.job_line import JobLine
from ui.shell import Shell
from ui.study.setup_data import (
    data_lines,
    has_own_sets,
    list_left_out,
    needs_download,
    plan_blocks,
    plan_summary,
)
from ui.study.setup_page import SetupPage


class SetupPresenter(QObject):
    """Holds the chosen plan and file until the study is opened."""

    def __init__(self, shell: Shell, open_study: Callable[[Opening], object]) -> None:
        super().__init__()
        self._shell = shell
        self._open_study = open_study
        self._page = SetupPage(shipped_plans(), shell.dialogs)
        shell.pages.addWidget(self._page)
        self._loaded: LoadedPlan | None = None
        self._store = shell.store_path()
        page = self._page
        self._line = JobLine(shell.jobs, page.progress, self)
        self._listing = JobLine(shell.jobs, None, self)
        page.plan_chosen.connect(self.choose_plan)
        page.store_chosen.connect(self._choose_store)
        page.mend_wanted.connect(self._mend)
        page.open_wanted.connect(self._open)
        page.back_wanted.connect(shell.go_home)
        self.choose_plan("built-in")

    def show(self) -> None:
        """Show the page as things stand now."""
        self._page.show_store(self._store)
        self._show_data()
        self._shell.pages.setCurrentWidget(self._page)
        self._page.setFocus()

    def choose_plan(self, name: str) -> None:
        """Take a plan by name or file; a bad one is refused in words and the last one stays."""
        try:
            self._loaded = load_plan(name)
        except UserError as error:
            self._page.show_message(str(error))
            return
        self._page.show_message("")
        self._page.show_plan(name, plan_summary(self._loaded), plan_blocks(self._loaded))
        self._show_data()

    def _choose_store(self, path: Path) -> None:
        self._store = path if path.suffix else path.with_suffix(".sqlite")
        self._page.show_store(self._store)

    def _show_data(self) -> None:
        if self._loaded is not None:
            folders, cache = self._shell.preferences.data_folders, self._shell.paths.cache
            self._page.show_data(data_lines(self._loaded, folders, cache))
            self._page.show_left_out(())
            if not self._line.busy and has_own_sets(self._loaded):  # a job more would end a download
                self._listing.run(
                    partial(list_left_out, self._loaded, folders, cache),
                    self._page.show_left_out,
                    failed=self._page.show_message,
                )

    def _mend(self, dataset: str) -> None:
        if self._loaded is None or self._line.busy:
            return
        if needs_download(self._loaded, dataset, self._shell.paths.cache):
            self._page.show_message("")
            self._line.run(
                partial(_download, dataset, self._shell.paths.cache),
                lambda _: self._end(""),
                failed=self._end,
                cancelled=partial(self._end, "The download was cancelled. Nothing of it was kept."),
                text=f"Downloading {dataset}",
            )
            return
        folder = self._shell.dialogs.folder(self._page, f"Folder of {dataset}")
        if folder is not None:
            self._shell.keep(self._shell.preferences.with_data_folder(dataset, folder))
            self._show_data()

    def _open(self) -> None:
        if self._loaded is None:
            return
        try:
            self._open_study(Opening(self._loaded, self._store, self._shell.preferences.data_folders))
        except UserError as error:
            self._page.show_message(str(error))
        except OSError as error:
            self._page.show_message(f"{self._store} cannot be used: {error.strerror}. Choose another file.")

    def _end(self, message: str) -> None:
        self._page.show_message(message)
        self._show_data()


def _download(dataset: str, cache: Path, port: Port) -> None:
    download(dataset, cache, port.progress, port.cancelled)
