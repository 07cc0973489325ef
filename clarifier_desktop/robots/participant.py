"""A simulated participant who goes through a session of the timing study in the real window."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt

from clarifier_desktop.robots.page_marking import CONFIRM, PageManner, draw_marks, draw_seconds, press_marks
from clarifier_desktop.robots.replying import keys_for_questions
from clarifier_desktop.robots.robot import Manner, Robot
from clarifier_desktop.robots.typist import ExGaussian, keys_for
from studies.timing.facts.pages import PlannedPage
from studies.timing.facts.questions import Question
from studies.timing.facts.records import PlannedTrial
from studies.timing.session.state import Phase, SessionState
from ui.main_window import MainWindow
from ui.study.session_controller import SessionController

_WATCH_EVERY_MS = 5
_READ_S = 0.6  # how long the robot looks at a page of words
_PATIENCE_S = 60  # for what should come after its keys

PARTICIPANT = Manner(ExGaussian(0.28, 0.04, 0.08), ExGaussian(0.85, 0.12, 0.25), error_rate=0.04)
"""It verifies faster than it corrects, and seldom errs."""


class ParticipantRobot(Robot):
    """Goes through one session; ``done`` at the last page, before it is left."""

    def __init__(
        self,
        window: MainWindow,
        controller: Callable[[], SessionController | None],
        seed: int,
        manner: Manner = PARTICIPANT,
        shots: Path | None = None,
        pages: PageManner | None = None,
        questions: Sequence[Question] = (),
    ) -> None:
        super().__init__(window, seed, manner, shots, watch_every_ms=_WATCH_EVERY_MS)
        self._controller = controller
        self._pages = pages or PageManner()
        self._questions = questions
        self._situation: tuple[Phase, int] | None = None
        self._since_ns = time.perf_counter_ns()
        self._acted = False

    def _watch(self) -> None:
        controller = self._controller()
        if controller is None:
            return
        state = controller.state
        now_ns = time.perf_counter_ns()
        situation = (state.phase, len(state.queue))
        if situation != self._situation:
            self._situation, self._since_ns, self._acted = situation, now_ns, False
        if now_ns - self._since_ns > _PATIENCE_S * 1e9:
            self._give_up(
                f"The simulated participant waited {_PATIENCE_S} s in vain: {_situation_of(state)}."
            )
            return
        if self._acted:
            return
        if state.phase is Phase.STIMULUS and state.on_screen is not None and state.trial is not None:
            self._acted = True
            practice = "-practice" if state.trial.practice else ""
            self._typist.take_shot(f"trial-{state.trial.dataset}{practice}")
            self._plan_answer(controller, state.trial, state.on_screen.onset_ns)
        elif state.phase is Phase.PAGE and state.page is not None and state.planned_page is not None:
            self._acted = True
            self._typist.take_shot(f"page-{state.planned_page.dataset}")
            self._mark_page(state.planned_page, state.page.on_screen.onset_ns)
        elif state.phase is not Phase.FIXATION and now_ns - self._since_ns > _READ_S * 1e9:
            self._acted = True
            self._typist.take_shot(state.phase.value)
            if state.phase is Phase.FINISHED:
                self._finish()
            elif state.phase is Phase.QUESTIONS:
                self._typist.press_one_by_one(keys_for_questions(self._questions, self._chance))
            else:
                self._typist.press(Qt.Key.Key_Return)

    def _plan_answer(self, controller: SessionController, trial: PlannedTrial, onset_ns: int) -> None:
        errs = self._errs()
        classes = controller.classes_of(trial)
        answer = self._chance.choice(classes) if errs else trial.true_class
        delay_s = self._draw_delay_s(verifies=trial.suggestion_right is True and not errs)
        keys = keys_for(answer, trial.suggestion, classes, controller.interface_of(trial))
        due_ns = onset_ns + round(delay_s * 1e9)
        self._since_ns = self._answer_at(trial.position, onset_ns, due_ns, keys)

    def _mark_page(self, page: PlannedPage, onset_ns: int) -> None:
        marks = draw_marks(page.images, page.odd, self._pages, self._chance)
        due_ns = onset_ns + round(draw_seconds(page.images, len(marks), self._pages, self._chance) * 1e9)
        due_ns = press_marks(self._typist, page.images, marks, onset_ns, due_ns)
        self._since_ns = self._answer_at(page.position, onset_ns, due_ns, CONFIRM)


def _situation_of(state: SessionState) -> str:
    unit = state.unit
    if unit is None:
        return "the session does not end"
    done, whole = len(state.units) - len(state.queue), len(state.units)
    what = f"the image {unit.item}" if isinstance(unit, PlannedTrial) else "the page"
    return f"after {done} of {whole} trials and pages {what} of {unit.dataset} is not over"
