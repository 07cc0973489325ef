"""Runs the learner behind a labeling sitting: starts it in time, shows how far it is, and hands over what it chose."""

from __future__ import annotations

import json
import time
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from model.datasets.image_files import AWAY
from model.rounds.live_values import LearnRequest, LearnResult, Prepared, Refitted
from studies.files.store_errors import StoreError
from studies.labeling.doubts.label_check import LabelCheck
from studies.labeling.doubts.label_checks import CheckRequest
from studies.labeling.facts.records import Idle
from studies.labeling.planning.planner import Proposal
from studies.labeling.project.contents import CHANGED
from studies.labeling.project.project import Project
from studies.labeling.rounds import planned as learner_work
from studies.labeling.rounds.conductor import Conductor
from studies.labeling.rounds.learner_process import RoundLearner
from studies.labeling.rounds.planned import Planned
from studies.labeling.rounds.refits import RefitRequest
from studies.labeling.rounds.request import Prepare, RoundRequest, request_features, request_groups
from studies.labeling.state.desk import Phase
from ui.kit.job_line import JobLine
from ui.kit.jobs import JobProgress, JobRunner
from ui.kit.progress_panel import duration_text, seconds_left

_STOPPED = "The next round is not being prepared (Ctrl+P)"
_CHANGED = f"The next round waits: files hold {CHANGED}"
_AWAY = "The next round waits for images that cannot be reached"
_NO_WEIGHTS = "⚠ Pretrained weights are missing"
_CANCELLED = "The labels were not judged: it was cancelled. Choose the list again to go on."
_CONSIDER_MS = 500  # between two looks whether the next round should be prepared
_AGAIN_S = 15.0  # after images were away, or held something else
_PREPARE_AFTER = 4  # looks: the first images come first


class BackgroundLearner(QObject):
    """One learner at work at a time, in the background thread; all else in this one."""

    progressed = Signal(str)  # what the learner does and how long it will take; empty: nothing
    begun = Signal()  # a new round's queue is there
    renewed = Signal()  # what waits has newer suggestions, and there are newer pages
    checked = Signal()  # what is doubtful among the labels is known, or why it is not
    failed = Signal(str)  # a sentence; the queue stays as it is
    found_changed = Signal()  # files hold something else than when labeled: somebody is to look at them

    def __init__(
        self, project: Project, conductor: Conductor, learner: RoundLearner, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._project = project
        self._conductor = conductor
        self._learner = learner
        self._jobs = JobRunner(self)
        self._line = JobLine(self._jobs, parent=self)
        self._answer: tuple[RoundRequest, Planned[LearnResult]] | None = None  # chosen, but not yet on disk
        self._began_ns = 0
        self._idle_from_ns: int | None = None
        self._not_before_s = 0.0  # after images were away, or held something else
        self._held = False  # after a failure or a cancellation the next start is the annotator's
        self._failed = False  # held by a failure
        self.line = ""
        self._looks = 0
        # What needs no labels, in order: a first look, then the features of all images.
        self._to_prepare: list[Prepare] = [request_groups, request_features]
        if project.round:
            self._to_prepare = [request_features] if conductor.refits.possible else []
        self._is_preparing = self._is_checking = False
        self.notice, self.reason = _notice_of(project), ""  # that weights are missing, and why
        self.curve: tuple[float, ...] = ()  # training accuracy of each epoch, while a network trains
        self.latest: JobProgress | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(_CONSIDER_MS)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    @property
    def working(self) -> bool:
        """Whether the learner is at work."""
        return self._line.busy

    def consider(self) -> None:
        """Start the learner where the next round is worth preparing, and see that there is something to do."""
        self._refill_queue()
        self._measure_idle()
        if self._answer is not None:
            self._begin_round(*self._answer)
            return
        rests = self._held or time.monotonic() < self._not_before_s
        grouping = request_groups in self._to_prepare
        yields = self._is_preparing or self._is_checking
        if not rests and (yields or not self.working) and self._conductor.wants_round(grouping):
            self.start(self._conductor.propose())
        elif not self.working and (self._conductor.checks.due or self._conductor.second_look.due):
            self._check()
        elif not (rests or self.working or self._to_prepare) and self._conductor.refits.due:
            self._refit()

    def start(self, proposal: Proposal) -> None:
        """Train and select with the labels so far; what the learner did for other numbers is given up."""
        self._answer = None
        self._held = self._failed = self._is_preparing = self._is_checking = False
        # A round computes the features that it needs: the first one those of a first look alone.
        self._to_prepare = self._to_prepare[-1:] if self._project.round == 0 else []
        self._not_before_s = 0.0
        self.curve = ()
        request = self._conductor.request(proposal)
        self._began_ns = time.perf_counter_ns()
        self._line.run(
            partial(learner_work.learn, self._learner, request),
            partial(self._finish, request),
            failed=self._fail,
            cancelled=self._hold,
            progressed=self._show_progress,
        )
        self._show("Preparing the next round")

    def cancel(self) -> None:
        """Stop the learner; what it has done so far is kept for when it is started again."""
        self._line.cancel()

    def follow_settings(self, prepare: Prepare | None = None) -> None:
        """Other settings hold, or ``prepare`` is wanted: what failed is tried again, what was said of it is over."""
        if self._failed:
            self._failed = self._held = False
            self._show("")
        if (self._project.round == 0 or prepare) and not self._is_preparing:
            self._to_prepare, self.notice = [prepare or request_features], ""
            self._show(self.line if self.working else "")

    def stop(self) -> None:
        """Ask the learner to stop for good; :meth:`close` waits for it."""
        self._timer.stop()
        self._jobs.stop()

    def close(self) -> None:
        """Stop everything; the idle span under way is stored."""
        self.stop()
        self._end_idle()
        self._jobs.shutdown()
        self._learner.close()

    def _look(self) -> None:
        self._looks += 1
        self.consider()
        due = self._looks >= _PREPARE_AFTER and self._to_prepare and not self._held
        if due and not self.working and len(self._project.classes.standing) > 1:
            self._prepare(self._to_prepare[0](self._project, self._conductor.folders))

    def _prepare(self, request: LearnRequest) -> None:
        """Use the time of the first labels for what needs none; a round that is due goes before it."""
        self._is_preparing = True
        self._began_ns = time.perf_counter_ns()
        self._line.run(
            partial(self._learner.prepare, request),
            self._finish_preparing,
            failed=lambda _: self._give_up_preparing(),  # the round says what is wrong
            cancelled=self._give_up_preparing,
            progressed=self._show_progress,
        )

    def _finish_preparing(self, prepared: Prepared) -> None:
        self._is_preparing = False
        del self._to_prepare[:1]
        if prepared.note:
            self.notice, self.reason = _NO_WEIGHTS, prepared.note
        if prepared.groups is not None:
            try:
                self._conductor.ask_about_typical(prepared.groups)
            except StoreError as error:
                self.failed.emit(str(error))
        self._show("")

    def _give_up_preparing(self) -> None:
        self._is_preparing = False
        self._to_prepare.clear()
        self._show("")

    def _refit(self) -> None:
        """Renew the suggestions of what waits; a round that is due goes before it, and nothing is said of it."""
        request = self._conductor.refits.request()
        self._line.run(
            partial(learner_work.refit, self._learner, request),
            partial(self._renew_suggestions, request),
            failed=lambda _: None,  # the next round says what is wrong
        )

    def _check(self) -> None:
        """Judge the labels; a round that is due goes before it, and it is done after that."""
        self._is_checking = True
        self._began_ns = time.perf_counter_ns()
        request = self._conductor.checks.request()
        self._line.run(
            partial(learner_work.check, self._learner, request),
            partial(self._finish_check, request),
            failed=self._give_up_check,
            cancelled=partial(self._give_up_check, _CANCELLED),
            progressed=self._show_progress,
        )
        self._show("Judging your labels")

    def _finish_check(self, request: CheckRequest, found: LabelCheck) -> None:
        self._is_checking = False
        self._conductor.checks.take(request, found)
        self._show("")
        self.checked.emit()

    def _give_up_check(self, sentence: str) -> None:
        self._is_checking = False
        self._conductor.checks.fail(sentence)
        self._show("")
        self.checked.emit()

    def _renew_suggestions(self, request: RefitRequest, planned: Planned[Refitted]) -> None:
        try:
            self._conductor.renew_suggestions(request, planned.result, planned.pages, planned.rest)
        except StoreError as error:
            self.failed.emit(str(error))
            return
        self.renewed.emit()

    def _show_progress(self, report: JobProgress) -> None:
        self.latest, self.curve = report, report.curve
        elapsed_s = (time.perf_counter_ns() - self._began_ns) / 1e9
        left = seconds_left(report.done, report.total, elapsed_s) if report.total else None
        self._show(report.text if left is None else f"{report.text}, {duration_text(left)} left")

    def _finish(self, request: RoundRequest, planned: Planned[LearnResult]) -> None:
        self._answer = request, planned
        self._begin_round(request, planned)

    def _begin_round(self, request: RoundRequest, planned: Planned[LearnResult]) -> None:
        try:
            self._conductor.begin_round(request, planned.result, planned.pages, planned.rest)
        except StoreError as error:  # tried again at the next look; the annotator goes on meanwhile
            self._show("")
            self.failed.emit(str(error))
            return
        self._answer = None
        self.notice = _notice_of(self._project)
        self._show("")
        self._measure_idle()
        self.begun.emit()

    def _fail(self, sentence: str) -> None:
        passes = CHANGED in sentence or AWAY in sentence  # when that is decided, or by itself
        if passes:
            self._not_before_s = time.monotonic() + _AGAIN_S
            self._show(_CHANGED if CHANGED in sentence else _AWAY)
        if CHANGED in sentence:
            self.found_changed.emit()
            return
        if not passes:
            self._hold()
            self._failed = True
        self.failed.emit(sentence)

    def _hold(self) -> None:
        self._held = True
        self._show(_STOPPED)

    def _show(self, line: str) -> None:
        self.line = line
        if not self.working:
            self.latest = None
        self.progressed.emit(self.line)

    def _refill_queue(self) -> None:
        if self._project.desk.phase is Phase.NOTHING or not len(self._project.queue):
            try:
                self._conductor.refill_queue()
            except StoreError as error:
                self.failed.emit(str(error))

    def _measure_idle(self) -> None:
        idle = self.working and self._project.desk.phase is Phase.NOTHING
        if idle and self._idle_from_ns is None:
            self._idle_from_ns = time.perf_counter_ns()
        elif not idle:
            self._end_idle()

    def _end_idle(self) -> None:
        if self._idle_from_ns is None:
            return
        span = Idle(self._idle_from_ns, time.perf_counter_ns(), self.line)
        try:
            self._project.store.add_idle(self._project.sitting, span)
        except StoreError as error:
            self.failed.emit(str(error))
            return
        self._idle_from_ns = None


def _notice_of(project: Project) -> str:
    """What a person should know of the last round's network, however long ago it was."""
    return _NO_WEIGHTS if project.rounds and "network" in json.loads(project.rounds[-1].notes) else ""
