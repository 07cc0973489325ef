"""The benchmarks of the learner run and tell a sane story; times are never judged here."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
import torchvision

from benchmarks.__main__ import main
from benchmarks.catalogue import run
from benchmarks.experiments.real_data import PRESET
from benchmarks.experiments.real_sets import CUB, MOBILENET
from benchmarks.report import Size
from studies.simulation.plan.checks import load_experiment
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


def test_calibration():
    found = numbers(run("calibration", Size.QUICK))
    assert all(value >= 0 for value in found.values())


def write_stand_in(folder: Path) -> None:
    """Three classes of coloured images, packed as the real ones are, and a network of random weights."""
    write_masked(folder / CUB)
    torch.save(torchvision.models.mobilenet_v2().state_dict(), folder / MOBILENET)


def test_real_data_on_a_stand_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    write_stand_in(tmp_path)
    assert main(["real-data", "--quick", "--data", str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in printed.splitlines()]
    methods = [method.name for method in load_experiment(PRESET).plan.methods]
    by_round = {(row[0], row[1]): row for row in cells if len(row) == 7 and row[0] in methods}
    assert set(by_round) == {(method, number) for method in methods for number in "01"}
    cost = {key: float(row[2]) for key, row in by_round.items()}
    # 15 unlabeled items, all labeled in the one round: without suggestions each costs 4.
    assert cost["AL without suggestions", "1"] == 60
    assert all(cost[method, "0"] == 0 for method in methods)
    assert 15 <= cost["SUGGEST", "1"] <= 60


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
