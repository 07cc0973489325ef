"""The job runner: one closing report a job, in the window's thread, and no thread left."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, QThread

from model.errors import UserError
from model.port import NullPort, Port
from ui.kit.jobs import JobCancelled, JobFailed, JobFinished, JobProgress, JobRunner


class Listener(QObject):
    """Keeps every report and the thread it came in."""

    def __init__(self, runner: JobRunner) -> None:
        super().__init__()
        self.progress: list[JobProgress] = []
        self.closing: list[object] = []
        self.order: list[object] = []
        self.threads: set[QThread] = set()
        runner.progressed.connect(self.on_progress)
        runner.finished.connect(self.on_closing)
        runner.failed.connect(self.on_closing)
        runner.cancelled.connect(self.on_closing)

    def on_progress(self, report: JobProgress) -> None:
        self.progress.append(report)
        self._note(report)

    def on_closing(self, report: object) -> None:
        self.closing.append(report)
        self._note(report)

    def _note(self, report: object) -> None:
        self.order.append(report)
        self.threads.add(QThread.currentThread())


@pytest.fixture
def runner(qapp) -> Iterator[JobRunner]:
    made = JobRunner()
    yield made
    made.shutdown()


@pytest.fixture
def listener(runner: JobRunner) -> Listener:
    return Listener(runner)


def until_closed(qtbot, listener: Listener, count: int = 1) -> None:
    qtbot.waitUntil(lambda: len(listener.closing) >= count, timeout=5000)


def wait_for_stop(port: Port) -> str:
    while not port.cancelled():
        threading.Event().wait(0.001)
    return "half done"


def test_a_result_comes_back_in_the_windows_thread(qtbot, runner, listener) -> None:
    ran_in: list[int] = []

    def job(port: Port) -> str:
        ran_in.append(threading.get_ident())
        return "done"

    job_id = runner.start(job)
    assert runner.running == job_id
    until_closed(qtbot, listener)
    assert listener.closing == [JobFinished(job_id, "done")]
    assert ran_in[0] != threading.get_ident()
    assert listener.threads == {QThread.currentThread()}
    assert runner.running is None


def test_a_result_keeps_its_identity(qtbot, runner, listener) -> None:
    result = {"b": 2**40, "a": 1}
    runner.start(lambda port: result)
    until_closed(qtbot, listener)
    assert listener.closing[0].result is result


def test_jobs_run_in_the_same_thread_one_after_the_other(qtbot, runner, listener) -> None:
    threads: set[int] = set()

    def job(port: Port) -> None:
        threads.add(threading.get_ident())

    for count in (1, 2, 3):
        runner.start(job)
        until_closed(qtbot, listener, count)
    assert len(threads) == 1


def test_progress_is_thinned_out_and_the_last_one_arrives(qtbot, runner, listener) -> None:
    def job(port: Port) -> None:
        for done in range(1, 5001):
            port.progress(done, 5000, "counting")

    job_id = runner.start(job)
    until_closed(qtbot, listener)
    assert listener.progress[-1] == JobProgress(job_id, 5000, 5000, "counting")
    assert len(listener.progress) < 500
    done = [report.done for report in listener.progress]
    assert done == sorted(set(done))
    assert listener.order[-1] == JobFinished(job_id, None)


def test_the_last_progress_before_a_long_silence_arrives_in_it(qtbot, runner, listener) -> None:
    go_on = threading.Event()

    def job(port: Port) -> None:
        port.progress(1, 2, "first")
        port.progress(2, 2, "second")
        go_on.wait(5)

    runner.start(job)
    qtbot.waitUntil(lambda: bool(listener.progress) and listener.progress[-1].text == "second", timeout=5000)
    assert listener.closing == []
    go_on.set()
    until_closed(qtbot, listener)


def test_cancel_stops_a_job_and_drops_what_it_returns(qtbot, runner, listener) -> None:
    job_id = runner.start(wait_for_stop)
    runner.cancel()
    until_closed(qtbot, listener)
    assert listener.closing == [JobCancelled(job_id)]
    assert runner.running is None


def test_an_exception_raised_on_the_way_out_of_a_cancelled_job_is_no_failure(qtbot, runner, listener) -> None:
    def job(port: Port) -> None:
        wait_for_stop(port)
        raise RuntimeError("stopped in the middle")

    job_id = runner.start(job)
    runner.cancel()
    until_closed(qtbot, listener)
    assert listener.closing == [JobCancelled(job_id)]


def test_a_persons_mistake_is_told_in_its_own_words(qtbot, runner, listener) -> None:
    def job(port: Port) -> None:
        raise UserError("The folder is empty: choose another.")

    job_id = runner.start(job)
    until_closed(qtbot, listener)
    assert listener.closing == [JobFailed(job_id, "The folder is empty: choose another.", "")]


@pytest.mark.parametrize("error", [ValueError("bug"), SystemExit("bug"), MemoryError("bug")])
def test_a_bug_is_told_with_its_traceback(qtbot, runner, listener, error, caplog) -> None:
    def broken_job(port: Port) -> None:
        raise error

    runner.start(broken_job)
    until_closed(qtbot, listener)
    (failed,) = listener.closing
    assert isinstance(failed, JobFailed)
    assert f"{type(error).__name__}: bug" in failed.message
    assert "broken_job" in failed.details
    assert "A background job failed" in caplog.text


def test_the_runner_works_on_after_a_failure(qtbot, runner, listener) -> None:
    runner.start(lambda port: 1 / 0)
    until_closed(qtbot, listener)
    job_id = runner.start(lambda port: 7)
    until_closed(qtbot, listener, 2)
    assert listener.closing[1] == JobFinished(job_id, 7)


def test_a_new_start_cancels_the_old_job_and_drops_its_result(qtbot, runner, listener) -> None:
    started, let_go = threading.Event(), threading.Event()

    def stubborn(port: Port) -> str:
        started.set()
        let_go.wait(5)
        port.progress(1, 1, "too late")
        return "too late"

    first = runner.start(stubborn)
    assert started.wait(5)
    second = runner.start(lambda port: "new")
    assert listener.closing == [JobCancelled(first)]
    let_go.set()
    until_closed(qtbot, listener, 2)
    qtbot.wait(20)
    assert listener.closing == [JobCancelled(first), JobFinished(second, "new")]
    assert listener.progress == []


def test_a_job_superseded_before_it_began_never_runs(qtbot, runner, listener) -> None:
    ran: list[str] = []

    def skipped(port: Port) -> None:
        ran.append("skipped")

    begun, held = threading.Event(), threading.Event()

    def hold(port: Port) -> None:
        begun.set()
        held.wait(10)

    runner.start(hold)
    assert begun.wait(5)
    runner.start(skipped)
    last = runner.start(lambda port: "last")
    held.set()
    until_closed(qtbot, listener, 3)
    assert ran == []
    assert listener.closing[-1] == JobFinished(last, "last")
    assert runner._tasks == {}


def test_who_is_superseded_may_start_again_at_once(qtbot, runner, listener) -> None:
    """The one that starts last runs; the one in between is cancelled, and no report is lost."""
    again: list[int] = []
    first = runner.start(wait_for_stop)

    def start_again(report: JobCancelled) -> None:
        if report.job_id == first:
            again.append(runner.start(lambda port: "again"))

    runner.cancelled.connect(start_again)
    between = runner.start(lambda port: "between")
    until_closed(qtbot, listener, 3)
    assert listener.closing[-1] == JobFinished(again[0], "again")
    assert set(listener.closing[:-1]) == {JobCancelled(first), JobCancelled(between)}


def test_a_runner_without_a_job_has_no_thread(qtbot, runner, listener) -> None:
    assert not runner._thread.is_running()
    runner.start(lambda port: 1)
    assert runner._thread.is_running()
    until_closed(qtbot, listener)


def test_shutdown_stops_the_job_and_leaves_no_thread(qtbot, runner, listener) -> None:
    job_id = runner.start(wait_for_stop)
    runner.shutdown()
    assert not runner._thread.is_running()
    assert listener.closing == [JobCancelled(job_id)]
    runner.shutdown()
    with pytest.raises(RuntimeError, match="shut down"):
        runner.start(lambda port: None)
    qtbot.wait(20)
    assert len(listener.closing) == 1


def test_shutdown_gives_up_a_job_that_hangs(qtbot, runner, listener) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def hang(port: Port) -> None:
        begun.set()
        go_on.wait(20)

    job_id = runner.start(hang)
    assert begun.wait(5)
    began = time.monotonic()
    runner.stop()
    runner.shutdown()
    assert time.monotonic() - began < 2
    assert listener.closing == [JobCancelled(job_id)]
    go_on.set()
    qtbot.waitUntil(lambda: not runner._thread.is_running())
    assert listener.closing == [JobCancelled(job_id)], "it is heard of no more"


def test_progress_may_come_from_a_thread_of_the_jobs_own(qtbot, runner, listener) -> None:
    def job(port: Port) -> None:
        helper = threading.Thread(target=port.progress, args=(3, 4, "helping"))
        helper.start()
        helper.join()

    job_id = runner.start(job)
    until_closed(qtbot, listener)
    assert listener.progress == [JobProgress(job_id, 3, 4, "helping")]
    assert listener.threads == {QThread.currentThread()}


def test_the_null_port_never_cancels() -> None:
    port: Port = NullPort()
    port.progress(1, 2, "text")
    assert not port.cancelled()
