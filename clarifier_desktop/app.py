"""The composition root: settings, window, background thread and presenters, joined, and closed in order."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget

from clarifier_desktop import __version__, settings
from clarifier_desktop.machine.application import make_application
from clarifier_desktop.machine.diagnostics import environment, install_crash_log, say_on_stderr
from clarifier_desktop.machine.ending import ends_in_order
from clarifier_desktop.presenters import Presenters
from model.errors import UserError
from model.parts import MissingPartError, need_learner
from ui.kit import theme
from ui.kit.file_dialogs import FileDialogs
from ui.kit.jobs import JobRunner
from ui.labeling.project.files import PROJECT_SUFFIX
from ui.main_window import MainWindow
from ui.preferences import Paths, Preferences, Theme, store_at_hand

if TYPE_CHECKING:
    from studies.labeling.facts.settings import ProjectSettings
    from studies.timing.session.opening import Opening
    from ui.labeling.sitting import Labeling
    from ui.study.study_flow import StudyFlow


class Program(QObject):
    """The running program, the shell of its presenters: one window, at most one open study and one open project.

    ``jobs`` is the background thread of studies and results: what one page starts there ends what another did.
    Opening projects has a thread of its own (``OpenProject.jobs``), and so have, while a project is open, its
    learner, its exports, its search for new images and its images' hashes: none of them may hold up another. A
    thread begins with its first job.
    """

    def __init__(self, application: QApplication, paths: Paths) -> None:
        super().__init__()
        self.application = application
        self.paths = paths
        self.preferences, self._notice = settings.load(paths)
        theme.apply(application, self.preferences.theme)
        self.window = MainWindow()
        self.dialogs = FileDialogs(paths.data)
        self.jobs = JobRunner(self)
        self.presenters = Presenters(self)
        self.home = self.presenters.home.page
        self.home.study_wanted.connect(self.prepare_study)
        self.home.results_wanted.connect(self.show_results)
        self.home.recent_wanted.connect(self._open_recent)
        self.home.project_wanted.connect(self._new_project)
        self.home.dropped.connect(self._open_dropped)
        self.home.theme_wanted.connect(self.switch_theme)
        self.window.help_coming.connect(self.presenters.look_away)
        self.window.closing.connect(self.close)

    def show(self, full_screen: bool = False) -> None:
        """Open the window on the home page; what it does not need loads once it is shown."""
        self.go_home()
        if full_screen:
            self.window.showFullScreen()
        else:
            self.window.show_fitting(self.preferences.window)
        if self._notice:
            self.say(self._notice)

    def close(self) -> None:
        """Close all in order: session, file, background work; the window's place is kept where that can be."""
        place = self.window.place() if self.window.isVisible() else ""
        self.presenters.close()
        self.jobs.shutdown()
        if place and place != self.preferences.window:
            with suppress(settings.PreferencesError):  # nothing to tell somebody who goes
                settings.save(self.paths, replace(self.preferences, window=place))

    # What presenters ask of it.

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

    def store_path(self) -> Path:
        """The file used last, or the default one."""
        return store_at_hand(self.paths, self.preferences)

    def keep(self, preferences: Preferences) -> None:
        """Keep changed preferences for the next time; where that fails, for this time."""
        self.preferences = preferences
        try:
            settings.save(self.paths, preferences)
        except settings.PreferencesError as error:
            self.say(str(error))

    def say(self, text: str) -> None:
        """Say something that went wrong, in the window and on the error stream; nobody is held up by it."""
        say_on_stderr(text)
        self.window.notice.show_text(text)

    def take_back(self, text: str) -> None:
        """Say no longer what holds no longer, if it is what was said last."""
        self.window.notice.take_back(text)

    def show_strip(self, strip: QWidget | None) -> None:
        """Have a strip above every page; ``None``: none any more."""
        self.window.show_strip(strip)

    def show_help(self) -> None:
        """Show the keys of the page that is open."""
        self.window.show_help()

    def set_full_screen(self, on: bool) -> None:
        """Fill the screen, or show a window again."""
        if on != self.window.isFullScreen():
            self.window.toggle_full_screen()

    def switch_theme(self) -> None:
        """Light to dark and back."""
        chosen = Theme.LIGHT if theme.is_dark() else Theme.DARK
        theme.apply(self.application, chosen)
        self.keep(replace(self.preferences, theme=chosen))

    # Where one can go.

    @property
    def flow(self) -> StudyFlow | None:
        """The open study."""
        return self.presenters.flow

    @property
    def labeling(self) -> Labeling | None:
        """The open labeling project."""
        return self.presenters.labeling

    def go_home(self) -> None:
        """Show the home page."""
        self.presenters.home.show()

    def prepare_study(self) -> None:
        """Show the researcher's page."""
        self.presenters.setup.show()

    def open_study(self, opening: Opening) -> StudyFlow:
        """Open a study for participants. Raises ``UserError`` where its file cannot be used."""
        return self.presenters.study.open(opening)

    def new_project(
        self,
        folder: Path | None = None,
        settings: ProjectSettings | None = None,
        file: Path | None = None,
        model: Path | None = None,
    ) -> None:
        """Show the page of a new labeling project; ``model``: a model's file or a project that it begins with."""
        try:
            need_learner("Labeling")
        except MissingPartError as missing:
            self.say(str(missing))
            return
        self.presenters.new_project.show(folder, settings, file, model)

    def begin_with(self, model: Path) -> None:
        """Show the page of a new labeling project that begins with a model."""
        self.new_project(model=model)

    def open_project(self, path: Path, annotator: str = "") -> None:
        """Open a labeling project; raises ``UserError`` where that cannot be."""
        self.presenters.project.open(path, annotator)

    def show_results(self, path: Path | None = None) -> None:
        """Show the results of a file, by default the one used last."""
        self.presenters.results.show(path or self.store_path())

    def _new_project(self) -> None:
        self.new_project()

    def _open_dropped(self, path: Path) -> None:
        if path.suffix == PROJECT_SUFFIX:
            self._open_recent(path)
        else:
            self.new_project(path)

    def _open_recent(self, path: Path) -> None:
        if path.suffix == PROJECT_SUFFIX:
            try:
                self.open_project(path)
            except UserError as error:
                self.say(str(error))
        else:
            self.show_results(path)


def run(
    opening: Opening | None = None,
    started: Callable[[Program], object] | None = None,
    *,
    full_screen: bool = False,
    unattended: bool = False,
) -> int:
    """Open the program, run it, and return its exit code. ``started`` is called once the window shows.

    ``unattended``: nobody would read an error in the window, so it ends the program with code 1.
    """
    application = make_application(sys.argv[:1])
    paths = Paths.of_user()
    program = Program(application, paths)

    def end(sentence: str) -> None:
        say_on_stderr(sentence)
        QTimer.singleShot(0, application, lambda: application.exit(1))  # it may not run yet

    crash_log = install_crash_log(paths.crashes, end if unattended else program.say)
    program.show(full_screen)
    try:
        if opening is not None:
            program.open_study(opening)
        if started is not None:
            QTimer.singleShot(0, program, lambda: started(program))
        with ends_in_order(application):
            return application.exec()
    except UserError:
        raise
    except Exception as error:  # before there is an event loop, nothing else would report it
        say_on_stderr(crash_log.report(error))
        return 1
    finally:
        program.close()
        crash_log.close()
