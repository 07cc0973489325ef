"""A fourth tier is an entry in two lists and a strategy: all of the program takes it; files from before open."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from studies.simulation.plan.checks import load_experiment
from studies.simulation.plan.runs import grid
from tests.files_made_before.opened import unpack

ROOT = Path(__file__).parents[1]
# What whoever adds a tier writes: by file, after which text what is put.
ENTRIES = {
    "model/tiers.py": (
        ('    EASY = "easy"\n', '    TYPICAL = "typical"\n'),
        (
            'Tier.EASY: _Facts(False, "certified", "labeled by the program, at most"),\n',
            '    Tier.TYPICAL: _Facts(True, "central", "what is most like the others"),\n',
        ),
    ),
    "model/names.py": (
        (
            'Tier.EASY: ("certified", "highest-confidence", "per-class-confidence"),\n',
            '    Tier.TYPICAL: ("central",),\n',
        ),
    ),
    "model/selection/__init__.py": (("from model.selection import badge, bait, ", "central, "),),
}
STRATEGY = '''
"""The typical tier: the items nearest to the pool's mean."""

from model.selection.base import Picks, Tier
from model.selection.registry import Strategy, register


def central(snapshot, pool, budget, options, seed, port):
    features = snapshot.features[pool]
    distance = (features - features.mean(dim=0)).norm(dim=1)
    chosen = pool[distance.argsort(stable=True)[:budget]]
    predicted = snapshot.probabilities.argmax(dim=1)
    return Picks.of(chosen, predicted[chosen], -distance.sort().values[:budget], budget)


register("central", Strategy("Nearest to the mean", Tier.TYPICAL, central))
'''
USED = """
import sys
from pathlib import Path

import numpy as np
import torch
from PySide6.QtWidgets import QApplication, QLineEdit

from model.port import NullPort
from model.rounds.simulated_values import Place
from model.selection.base import Snapshot
from model.selection.round import RoundPlan, select_round
from model.tiers import Tier, asked_total, budgets_of
from studies.estimates import Share
from studies.labeling.facts.settings import CostOrigin, settings_from
from studies.labeling.file.dictionary import PROJECT_DICTIONARY
from studies.labeling.planning.costs import Rates
from studies.labeling.planning.planner import PlannerInput, propose
from studies.simulation.figures.figures import plots_of
from studies.simulation.figures.report import report_html
from studies.simulation.figures.results import read_results
from studies.simulation.figures.tables import plotted_csv
from studies.simulation.file.store import ExperimentStore
from studies.simulation.plan.checks import load_experiment, parse_experiment
from studies.simulation.plan.runs import grid
from studies.simulation.run.task import RoundTask, Workshop
from ui.labeling.choices.choices_form import ChoicesForm
from ui.labeling.rounds.round_page import RoundPage

before, cache = Path(sys.argv[1]), Path(sys.argv[2])
typical = Tier("typical")

# A round, and what a planned one takes.
chance = torch.Generator().manual_seed(1)
features = torch.randn(40, 3, generator=chance)
labels = torch.full((40,), -1)
labels[:10] = torch.arange(10) % 2
snapshot = Snapshot(torch.softmax(features[:, :2], dim=1), features, labels)
chosen = select_round(snapshot, RoundPlan(budgets_of(hard=3, typical=4)))
assert [s.tier for s in chosen.queue] == [Tier.HARD] * 3 + [typical] * 4
known = PlannerInput(
    Rates(1, 4, 4, CostOrigin.GIVEN, True), {tier: Share(0, 0) for tier in Tier if tier.asked}, 1000, 1
)
planned = propose(settings_from({}).budgets, known)
assert planned.budgets[typical] >= 0.15 * asked_total(planned.budgets) - 1
assert "of hard, 75% of intermediate and 50% of typical images" in planned.sentence, planned.sentence

# Settings from before and from now, the forms, and the tables of a project.
settings = settings_from({"budgets": {"mode": "fixed", "hard": 4, "intermediate": 4, "easy": 6}})
assert settings.budgets.images == budgets_of(hard=4, intermediate=4, easy=6)
assert settings_from(settings.model_dump(mode="json")) == settings
app = QApplication([])
form = ChoicesForm()
form.show_settings(settings)
NAME = "Typical images (budget of the typical tier)"
(field,) = (w for w in form.findChildren(QLineEdit) if w.accessibleName() == NAME)
field.setText("9")
assert form.settings().budgets.images[typical] == 9
assert form.settings().learner.strategies[typical] == "central"
assert any("Typical: what is most" in box.accessibleName() for box in RoundPage().findChildren(QLineEdit))
assert {"typical_budget", "typical_answered", "typical_right"} <= set(PROJECT_DICTIONARY["rounds"])

# The file of experiments from before takes an experiment with the tier, and all is drawn.
HEAD = 'name = "four"\\nrounds = 1\\nseeds = [1]\\n[seed_labels]\\nper_class = 2\\n'
DATA = '[[data]]\\ndataset = "digits"\\ntest_per_class = 10\\npool_images = 150\\nsize = 16\\n'
METHOD = '[[methods]]\\nname = "m"\\nkind = "clarifier"\\nbudgets = {hard = 2, typical = 5}\\n'
loaded = parse_experiment(HEAD + DATA + METHOD)
laid_out = grid(loaded, None)
(run,) = laid_out.runs
shop, state = Workshop(), None
with ExperimentStore.open(before) as store:
    store.add_experiment(loaded, laid_out, "later")
    for number in range(2):
        done = shop.perform(RoundTask(run, state, Place(cache, cache)), NullPort())
        assert hasattr(done, "row"), done
        store.add_round(run, done.row, done.state, done.where)
        state = done.state
    first, second = store.experiments()
    ((n, n_hard, strategy),) = store.query(
        "SELECT n_typical, n_hard, typical FROM results WHERE experiment_id = 2 AND round = 1"
    )
    assert (n, n_hard, strategy) == (5, 2, "central")
    assert store.query("SELECT DISTINCT n_typical, typical FROM results WHERE experiment_id = 1") == [(0, None)]
    for head, tiers in ((first, {"hard", "intermediate", "easy"}), (second, {"hard", "typical"})):
        results = read_results(store, head)
        (plot,) = (plot for plot in plots_of(results) if plot.number == 5)
        lines = plotted_csv(plot).splitlines()[1:]
        assert {line.split(",")[5] for line in lines} == tiers, lines
        assert plot.draw().axes
        assert "typical right" in report_html(results, [])

# Runs of a plan from before are the same runs.
print(*sorted(run.key for run in grid(load_experiment("figure-6"), None).runs))
"""


def test_a_fourth_tier_is_an_entry(tmp_path: Path):
    for package in ("model", "studies", "ui"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    for name, entries in ENTRIES.items():
        text = (tmp_path / name).read_text(encoding="utf-8")
        for after, entry in entries:
            assert text.count(after) == 1, (name, after)
            text = text.replace(after, after + entry)
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "model/selection/central.py").write_text(STRATEGY.lstrip(), encoding="utf-8")
    program = tmp_path / "used.py"
    program.write_text(USED, encoding="utf-8")
    before = unpack("experiment.sqlite", tmp_path)
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"}
    found = subprocess.run(
        [sys.executable, str(program), str(before), str(tmp_path / "cache")],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert found.returncode == 0, found.stderr
    keys = sorted(run.key for run in grid(load_experiment("figure-6"), None).runs)
    assert found.stdout.split() == keys, "runs of plans from before stay the same runs"
