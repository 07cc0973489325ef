"""The command ``simulate``: an experiment run in processes of this machine or on a cluster."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from clarifier_desktop import __version__
from clarifier_desktop.cli.common import PATH, ArgumentError, command, user_paths, whole
from clarifier_desktop.cli.progress_line import ProgressLine
from model.disk import is_folder, is_there
from model.parts import need_learner
from studies.numerals import counted

if TYPE_CHECKING:
    from model.rounds.simulated_values import Place
    from studies.simulation.crews.conduct import Outcome
    from studies.simulation.crews.crew import Crew
    from studies.simulation.plan.runs import Run


@command("simulate", example="simulate digits --store digits.sqlite")
@click.argument(
    "experiment",
    metavar="EXPERIMENT.toml|NAME",
    help="an experiment's file, or the name of a shipped one",
)
@click.option("--store", type=PATH, metavar="FILE", help="the SQLite file that takes the results")
@click.option("--data", type=PATH, metavar="FOLDER", help="where paths of images and weights start")
@click.option("--workers", type=whole(1, 1024), metavar="N", help="how many runs at a time on this machine")
@click.option("--dask", metavar="ADDRESS", help="run on the Dask cluster with this scheduler")
@click.option("--check", is_flag=True, help="only check the plan and say what it would run")
def simulate(
    experiment: str,
    store: Path | None,
    data: Path | None,
    workers: int | None,
    dask: str | None,
    check: bool,
) -> int:
    """Run an experiment with a simulated annotator; what was run before is not run again."""
    from model.port import Cancelled
    from studies.simulation.crews.conduct import conduct
    from studies.simulation.file.store import ExperimentStore
    from studies.simulation.plan.checks import load_experiment
    from studies.simulation.plan.runs import grid

    _check_options(data, workers, dask)
    loaded = load_experiment(experiment)
    laid_out = grid(loaded, data)
    if check:
        _describe(loaded.plan.name, laid_out.runs, len(laid_out.costs))
        return 0
    need_learner("An experiment")
    if store is None:
        raise ArgumentError("--store is missing: say which file takes the results.")
    _check_data(data, laid_out.runs)
    line = ProgressLine()
    with ExperimentStore.open(store) as file:
        file.add_experiment(loaded, laid_out, __version__)
        try:
            with _crew(workers, dask, laid_out.runs) as crew, line:
                outcome = conduct(file, laid_out.runs, crew, _place(), line)
        except (Cancelled, KeyboardInterrupt):
            print(f"\nStopped. The same command goes on where {store} ends.", file=sys.stderr)
            return 130
    return _report(outcome, store)


def _check_options(data: Path | None, workers: int | None, dask: str | None) -> None:
    if workers is not None and dask is not None:
        raise ArgumentError(
            "--workers is for this machine and --dask for a cluster; leave one of the two out."
        )
    if data is not None and not is_folder(data):
        raise ArgumentError(f"--data {data}: there is no such folder.")


def _check_data(data: Path | None, runs: tuple[Run, ...]) -> None:
    """Refuse before anything is written if images are not here."""
    from model.datasets import SetState, status
    from model.datasets.base import Source
    from model.datasets.splits import has_test_part, takes_path

    for run in runs:
        images = run.images
        if takes_path(images.dataset):
            if data is None:
                raise ArgumentError(
                    f"{run.data} lies in files of your own: name their folder with --data FOLDER."
                )
            if images.path is not None and not is_there(images.path):
                raise ArgumentError(f"{run.data}: there is no {images.path}.")
        else:
            names = [images.dataset, *([f"{images.dataset}-train"] if has_test_part(images.dataset) else [])]
            for name in names:
                data_set = status(Source(name), user_paths().cache)
                if data_set.state is SetState.NEEDS_DOWNLOAD:
                    raise ArgumentError(f"{data_set.text} Run: clarifier-desktop download {name}")


@contextmanager
def _crew(workers: int | None, dask: str | None, runs: tuple[Run, ...]) -> Iterator[Crew]:
    from studies.simulation.crews.crew import LocalCrew, workers_for

    crew: Crew
    if dask is not None:
        from studies.simulation.crews.cluster import DaskCrew

        crew = DaskCrew(dask)
    else:
        crew = LocalCrew(workers or workers_for(len(runs), runs[0].threads))
    try:
        yield crew
    finally:
        crew.close()


def _place() -> Place:
    from model.rounds.simulated_values import Place

    cache = user_paths().cache
    return Place(cache, cache / "features")


def _describe(name: str, runs: tuple[Run, ...], costs: int) -> None:
    rounds = sum(run.rounds + 1 for run in runs)
    size = f"{counted(len(runs), 'run')}, {counted(rounds, 'round')}, {counted(costs, 'cost')}"
    print(f'The experiment "{name}" can be run: {size}.')
    for label in dict.fromkeys(run.method.label for run in runs):
        print(f"  {label}")


def _report(outcome: Outcome, store: Path) -> int:
    print(f"{counted(outcome.done, 'run is', 'runs are')} done and in {store}.")
    for run, why in outcome.failed:
        print(f"failed: {run.data}, {run.method.label}, seed {run.seed}: {why}", file=sys.stderr)
    print(f"Figures: clarifier-desktop figures --store {store} --to FOLDER")
    return int(bool(outcome.failed))
