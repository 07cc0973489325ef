"""Leads participants one after another through a study that is open: welcome, preparation, session, welcome."""

from __future__ import annotations

import time
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QStackedWidget

from model.errors import UserError
from studies.timing.file.store import OpenSession
from studies.timing.session.host import Host
from studies.timing.session.material import Drawn
from studies.timing.session.session import Participant
from ui.kit.checkpoints import Checkpoints
from ui.kit.job_line import JobLine
from ui.kit.jobs import JobRunner
from ui.study.session_controller import SessionController
from ui.study.trial_page import TrialPage
from ui.study.welcome_page import WelcomePage


class StudyFlow(QObject):
    """Shows the welcome page of one study until it is left; ``left`` when the researcher goes back."""

    left = Signal()
    refused = Signal(str)  # the session could not be prepared: the sentence
    help_wanted = Signal()

    def __init__(self, host: Host, jobs: JobRunner, stack: QStackedWidget) -> None:
        super().__init__(stack)
        self._host = host
        self._stack = stack
        self.welcome = WelcomePage()
        self._trial_page = TrialPage()
        for page in (self.welcome, self._trial_page):
            stack.addWidget(page)
        self.controller: SessionController | None = None
        self._line = JobLine(jobs, self.welcome.progress, self)
        self._checkpoints = Checkpoints(host.store, self)
        self.welcome.begin_wanted.connect(self._begin_code)
        self.welcome.back_wanted.connect(self.left)
        self._trial_page.help_wanted.connect(self.help_wanted)

    def open(self) -> None:
        """Wait for a participant."""
        self.welcome.welcome(self._host.loaded.plan.title or self._host.loaded.plan.name)
        self._stack.setCurrentWidget(self.welcome)
        self.welcome.setFocus()

    def begin(self, participant: Participant) -> None:
        """Admit a participant and prepare the session in the background.

        Raises ``UserError`` where the participant cannot take part.
        """
        if self._line.busy:
            return
        admitted = self._host.admit(participant)
        self._line.run(
            partial(self._host.draw, admitted) if isinstance(admitted, int) else self._host.reopen,
            partial(self._begin_session, participant, admitted),
            failed=self._refuse,
            cancelled=partial(
                self.welcome.show_message, "The preparation was cancelled. Nothing was stored."
            ),
            text="Preparing the images",
        )

    def close(self) -> None:
        """Leave the study; a session under way can be resumed."""
        self._line.drop()
        self._end_session()
        for page in (self.welcome, self._trial_page):
            self._stack.removeWidget(page)
            page.deleteLater()
        self._checkpoints.close()
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

    def _begin_session(self, participant: Participant, admitted: OpenSession | int, drawn: Drawn) -> None:
        try:
            if isinstance(admitted, int):
                session = self._host.start(participant, admitted, drawn)
            else:
                session = self._host.resume(admitted, time.perf_counter_ns(), drawn.material)
        except UserError as error:
            self._refuse(str(error))
            return
        self.controller = SessionController(
            self._host, session, drawn.material, self._stack, self._trial_page
        )
        self.controller.over.connect(self._over)
        self.controller.begin()

    def _refuse(self, sentence: str) -> None:
        self.welcome.show_message(sentence)
        self.refused.emit(sentence)

    def _over(self) -> None:
        self._end_session()
        self.open()

    def _end_session(self) -> None:
        if self.controller is not None:
            self.controller.close()
            self.controller.deleteLater()
            self.controller = None
