from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from model.port import Cancelled
from model.selection import select
from model.selection.base import (
    Conflicts,
    Embedding,
    Engine,
    Options,
    Partitions,
    Picks,
    Snapshot,
)
from model.selection.functions.gradients import Factors, gradient_factors
from model.selection.functions.logdet import LogDetMI
from model.selection.functions.submodlib_engine import available
from tests.model.watcher import Watcher

NAMES = ("logdetmi", "flqmi", "flvmi", "gcmi", "com")
DROP = Options(conflicts=Conflicts.DROP)


def snapshot(n: int = 120, classes: int = 4, labeled: int = 5, seed: int = 0) -> Snapshot:
    """Clusters of a class each, seen by a model that is right about most; labeled items are the last."""
    chance = torch.Generator().manual_seed(seed)
    total = n + classes * labeled
    truth = torch.randint(classes, (total,), generator=chance)
    truth[n:] = torch.arange(classes).repeat_interleave(labeled)
    means = torch.randn(classes, 8, generator=chance, dtype=torch.float64)
    features = means[truth] + torch.randn(total, 8, generator=chance, dtype=torch.float64)
    labels = torch.where(torch.arange(total) < n, -1, truth)
    return Snapshot((features @ means.T / 2).softmax(dim=1), features, labels)


def budgets(picks: Picks, classes: int) -> list[int]:
    return [int(count) for count in np.bincount(picks.suggestions, minlength=classes)]


@pytest.mark.parametrize("name", NAMES)
def test_each_class_gets_its_share_and_the_picks_are_sorted_by_gain(name: str):
    picks = select(name, snapshot(), 22)
    # floor(22 (c + 1) / 4) - floor(22 c / 4)
    assert budgets(picks, 4) == [5, 6, 5, 6]
    assert len(set(picks.items)) == 22
    assert (np.diff(picks.scores) <= 0).all()
    assert picks.note == ""


@pytest.mark.parametrize("embedding", list(Embedding))
def test_without_conflicts_a_class_gets_its_chain(embedding: Embedding):
    given = snapshot()
    options = Options(embedding=embedding, eta=0.8, ridge=0.5)
    picks = select("logdetmi", given, 4, options=options)

    def vectors(index: torch.Tensor, labels: torch.Tensor | None) -> Factors:
        if embedding is Embedding.FEATURES:
            return Factors(None, given.features[index]).normalized()
        p, h = given.probabilities[index], given.features[index]
        return gradient_factors(p, h, labels, bias=True).normalized()

    pool = given.unlabeled
    queries = [vectors(given.query_set(c), given.labels[given.query_set(c)]) for c in range(4)]
    chains = LogDetMI(vectors(pool, None), 0.8, 0.5).chains(queries, 1)
    expected = {(int(pool[chain.items[0]]), c): chain.gains[0] for c, chain in enumerate(chains)}
    found = zip(zip(picks.items.tolist(), picks.suggestions.tolist(), strict=True), picks.scores, strict=True)
    assert dict(found) == pytest.approx(expected)


@pytest.mark.parametrize("name", NAMES)
def test_the_suggestion_is_mostly_right_in_clear_clusters(name: str):
    given = snapshot(400, 4, 8)
    truth = torch.argmax(given.probabilities, dim=1)
    picks = select(name, given, 40)
    right = truth[torch.from_numpy(picks.items)].numpy() == picks.suggestions
    assert right.mean() > 0.6


def test_losers_go_without_where_they_are_dropped_and_it_is_said():
    alike = replace(snapshot(), probabilities=torch.full((140, 4), 0.25, dtype=torch.float64))
    options = replace(DROP, embedding=Embedding.FEATURES)
    one_cluster = replace(alike, features=alike.features + 20)
    dropped = select("gcmi", one_cluster, 40, options=options)
    filled = select("gcmi", one_cluster, 40, options=replace(options, conflicts=Conflicts.REFILL))
    assert len(dropped) < 40 == len(filled)
    assert "dropped" in dropped.note
    assert filled.note == ""
    assert set(dropped.items) <= set(filled.items)
    assert budgets(filled, 4) == [10] * 4


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("partitions", list(Partitions))
def test_all_items_are_picked_if_so_many_are_asked_for(name: str, partitions: Partitions):
    picks = select(name, snapshot(43), 60, options=Options(partitions=partitions))
    assert sorted(picks.items) == list(range(43))
    assert picks.note == "Only 43 unlabeled items were left."


def test_the_share_of_a_class_without_labels_goes_to_the_others():
    given = snapshot()
    without = replace(given, labels=torch.where(given.labels == 2, 0, given.labels))
    picks = select("logdetmi", without, 30)
    assert budgets(picks, 4) == [10, 10, 0, 10]
    assert "2" in picks.note
    assert "others" in picks.note
    dropped = select("logdetmi", without, 30, options=DROP)
    assert budgets(dropped, 4)[2] == 0
    assert len(dropped) <= 30 - 7
    assert "nothing was picked for them" in dropped.note


def test_without_any_labels_nothing_is_picked_and_it_is_said():
    given = snapshot(30, 3, 0)
    picks = select("logdetmi", given, 5)
    assert (len(picks), picks.asked) == (0, 5)
    assert "No class has a labeled item" in picks.note


def test_auto_labeled_items_join_the_query_sets_only_if_asked():
    given = snapshot()
    auto = replace(given, auto=given.labels == 1)
    picks = select("logdetmi", auto, 12)
    assert budgets(picks, 4) == [4, 0, 4, 4]
    assert "Auto-labeled" in picks.note
    kept = select("logdetmi", auto, 12, options=Options(auto_in_queries=True))
    assert kept.items.tolist() == select("logdetmi", given, 12).items.tolist()


@pytest.mark.parametrize("partitions", [Partitions.RANDOM, Partitions.CONTIGUOUS])
def test_partitions_share_the_budget_and_each_class(partitions: Partitions):
    picks = select("logdetmi", snapshot(), 22, options=Options(partitions=partitions, n_partitions=5))
    assert budgets(picks, 4) == [5, 6, 5, 6]
    if partitions is Partitions.CONTIGUOUS:
        parts = np.bincount(picks.items // 24, minlength=5)  # of 120 items
        assert sorted(parts) == [4, 4, 4, 5, 5]


def test_random_partitions_depend_on_the_seed_alone():
    options = Options(partitions=Partitions.RANDOM)
    first, again, other = (select("logdetmi", snapshot(), 20, options=options, seed=s) for s in (1, 1, 2))
    assert first.items.tolist() == again.items.tolist() != other.items.tolist()


def test_in_one_partition_of_many_only_its_own_items_compete():
    given = snapshot()
    options = replace(DROP, partitions=Partitions.CONTIGUOUS, n_partitions=2)
    both = select("logdetmi", given, 16, options=options)
    halves = [
        select("logdetmi", given, 8, pool=given.unlabeled[part], options=DROP)
        for part in (slice(60), slice(60, None))
    ]
    assert set(both.items) == {*halves[0].items, *halves[1].items}


def test_stale_gains_are_an_option():
    given = snapshot(200)
    exact, lazy = select("logdetmi", given, 60), select("logdetmi", given, 60, options=Options(lazy=True))
    assert len(lazy) == 60
    assert exact.items.tolist() != lazy.items.tolist()


@pytest.mark.parametrize("name", NAMES)
def test_a_prediction_of_exactly_1_and_identical_items_do_no_harm(name: str):
    given = snapshot()
    sure = torch.nn.functional.one_hot(given.probabilities.argmax(dim=1), 4).double()
    features = given.features.clone()
    features[:20] = features[0]
    picks = select(name, Snapshot(sure, features, given.labels), 40)
    assert len(set(picks.items)) == 40
    assert np.isfinite(picks.scores).all()


def test_a_small_ridge_is_computed_in_double_precision():
    given = snapshot()
    single = Snapshot(given.probabilities.float(), given.features.float(), given.labels)
    options = Options(ridge=1e-4)
    exact = select("logdetmi", given, 20, options=options)
    found = select("logdetmi", single, 20, options=options)
    assert found.items.tolist() == exact.items.tolist()
    assert found.scores == pytest.approx(exact.scores, rel=1e-3)


def test_progress_counts_classes_and_cancelling_ends_it():
    watcher = Watcher()
    select("logdetmi", snapshot(), 8, port=watcher)
    assert watcher.told[-1] == (4, 4, "Selecting the intermediate tier: class 4 of 4")
    assert [done for done, _, _ in watcher.told] == [1, 2, 3, 4]
    for name in NAMES:
        with pytest.raises(Cancelled):
            select(name, snapshot(), 8, port=Watcher(stop_after=0))
        with pytest.raises(Cancelled):
            select(name, snapshot(), 8, port=Watcher(stop_after=2))


@pytest.mark.skipif(not available(), reason="submodlib has no wheel here")
@pytest.mark.parametrize("name", NAMES)
def test_submodlib_picks_the_same(name: str):
    given = snapshot(60)
    ours = select(name, given, 12)
    theirs = select(name, given, 12, options=Options(engine=Engine.SUBMODLIB))
    assert theirs.items.tolist() == ours.items.tolist()
    assert theirs.scores == pytest.approx(ours.scores, rel=1e-4)
