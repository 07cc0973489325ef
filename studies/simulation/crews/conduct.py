"""An experiment's runs, done by a crew and written into the store as they come."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass

from model.port import Cancelled, Port
from model.rounds.simulated_values import ImagesSpec, LearnerSpec, Place
from studies.numerals import counted
from studies.simulation.crews.crew import Crew
from studies.simulation.file.store import ExperimentStore
from studies.simulation.plan.runs import Run
from studies.simulation.run.task import Done, Failed, Lost, Prepared, Report, RoundTask, Told

_POLL_S = 0.2
_MOST_LOSSES = 3  # processes that a run may take with it


@dataclass(frozen=True)
class Outcome:
    """What became of the runs."""

    done: int  # by now, those that were done before included
    failed: tuple[tuple[Run, str], ...]  # with the reason


def conduct(store: ExperimentStore, runs: Sequence[Run], crew: Crew, place: Place, port: Port) -> Outcome:
    """Do what is left of ``runs``; each round is on disk before the next of its run begins.

    The port's total counts rounds. Raises :class:`Cancelled`; what was done by then stays.
    """
    return _Conductor(store, runs, crew, place, port).run()


class _Conductor:
    def __init__(
        self, store: ExperimentStore, runs: Sequence[Run], crew: Crew, place: Place, port: Port
    ) -> None:
        self._store, self._crew, self._place, self._port = store, crew, place, port
        standing = store.standing([run.key for run in runs])
        self._runs = {run.key: run for run in runs}
        self._left = deque(run for run in runs if not standing[run.key].finished)
        self._busy: set[str] = set()
        self._losses: Counter[str] = Counter()
        self._failed: dict[str, str] = {}
        self._total = sum(run.rounds + 1 for run in runs)
        self._rounds = sum(found.rounds_done for found in standing.values())
        self._done = sum(found.finished for found in standing.values())

    def run(self) -> Outcome:
        self._tell()
        for images, learner in dict.fromkeys((run.images, run.learner) for run in self._left):
            self._prepare(images, learner)
        while self._left or self._busy:
            while self._left and len(self._busy) < self._crew.size:
                self._begin(self._left.popleft())
            self._take(self._next())
        return Outcome(self._done, tuple((self._runs[key], why) for key, why in self._failed.items()))

    def _next(self) -> Report:
        while True:
            if self._port.cancelled():
                raise Cancelled
            report = self._crew.next(_POLL_S)
            if report is not None:
                return report

    def _prepare(self, images: ImagesSpec, learner: LearnerSpec) -> None:
        """Get a data set ready once, before many processes would all begin to."""
        mine = [run for run in self._left if (run.images, run.learner) == (images, learner)]
        for _ in range(_MOST_LOSSES):
            self._crew.submit(RoundTask(mine[0], None, self._place, prepare=True))
            report = self._next()
            while isinstance(report, Told):
                self._port.progress(report.done, report.total, f"{mine[0].data}: {report.text}")
                report = self._next()
            if isinstance(report, Prepared):
                return
            if isinstance(report, Failed):
                break
        error, trace = (report.error, report.traceback) if isinstance(report, Failed) else (_LOST, "")
        for run in mine:
            self._left.remove(run)
            self._fail(run, 0, error, trace)

    def _begin(self, run: Run) -> None:
        self._busy.add(run.key)
        self._crew.submit(RoundTask(run, self._store.state(run.key), self._place))

    def _take(self, report: Report) -> None:
        if isinstance(report, Done):
            run = self._runs[report.key]
            self._store.add_round(run, report.row, report.state, report.where)
            self._rounds += 1
            self._done += report.state is None
            if report.state is None:
                self._busy.discard(run.key)
            else:
                self._crew.submit(RoundTask(run, report.state, self._place))
        elif isinstance(report, Failed):
            self._busy.discard(report.key)
            self._fail(self._runs[report.key], report.round, report.error, report.traceback)
        elif isinstance(report, Lost):
            self._retry(self._runs[report.key])
        self._tell()

    def _retry(self, run: Run) -> None:
        """Try a run again whose process ended; one that ends every process it gets is given up."""
        self._busy.discard(run.key)
        self._losses[run.key] += 1
        if self._losses[run.key] < _MOST_LOSSES:
            self._left.appendleft(run)
        else:
            state = self._store.state(run.key)
            self._fail(run, 0 if state is None else state.round, _LOST, "")

    def _fail(self, run: Run, round_: int, error: str, traceback: str) -> None:
        self._failed[run.key] = error
        self._store.add_failure(run, round_, error, traceback)

    def _tell(self) -> None:
        failed = f", {len(self._failed)} failed" if self._failed else ""
        text = f"{self._done} of {counted(len(self._runs), 'run')} done{failed}"
        self._port.progress(self._rounds, self._total, text)


_LOST = (
    f"The process that computed it ended unexpectedly {_MOST_LOSSES} times, perhaps because memory ran out: "
    "run again with fewer workers."
)
