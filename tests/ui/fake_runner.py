"""A job runner that starts nothing: the test says what becomes of each job."""

from __future__ import annotations

from ui.kit.jobs import Job, JobCancelled, JobFinished, JobRunner


class FakeRunner(JobRunner):
    """Knows which job is at work and which was asked to stop; has no thread."""

    def __init__(self) -> None:
        super().__init__()
        self.started = 0
        self.at_work: int | None = None
        self.cancel_requests: list[int] = []

    def start(self, job: Job) -> int:
        before, self.started = self.at_work, self.started + 1
        self.at_work = self.started
        if before is not None:
            self.cancelled.emit(JobCancelled(before))
        return self.started

    @property
    def running(self) -> int | None:
        return self.at_work

    def cancel(self) -> None:
        if self.at_work is not None:
            self.cancel_requests.append(self.at_work)

    def finish(self, result: object) -> None:
        """End the job at work."""
        assert self.at_work is not None
        job_id, self.at_work = self.at_work, None
        self.finished.emit(JobFinished(job_id, result))
