"""What stands behind the window's pages: made when first needed, so that the window comes first; closed in order."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from ui.home_presenter import HomePresenter
from ui.shell import Shell

if TYPE_CHECKING:
    from ui.labeling.open_project import OpenProject
    from ui.labeling.project.new_project_presenter import NewProjectPresenter
    from ui.labeling.sitting import Labeling
    from ui.results.results_presenter import ResultsPresenter
    from ui.study.open_study import OpenStudy
    from ui.study.setup_presenter import SetupPresenter
    from ui.study.study_flow import StudyFlow


class Presenters:
    """The features of the program, joined to each other: at most one study and one project are open."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell
        self.home = HomePresenter(shell)

    @cached_property
    def setup(self) -> SetupPresenter:
        """The researcher's page before a study."""
        from ui.study.setup_presenter import SetupPresenter

        return SetupPresenter(self._shell, self.study.open)

    @cached_property
    def study(self) -> OpenStudy:
        """Where a study is opened and closed."""
        from ui.study.open_study import OpenStudy

        return OpenStudy(self._shell)

    @cached_property
    def new_project(self) -> NewProjectPresenter:
        """The page of a new labeling project."""
        from ui.labeling.project.new_project_presenter import NewProjectPresenter

        project = self.project
        return NewProjectPresenter(self._shell, project.jobs, project.open_store, project.open)

    @cached_property
    def project(self) -> OpenProject:
        """Where a labeling project is opened and closed."""
        from ui.labeling.open_project import OpenProject

        return OpenProject(self._shell)

    @cached_property
    def results(self) -> ResultsPresenter:
        """The results of a file."""
        from ui.results.results_presenter import ResultsPresenter

        return ResultsPresenter(self._shell)

    @property
    def flow(self) -> StudyFlow | None:
        """The open study."""
        return self.study.flow if "study" in self.__dict__ else None

    @property
    def labeling(self) -> Labeling | None:
        """The open labeling project."""
        return self.project.labeling if "project" in self.__dict__ else None

    def look_away(self) -> None:
        """The key sheet covers an image whose time counts: a trial is paused, a time of labeling marked."""
        if self.flow is not None:
            self.flow.pause()
        if self.labeling is not None:
            self.labeling.look_away()

    def close(self) -> None:
        """Close what is open: session and study, then sitting and project."""
        self.home.close()
        if "study" in self.__dict__:
            self.study.close()
        if "project" in self.__dict__:
            self.project.close()
