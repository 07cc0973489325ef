"""Runs conducted: processes that are killed, tasks that are lost, and what a crew of processes is."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from model.port import Cancelled, NullPort
from model.rounds.simulated_values import Place
from studies.simulation.crews.conduct import Outcome, conduct
from studies.simulation.file.store import ExperimentStore
from studies.simulation.plan.runs import Run, grid
from studies.simulation.run.state import RoundCounts, RoundRow, Where, begin
from studies.simulation.run.task import Done, Failed, Lost, Prepared, Report, RoundTask, Told, Workshop
from tests.studies.simulation.sample import DATA, HEAD, SUGGEST, loaded

PLAN = HEAD + DATA + SUGGEST
PLACE = Place(Path("cache"), Path("features"))


class Imagined:
    """A crew of two whose rounds cost nothing; what a plan of mishaps says happens instead."""

    size = 2

    def __init__(self, *mishaps: type[Lost] | type[Failed] | None) -> None:
        self.mishaps = deque(mishaps)
        self.begun: list[tuple[int, int, bool]] = []
        self.most = 0
        self._waiting: deque[Report] = deque()

    def submit(self, task: RoundTask) -> None:
        number = 0 if task.state is None else task.state.round
        self.begun.append((task.run.seed, number, task.prepare))
        mishap = self.mishaps.popleft() if self.mishaps else None
        if mishap is Lost:
            self._waiting.append(Lost(task.run.key))
        elif mishap is Failed:
            self._waiting.append(Failed(task.run.key, number, "It broke.", "trace"))
        elif task.prepare:
            self._waiting += [Told(1, 2, "Computing"), Prepared(task.run.key)]
        else:
            self._waiting.append(_done(task, number))
        self.most = max(self.most, sum(not isinstance(report, Told) for report in self._waiting))

    def next(self, seconds: float) -> Report | None:
        return self._waiting.popleft() if self._waiting else None

    def close(self) -> None:
        pass


def _done(task: RoundTask, number: int) -> Done:
    row = RoundRow(number, 6, 6, 0, 0, RoundCounts(), 0.5, None, None, {})
    state = begin(np.arange(9) % 3, 3, task.run.seed_labels, 0.0, task.run.seed)
    after = replace(state, round=number + 1)
    return Done(task.run.key, row, after if number < task.run.rounds else None, Where("cpu", 1, {}))


@pytest.fixture
def opened(tmp_path: Path):
    found = loaded(PLAN)
    laid_out = grid(found, tmp_path)
    with ExperimentStore.open(tmp_path / "e.sqlite") as store:
        store.add_experiment(found, laid_out, "1")
        yield store, laid_out.runs


def play(opened, crew) -> Outcome:
    store, runs = opened
    return conduct(store, runs, crew, PLACE, NullPort())


def test_every_round_of_every_run_once_and_no_more_at_a_time_than_the_crew_takes(opened):
    crew = Imagined()
    assert play(opened, crew) == Outcome(2, ())
    assert crew.begun[0][2], "the images are made ready first"
    assert sorted(crew.begun[1:]) == [(seed, number, False) for seed in (1, 2) for number in (0, 1, 2)]
    assert crew.most == 2
    again = Imagined()
    assert play(opened, again) == Outcome(2, ())
    assert again.begun == [], "what is done is not even made ready for"


def test_a_lost_round_is_done_again_from_where_the_run_was(opened):
    crew = Imagined(None, None, None, Lost)
    assert play(opened, crew).done == 2
    lost = crew.begun[3][:2]
    assert [one[:2] for one in crew.begun].count(lost) == 2
    store, _ = opened
    assert store.query("SELECT count(*) FROM rounds") == [(6,)]
    assert store.query("SELECT count(*) FROM states") == [(0,)]


def test_a_run_that_takes_every_process_with_it_is_given_up(opened):
    store, runs = opened
    mine = runs[:1]
    outcome = conduct(store, mine, Imagined(None, None, Lost, Lost, Lost), PLACE, NullPort())
    assert outcome.done == 0
    ((run, why),) = outcome.failed
    assert run == mine[0]
    assert "ended unexpectedly 3 times" in why
    assert store.query("SELECT round FROM failures") == [(1,)]
    # The next time it goes on with the round it was in.
    crew = Imagined()
    assert conduct(store, mine, crew, PLACE, NullPort()).done == 1
    assert [number for _, number, prepare in crew.begun if not prepare] == [1, 2]


def test_a_failed_run_leaves_the_others(opened):
    outcome = play(opened, Imagined(None, Failed))
    assert (outcome.done, [why for _, why in outcome.failed]) == (1, ["It broke."])
    store, _ = opened
    assert store.query("SELECT error, traceback FROM failures") == [("It broke.", "trace")]


def test_images_that_cannot_be_made_ready_fail_all_runs_that_need_them(opened):
    outcome = play(opened, Imagined(Failed))
    assert len(outcome.failed) == 2
    crew = Imagined(Lost, Lost, Lost)
    assert "ended unexpectedly" in play(opened, crew).failed[0][1]
    assert len(crew.begun) == 3


def test_what_was_done_before_cancelling_stays(opened):
    class Port(NullPort):
        asked = 0

        def cancelled(self) -> bool:
            self.asked += 1
            return self.asked > 5

    store, runs = opened
    with pytest.raises(Cancelled):
        conduct(store, runs, Imagined(), PLACE, Port())
    assert 0 < store.query("SELECT count(*) FROM rounds")[0][0] < 6


def test_another_version_is_refused_in_a_sentence(tmp_path: Path):
    run: Run = grid(loaded(PLAN), tmp_path).runs[0]
    report = Workshop().perform(RoundTask(replace(run, step_version=0), None, PLACE), NullPort())
    assert isinstance(report, Failed)
    assert "another version" in report.error
