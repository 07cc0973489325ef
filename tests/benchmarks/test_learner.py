"""The benchmarks of the learner run and tell a sane story; times are never judged here."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
import torchvision

from benchmarks.__main__ import main
from benchmarks.catalogue import run
from benchmarks.experiments.real_rounds import METHODS, Method, Pool
from benchmarks.experiments.real_rounds import run as run_rounds
from benchmarks.experiments.real_sets import CUB, MOBILENET
from benchmarks.report import Size
from model.selection.round import RoundPlan
from model.tiers import Tier
from tests.benchmarks.reading import numbers
from tests.model.datasets.packed_files import write_masked


def test_logdetmi():
    found = numbers(run("logdetmi", Size.QUICK))
    assert found["picks"] == 50
    assert all(value > 0 for what, value in found.items() if "exponent" not in what)


def test_experiment_figures():
    found = numbers(run("experiment-figures", Size.QUICK))
    assert found["files"] == 10


def test_training():
    found = numbers(run("training", Size.QUICK))
    assert all(value > 0 for value in found.values())


def write_stand_in(folder: Path) -> None:
    """Three classes of coloured images, packed as the real ones are, and a network of random weights."""
    write_masked(folder / CUB)
    torch.save(torchvision.models.mobilenet_v2().state_dict(), folder / MOBILENET)


def test_real_data_on_a_stand_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    write_stand_in(tmp_path)
    assert main(["real-data", "--quick", "--data", str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    rows = [
        line.split("|")[1:-1]
        for line in printed.splitlines()
        if line.startswith(("| AL", "| S", "| r", "| C"))
    ]
    by_round = {(cells[0].strip(), cells[1].strip()): cells for cells in rows if len(cells) == 8}
    assert {title for title, _ in by_round} == {method.title for method in METHODS}
    cost = {key: float(cells[2]) for key, cells in by_round.items()}
    # 15 unlabeled items, all labeled in the one round: without suggestions each costs 4.
    assert cost["AL without suggestions (BADGE)", "1"] == 60
    assert all(cost[title, "0"] == 0 for title, number in by_round if number == "0")
    assert 15 <= cost["SUGGEST (BADGE)", "1"] <= 60


def test_simulate_on_a_stand_in(tmp_path: Path):
    write_stand_in(tmp_path)
    found = numbers(run("simulate", Size.QUICK, tmp_path))
    assert all(value > 0 for value in found.values())


@pytest.mark.parametrize("name", ["real-data", "simulate"])
@pytest.mark.parametrize("arguments", [[], ["--data", "nowhere"]])
def test_without_the_data_it_is_skipped_in_a_sentence(
    name: str, arguments: list[str], capsys: pytest.CaptureFixture[str]
):
    assert main([name, "--quick", *arguments]) == 0
    assert capsys.readouterr().out.startswith(f"{name}: skipped.")


def clusters(n: int) -> Pool:
    chance = torch.Generator().manual_seed(0)
    labels = torch.arange(2 * n) % 3
    features = 3 * torch.eye(3)[labels] + 0.1 * torch.randn(2 * n, 3, generator=chance)
    return Pool(features[:n], labels[:n], features[n:], labels[n:])


def test_costs_are_those_of_the_answers():
    pool = clusters(60)
    (_, suggested), (_, bare) = (
        list(run_rounds(pool, Method("x", RoundPlan({Tier.HARD: 10}), suggestions), 1, 1, 4.0, 1.0))
        for suggestions in (True, False)
    )
    assert suggested.hard_right == 1.0
    assert suggested.accuracy == 1.0
    assert suggested.cost == 10
    assert bare.cost == 40


def test_auto_labels_are_given_up_and_chosen_anew():
    plan = RoundPlan({Tier.INTERMEDIATE: 6, Tier.EASY: 5}, {Tier.EASY: "highest-confidence"})
    kept, revoked = (
        [r.easy for r in run_rounds(clusters(60), Method("x", plan, revoked=revoked), 1, 3, 4.0, 1.0)]
        for revoked in (False, True)
    )
    assert kept == [0, 5, 10, 15]
    assert revoked == [0, 5, 10, 15], "as many as would have come together"
