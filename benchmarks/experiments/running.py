"""Running an experiment with a simulated annotator; the features of frozen networks are computed once and kept."""

from __future__ import annotations

from pathlib import Path

from benchmarks.places import cache
from benchmarks.progress import TerminalPort
from model.rounds.simulated_values import Place
from studies.simulation.crews.conduct import conduct
from studies.simulation.crews.crew import LocalCrew, workers_for
from studies.simulation.file.store import ExperimentStore, Head
from studies.simulation.plan.checks import LoadedExperiment
from studies.simulation.plan.runs import grid


def run_experiment(
    store: ExperimentStore, loaded: LoadedExperiment, data: Path | None, workers: int | None = None
) -> tuple[Head, int]:
    """Do what is left of an experiment; return it with the number of its runs. Raises RuntimeError if one fails."""
    laid_out = grid(loaded, data)
    number = store.add_experiment(loaded, laid_out, "benchmark")
    crew = LocalCrew(workers or workers_for(len(laid_out.runs), loaded.plan.threads))
    try:
        outcome = conduct(store, laid_out.runs, crew, Place(cache(), cache() / "features"), TerminalPort())
    finally:
        crew.close()
    if outcome.failed:
        raise RuntimeError(outcome.failed[0][1])
    head = next(head for head in store.experiments() if head.experiment_id == number)
    return head, len(laid_out.runs)
