"""The pages of an open project beside the images: the coming round, classes, settings, exports."""

from __future__ import annotations

from functools import partial
from typing import TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from studies.labeling.project.project import Project
from studies.labeling.report.facts import collect_doubts
from studies.labeling.report.page import export_report
from studies.labeling.rounds.conductor import Conductor
from ui.labeling.classes.classes_page import ClassesPage
from ui.labeling.classes.classes_presenter import ClassesPresenter
from ui.labeling.export.export_page import Export, ExportPage
from ui.labeling.export.export_presenter import ExportPresenter, WriteReport
from ui.labeling.finish_strip import FinishStrip
from ui.labeling.missing_weights import MissingWeights
from ui.labeling.one_by_one.label_actions import LabelAction
from ui.labeling.project.settings_page import SettingsPage
from ui.labeling.project.settings_presenter import SettingsPresenter
from ui.labeling.rounds.background_learner import BackgroundLearner
from ui.labeling.rounds.finish_page import FinishPage
from ui.labeling.rounds.finish_presenter import FinishPresenter
from ui.labeling.rounds.round_page import RoundPage
from ui.labeling.rounds.round_presenter import RoundPresenter
from ui.shell import Shell

_Page = TypeVar("_Page", bound=QWidget)


class ProjectPages(QObject):
    """Each page is made when it is first shown."""

    left = Signal()
    reopen_wanted = Signal(str)
    another_wanted = Signal()  # another folder is to begin with this project's model
    second_look_wanted = Signal()

    def __init__(
        self,
        shell: Shell,
        project: Project,
        conductor: Conductor,
        learner: BackgroundLearner,
        strip: FinishStrip,
    ) -> None:
        super().__init__(learner)
        self._project, self._conductor, self._learner = project, conductor, learner
        self._pages, self._cache, self._dialogs = shell.pages, shell.paths.cache, shell.dialogs
        self._weights = MissingWeights(shell, project, learner, strip, self)
        self._version = shell.version
        self._made: list[QWidget] = []
        self._round: RoundPresenter | None = None
        self._finish: FinishPresenter | None = None
        self._classes: ClassesPresenter | None = None
        self._settings: SettingsPresenter | None = None
        self._exports: ExportPresenter | None = None

    def show(self, action: LabelAction, item: int | None) -> None:
        """Show the page of an action; ``item`` is the current image."""
        if action is LabelAction.PLAN:
            self._show_round()
        elif action is LabelAction.FINISH:
            self._show_finish()
        elif action is LabelAction.CLASSES:
            self._show_classes(item)
        elif action is LabelAction.SETTINGS:
            self._show_settings()
        elif action is LabelAction.EXPORT:
            self._show_exports()
        elif action is LabelAction.REPORT:
            self._show_exports().do(Export.REPORT)

    def close(self) -> None:
        """End what is being written, and take the pages away."""
        self._weights.close()
        for joined in (self._exports, self._settings):
            if joined is not None:
                joined.close()
        for page in self._made:
            self._pages.removeWidget(page)
            page.deleteLater()

    def _show_round(self) -> None:
        if self._round is None:
            page = self._add(RoundPage())
            self._round = RoundPresenter(self._project, self._conductor, self._learner, page)
            self._round.left.connect(self.left)
        self._bring(self._round.page)
        self._round.show()

    def _show_finish(self) -> None:
        if self._finish is None:
            self._finish = FinishPresenter(self._project, self._conductor, self._add(FinishPage()))
            self._finish.left.connect(self.left)
            self._finish.another_wanted.connect(self.another_wanted)
            self._finish.second_look_wanted.connect(self.second_look_wanted)
        self._bring(self._finish.page)
        self._finish.show()

    def _show_classes(self, item: int | None) -> None:
        if self._classes is None:
            page = self._add(ClassesPage())
            self._classes = ClassesPresenter(self._project, page)
            self._classes.left.connect(self.left)
        self._bring(self._classes.page)
        self._classes.show(item)

    def _show_settings(self) -> None:
        if self._settings is None:
            page = self._add(SettingsPage())
            self._settings = SettingsPresenter(self._project, page, self._cache, self._dialogs)
            self._settings.kept.connect(self._learner.follow_settings)
            self._settings.left.connect(self.left)
            self._settings.reopen_wanted.connect(self.reopen_wanted)
        self._bring(self._settings.page)
        self._settings.show()

    def _show_exports(self) -> ExportPresenter:
        if self._exports is None:
            page, prepare = self._add(ExportPage()), self._prepare_report
            self._exports = ExportPresenter(self._project, page, self._cache, self._dialogs, prepare)
            self._exports.left.connect(self.left)
        self._bring(self._exports.page)
        return self._exports

    def _prepare_report(self) -> WriteReport:
        """What writes a report; what only the window knows is read now."""
        doubts = collect_doubts(self._project, self._conductor.checks)
        return partial(export_report, version=self._version, doubts=doubts)

    def _add(self, page: _Page) -> _Page:
        self._pages.addWidget(page)
        self._made.append(page)
        return page

    def _bring(self, page: QWidget) -> None:
        self._pages.setCurrentWidget(page)
        page.setFocus()
