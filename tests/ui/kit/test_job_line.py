"""A page's line of background work: its panel, the four ends of a job, and reports that are not its own."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QThread

from model.errors import UserError
from model.port import Port
from tests.ui.fake_runner import FakeRunner
from ui.kit.job_line import JobLine
from ui.kit.jobs import Job, JobCancelled, JobFailed, JobFinished, JobProgress, JobRunner
from ui.kit.progress_panel import ProgressPanel


class Heard:
    """What a line called, in order, and whether the line was busy then."""

    def __init__(self, line: JobLine) -> None:
        self.line = line
        self.calls: list[tuple[str, object]] = []
        self.busy: list[bool] = []
        line.ended.connect(lambda: self.note("ended", None))

    def note(self, what: str, value: object) -> None:
        self.calls.append((what, value))
        self.busy.append(self.line.busy)

    def run(self, job: Job = lambda port: None, text: str = "Working") -> None:
        self.line.run(
            job,
            lambda result: self.note("done", result),
            failed=lambda sentence: self.note("failed", sentence),
            cancelled=lambda: self.note("cancelled", None),
            progressed=lambda report: self.note("progressed", report.done),
            text=text,
        )


@pytest.fixture
def panel(qtbot) -> ProgressPanel:
    made = ProgressPanel()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def fake(qapp: object) -> FakeRunner:
    return FakeRunner()


@pytest.fixture
def heard(fake: FakeRunner, panel: ProgressPanel) -> Heard:
    return Heard(JobLine(fake, panel))


@pytest.fixture
def runner(qapp: object) -> Iterator[JobRunner]:
    made = JobRunner()
    yield made
    made.shutdown()


def wait_for_stop(port: Port) -> None:
    while not port.cancelled():
        threading.Event().wait(0.001)


def test_the_panel_shows_a_job_from_its_start_to_its_end(qtbot, fake, panel, heard) -> None:
    heard.run(text="Reading")
    assert heard.line.busy
    assert panel.text.text() == "Reading"
    qtbot.waitUntil(panel.isVisible)
    fake.progressed.emit(JobProgress(1, 3, 4, "Still reading"))
    assert (panel.text.text(), panel.bar.value()) == ("Still reading", 750)
    fake.finished.emit(JobFinished(1, "all"))
    assert panel.isHidden()
    assert heard.calls == [("progressed", 3), ("done", "all"), ("ended", None)]


@pytest.mark.parametrize(
    ("signal", "report", "call"),
    [
        ("finished", JobFinished(1, 7), ("done", 7)),
        ("failed", JobFailed(1, "The disk is full.", ""), ("failed", "The disk is full.")),
        ("cancelled", JobCancelled(1), ("cancelled", None)),
    ],
)
def test_each_end_calls_its_function_once_when_the_line_is_free(
    fake: FakeRunner, heard: Heard, signal: str, report: object, call: tuple[str, object]
) -> None:
    heard.run()
    for _ in range(2):
        getattr(fake, signal).emit(report)
    assert heard.calls == [call, ("ended", None)]
    assert heard.busy == [False, False]


def test_the_fourth_end_is_the_runners_and_is_not_heard(qtbot, runner, panel) -> None:
    heard = Heard(JobLine(runner, panel))
    heard.run(wait_for_stop)
    qtbot.waitUntil(panel.isVisible)
    runner.shutdown()
    qtbot.wait(20)
    assert heard.calls == []
    assert not heard.line.busy
    assert panel.isHidden()


def test_a_new_job_of_the_line_takes_the_place_of_the_one_before(fake: FakeRunner, heard: Heard) -> None:
    heard.run()
    heard.run()
    fake.finished.emit(JobFinished(1, "old"))
    assert heard.calls == []
    assert heard.line.busy
    fake.finished.emit(JobFinished(2, "new"))
    assert heard.calls == [("done", "new"), ("ended", None)]


def test_lines_that_share_a_runner_hear_only_their_own_jobs(fake: FakeRunner, heard: Heard) -> None:
    other = Heard(JobLine(fake))
    heard.run()
    other.run()
    assert heard.calls == [("cancelled", None), ("ended", None)]
    fake.progressed.emit(JobProgress(2, 1, 2, ""))
    fake.finished.emit(JobFinished(2, "theirs"))
    assert len(heard.calls) == 2
    assert other.calls == [("progressed", 1), ("done", "theirs"), ("ended", None)]


def test_cancel_stops_the_lines_own_job_alone(fake: FakeRunner, heard: Heard, panel: ProgressPanel) -> None:
    other = Heard(JobLine(fake))
    other.run()
    heard.line.cancel()
    panel.cancel.click()
    assert fake.cancel_requests == []
    heard.run()
    panel.cancel.click()
    assert fake.cancel_requests == [2]


def test_a_dropped_job_is_stopped_and_not_heard_of(
    fake: FakeRunner, heard: Heard, panel: ProgressPanel
) -> None:
    heard.run()
    heard.line.drop()
    assert fake.cancel_requests == [1]
    fake.failed.emit(JobFailed(1, "too late", ""))
    fake.cancelled.emit(JobCancelled(1))
    assert heard.calls == []
    assert not heard.line.busy


def test_the_next_job_may_start_where_the_one_before_ended(fake: FakeRunner) -> None:
    line = JobLine(fake)
    results: list[object] = []

    def go_on(result: object) -> None:
        results.append(result)
        if len(results) < 3:
            line.run(lambda port: None, go_on, failed=results.append)

    go_on("first")
    fake.finished.emit(JobFinished(1, "second"))
    fake.finished.emit(JobFinished(2, "third"))
    assert results == ["first", "second", "third"]
    assert not line.busy


def test_a_result_comes_back_in_the_windows_thread(qtbot, runner: JobRunner, panel: ProgressPanel) -> None:
    line = JobLine(runner, panel)
    threads: list[QThread] = []
    results: list[int] = []

    def note(result: int) -> None:
        results.append(result)
        threads.append(QThread.currentThread())

    with qtbot.waitSignal(line.ended):
        line.run(lambda port: 6 * 7, note, failed=pytest.fail)
    assert results == [42]
    assert threads == [QThread.currentThread()]


def test_a_persons_mistake_is_told_in_its_own_words(qtbot, runner: JobRunner) -> None:
    def job(port: Port) -> None:
        raise UserError("The folder is empty: choose another.")

    heard = Heard(JobLine(runner))
    with qtbot.waitSignal(heard.line.ended):
        heard.run(job)
    assert heard.calls[0] == ("failed", "The folder is empty: choose another.")


def test_the_panels_button_cancels_a_job_at_work(qtbot, runner: JobRunner, panel: ProgressPanel) -> None:
    heard = Heard(JobLine(runner, panel))
    heard.run(wait_for_stop)
    qtbot.waitUntil(panel.isVisible)
    with qtbot.waitSignal(heard.line.ended):
        panel.cancel.click()
    assert heard.calls[0] == ("cancelled", None)
