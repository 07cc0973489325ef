"""A crew of processes of this machine: one that is killed is replaced, and how many there are."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from model.port import NullPort
from model.rounds.simulated_values import Place
from studies.simulation.crews import crew as crews
from studies.simulation.crews.conduct import Outcome, conduct
from studies.simulation.crews.crew import LocalCrew, workers_for
from studies.simulation.file.store import ExperimentStore
from studies.simulation.plan.runs import grid
from tests.studies.simulation.sample import DATA, HEAD, SUGGEST, draw_squares, loaded

PLAN = HEAD + DATA + SUGGEST


def test_a_killed_process_is_replaced(tmp_path: Path):
    draw_squares(tmp_path)
    found = loaded(PLAN)
    laid_out = grid(found, tmp_path)
    crew = LocalCrew(2)

    class Port(NullPort):
        killed = False

        def progress(self, done: int, total: int, text: str) -> None:
            if total == 6 and done == 2 and not self.killed:
                self.killed = True
                os.kill(crew.pids()[0], signal.SIGKILL)

    port = Port()
    place = Place(tmp_path / "cache", tmp_path / "features")
    with ExperimentStore.open(tmp_path / "e.sqlite") as store:
        store.add_experiment(found, laid_out, "1")
        try:
            assert conduct(store, laid_out.runs, crew, place, port) == Outcome(2, ())
        finally:
            crew.close()
        assert store.query("SELECT count(*) FROM rounds") == [(6,)]
    assert port.killed
    assert crew.pids() == ()


def test_a_folder_with_modules_in_it_runs_no_code(tmp_path: Path, hostile_folder):
    draw_squares(tmp_path)
    found = loaded(PLAN)
    laid_out = grid(found, tmp_path)
    crew = LocalCrew(1)
    with ExperimentStore.open(tmp_path / "e.sqlite") as store:
        store.add_experiment(found, laid_out, "1")
        try:
            outcome = conduct(
                store, laid_out.runs, crew, Place(tmp_path / "cache", tmp_path / "features"), NullPort()
            )
        finally:
            crew.close()
    assert outcome == Outcome(2, ())
    assert hostile_folder.imported() == []


def test_as_many_processes_as_there_are_runs_cores_and_memory_for(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(crews, "has_gpu", lambda: False)
    monkeypatch.setattr(os, "cpu_count", lambda: 8)
    monkeypatch.setattr(crews, "free_memory", lambda: None)
    assert [workers_for(100, threads) for threads in (1, 2, 3, 16)] == [8, 4, 2, 1]
    assert workers_for(3, 1) == 3
    monkeypatch.setattr(crews, "free_memory", lambda: 4_000_000_000)
    assert workers_for(100, 1) == 2
    monkeypatch.setattr(crews, "free_memory", lambda: 1)
    assert workers_for(100, 1) == 1
    monkeypatch.setattr(crews, "has_gpu", lambda: True)
    assert workers_for(100, 1) == 1
