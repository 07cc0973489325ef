"""submodlib in a process of its own: what it answers, and that it ends when it must, with nothing left behind."""

import tempfile
from pathlib import Path

import numpy as np
import psutil
import pytest

from model.port import Cancelled, NullPort
from model.selection.base import SelectionError
from model.selection.functions import submodlib_engine
from model.selection.functions.submodlib_engine import FUNCTIONS, Submodlib, available, need_bytes

needs_submodlib = pytest.mark.skipif(not available(), reason="submodlib has no wheel here")
N, QUERIES = 12, 3


class Impatient:
    """A port that cancels after some polls."""

    def __init__(self, polls):
        self.left = polls

    def progress(self, done, total, text):
        pass

    def cancelled(self):
        self.left -= 1
        return self.left < 0


def kernels(n=N, queries=QUERIES, seed=0):
    points = np.abs(np.random.default_rng(seed).standard_normal((n + queries, 5)))
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    both = points @ points.T
    return both[:n, :n], both[n:, n:], both[:n, n:]


def run(engine, function="logdetmi", given=None, budget=4, lazy=False, eta=1.0, ridge=1.0, port=None):
    return engine.chain(function, *(given or kernels()), budget, eta, ridge, lazy, port or NullPort())


@pytest.fixture(autouse=True)
def nothing_left(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = {child.pid for child in psutil.Process().children()}
    yield
    assert {child.pid for child in psutil.Process().children()} <= before
    assert list(tmp_path.glob("submodlib-*")) == []


@needs_submodlib
@pytest.mark.parametrize("lazy", [False, True])
def test_every_function_takes_as_many_as_asked_or_all(lazy):
    with Submodlib(60, 4) as engine:
        for function in FUNCTIONS:
            items, gains = run(engine, function, lazy=lazy)
            assert len(set(items.tolist())) == 4 == len(gains)
            assert items.dtype == np.int64
            assert gains.dtype == np.float64
            everything, _ = run(engine, function, budget=N + 5, lazy=lazy)
            assert sorted(everything.tolist()) == list(range(N))


@needs_submodlib
def test_the_gain_of_a_single_item_is_the_formula():
    s, eta, ridge = 0.6, 0.5, 2.0
    given = np.ones((1, 1)), np.ones((1, 1)), np.full((1, 1), s)
    k = 1 + ridge
    by_hand = {"logdetmi": np.log(k) - np.log(k - (eta * s) ** 2 / k), "flqmi": s + eta * s}
    by_hand |= {"flvmi": eta * s, "gcmi": s}
    for function, expected in by_hand.items():
        with Submodlib(60, 4) as engine:
            items, gains = run(engine, function, given, 1, eta=eta, ridge=ridge)
        assert items.tolist() == [0]
        assert gains[0] == pytest.approx(expected, rel=1e-6), function


@needs_submodlib
def test_kernels_that_a_function_does_not_read_may_be_missing():
    pool, _, cross = kernels()
    with Submodlib(60, 4) as engine:
        assert len(run(engine, "flvmi", (pool, None, cross))[0]) == 4
        assert len(run(engine, "gcmi", (None, None, cross))[0]) == 4


@needs_submodlib
def test_one_process_serves_many_chains_and_another_follows_a_failure():
    with Submodlib(60, 4) as engine:
        run(engine)
        first = engine._running
        run(engine, "com")
        assert engine._running is first
        with pytest.raises(Cancelled):
            run(engine, port=Impatient(0))
        assert engine._running is None
        assert len(run(engine)[0]) == 4


@needs_submodlib
def test_each_chain_reads_its_own_kernels():
    one, other = kernels(seed=1), kernels(seed=2)
    mixed = one[0], other[1], other[2]
    with Submodlib(60, 4) as engine:
        together = [run(engine, given=given) for given in (one, mixed, other, one)]
    for given, (items, gains) in zip((one, mixed, other, one), together, strict=True):
        with Submodlib(60, 4) as engine:
            alone = run(engine, given=given)
        assert items.tolist() == alone[0].tolist()
        assert gains.tolist() == alone[1].tolist()


def process_of(engine):
    (child,) = [
        c for c in psutil.Process().children() if any("submodlib_child" in part for part in c.cmdline())
    ]
    return child


@needs_submodlib
def test_the_process_loads_neither_torch_nor_the_rest_of_the_program():
    with Submodlib(60, 4) as engine:
        run(engine)
        maps = {Path(m.path).name for m in process_of(engine).memory_maps()}
    assert any(name.startswith("submodlib_cpp") for name in maps)
    assert not any("torch" in name or "sklearn" in name or "Qt" in name for name in maps)


def long_chain():
    """A chain that takes many seconds."""
    rng = np.random.default_rng(0)
    return (None, None, rng.random((20_000, 40)))


@needs_submodlib
def test_cancelling_ends_the_process_at_once():
    with Submodlib(60, 4) as engine, pytest.raises(Cancelled):
        run(engine, "com", long_chain(), budget=5_000, port=Impatient(10))


@needs_submodlib
def test_time_is_limited():
    with Submodlib(0.5, 4) as engine, pytest.raises(SelectionError, match=r"after 0\.5 seconds"):
        run(engine, "com", long_chain(), budget=5_000)


@needs_submodlib
def test_too_large_a_job_is_refused_before_it_starts():
    with Submodlib(60, 0.001) as engine:
        with pytest.raises(SelectionError, match="partitions"):
            run(engine, given=kernels(200), budget=4)
        assert engine._running is None


@needs_submodlib
def test_memory_is_limited_where_the_estimate_was_too_low(monkeypatch):
    monkeypatch.setattr(submodlib_engine, "need_bytes", lambda *_: 0)
    with Submodlib(60, 0.01) as engine, pytest.raises(SelectionError, match="memory"):
        run(engine, given=kernels(800))


@needs_submodlib
def test_a_process_that_dies_is_told_of_in_a_sentence():
    class Killer(Impatient):
        def cancelled(self):
            if super().cancelled() and self.left == -1:
                process_of(engine).kill()
            return False

    with Submodlib(60, 4) as engine, pytest.raises(SelectionError, match="ended by itself"):
        run(engine, "com", long_chain(), budget=5_000, port=Killer(3))


@needs_submodlib
def test_what_submodlib_refuses_is_told_of_in_a_sentence():
    with Submodlib(60, 4) as engine, pytest.raises(SelectionError, match="refused"):
        run(engine, "flvmi", (None, None, kernels()[2]))


@needs_submodlib
def test_gains_that_are_no_numbers_are_refused():
    for budget in (1, N):
        with Submodlib(60, 4) as engine, pytest.raises(SelectionError, match="NaN"):
            run(engine, eta=100.0, ridge=0.01, budget=budget)


def test_without_submodlib_a_sentence_says_what_to_do(monkeypatch):
    monkeypatch.setattr(submodlib_engine, "available", lambda: False)
    with pytest.raises(SelectionError, match=r"not installed.*engine 'own'"):
        Submodlib(60, 4)


@needs_submodlib
def test_nothing_to_choose_is_a_mistake_of_the_caller():
    with Submodlib(60, 4) as engine, pytest.raises(ValueError, match="no chain"):
        run(engine, budget=0)


def test_the_need_grows_with_the_square_of_the_pool_for_functions_that_compare_its_items():
    assert need_bytes("logdetmi", 8000, 100, 20) > 3.5 * need_bytes("logdetmi", 4000, 100, 20)
    assert need_bytes("gcmi", 8000, 100, 20) == 2 * need_bytes("gcmi", 4000, 100, 20)


@needs_submodlib
def test_a_folder_with_modules_in_it_runs_no_code(hostile_folder):
    with Submodlib(60, 4) as engine:
        items, _ = run(engine)
    assert len(items) == 4
    assert hostile_folder.imported() == []
