"""Makes the file of experiments of this folder, with the code of commit eba50a4 as ``make.py``.

PYTHONPATH=/tmp/before python make_experiment.py TO
"""
# mypy: ignore-errors

from __future__ import annotations

import gzip
import sys
from pathlib import Path

from model.port import NullPort
from model.simulation.values import Place
from studies.simulation.checks import parse_experiment
from studies.simulation.figures import plots_of
from studies.simulation.results import read_results
from studies.simulation.runs import grid
from studies.simulation.store import ExperimentStore
from studies.simulation.tables import plotted_csv
from studies.simulation.task import Task, Workshop

PLAN = """\
name = "before"
title = "Digits, before tiers were rows"
rounds = 2
seeds = [1]

[seed_labels]
per_class = 2

[[data]]
dataset = "digits"
title = "Digits"
test_per_class = 10
pool_images = 150
network = "small-cnn"
size = 16
flip = false
[data.changes]
epochs = 15

[[methods]]
name = "AL"
kind = "al-without-suggestions"
budgets = [8]

[[methods]]
name = "SUGGEST"
kind = "suggest"
budgets = [8]

[[methods]]
name = "CLARIFIER"
kind = "clarifier"
budgets = [3, 6, 4]
easy = "highest-confidence"

[[methods]]
name = "Planned"
kind = "planned"
budgets = [3, 6, 0]
intermediate = "sample"
auto_labels = "renewed"

[[costs]]

[[costs]]
name = "given"
verify = 2
correct = 5
unaided = 7
"""


def main(to: Path) -> None:
    """Run all methods; of the planned ones the last round is left."""
    loaded = parse_experiment(PLAN)
    laid_out = grid(loaded, None)
    workshop, port = Workshop(), NullPort()
    file = to / "experiment.sqlite"
    with ExperimentStore.open(file) as store:
        store.add_experiment(loaded, laid_out, "0.1.0")
        for run in laid_out.runs:
            state, rounds = None, 2 if run.method.label == "Planned" else 3
            for _ in range(rounds):
                done = workshop.perform(Task(run, state, Place(to / "cache", to / "cache")), port)
                store.add_round(run, done.row, done.state, done.where)
                state = done.state
        store.add_failure(laid_out.runs[-1], 2, "The machine was switched off.", "")
        results = read_results(store, store.experiments()[0])
    drawn = next(plot for plot in plots_of(results) if plot.number == 5)
    (to / "exports").mkdir(exist_ok=True)
    (to / "exports" / "experiment.figure-5.csv").write_text(plotted_csv(drawn))
    (to / "experiment.sqlite.gz").write_bytes(gzip.compress(file.read_bytes(), mtime=0))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
