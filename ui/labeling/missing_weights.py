"""The two ways to pretrained weights that are missing: a download, or a file. Labeling goes on meanwhile."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject

from model.errors import UserError
from studies.labeling.facts.settings import ProjectSettings
from studies.labeling.project.project import Project
from studies.labeling.rounds.request import request_weights
from ui.kit.file_dialogs import FileKind
from ui.kit.job_line import JobLine
from ui.kit.jobs import JobRunner
from ui.labeling.choices.network_check import NetworkChoice
from ui.labeling.finish_strip import FinishStrip
from ui.labeling.rounds.background_learner import BackgroundLearner
from ui.shell import Shell

_KIND = FileKind("Weights", "safetensors", or_any=True)
_TITLE = "A network's weights"


class MissingWeights(QObject):
    """Joins the two buttons in the line above every page to the learner."""

    def __init__(
        self,
        shell: Shell,
        project: Project,
        learner: BackgroundLearner,
        strip: FinishStrip,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._shell, self._project, self._learner, self._strip = shell, project, learner, strip
        self._jobs = JobRunner(self)
        self._choice = NetworkChoice(JobLine(self._jobs, parent=self), shell.say)
        self._downloading = False
        learner.progressed.connect(self._follow)
        strip.download_wanted.connect(self._download)
        strip.weights_wanted.connect(self._choose)

    def close(self) -> None:
        """End the background work."""
        self._jobs.shutdown()

    def _follow(self) -> None:
        missing = bool(self._learner.notice)
        self._strip.offer_weights(self._learner.notice)
        if missing and self._downloading:
            self._downloading = False
            self._shell.say(self._learner.reason)

    def _download(self) -> None:
        self._downloading = True
        self._learner.follow_settings(request_weights)

    def _choose(self) -> None:
        file = self._shell.dialogs.open(self._shell.pages, _TITLE, Path(), _KIND)
        if file is not None:
            settings = self._project.settings
            learner = settings.learner.model_copy(update={"weights": file})
            changed = settings.model_copy(update={"learner": learner})
            self._choice.settle(settings.learner, changed, self._keep)

    def _keep(self, settings: ProjectSettings) -> None:
        try:
            self._project.change_settings(settings)
        except UserError as error:
            self._shell.say(str(error))
            return
        self._learner.follow_settings(request_weights)
