"""The composition root: builds settings, window, jobs and pages, joins them, and closes them in order."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QStackedWidget

from clarifier_desktop import __version__, settings
from clarifier_desktop.machine.application import make_application
from clarifier_desktop.machine.diagnostics import environment, install_crash_log, say_on_stderr
from model.errors import UserError
from studies.files.schema import EXPERIMENT_ID
from studies.files.sqlite_file import kind_of
from ui.home_page import HomePage, Recent
from ui.kit import theme
from ui.kit.file_dialogs import FileDialogs
from ui.labeling.project.files import PROJECT_SUFFIX
from ui.main_window import MainWindow
from ui.preferences import Paths, Preferences, Theme, store_at_hand

if TYPE_CHECKING:
    from studies.timing.session.opening import Opening
    from ui.kit.jobs import JobRunner
    from ui.labeling.open_project import OpenProject
    from ui.labeling.project.project_presenter import NewProjectPresenter
    from ui.labeling.sitting import Labeling
    from ui.results.experiment_page import ExperimentPage
    from ui.results.results_page import ResultsPage
    from ui.study.setup_presenter import SetupPresenter
    from ui.study.study_flow import StudyFlow


_DESCRIBE_MS = 200  # after the page is there: the window comes first


class Program(QObject):
    """The running program: one window, one background thread, at most one open study."""

    def __init__(self, application: QApplication, paths: Paths) -> None:
        super().__init__()
        self.application = application
        self.paths = paths
        self.preferences, self._notice = settings.load(paths)
        theme.apply(application, self.preferences.theme)
        self.dialogs = FileDialogs()
        self.window = MainWindow()
        self.home = HomePage()
        self.pages.addWidget(self.home)
        self.flow: StudyFlow | None = None
        self._jobs: JobRunner | None = None
        self._setup: SetupPresenter | None = None
        self._results: ResultsPage | None = None
        self.experiments: ExperimentPage | None = None
        self._projects: NewProjectPresenter | None = None
        self._desk: OpenProject | None = None
        self._describe = QTimer(self)
        self._describe.setSingleShot(True)
        self._describe.setInterval(_DESCRIBE_MS)
        self._describe.timeout.connect(self._describe_recent)
        self.home.study_wanted.connect(self.prepare_study)
        self.home.results_wanted.connect(self.show_results)
        self.home.recent_wanted.connect(self._open_recent)
        self.home.project_wanted.connect(self._new_project)
        self.home.theme_wanted.connect(self.switch_theme)
        self.window.help_coming.connect(self._pause)
        self.window.closing.connect(self.close)

    def show(self, full_screen: bool = False) -> None:
        """Open the window on the home page; what it does not need loads once it is shown."""
        self.go_home()
        if full_screen:
            self.window.showFullScreen()
        else:
            self.window.show()
        if self._notice:
            self.say(self._notice)

    @property
    def pages(self) -> QStackedWidget:
        """The window's pages; one of them shows."""
        return self.window.pages

    @property
    def version(self) -> str:
        """The program's version."""
        return __version__

    def record(self) -> dict[str, object]:
        """What this machine is, for the record of a sitting."""
        from ui.kit.screen import describe_screen

        return {**environment(), **describe_screen(self.application)}

    def show_help(self) -> None:
        """Show the keys of the page that is open."""
        self.window.show_help()

    @property
    def jobs(self) -> JobRunner:
        """The background thread, started when first needed."""
        if self._jobs is None:
            from ui.kit.jobs import JobRunner

            self._jobs = JobRunner(self)
        return self._jobs

    def go_home(self) -> None:
        """Show the home page."""
        self._list_recent(_day)
        self.pages.setCurrentWidget(self.home)
        self.home.setFocus()
        self._describe.start()

    def prepare_study(self) -> None:
        """Show the researcher's page."""
        if self._setup is None:
            from ui.study.setup_presenter import SetupPresenter

            self._setup = SetupPresenter(self, self.open_study)
        self._setup.show()

    def open_study(self, opening: Opening) -> StudyFlow:
        """Open a study for participants. Raises ``UserError`` where its file cannot be used."""
        from ui.study.hosting import make_host
        from ui.study.study_flow import StudyFlow

        self.close_study()
        host = make_host(opening, self)
        self.flow = StudyFlow(host, self.jobs, self.pages)
        self.flow.left.connect(self._leave_study)
        self.flow.help_wanted.connect(self.window.show_help)
        self.flow.welcome.full_screen_wanted.connect(self._set_full_screen)
        self.keep(replace(self.preferences, last_store=opening.store).with_recent(opening.store))
        self.flow.open()
        if opening.participant is not None:
            self.flow.begin(opening.participant)
        return self.flow

    @property
    def projects(self) -> NewProjectPresenter | None:
        """The page of a new project, once it was shown."""
        return self._projects

    def new_project(self, folder: Path | None = None) -> None:
        """Show the page of a new labeling project."""
        if self._projects is None:
            from ui.labeling.project.project_presenter import NewProjectPresenter

            self._projects = NewProjectPresenter(self, self.project_desk.jobs, self.project_desk.open_store)
        self._projects.show(folder)

    @property
    def labeling(self) -> Labeling | None:
        """The open labeling project."""
        return None if self._desk is None else self._desk.labeling

    @property
    def project_desk(self) -> OpenProject:
        """Where a labeling project is opened and closed."""
        if self._desk is None:
            from ui.labeling.open_project import OpenProject

            self._desk = OpenProject(self)
        return self._desk

    def open_project(self, path: Path, annotator: str = "") -> None:
        """Open a labeling project; raises ``UserError`` where that cannot be."""
        self.project_desk.open(path, annotator)

    def show_results(self, path: Path | None = None) -> None:
        """Show the results of a file, by default the one used last."""
        from ui.results.results_page import ResultsPage

        target = path or self.store_path()
        if kind_of(target) == EXPERIMENT_ID:
            self._show_experiments(target)
            return
        from ui.results.sources import make_source

        if self._results is None:
            self._results = ResultsPage(self.jobs, self.dialogs)
            self._results.home_wanted.connect(self.go_home)
            self._results.file_chosen.connect(self.show_results)
            self.pages.addWidget(self._results)
        self._results.show_source(make_source(target))
        self.pages.setCurrentWidget(self._results)
        self._results.setFocus()

    def _show_experiments(self, path: Path) -> None:
        from ui.results.experiment_page import ExperimentPage
        from ui.results.sources import make_experiment_source

        if self.experiments is None:
            self.experiments = ExperimentPage(self.jobs, self.dialogs)
            self.experiments.home_wanted.connect(self.go_home)
            self.experiments.file_chosen.connect(self.show_results)
            self.pages.addWidget(self.experiments)
        self.experiments.show_source(make_experiment_source(path))
        self.pages.setCurrentWidget(self.experiments)
        self.experiments.setFocus()

    def say(self, text: str) -> None:
        """Say something that went wrong, in the window and on the error stream; nobody is held up by it."""
        say_on_stderr(text)
        self.window.statusBar().showMessage(text)

    def switch_theme(self) -> None:
        """Light to dark and back."""
        chosen = Theme.LIGHT if theme.is_dark() else Theme.DARK
        theme.apply(self.application, chosen)
        self.keep(replace(self.preferences, theme=chosen))

    def store_path(self) -> Path:
        """The file used last, or the default one."""
        return store_at_hand(self.paths, self.preferences)

    def keep(self, preferences: Preferences) -> None:
        """Keep changed preferences for the next time; where that fails, for this time."""
        self.preferences = preferences
        try:
            settings.save(self.paths, preferences)
        except settings.SettingsError as error:
            self.say(str(error))

    def close_study(self) -> None:
        """Close the open study; a session under way can be resumed."""
        if self.flow is not None:
            self.flow.close()
            self.flow.deleteLater()
            self.flow = None

    def close(self) -> None:
        """Close all in order: session, store, background thread."""
        self._describe.stop()
        self.close_study()
        if self._desk is not None:
            self._desk.close()
            self._desk = None
        self._projects = None
        if self._jobs is not None:
            self._jobs.shutdown()
            self._jobs = None

    def _list_recent(self, describe: Callable[[Path], str]) -> None:
        self.home.set_recent(
            [Recent(path, describe(path)) for path in self.preferences.recent_files if path.exists()]
        )

    def _describe_recent(self) -> None:
        if any(path.suffix == PROJECT_SUFFIX for path in self.preferences.recent_files):
            self._list_recent(_described)

    def _new_project(self) -> None:
        self.new_project()

    def _open_recent(self, path: Path) -> None:
        if path.suffix == PROJECT_SUFFIX:
            try:
                self.open_project(path)
            except UserError as error:
                self.say(str(error))
        else:
            self.show_results(path)

    def _leave_study(self) -> None:
        self.close_study()
        self.go_home()

    def _pause(self) -> None:
        if self.flow is not None:
            self.flow.pause()
        if self.labeling is not None:
            self.labeling.pause()

    def _set_full_screen(self, on: bool) -> None:
        if on != self.window.isFullScreen():
            self.window.toggle_full_screen()


def run(
    opening: Opening | None = None,
    started: Callable[[Program], object] | None = None,
    *,
    full_screen: bool = False,
) -> int:
    """Open the program, run it, and return its exit code. ``started`` is called once the window shows."""
    application = make_application(sys.argv[:1])
    paths = Paths.of_user()
    program = Program(application, paths)
    crash_log = install_crash_log(paths.crashes, program.say)
    program.show(full_screen)
    try:
        if opening is not None:
            program.open_study(opening)
        if started is not None:
            QTimer.singleShot(0, program, lambda: started(program))
        return application.exec()
    finally:
        program.close()
        crash_log.close()


def _described(path: Path) -> str:
    """How far a project is, and when a file was last written."""
    if path.suffix != PROJECT_SUFFIX:
        return _day(path)
    from studies.labeling.file.store import ProjectStore

    try:
        with ProjectStore.open(path, writable=False) as store:
            return f"{store.standing_in_words()}   {_day(path)}"
    except UserError:
        return _day(path)  # opening it says what is wrong


def _day(path: Path) -> str:
    """When a file was last written, in words."""
    from datetime import date

    days = (date.today() - date.fromtimestamp(path.stat().st_mtime)).days
    return "today" if days <= 0 else "yesterday" if days == 1 else f"{days} days ago"
