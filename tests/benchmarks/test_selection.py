"""The benchmarks of the selection run and tell a sane story; times are never judged here."""

from __future__ import annotations

import sys

import numpy as np
import pytest
import torch

from benchmarks.catalogue import run
from benchmarks.learner import strategies
from benchmarks.learner.matrix_rate import matrix_rate
from benchmarks.learner.peak_memory import PeakMemory
from benchmarks.learner.synthetic_pool import synthetic_pool
from benchmarks.report import Size
from model.selection import STRATEGIES
from tests.benchmarks.reading import numbers


def test_badge():
    found = numbers(run("badge", Size.QUICK))
    assert all(value >= 0 for value in found.values())
    assert {"20 picks", "60 picks"} <= set(found)


def test_neighbours():
    found = numbers(run("neighbours", Size.QUICK))
    assert found["the graph of neighbours"] > 0
    assert found["k-means"] > 0


def test_strategies():
    report = run("strategies", Size.QUICK)
    assert all(value >= 0 for value in numbers(report).values())
    assert {line.what.split(":")[0] for line in report.lines} <= set(STRATEGIES)
    told = report.table()
    assert all(f"| {name} " in told for name in STRATEGIES)


def test_a_strategy_that_took_too_long_is_skipped_for_larger_pools():
    middle = strategies._Cell(400, 6)
    found: strategies.Found = {("slow", middle): "> 1 s", ("fast", middle): strategies._Used(0.1, None)}
    assert strategies._hopeless("slow", strategies._Cell(800, 6), found)
    assert not strategies._hopeless("slow", strategies._Cell(800, 3), found)
    assert not strategies._hopeless("fast", strategies._Cell(800, 6), found)


@pytest.mark.parametrize(
    ("points", "exponent"),
    [
        ([(10, 0.1), (100, 10.0), (1000, 1000.0)], "2.0"),
        ([(10, None), (100, 5.0), (200, 5.0)], "0.0"),
        ([(10, None), (100, 5.0)], "?"),
    ],
)
def test_the_exponent_of_growth(points: list[tuple[int, float | None]], exponent: str):
    assert strategies._exponent(points) == exponent


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells")
def test_memory_that_was_taken_and_given_back_is_seen():
    memory = PeakMemory()
    np.ones(8 * 1024 * 1024).sum()
    grown = memory.grown_mib()
    assert grown is not None
    assert 60 < grown < 200


def test_a_pool_is_as_accurate_as_it_is_confident():
    pool = synthetic_pool(3000, 8, 16, 50, seed=4)
    assert len(pool) == 3400
    assert [len(pool.query_set(label)) for label in range(8)] == [50] * 8
    confidence, predicted = pool.probabilities.max(dim=1)
    known = pool.labels >= 0
    assert float(confidence.mean()) == pytest.approx(0.65, abs=0.02)
    assert float((predicted == pool.labels)[known].float().mean()) == pytest.approx(0.65, abs=0.1)
    assert pool.features.dtype == pool.probabilities.dtype == torch.float32


def test_the_matrix_rate_is_a_rate():
    assert 1e8 < matrix_rate() < 1e15
