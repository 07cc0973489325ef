"""The one wiring of background work to a page: start a job, show its progress, and do what its end asks for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal

from model.port import Port
from ui.kit.jobs import JobCancelled, JobFailed, JobFinished, JobProgress, JobRunner
from ui.kit.progress_panel import ProgressPanel

Result = TypeVar("Result")


@dataclass(frozen=True)
class _Call:
    """The job at work and what follows each of its ends."""

    job_id: int
    done: Callable[[Any], object]
    failed: Callable[[str], object]
    cancelled: Callable[[], object] | None
    progressed: Callable[[JobProgress], object] | None


class JobLine(QObject):
    """One job of a page at a time; its panel, if it has one, shows how far it is and offers to cancel it.

    A job has one of four ends: it finished, it failed, it was cancelled (also by a new job of another line of the
    same runner), or it was given up: by :meth:`drop`, by a new job of this line, or with its runner. The page hears
    the first three by the functions that it gave to :meth:`run`, and nothing of a job that was given up.
    """

    ended = Signal()  # after a job finished, failed or was cancelled, and its function was called

    def __init__(
        self, runner: JobRunner, panel: ProgressPanel | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._runner = runner
        self._panel = panel
        self._call: _Call | None = None
        if panel is not None:
            panel.cancel_requested.connect(self.cancel)
        runner.progressed.connect(self._show_progress)
        runner.finished.connect(self._finish)
        runner.failed.connect(self._fail)
        runner.cancelled.connect(self._end_cancelled)

    @property
    def busy(self) -> bool:
        """Whether a job of this line is at work; ``False`` again when its function is called."""
        return self._call is not None

    def run(
        self,
        job: Callable[[Port], Result],
        done: Callable[[Result], object],
        *,
        failed: Callable[[str], object],
        cancelled: Callable[[], object] | None = None,
        progressed: Callable[[JobProgress], object] | None = None,
        text: str = "",
    ) -> None:
        """Start ``job(port)`` in the runner's thread; ``text`` says what begins.

        In this thread, ``done`` gets what it returns, or ``failed`` a sentence for the person, or ``cancelled`` is
        called; before that, ``progressed`` gets how far it is, at most 20 times a second.

        Raises ``RuntimeError`` after the runner's ``shutdown``.
        """
        self._call = None  # the runner reports the end of the job before while it starts the new one
        job_id = self._runner.start(job)
        self._call = _Call(job_id, done, failed, cancelled, progressed)
        if self._panel is not None:
            self._panel.begin(text)

    def cancel(self) -> None:
        """Ask this line's job to stop; ``cancelled`` is called when it has."""
        if self.busy:
            self._runner.cancel()

    def drop(self) -> None:
        """Ask this line's job to stop, and hear nothing more of it."""
        self.cancel()
        self._end()

    def _show_progress(self, report: JobProgress) -> None:
        if self._call is None or self._call.job_id != report.job_id:
            return
        if self._panel is not None:
            self._panel.show_progress(report)
        if self._call.progressed is not None:
            self._call.progressed(report)

    def _finish(self, report: JobFinished) -> None:
        call = self._take(report.job_id)
        if call is not None:
            call.done(report.result)
            self.ended.emit()

    def _fail(self, report: JobFailed) -> None:
        call = self._take(report.job_id)
        if call is not None:
            call.failed(report.message)
            self.ended.emit()

    def _end_cancelled(self, report: JobCancelled) -> None:
        call = self._take(report.job_id)
        if call is not None and not self._runner.ended:
            if call.cancelled is not None:
                call.cancelled()
            self.ended.emit()

    def _take(self, job_id: int) -> _Call | None:
        """End the job of that id, if it is this line's."""
        call = self._call
        if call is None or call.job_id != job_id:
            return None
        self._end()
        return call

    def _end(self) -> None:
        self._call = None
        if self._panel is not None:
            self._panel.end()
