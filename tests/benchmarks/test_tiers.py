"""The benchmark of the tiers: what it runs, and what it reads from the store."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.experiments import running as experiments
from benchmarks.experiments import tiers
from benchmarks.report import Size, SkippedError
from model.tiers import Tier
from studies.simulation.crews.crew import LocalCrew
from studies.simulation.plan.checks import load_experiment
from studies.simulation.plan.plan import Kind


@pytest.mark.parametrize("trial", [*tiers.FULL, *tiers.QUICK], ids=lambda trial: trial.name)
def test_each_experiment_has_the_method_and_what_it_is_compared_with(trial: tiers.Trial):
    plan = load_experiment(trial.name).plan
    kinds = {method.kind for method in plan.methods}
    assert {Kind.SUGGEST, Kind.RANDOM, Kind.PLANNED} <= kinds
    planned = next(method for method in plan.methods if method.kind is Kind.PLANNED)
    assert planned.strategies[Tier.EASY] == ("certified",)
    assert (planned.training, planned.max_error) == ("pool", 0.03)
    assert plan.seed_labels.per_class == 3
    assert {data.path or data.weights for data in plan.data if data.path} <= set(trial.files)


def test_without_the_data_it_is_skipped(tmp_path: Path):
    with pytest.raises(SkippedError, match="cub100_jpeg"):
        tiers.measure(Size.FULL, tmp_path)


def test_quick_size_needs_no_data_and_is_not_run_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for module in (tiers, experiments):
        monkeypatch.setattr(module, "cache", lambda: tmp_path)
    report = tiers.measure(Size.QUICK, None)
    assert len(report.lines) == 4
    assert "Planned, learning from the pool" in report.details
    wrong = next(line for line in report.lines if "wrong" in line.what)
    assert 0 <= wrong.ours <= 100

    def no_more(*_: object) -> None:
        raise AssertionError("a run that was done is submitted again")

    monkeypatch.setattr(LocalCrew, "submit", no_more)
    assert tiers.measure(Size.QUICK, None).lines == report.lines
