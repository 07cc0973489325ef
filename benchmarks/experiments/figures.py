"""Drawing a file of very many simulated rounds."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np

from benchmarks.places import scratch
from benchmarks.report import Line, Report, Size
from model.port import NullPort
from model.tiers import PerTier, Tier
from studies.estimates import Share
from studies.simulation.figures.report import write_figures
from studies.simulation.figures.results import read_results
from studies.simulation.file.store import ExperimentStore
from studies.simulation.plan.checks import parse_experiment
from studies.simulation.plan.runs import grid
from studies.simulation.run.state import RoundCounts, RoundRow, Where

ROUNDS = {Size.FULL: 100_000, Size.QUICK: 1_000}
_A_RUN = 20  # rounds after the first
_METHODS = 5


def measure(size: Size) -> Report:
    """Write rounds as an experiment would, then draw all of its figures."""
    with scratch() as folder:
        count = _fill(folder / "many.sqlite", ROUNDS[size])
        started, busy = time.perf_counter(), time.process_time()
        with ExperimentStore.open(folder / "many.sqlite", writable=False) as store:
            results = read_results(store, store.experiments()[0])
        read = time.perf_counter() - started
        written = write_figures(results, folder, NullPort())
        whole, busy = time.perf_counter() - started, time.process_time() - busy
        megabytes = (folder / "many.sqlite").stat().st_size / 1e6
    lines = (
        Line(f"figures and report of {count:,} rounds", whole, "s", high=10),
        Line("of that, reading them", read, "s"),
        Line("time on a core", busy, "s"),
        Line("files", len(written), "", digits=0),
        Line("the file", megabytes, "MB", digits=0),
    )
    return Report("experiment-figures", "PNG, SVG, CSV and report of a large experiment", size, lines)


def _fill(file: Path, rounds: int) -> int:
    runs = -(-rounds // (_A_RUN + 1))
    seeds = -(-runs // _METHODS)
    kinds = ("al-without-suggestions", "suggest", "clarifier", "clarifier", "random-suggest")
    budgets = ("[100]", "[100]", "[10, 70, 20]", "[10, 70, 0]", "[100]")
    # With one strategy, AL and SUGGEST would be one run.
    hard = ("badge", "entropy", "badge", "badge", "random")
    methods = "".join(
        f'[[methods]]\nname = "m{i}"\nkind = "{kinds[i]}"\nbudgets = {budgets[i]}\nhard = "{hard[i]}"\n'
        for i in range(_METHODS)
    )
    toml = (
        f'name = "many"\nrounds = {_A_RUN}\nseeds = {list(range(seeds))}\n[seed_labels]\nper_class = 3\n'
        f'[[data]]\ndataset = "digits"\ntest_per_class = 9\n{methods}'
    )
    loaded = parse_experiment(toml)
    laid_out = grid(loaded, None)
    chance = np.random.default_rng(0)
    with ExperimentStore.open(file) as store:
        store.add_experiment(loaded, laid_out, "benchmark")
        store.query("PRAGMA synchronous = OFF")  # what is measured comes after
        for run in laid_out.runs:
            accuracy = 0.4 + 0.5 * (1 - np.exp(-np.arange(_A_RUN + 1) / chance.uniform(4, 9)))
            for number in range(_A_RUN + 1):
                right = int(chance.binomial(100, 0.7))
                shares = {Tier.HARD: Share(right // 4, 25), Tier.INTERMEDIATE: Share(right - right // 4, 75)}
                counts = RoundCounts(PerTier(shares, Share(0, 0)))
                row = RoundRow(
                    number, 30, 30 + 100 * number, 0, 0, counts, float(accuracy[number]), None, None, {}
                )
                store.add_round(run, row, None, Where("cpu", 1, {}))
    return len(laid_out.runs) * (_A_RUN + 1)
