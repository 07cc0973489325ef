"""What every strategy of the registry keeps to, whatever the pool."""

from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor

from model.port import Cancelled
from model.selection import STRATEGIES, select
from model.selection.base import Picks, SelectionError, Snapshot, Tier
from tests.model.watcher import Watcher

NAMES = sorted(STRATEGIES)
HARD = [name for name in NAMES if STRATEGIES[name].tier is Tier.HARD]
DRAWN = [name for name in NAMES if name in ("random", "sample", "badge", "typical")]
N, CLASSES = 60, 4

Case = Callable[[], Snapshot]


def pool(
    n: int = N,
    classes: int = CLASSES,
    d: int = 5,
    labeled: int = 20,
    dtype: torch.dtype = torch.float32,
    seed: int = 0,
) -> Snapshot:
    """Items in clusters by class; of the labeled ones some are auto-labeled, and some are an audit's."""
    chance = torch.Generator().manual_seed(seed)
    truth = torch.arange(n) % classes
    means = torch.randn(classes, d, generator=chance, dtype=torch.float64)
    features = means[truth] + torch.randn(n, d, generator=chance, dtype=torch.float64) / 2
    known = torch.zeros(n, dtype=torch.bool)
    known[torch.randperm(n, generator=chance)[:labeled]] = True
    auto = known & (torch.rand(n, generator=chance) < 0.2)
    audit = known & ~auto & (torch.rand(n, generator=chance) < 0.5)
    probabilities = (2 * features @ means.T).softmax(dim=1)
    return Snapshot(probabilities.to(dtype), features.to(dtype), torch.where(known, truth, -1), auto, audit)


def without(label: int) -> Snapshot:
    whole = pool()
    keep = whole.labels != label
    labels = torch.where(keep, whole.labels, -1)
    return Snapshot(whole.probabilities, whole.features, labels, whole.auto & keep, whole.audit & keep)


def identical() -> Snapshot:
    whole = pool()
    probabilities, features = whole.probabilities[:1].expand(N, -1), whole.features[:1].expand(N, -1)
    return Snapshot(probabilities, features, whole.labels)


def sure(of_class: Callable[[Tensor], Tensor] = lambda truth: truth) -> Snapshot:
    """Probabilities of 0 and 1 alone."""
    whole = pool()
    rows = torch.nn.functional.one_hot(of_class(torch.arange(N) % CLASSES), CLASSES).float()
    return Snapshot(rows, whole.features, whole.labels, whole.auto, whole.audit)


def half_sure() -> Snapshot:
    whole, certain = pool(), sure()
    rows = torch.where(torch.arange(N)[:, None] % 3 == 0, certain.probabilities, whole.probabilities)
    return Snapshot(rows, whole.features, whole.labels, whole.auto, whole.audit)


def all_auto() -> Snapshot:
    whole = pool()
    return Snapshot(whole.probabilities, whole.features, whole.labels, whole.labels >= 0)


def with_features(change: Callable[[Tensor], Tensor]) -> Snapshot:
    whole = pool()
    return Snapshot(whole.probabilities, change(whole.features), whole.labels, whole.auto, whole.audit)


CASES: dict[str, Case] = {
    "float32": pool,
    "float64": lambda: pool(dtype=torch.float64),
    "one class": lambda: pool(classes=1),
    "one feature": lambda: pool(d=1),
    "more classes than items": lambda: pool(n=30, classes=40, labeled=12),
    "a class without labels": lambda: without(2),
    "no labels": lambda: pool(labeled=0),
    "auto-labels alone": all_auto,
    "identical items": identical,
    "probabilities of 0 and 1": sure,
    "one class is sure": lambda: sure(torch.zeros_like),
    "some probabilities of 0 and 1": half_sure,
    "features of 0": lambda: with_features(torch.zeros_like),
    "large features": lambda: with_features(lambda h: 1e4 * h + 1e5),
    "one unlabeled item": lambda: pool(labeled=N - 1),
}


def checked(picks: Picks, of: Snapshot, items: Tensor, budget: int) -> Picks:
    assert picks.asked == budget
    assert len(picks.items) == len(picks.suggestions) == len(picks.scores)
    assert {array.dtype for array in (picks.items, picks.suggestions)} == {np.dtype(np.int64)}
    assert len(set(picks.items.tolist())) == len(picks), "an item twice"
    assert set(picks.items.tolist()) <= set(items.tolist()), "beyond the pool"
    assert len(picks) <= budget
    assert len(picks) == budget or picks.note, "fewer than asked, and not said why"
    assert np.isin(picks.suggestions, range(of.classes)).all()
    assert np.isfinite(picks.scores).all()
    return picks


def same(one: Picks, other: Picks) -> bool:
    return (
        np.array_equal(one.items, other.items)
        and np.array_equal(one.suggestions, other.suggestions)
        and np.array_equal(one.scores, other.scores)
    )


def states() -> tuple[object, ...]:
    """Of the generators that all share."""
    kind, keys, *rest = np.random.get_state()
    return torch.get_rng_state().tolist(), kind, list(keys), rest, random.getstate()


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("name", NAMES)
def test_any_pool(name: str, case: str):
    of = CASES[case]()
    given = [tensor.clone() for tensor in (of.probabilities, of.features, of.labels, of.auto, of.audit)]
    before = states()
    picks = checked(select(name, of, 12, seed=7), of, of.unlabeled, 12)
    assert states() == before, "the global generators were used"
    assert same(picks, select(name, of, 12, seed=7)), "the same seed gave other picks"
    after = (of.probabilities, of.features, of.labels, of.auto, of.audit)
    assert all(torch.equal(one, other) for one, other in zip(given, after, strict=True)), (
        "the pool was changed"
    )


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("name", HARD)
def test_the_hard_tier_spends_its_budget_and_suggests_the_prediction(name: str, case: str):
    of = CASES[case]()
    picks = select(name, of, 12)
    assert len(picks) == min(12, len(of.unlabeled))
    assert picks.suggestions.tolist() == of.probabilities[picks.items].argmax(dim=1).tolist()


@pytest.mark.parametrize("name", NAMES)
def test_where_all_is_well_the_budget_is_spent_unless_by_certificate(name: str):
    assert len(select(name, pool(), 12)) == 12 or name == "certified"


@pytest.mark.parametrize("name", DRAWN)
def test_another_seed_draws_others(name: str):
    assert not same(select(name, pool(), 12, seed=1), select(name, pool(), 12, seed=2))


@pytest.mark.parametrize("name", sorted(set(NAMES) - set(DRAWN)))
def test_what_draws_nothing_is_the_same_for_every_seed(name: str):
    assert same(select(name, pool(), 12, seed=1), select(name, pool(), 12, seed=2))


@pytest.mark.parametrize("name", NAMES)
def test_a_part_of_the_pool_in_any_order(name: str):
    of = pool()
    some = of.unlabeled[1::2]
    picks = checked(select(name, of, 6, pool=some), of, some, 6)
    assert same(picks, select(name, of, 6, pool=some.flip(0)))


@pytest.mark.parametrize("name", NAMES)
def test_a_pool_smaller_than_the_budget(name: str):
    of = pool()
    some = of.unlabeled[3:8]
    picks = checked(select(name, of, 9, pool=some), of, some, 9)
    assert picks.note
    assert len(picks) == 5 or STRATEGIES[name].tier is not Tier.HARD


@pytest.mark.parametrize("name", NAMES)
def test_the_whole_pool(name: str):
    of = pool()
    checked(select(name, of, len(of.unlabeled)), of, of.unlabeled, len(of.unlabeled))


@pytest.mark.parametrize("name", NAMES)
def test_one_item(name: str):
    of = pool()
    checked(select(name, of, 1), of, of.unlabeled, 1)


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_pool(name: str):
    of = pool(labeled=N)
    for picks in (select(name, of, 5), select(name, pool(), 5, pool=torch.zeros(0, dtype=torch.int64))):
        assert (len(picks), picks.asked, picks.note) == (0, 5, "No unlabeled item is left.")


@pytest.mark.parametrize("name", NAMES)
def test_nothing_asked(name: str):
    picks = select(name, pool(), 0)
    assert (len(picks), picks.asked, picks.note) == (0, 0, "")


@pytest.mark.parametrize("name", NAMES)
def test_a_negative_budget_is_refused(name: str):
    with pytest.raises(SelectionError, match="budget is -1"):
        select(name, pool(), -1)


@pytest.mark.parametrize("name", NAMES)
def test_labeled_items_are_refused(name: str):
    of = pool()
    with pytest.raises(SelectionError, match="have a label"):
        select(name, of, 2, pool=torch.nonzero(of.labels >= 0).flatten())


@pytest.mark.parametrize("wrong", [float("nan"), float("inf")])
def test_numbers_that_are_none_never_reach_a_strategy(wrong: float):
    of = pool()
    for name in ("probabilities", "features"):
        tensors = {"probabilities": of.probabilities.clone(), "features": of.features.clone()}
        tensors[name][3, 1] = wrong
        with pytest.raises(SelectionError, match=f"{name} hold NaN"):
            Snapshot(**tensors, labels=of.labels)


@pytest.mark.parametrize("name", NAMES)
def test_cancelled_or_done(name: str):
    try:
        picks = select(name, pool(), 5, port=Watcher(stop_after=0))
    except Cancelled:
        return
    assert same(picks, select(name, pool(), 5)), "half of the work was returned"


def test_the_registry_holds_the_hard_tier():
    assert {"random", "entropy", "least-confidence", "margin", "badge", "bait", "typical"} == set(HARD)
