"""The pages of an open project beside the images: the coming round, classes, settings, exports."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from studies.labeling.project.project import Project
from studies.labeling.rounds.conductor import Conductor
from ui.labeling.one_by_one.label_actions import LabelAction
from ui.labeling.project.classes_page import ClassesPage
from ui.labeling.project.classes_presenter import ClassEdits
from ui.labeling.project.export_page import ExportPage
from ui.labeling.project.export_presenter import Exports
from ui.labeling.project.settings_page import SettingsPage
from ui.labeling.project.settings_presenter import Choices
from ui.labeling.rounds.learner import Rounds
from ui.labeling.rounds.round_page import RoundPage
from ui.labeling.rounds.round_presenter import RoundPlan
from ui.shell import Shell

_Page = TypeVar("_Page", bound=QWidget)


class ProjectPages(QObject):
    """Each page is made when it is first shown."""

    left = Signal()
    reopen_wanted = Signal()

    def __init__(self, shell: Shell, project: Project, conductor: Conductor, rounds: Rounds) -> None:
        super().__init__(rounds)
        self._project, self._conductor, self._rounds = project, conductor, rounds
        self._pages, self._cache, self._dialogs = shell.pages, shell.paths.cache, shell.dialogs
        self._made: list[QWidget] = []
        self._plan: RoundPlan | None = None
        self._classes: ClassEdits | None = None
        self._choices: Choices | None = None
        self._exports: Exports | None = None

    def show(self, action: LabelAction, item: int | None) -> None:
        """Show the page of an action; ``item`` is the image that was on the desk."""
        if action is LabelAction.PLAN:
            self._show_plan()
        elif action is LabelAction.CLASSES:
            self._show_classes(item)
        elif action is LabelAction.SETTINGS:
            self._show_settings()
        elif action is LabelAction.EXPORT:
            self._show_exports()

    def close(self) -> None:
        """End what is being written, and take the pages away."""
        for joined in (self._exports, self._choices):
            if joined is not None:
                joined.close()
        for page in self._made:
            self._pages.removeWidget(page)
            page.deleteLater()

    def _show_plan(self) -> None:
        if self._plan is None:
            page = self._add(RoundPage())
            self._plan = RoundPlan(self._project, self._conductor, self._rounds, page)
            self._plan.left.connect(self.left)
        self._bring(self._plan.page)
        self._plan.show()

    def _show_classes(self, item: int | None) -> None:
        if self._classes is None:
            page = self._add(ClassesPage())
            self._classes = ClassEdits(self._project, page)
            self._classes.left.connect(self.left)
        self._bring(self._classes.page)
        self._classes.show(item)

    def _show_settings(self) -> None:
        if self._choices is None:
            page = self._add(SettingsPage())
            self._choices = Choices(self._project, page, self._cache, self._dialogs)
            self._choices.left.connect(self.left)
            self._choices.reopen_wanted.connect(self.reopen_wanted)
        self._bring(self._choices.page)
        self._choices.show()

    def _show_exports(self) -> None:
        if self._exports is None:
            page = self._add(ExportPage())
            self._exports = Exports(self._project, page, self._cache, self._dialogs)
            self._exports.left.connect(self.left)
        self._bring(self._exports.page)

    def _add(self, page: _Page) -> _Page:
        self._pages.addWidget(page)
        self._made.append(page)
        return page

    def _bring(self, page: QWidget) -> None:
        self._pages.setCurrentWidget(page)
        page.setFocus()
