"""What the command simulate does: an experiment run in processes of this machine or on a cluster."""

from __future__ import annotations

import argparse
import sys
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from clarifier_desktop import __version__
from clarifier_desktop.cli.study import ArgumentError, make_folder, user_paths
from studies.numerals import duration_text

if TYPE_CHECKING:
    from model.rounds.simulated_values import Place
    from studies.simulation.crews.conduct import Outcome
    from studies.simulation.crews.crew import Crew
    from studies.simulation.plan.runs import Run

_REDRAW_S = 0.5
_WINDOW = 40  # rounds that tell how fast it goes


def simulate(options: argparse.Namespace) -> int:
    """Run an experiment, or what is left of it; returns 1 where runs failed."""
    from model.port import Cancelled
    from studies.simulation.crews.conduct import conduct
    from studies.simulation.file.store import ExperimentStore
    from studies.simulation.plan.checks import load_experiment
    from studies.simulation.plan.runs import grid

    _check(options)
    loaded = load_experiment(options.experiment)
    laid_out = grid(loaded, options.data)
    if options.check:
        _describe(loaded.plan.name, laid_out.runs, len(laid_out.costs))
        return 0
    if options.store is None:
        raise ArgumentError("--store is missing: say which file takes the results.")
    _need_data(options, laid_out.runs)
    line = ProgressLine()
    with ExperimentStore.open(options.store) as store:
        store.add_experiment(loaded, laid_out, __version__)
        try:
            with _crew(options, laid_out.runs) as crew, line:
                outcome = conduct(store, laid_out.runs, crew, _place(), line)
        except (Cancelled, KeyboardInterrupt):
            print(f"\nStopped. The same command goes on where {options.store} ends.", file=sys.stderr)
            return 130
    return _report(outcome, options.store)


def draw(store: Path, folder: Path) -> int:
    """Draw all experiments of a file, each into a folder of its own where there are several."""
    from studies.simulation.figures.report import write_figures
    from studies.simulation.figures.results import read_results
    from studies.simulation.file.store import ExperimentStore

    with ExperimentStore.open(store, writable=False) as opened:
        heads = opened.experiments()
        several = len(heads) > 1
        for head in heads:
            to = folder / f"{head.experiment_id}-{head.name}" if several else folder
            make_folder(to)
            with ProgressLine() as line:
                written = write_figures(read_results(opened, head), to, line)
            print(f"{len(written)} files of {head.name} are in {to}; begin with {written[-1].name}.")
    return 0


def _check(options: argparse.Namespace) -> None:
    if options.workers is not None and options.workers < 1:
        raise ArgumentError(f"--workers {options.workers}: give 1 or more.")
    if options.workers is not None and options.dask is not None:
        raise ArgumentError(
            "--workers is for this machine and --dask for a cluster; leave one of the two out."
        )
    if options.data is not None and not options.data.is_dir():
        raise ArgumentError(f"--data {options.data}: there is no such folder.")


def _need_data(options: argparse.Namespace, runs: tuple[Run, ...]) -> None:
    """Refuse before anything is written where images are not here."""
    from model.datasets import State, status
    from model.datasets.base import Source
    from model.datasets.splits import has_test_part, takes_path

    for run in runs:
        images = run.images
        if takes_path(images.dataset):
            if options.data is None:
                raise ArgumentError(
                    f"{run.data} lies in files of your own: name their folder with --data FOLDER."
                )
            if images.path is not None and not images.path.exists():
                raise ArgumentError(f"{run.data}: there is no {images.path}.")
        else:
            names = [images.dataset, *([f"{images.dataset}-train"] if has_test_part(images.dataset) else [])]
            for name in names:
                found = status(Source(name), user_paths().cache)
                if found.state is State.NEEDS_DOWNLOAD:
                    raise ArgumentError(f"{found.text} Run: clarifier-desktop download {name}")


@contextmanager
def _crew(options: argparse.Namespace, runs: tuple[Run, ...]) -> Iterator[Crew]:
    from studies.simulation.crews.crew import LocalCrew, workers_for

    crew: Crew
    if options.dask is not None:
        from studies.simulation.crews.cluster import DaskCrew

        crew = DaskCrew(options.dask)
    else:
        crew = LocalCrew(options.workers or workers_for(len(runs), runs[0].threads))
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
    print(f'The experiment "{name}" can be run: {len(runs)} runs, {rounds} rounds, {costs} costs.')
    for label in dict.fromkeys(run.method.label for run in runs):
        print(f"  {label}")


def _report(outcome: Outcome, store: Path) -> int:
    print(f"{outcome.done} runs are done and in {store}.")
    for run, why in outcome.failed:
        print(f"failed: {run.data}, {run.method.label}, seed {run.seed}: {why}", file=sys.stderr)
    print(f"Figures: clarifier-desktop figures --store {store} --to FOLDER")
    return int(bool(outcome.failed))


class ProgressLine:
    """A port that writes how far it is, and how long it will take, on one line."""

    def __init__(self) -> None:
        self._steps: deque[tuple[float, int]] = deque(maxlen=_WINDOW)
        self._drawn = 0.0
        self._width = 0
        self._live = sys.stderr.isatty()
        self._last = ""

    def __enter__(self) -> ProgressLine:
        return self

    def __exit__(self, *_: object) -> None:
        if self._live and self._width:
            print(file=sys.stderr)

    def progress(self, done: int, total: int, text: str) -> None:
        """Write it, unless it was written just now."""
        now = time.monotonic()
        if not self._steps or self._steps[-1][1] != done:
            if self._steps and done < self._steps[-1][1]:
                self._steps.clear()  # another piece of work
            self._steps.append((now, done))
        if now - self._drawn < _REDRAW_S and done < total:
            return
        self._drawn = now
        share = f" {done / total:4.0%}" if total else ""
        self._write(f"{text},{share}{self._time_left(total)}" if share else text)

    def cancelled(self) -> bool:
        """Never: Ctrl+C is an exception here."""
        return False

    def _time_left(self, total: int) -> str:
        (first, before), (last, done) = self._steps[0], self._steps[-1]
        if done <= before or last <= first or done >= total:
            return ""
        return f", {duration_text((total - done) * (last - first) / (done - before))} left"

    def _write(self, text: str) -> None:
        if self._live:
            print("\r" + text.ljust(self._width), end="", file=sys.stderr, flush=True)
            self._width = len(text)
        elif text != self._last:
            print(text, file=sys.stderr, flush=True)
        self._last = text
