"""Runs long work beside the window: one long-lived thread, one job at a time, reports as values."""

from __future__ import annotations

import itertools
import logging
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from model.errors import UserError
from model.port import Port
from model.threads import Worker

Job = Callable[[Port], object]

_PATIENCE_S = 0.6  # at the end for a job that was asked to stop: a window is gone within a second
_LEAST_GAP_NS = 50_000_000  # between two reports of progress: at most 20 a second

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class JobProgress:
    """How far a job is; ``total`` 0: not known."""

    job_id: int
    done: int
    total: int
    text: str
    curve: tuple[float, ...] = ()  # training accuracy of each epoch so far, where something trains


@dataclass(frozen=True)
class JobFinished:
    """A job came to its end; ``result`` is what it returned."""

    job_id: int
    result: object


@dataclass(frozen=True)
class JobFailed:
    """A job raised; ``message`` is for the person; ``details`` is the traceback, if it is a bug."""

    job_id: int
    message: str
    details: str


@dataclass(frozen=True)
class JobCancelled:
    """A job was cancelled, or gave way to a newer one."""

    job_id: int


JobEnd = JobFinished | JobFailed | JobCancelled


class _StartedJob(QObject):
    """One job with what both threads share of it; also the job's port."""

    progressed = Signal(object)  # the task itself: there is something in ``take``
    closed = Signal(object)  # JobEnd

    def __init__(self, job_id: int, job: Job) -> None:
        super().__init__()
        self.job_id = job_id
        self.job = job
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._latest: JobProgress | None = None
        self._curve: tuple[float, ...] = ()

    def progress(self, done: int, total: int, text: str) -> None:
        """Keep the newest progress; notify the runner only if it has fetched the one before."""
        with self._lock:
            announced = self._latest is not None
            self._latest = JobProgress(self.job_id, done, total, text, self._curve)
        if not announced:
            self.progressed.emit(self)

    def curve(self, accuracies: Sequence[float]) -> None:
        """Keep how training goes; the next progress carries it."""
        self._curve = tuple(accuracies)

    def cancelled(self) -> bool:
        """Whether the job should stop."""
        return self._stop.is_set()

    def stop(self) -> None:
        """Ask the job to stop."""
        self._stop.set()

    def take(self) -> JobProgress | None:
        """Return the newest progress not yet fetched."""
        with self._lock:
            latest, self._latest = self._latest, None
        return latest


def _run(task: _StartedJob) -> None:
    """Run a job to its end and report that."""
    task.closed.emit(_end_of(task))


def _end_of(task: _StartedJob) -> JobEnd:
    if task.cancelled():
        return JobCancelled(task.job_id)
    try:
        result = task.job(task)
    except BaseException as error:  # whatever it is, the page must hear of it
        if task.cancelled():
            return JobCancelled(task.job_id)
        return _failure(task.job_id, error)
    # What a cancelled job returns may be half done.
    return JobCancelled(task.job_id) if task.cancelled() else JobFinished(task.job_id, result)


def _failure(job_id: int, error: BaseException) -> JobFailed:
    if isinstance(error, UserError):
        return JobFailed(job_id, str(error), "")
    _log.error("A background job failed", exc_info=error)
    message = f"An error in the program stopped this: {type(error).__name__}: {error}"
    return JobFailed(job_id, message, "".join(traceback.format_exception(error)))


class JobRunner(QObject):
    """Runs plain functions in its own thread and reports by signals in the thread it lives in.

    Every job gets exactly one closing report (finished, failed or cancelled), and no progress after it.
    A new start cancels the job before it; what that one still returns is dropped. Pages hear it through a
    :class:`~ui.kit.job_line.JobLine`, and may share a runner if one's new job may end another's. The thread begins
    with the first job; call :meth:`shutdown` before the end.
    """

    progressed = Signal(object)  # JobProgress
    finished = Signal(object)  # JobFinished
    failed = Signal(object)  # JobFailed
    cancelled = Signal(object)  # JobCancelled

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ids = itertools.count(1)
        self._current: _StartedJob | None = None
        # Superseded tasks are kept until their worker has let go of them, so that they die in this thread.
        self._tasks: dict[int, _StartedJob] = {}
        self._last_progress_ns = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._deliver_progress)
        self._ended, self._wait_until = False, 0.0
        self._thread = Worker("jobs")

    @property
    def running(self) -> int | None:
        """The id of the job at work, or ``None``."""
        return None if self._current is None else self._current.job_id

    @property
    def ended(self) -> bool:
        """Whether :meth:`shutdown` was called; what is cancelled after that has no page to return to."""
        return self._ended

    def start(self, job: Job) -> int:
        """Start ``job(port)`` in the background and return its id; cancels the job before it.

        Raises ``RuntimeError`` after :meth:`shutdown`.
        """
        if self._ended:
            raise RuntimeError("the job runner has been shut down")
        task = _StartedJob(next(self._ids), job)
        task.progressed.connect(self._fetch_progress, Qt.ConnectionType.QueuedConnection)
        task.closed.connect(self._end, Qt.ConnectionType.QueuedConnection)
        self._tasks[task.job_id] = task
        self._supersede(task)
        self._thread.submit(_run, task)
        return task.job_id

    def cancel(self) -> None:
        """Ask the job at work to stop; its ``cancelled`` report follows when it has."""
        if self._current is not None:
            self._current.stop()

    def stop(self) -> None:
        """Cancel the job at work and take no other: the first half of :meth:`shutdown`, where several are to end."""
        if not self._ended:
            self._ended, self._wait_until = True, time.monotonic() + _PATIENCE_S
            self._supersede(None)

    def shutdown(self) -> None:
        """Cancel the job at work and end the thread; safe to call twice.

        Waits for a while, and gives up a job that does not end by then: it may read from a disk that does not answer.
        """
        self.stop()
        self._thread.close(max(0.0, self._wait_until - time.monotonic()))
        if not self._thread.is_running():
            self._tasks.clear()

    def _supersede(self, task: _StartedJob | None) -> None:
        """Put ``task`` in the place of the job at work, before that one's end is told."""
        before, self._current = self._current, task
        self._last_progress_ns = 0
        self._timer.stop()
        if before is not None:
            before.stop()
            self.cancelled.emit(JobCancelled(before.job_id))

    def _fetch_progress(self, task: _StartedJob) -> None:
        if task is not self._current:
            return
        wait_ns = self._last_progress_ns + _LEAST_GAP_NS - time.perf_counter_ns()
        if wait_ns > 0:
            self._timer.start(-(-wait_ns // 1_000_000))
        else:
            self._deliver_progress()

    def _deliver_progress(self) -> None:
        latest = None if self._current is None else self._current.take()
        if latest is not None:
            self._last_progress_ns = time.perf_counter_ns()
            self.progressed.emit(latest)

    def _end(self, report: JobEnd) -> None:
        self._tasks.pop(report.job_id, None)
        if report.job_id != self.running:
            return
        self._timer.stop()
        if not isinstance(report, JobCancelled):
            self._deliver_progress()
        self._current = None
        if isinstance(report, JobFinished):
            self.finished.emit(report)
        elif isinstance(report, JobFailed):
            self.failed.emit(report)
        else:
            self.cancelled.emit(report)
