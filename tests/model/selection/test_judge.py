"""submodlib as the judge: our functions take what its greedy takes, at the same gains.

Where the picks part, it must be at a tie: both are worth the same by the function's definition, in float64.
"""

from dataclasses import dataclass

import numpy as np
import pytest
import torch

from model.port import NullPort
from model.selection.functions import smi
from model.selection.functions.gradients import Factors, gradient_factors
from model.selection.functions.logdet import LogDetMI
from model.selection.functions.logdet_lazy import LazyLogDetMI
from model.selection.functions.submodlib_engine import Submodlib, available

pytestmark = pytest.mark.skipif(not available(), reason="submodlib has no wheel here")

CASES = 80
WITHIN = 1e-5  # relative, of a gain
ROUNDING = 2e-7  # absolute: submodlib holds kernels as float32, whose numbers have this much error


@dataclass(frozen=True)
class Case:
    pool: Factors
    queries: Factors
    eta: float
    ridge: float
    budget: int

    @property
    def kernels(self):
        pool, queries = self.pool, self.queries
        return tuple(a.inner(b).numpy() for a, b in ((pool, pool), (queries, queries), (pool, queries)))


@pytest.fixture(scope="module")
def engine():
    with Submodlib(60, 4) as engine:
        yield engine


def shape(rng):
    n = int(rng.integers(1, 50))
    return n, int(rng.integers(1, 12)), min(n, int(rng.integers(1, 25)))


def features(seed):
    """Cosines of plain features, some of them twice in the pool."""
    rng = np.random.default_rng(seed)
    n, queries, budget = shape(rng)
    vectors = rng.standard_normal((n + queries, int(rng.integers(2, 12)))) + rng.uniform(0, 2)
    if n > 3 and seed % 10 == 0:
        vectors[n - 1] = vectors[0]
    factors = Factors(None, torch.from_numpy(vectors)).normalized()
    eta, ridge = numbers(rng)
    return Case(factors.take(slice(n)), factors.take(slice(n, None)), eta, ridge, budget)


def gradients(seed):
    """Cosines of last-layer gradients, of weights and bias, with labels for the query set."""
    rng = np.random.default_rng(seed)
    n, queries, budget = shape(rng)
    classes = int(rng.integers(2, 6))
    probabilities = torch.from_numpy(rng.dirichlet(np.full(classes, 0.5), size=n + queries))
    hidden = torch.from_numpy(np.abs(rng.standard_normal((n + queries, 6))))
    labels = torch.cat([probabilities[:n].argmax(dim=1), torch.full((queries,), int(rng.integers(classes)))])
    eta, ridge = numbers(rng)
    factors = gradient_factors(probabilities, hidden, labels, bias=True, saturated=True).normalized()
    return Case(factors.take(slice(n)), factors.take(slice(n, None)), eta, ridge, budget)


def lattice(seed):
    """Inner products that float32 holds exactly, so that both compute with the very same numbers."""
    rng = np.random.default_rng(seed)
    n, queries, budget = shape(rng)
    factors = Factors(None, torch.from_numpy(rng.integers(-8, 9, (n + queries, 5)) / 8))
    eta, ridge = rng.choice([1.0, 0.5, 0.25]), rng.choice([1.0, 0.5])
    return Case(factors.take(slice(n)), factors.take(slice(n, None)), float(eta), float(ridge), budget)


def positive(seed):
    """Cosines of plain features that are not negative."""
    rng = np.random.default_rng(seed)
    n, queries, budget = shape(rng)
    vectors = np.abs(rng.standard_normal((n + queries, int(rng.integers(2, 12)))))
    factors = Factors(None, torch.from_numpy(vectors)).normalized()
    eta, ridge = numbers(rng)
    return Case(factors.take(slice(n)), factors.take(slice(n, None)), eta, ridge, budget)


def numbers(rng):
    """Eta and lambda, most often the paper's."""
    return (1.0, 1.0) if rng.random() < 0.5 else (float(rng.uniform(0.2, 1)), float(rng.uniform(0.1, 2)))


def logdetmi(case, items):
    pool, queries, cross = (kernel.astype(np.float64) for kernel in case.kernels)
    within = pool[np.ix_(items, items)] + case.ridge * np.eye(len(items))
    across = case.eta * cross[items]
    known = across @ np.linalg.solve(queries + case.ridge * np.eye(len(queries)), across.T)
    return np.linalg.slogdet(within)[1] - np.linalg.slogdet(within - known)[1]


def flqmi(case, items):
    cross = np.maximum(case.kernels[2], 0)[items]
    return cross.max(axis=0, initial=0).sum() + case.eta * cross.max(axis=1).sum()


def flvmi(case, items):
    pool, _, cross = case.kernels
    return np.minimum(
        pool[:, items].max(axis=1, initial=0), case.eta * np.maximum(cross, 0).max(axis=1)
    ).sum()


def gcmi(case, items):
    return case.kernels[2][items].sum()


def com(case, items):
    cross = case.kernels[2][items]
    return case.eta * np.log1p(cross.sum(axis=1)).sum() + np.log1p(cross.sum(axis=0)).sum()


def agreed(case, value, ours, theirs, rounding=ROUNDING):
    """How many picks are the same; where they part, both must be worth the same."""
    apart = np.nonzero(ours.items != theirs[0])[0]
    same = int(apart[0]) if len(apart) else len(ours.items)
    np.testing.assert_allclose(ours.gains[:same], theirs[1][:same], rtol=WITHIN, atol=rounding)
    if len(apart):
        before = ours.items[:same]
        values = [value(case, np.append(before, item)) for item in (ours.items[same], theirs[0][same])]
        gains = np.array(values) - value(case, before)
        assert gains[0] == pytest.approx(gains[1], rel=WITHIN, abs=rounding)
    return same


def judged(engine, function, case, lazy=False):
    return engine.chain(function, *case.kernels, case.budget, case.eta, case.ridge, lazy, NullPort())


@pytest.mark.parametrize(
    ("kind", "rounding"), [(features, ROUNDING), (gradients, ROUNDING), (lattice, 1e-12)]
)
def test_our_logdetmi_takes_what_naive_greedy_takes(engine, kind, rounding):
    same, total = 0, 0
    for seed in range(CASES):
        case = kind(seed)
        few = {} if seed % 10 else {"candidates": 1}  # so that it has to look for better ones
        [ours] = LogDetMI(case.pool, case.eta, case.ridge, **few).chains([case.queries], case.budget)
        assert len(ours.items) == case.budget
        same += agreed(case, logdetmi, ours, judged(engine, "logdetmi", case), rounding)
        total += case.budget
    assert same > 0.9 * total


@pytest.mark.parametrize("kind", [positive, gradients])
def test_our_lazy_logdetmi_takes_what_lazy_greedy_takes(engine, kind):
    inexact = 0
    for seed in range(CASES // 4):
        case = kind(seed)
        [ours] = LazyLogDetMI(case.pool, case.eta, case.ridge).chains([case.queries], case.budget)
        items, gains = judged(engine, "logdetmi", case, lazy=True)
        assert ours.items.tolist() == items.tolist()
        np.testing.assert_allclose(ours.gains, gains, rtol=WITHIN, atol=ROUNDING)
        [exact] = LogDetMI(case.pool, case.eta, case.ridge).chains([case.queries], case.budget)
        inexact += ours.items.tolist() != exact.items.tolist()
    assert inexact  # or the two are no longer told apart


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (flqmi, features),
        (flvmi, features),
        (gcmi, features),
        (com, positive),
        (flqmi, gradients),
        (flvmi, gradients),
    ],
)
def test_our_other_functions_take_what_naive_greedy_takes(engine, value, kind):
    same, total = 0, 0
    for seed in range(CASES // 4):
        case = kind(seed)
        function = smi.Function(value.__name__)
        [ours] = smi.chains(function, case.pool, [case.queries], case.budget, case.eta)
        same += agreed(case, value, ours, judged(engine, value.__name__, case), ROUNDING * 50)
        total += case.budget
    assert (
        same > (0.1 if value is flvmi else 0.8) * total
    )  # FLVMI soon has nothing to gain, where all are equal
