"""Leads participants one after another through a study that is open: welcome, preparation, session, welcome."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QStackedWidget

from model.errors import UserError
from studies.timing.file.store import OpenSession
from studies.timing.session.host import Host
from studies.timing.session.material import Drawn
from studies.timing.session.session import Participant
from ui.kit.jobs import Cancelled, Failed, Finished, JobRunner, Progress
from ui.study.session_controller import SessionController
from ui.study.trial_page import TrialPage
from ui.study.welcome_page import WelcomePage


@dataclass(frozen=True)
class _Coming:
    """A session being prepared."""

    job_id: int
    participant: Participant
    admitted: OpenSession | int


class StudyFlow(QObject):
    """Shows the welcome page of one study until it is left; ``left`` when the researcher goes back."""

    left = Signal()
    refused = Signal(str)  # the session could not be prepared: the sentence
    help_wanted = Signal()

    def __init__(self, host: Host, jobs: JobRunner, stack: QStackedWidget) -> None:
        super().__init__(stack)
        self._host = host
        self._jobs = jobs
        self._stack = stack
        self.welcome = WelcomePage()
        self._trial_page = TrialPage()
        for page in (self.welcome, self._trial_page):
            stack.addWidget(page)
        self.controller: SessionController | None = None
        self._coming: _Coming | None = None
        self.welcome.begin_wanted.connect(self._begin_code)
        self.welcome.back_wanted.connect(self.left)
        self.welcome.progress.cancel_requested.connect(jobs.cancel)
        self._trial_page.help_wanted.connect(self.help_wanted)
        jobs.progressed.connect(self._progressed)
        jobs.finished.connect(self._prepared)
        jobs.failed.connect(self._failed)
        jobs.cancelled.connect(self._cancelled)

    def open(self) -> None:
        """Wait for a participant."""
        self.welcome.welcome(self._host.loaded.plan.title or self._host.loaded.plan.name)
        self._stack.setCurrentWidget(self.welcome)
        self.welcome.setFocus()

    def begin(self, participant: Participant) -> None:
        """Admit a participant and prepare the session in the background.

        Raises ``UserError`` where the participant cannot take part.
        """
        if self._coming is not None:
            return
        admitted = self._host.admit(participant)
        self.welcome.progress.begin("Preparing the images")
        job = partial(self._host.draw, admitted) if isinstance(admitted, int) else self._host.reopen
        self._coming = _Coming(self._jobs.start(job), participant, admitted)

    def close(self) -> None:
        """Leave the study; a session under way can be resumed."""
        for signal, slot in (
            (self._jobs.progressed, self._progressed),
            (self._jobs.finished, self._prepared),
            (self._jobs.failed, self._failed),
            (self._jobs.cancelled, self._cancelled),
        ):
            signal.disconnect(slot)
        self._jobs.cancel()
        self._end_session()
        for page in (self.welcome, self._trial_page):
            self._stack.removeWidget(page)
            page.deleteLater()
        self._host.store.close()

    def pause(self) -> None:
        """Pause a trial under way."""
        if self.controller is not None:
            self.controller.pause()

    def _begin_code(self, code: str) -> None:
        try:
            self.begin(Participant(code))
        except UserError as error:
            self.welcome.show_message(str(error))

    def _progressed(self, report: Progress) -> None:
        if self._coming is not None and report.job_id == self._coming.job_id:
            self.welcome.progress.show_progress(report)

    def _prepared(self, report: Finished) -> None:
        coming = self._take(report.job_id)
        if coming is None or not isinstance(report.result, Drawn):
            return
        try:
            if isinstance(coming.admitted, int):
                session = self._host.start(coming.participant, coming.admitted, report.result)
            else:
                session = self._host.resume(coming.admitted, time.perf_counter_ns())
        except UserError as error:
            self._refuse(str(error))
            return
        self.controller = SessionController(
            self._host, session, report.result.material, self._stack, self._trial_page
        )
        self.controller.over.connect(self._over)
        self.controller.begin()

    def _failed(self, report: Failed) -> None:
        if self._take(report.job_id) is not None:
            self._refuse(report.message)

    def _refuse(self, sentence: str) -> None:
        self.welcome.show_message(sentence)
        self.refused.emit(sentence)

    def _cancelled(self, report: Cancelled) -> None:
        if self._take(report.job_id) is not None:
            self.welcome.show_message("The preparation was cancelled. Nothing was stored.")

    def _take(self, job_id: int) -> _Coming | None:
        if self._coming is None or self._coming.job_id != job_id:
            return None
        coming, self._coming = self._coming, None
        self.welcome.progress.end()
        return coming

    def _over(self) -> None:
        self._end_session()
        self.open()

    def _end_session(self) -> None:
        if self.controller is not None:
            self.controller.close()
            self.controller.deleteLater()
            self.controller = None
