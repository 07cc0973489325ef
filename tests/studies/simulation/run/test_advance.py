"""Rounds of whole runs: a small experiment on digits with every number pinned, and what methods do differently."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from model.datasets.base import Problem, Source
from model.datasets.digits import FILE
from model.datasets.registry import open_set
from model.learning.config import PRESETS
from model.learning.last_layer import LastLayer, train_last_layer
from model.networks.loading import Loader
from model.networks.networks import frozen
from model.networks.transforms import small_images
from model.port import NullPort, Port
from model.rounds.simulated import SimulatedPool
from model.rounds.stopwatch import Stopwatch
from model.rounds.trainers import Pool, PoolModel, Trainer
from model.tiers import Tier
from studies.simulation.plan.plan import Kind
from studies.simulation.plan.runs import Run, grid
from studies.simulation.plan.times import CostSetting, Times
from studies.simulation.run.advance import advance
from studies.simulation.run.state import RoundRow, State
from tests.studies.simulation.sample import loaded

HEAD = """
name = "digits"
rounds = 3
seeds = [1]
[seed_labels]
per_class = 2
[[data]]
dataset = "digits"
test_per_class = 50
"""


class Pixels(Trainer):
    """Logistic regression on the 8 x 8 pixels: a minimum that no rounding moves, so its numbers hold everywhere."""

    def __init__(self, pixels: Tensor) -> None:
        images = open_set(Source("digits"), Path())
        n = len(pixels)
        pool = Pool(Loader(images, small_images(8)), np.arange(n), 10, np.zeros(n, np.bool_))
        super().__init__(pool, PRESETS["quick"], torch.device("cpu"))
        self._pixels = pixels

    @property
    def problems(self) -> tuple[Problem, ...]:
        return ()

    def fit(self, labels: Tensor, seed: int, port: Port, watch: Stopwatch) -> PoolModel:
        layer = self._layer(labels, seed, port)
        network = frozen("pixels", nn.Identity(), 64, 10, 0)
        probabilities = layer.probabilities(self._pixels)
        return PoolModel(network, layer, self.pool.positions, probabilities, self._pixels, 0)

    def fit_fold(self, labels: Tensor, items: Tensor, seed: int, port: Port) -> Tensor:
        return self._layer(labels, seed, port).probabilities(self._pixels[items])

    def _layer(self, labels: Tensor, seed: int, port: Port) -> LastLayer:
        rows = torch.nonzero(labels >= 0).flatten()
        return train_last_layer(self._pixels[rows], labels[rows], 10, PRESETS["quick"], seed, port)


def pixel_pool() -> SimulatedPool:
    with np.load(FILE) as data:
        pixels = torch.from_numpy(data["images"].reshape(-1, 64).astype(np.float32) / 16)
        labels = data["labels"].astype(np.int64)

    def accuracy(model: PoolModel, port: Port) -> float:
        predicted = model.layer.probabilities(pixels[900:]).argmax(dim=1).numpy()
        return float((predicted == labels[900:]).mean())

    return SimulatedPool(Pixels(pixels[:900]), labels[:900], labels[:900], accuracy, lambda: None)


@pytest.fixture(scope="module")
def pixels() -> SimulatedPool:
    return pixel_pool()


def run_of(method: str, per_class: int = 2, head: str = HEAD) -> Run:
    head = head.replace("per_class = 2", f"per_class = {per_class}")
    return grid(loaded(f'{head}[[methods]]\nname = "m"\n{method}\n'), None).runs[0]


def played(run: Run, pool: SimulatedPool) -> list[RoundRow]:
    rows, state = [], None
    while True:
        row, state = advance(run, state, pool, NullPort())
        rows.append(row)
        if state is None:
            return rows
        state = State.from_bytes(state.to_bytes())


def numbers(row: RoundRow) -> tuple[object, ...]:
    shares = [f"{share.right}/{share.total}" for share in row.counts.right.values()]
    right = round(row.accuracy * 897)
    return (row.round, row.n_human, row.n_auto, row.n_auto_right, *shares, right)


SUGGEST = 'kind = "suggest"\nbudgets = [20]'
PAPER = 'kind = "clarifier"\nbudgets = [5, 10, 10]\neasy = "highest-confidence"'
AUTHORS = 'kind = "clarifier"\nbudgets = [5, 10, 10]\npublished = true'
CERTIFIED = 'kind = "clarifier"\nbudgets = [5, 10, 10]\nmax_error = 0.2\nauto_labels = "renewed"'
PLANNED = 'kind = "planned"\nbudgets = [20]'
# Round; the annotator's labels so far; the program's in use and how many are right; right suggestions of the hard and
# the intermediate tier and right labels of the easy one; right predictions of the 897 test images.
GOLDEN = {
    ("suggest", 2): (
        (0, 20, 0, 0, "0/0", "0/0", "0/0", 652),
        (1, 40, 0, 0, "11/20", "0/0", "0/0", 711),
        (2, 60, 0, 0, "9/20", "0/0", "0/0", 766),
        (3, 80, 0, 0, "15/20", "0/0", "0/0", 790),
    ),
    ("paper", 2): (
        (0, 20, 0, 0, "0/0", "0/0", "0/0", 652),
        (1, 35, 10, 10, "3/5", "9/10", "10/10", 673),
        (2, 50, 20, 20, "2/5", "10/10", "10/10", 749),
        (3, 65, 30, 30, "3/5", "10/10", "10/10", 768),
    ),
    ("authors", 2): (
        (0, 20, 0, 0, "0/0", "0/0", "0/0", 652),
        (1, 35, 10, 9, "2/5", "10/10", "9/10", 739),
        (2, 50, 20, 19, "4/5", "10/10", "10/10", 747),
        (3, 65, 30, 29, "1/5", "10/10", "10/10", 742),
    ),
    ("certified", 8): (
        (0, 80, 0, 0, "0/0", "0/0", "0/0", 779),
        (1, 95, 10, 10, "4/5", "10/10", "10/10", 790),
        (2, 110, 20, 20, "4/5", "10/10", "20/20", 805),
        (3, 125, 30, 30, "4/5", "10/10", "30/30", 807),
    ),
    ("planned", 2): (
        (0, 20, 0, 0, "0/0", "0/0", "0/0", 652),
        (1, 40, 0, 0, "9/16", "3/4", "0/0", 732),
        (2, 60, 0, 0, "10/15", "5/5", "0/0", 735),
        (3, 80, 0, 0, "9/17", "3/3", "0/0", 787),
    ),
}
METHODS = {
    "suggest": SUGGEST,
    "paper": PAPER,
    "authors": AUTHORS,
    "certified": CERTIFIED,
    "planned": PLANNED,
}


@pytest.mark.parametrize(("method", "per_class"), GOLDEN)
def test_a_small_experiment_with_every_number(method: str, per_class: int, pixels: SimulatedPool):
    rows = played(run_of(METHODS[method], per_class), pixels)
    assert tuple(numbers(row) for row in rows) == GOLDEN[method, per_class]
    audited = [row.audit_accuracy is not None for row in rows]
    # The 20 random labels of the planned run are fewer than the 59 that it takes to certify anything at 5 %.
    assert audited == [method == "certified"] * 3 + [False], "nothing is chosen after the last round"


def test_nothing_is_asked_twice_and_nothing_else_is_touched(pixels: SimulatedPool):
    run, state = run_of(PAPER), None
    while True:
        before = state
        _, state = advance(run, state, pixels, NullPort())
        if state is None:
            break
        if before is not None:
            known = before.labels >= 0
            assert (state.labels[known] == before.labels[known]).all()
            assert int((state.labels >= 0).sum() - known.sum()) == 25
        human = (state.labels >= 0) & ~state.auto
        assert (state.labels[human] == pixels.labels[human]).all()


def test_labels_that_are_renewed_can_be_given_up(pixels: SimulatedPool):
    rows = played(run_of('kind = "clarifier"\nbudgets = [9, 0, 30]\neasy = "highest-confidence"'), pixels)
    renewed = played(
        run_of(
            'kind = "clarifier"\nbudgets = [9, 0, 30]\neasy = "highest-confidence"\nauto_labels = "renewed"'
        ),
        pixels,
    )
    assert [row.n_auto for row in rows] == [row.n_auto for row in renewed] == [0, 30, 60, 90]
    assert [row.counts.right[Tier.EASY].total for row in rows] == [0, 30, 30, 30]
    assert [row.counts.right[Tier.EASY].total for row in renewed] == [0, 30, 60, 90]


def test_an_annotator_who_errs_costs_accuracy_and_trains_on_the_errors(pixels: SimulatedPool):
    wrong = played(run_of(SUGGEST, head=HEAD + "[oracle]\nerror_rate = 0.5\n"), pixels)
    right = played(run_of(SUGGEST), pixels)
    assert wrong[-1].accuracy < right[-1].accuracy - 0.2


def test_drawn_costs_add_up_over_rounds(pixels: SimulatedPool):
    times = Times((1.0,), (10.0,), (100.0,))
    run = replace(run_of(SUGGEST), cost=CostSetting("t", 1, 10, 100, times))
    rows = played(run, pixels)
    expected = np.cumsum([0, 11 + 90, 9 + 110, 15 + 50])  # of the golden run: right and wrong suggestions
    assert [row.drawn_cost for row in rows] == expected.tolist()
    unaided = replace(run, method=replace(run.method, kind=Kind.AL))
    assert [row.drawn_cost for row in played(unaided, pixels)] == [0, 2000, 4000, 6000]
    assert [row.drawn_cost for row in played(run_of(SUGGEST), pixels)] == [None] * 4


def test_first_labels_can_cost_too(pixels: SimulatedPool):
    head = HEAD.replace("per_class = 2", 'per_class = 2\ncost = "unaided"')
    run = replace(
        run_of(SUGGEST, head=head), cost=CostSetting("t", 1, 10, 100, Times((1.0,), (10.0,), (100.0,)))
    )
    assert played(run, pixels)[0].drawn_cost == 2000
