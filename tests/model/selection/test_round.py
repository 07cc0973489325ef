"""A round of all tiers: nothing twice, nothing labeled, the budgets, the order, and what `published` settles."""

from dataclasses import fields, replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from model.port import Cancelled, NullPort
from model.selection import STRATEGIES, Strategy
from model.selection.base import Conflicts, Embedding, Options, Partitions, SelectionError, Snapshot, Tier
from model.selection.functions.submodlib_engine import Submodlib, available
from model.selection.round import Order, RoundPlan, select_round
from model.tiers import budgets_of, strategies_of
from tests.model.watcher import Watcher

HARD = ("random", "entropy", "badge")
EASY = ("highest-confidence", "per-class-confidence", "certified")
INTERMEDIATE = ("logdetmi", "gcmi")


def snapshot(n=60, classes=4, labeled=16, audit=0, seed=0):
    rng = np.random.default_rng(seed)
    truth = rng.integers(classes, size=n)
    features = rng.standard_normal((n, 5)) + 2 * np.eye(classes, 5)[truth]
    logits = 2 * np.eye(classes)[truth] + rng.standard_normal((n, classes))
    probabilities = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    shown = rng.permutation(n)[: labeled + audit]
    labels = np.full(n, -1)
    labels[shown] = truth[shown]
    auto, sample = np.zeros(n, bool), np.zeros(n, bool)
    auto[shown[: labeled // 4]] = True
    sample[shown[labeled:]] = True
    return Snapshot(
        torch.from_numpy(probabilities).float(),
        torch.from_numpy(features).float(),
        torch.from_numpy(labels),
        torch.from_numpy(auto),
        torch.from_numpy(sample),
    )


def plan(hard, intermediate, easy, *, by=None, **fields):
    names = {"hard": "random", "easy": "highest-confidence"} | (by or {})
    return RoundPlan(
        budgets_of(hard=hard, intermediate=intermediate, easy=easy), strategies_of(**names), **fields
    )


def items(suggestions, tier=None):
    return [s.item for s in suggestions if tier in (None, s.tier)]


budgets = st.integers(0, 40)


@settings(max_examples=60, deadline=None)
@given(
    st.tuples(budgets, budgets, budgets),
    st.sampled_from(Order),
    st.sampled_from(HARD),
    st.sampled_from(INTERMEDIATE),
    st.sampled_from(EASY),
    st.integers(0, 44),
    st.integers(0, 100),
    st.booleans(),
)
def test_no_item_comes_twice_or_has_a_label_and_every_shortfall_is_explained(
    asked, order, hard, intermediate, easy, labeled, seed, published
):
    pool = snapshot(labeled=labeled, seed=seed)
    given_plan = plan(
        *asked,
        by={"hard": hard, "intermediate": intermediate, "easy": easy},
        order=order,
        published=published,
    )
    found = select_round(pool, given_plan, seed)
    everything = items(found.queue) + items(found.auto_labels)
    assert len(set(everything)) == len(everything)
    assert set(everything) <= set(pool.unlabeled.tolist())
    assert {s.tier for s in found.queue} <= {Tier.HARD, Tier.INTERMEDIATE}
    assert {s.tier for s in found.auto_labels} <= {Tier.EASY}
    assert all(0 <= s.label < pool.classes for s in found.queue + found.auto_labels)
    for tier, most in zip(Tier, asked, strict=True):
        count = len(items(found.queue + found.auto_labels, tier))
        assert count <= most
        assert count == most or found.notes[tier]
    assert select_round(pool, given_plan, seed) == found


@settings(max_examples=20, deadline=None, derandomize=True)  # gains may tie within rounding
@given(st.integers(0, 50), st.sampled_from(Order))
def test_the_order_of_the_pool_is_of_no_matter_where_nothing_is_drawn(seed, order):
    pool = snapshot(seed=seed)
    shuffle = torch.from_numpy(np.random.default_rng(seed).permutation(len(pool)))
    moved = Snapshot(*(getattr(pool, f.name)[shuffle] for f in fields(Snapshot)))
    given_plan = plan(8, 12, 6, by={"hard": "entropy"}, order=order)
    here, there = select_round(pool, given_plan), select_round(moved, given_plan)
    for part in ("queue", "auto_labels"):
        assert items(getattr(here, part)) == [int(shuffle[i]) for i in items(getattr(there, part))]


def test_the_first_tier_has_the_first_choice():
    pool = snapshot(labeled=0)
    confident = pool.probabilities.amax(dim=1).argsort(descending=True)
    everything = len(pool)
    authors = select_round(pool, plan(everything, 0, 10, order=Order.AUTHORS))
    assert items(authors.auto_labels) == confident[:10].tolist()
    assert set(items(authors.queue)) == set(confident[10:].tolist())
    paper = select_round(pool, plan(everything, 0, 10, order=Order.PAPER))
    assert len(paper.queue) == everything
    assert paper.auto_labels == ()
    assert paper.notes[Tier.EASY] == "No unlabeled item is left."


@pytest.mark.parametrize("order", Order)
def test_the_queue_is_in_the_order_of_choice(order):
    found = select_round(snapshot(), plan(5, 8, 4, order=order, by={"hard": "entropy"}))
    tiers = [s.tier for s in found.queue]
    assert tiers == [t for t in order.value if t is not Tier.EASY for _ in range(tiers.count(t))]
    scores = [s.score for s in found.queue if s.tier is Tier.HARD]
    assert scores == sorted(scores, reverse=True)


def test_a_tier_draws_the_same_whatever_the_other_tiers_do():
    pool = snapshot()
    one = select_round(pool, plan(10, 6, 0), seed=3)
    other = select_round(pool, plan(10, 0, 6, by={"easy": "per-class-confidence"}), seed=3)
    assert items(one.queue, Tier.HARD) == items(other.queue, Tier.HARD)
    assert items(select_round(pool, plan(10, 6, 0), seed=4).queue) != items(one.queue)


def test_tiers_have_random_numbers_of_their_own():
    seeds: dict[Tier, list[int]] = {}

    def noting(tier):
        def select(snapshot, pool, budget, options, seed, port):
            seeds.setdefault(tier, []).append(seed)
            return STRATEGIES["random"].select(snapshot, pool, budget, options, seed, port)

        return Strategy(tier.value, tier, select)

    try:
        for tier in Tier:
            STRATEGIES[f"noting {tier.value}"] = noting(tier)
        noted = RoundPlan(dict.fromkeys(Tier, 2), {tier: f"noting {tier.value}" for tier in Tier})
        for order in Order:
            select_round(snapshot(), replace(noted, order=order), seed=7)
    finally:
        for tier in Tier:
            STRATEGIES.pop(f"noting {tier.value}", None)
    assert all(len(found) == 2 and found[0] == found[1] for found in seeds.values())
    assert len({found[0] for found in seeds.values()}) == 3


def test_a_first_round_without_any_label_says_that_there_are_no_query_sets():
    found = select_round(snapshot(labeled=0), plan(5, 10, 5, by={"easy": "certified"}))
    assert len(items(found.queue, Tier.HARD)) == 5
    assert items(found.queue, Tier.INTERMEDIATE) == []
    assert found.notes[Tier.INTERMEDIATE]
    assert "no audit sample" in found.notes[Tier.EASY]


def test_audited_items_are_never_asked_again():
    pool = snapshot(n=200, labeled=20, audit=80)
    found = select_round(pool, plan(200, 0, 0))
    assert not set(items(found.queue)) & set(torch.nonzero(pool.audit).flatten().tolist())


def test_what_is_spared_is_not_asked_about_and_may_be_labeled():
    pool = snapshot()
    spared = pool.unlabeled.numpy()[::2]
    for by, asks in (({"hard": "badge"}, False), ({"hard": "random"}, True)):
        chosen = select_round(pool, plan(10, 0, 20, by=by), spared=spared)
        assert bool(set(items(chosen.queue)) & set(spared.tolist())) is asks, "but by an even draw"
        assert set(items(chosen.auto_labels)) & set(spared.tolist())


def test_nothing_is_left_to_choose():
    found = select_round(snapshot(n=12, labeled=12), plan(3, 3, 3))
    assert found.queue == found.auto_labels == ()
    assert set(found.notes.values()) == {"No unlabeled item is left."}


def test_published_settles_what_the_authors_code_settles_and_leaves_the_rest():
    ours = Options(
        bias=True,
        embedding=Embedding.FEATURES,
        eta=0.5,
        ridge=2.0,
        n_partitions=10,
        engine_seconds=5.0,
    )
    named = {Tier.HARD: "entropy", Tier.INTERMEDIATE: "gcmi"}
    theirs = RoundPlan(
        budgets_of(hard=1, intermediate=2, easy=3), named, options=ours, published=True
    ).resolved
    assert theirs.order is Order.AUTHORS
    assert theirs.strategies == {**named, Tier.EASY: "per-class-confidence"}
    assert theirs.budgets == budgets_of(hard=1, intermediate=2, easy=3)
    assert theirs.options == Options(
        lazy=True,
        conflicts=Conflicts.DROP,
        partitions=Partitions.CONTIGUOUS,
        auto_in_queries=True,
        n_partitions=10,
        engine_seconds=5.0,
    )
    assert replace(theirs, published=True).resolved == theirs


def test_published_selects_as_the_resolved_plan():
    pool = snapshot(n=120, labeled=40)
    published = RoundPlan(
        budgets_of(hard=5, intermediate=20, easy=9), options=Options(n_partitions=2), published=True
    )
    assert select_round(pool, published, 1) == select_round(pool, published.resolved, 1)


def test_progress_says_of_which_tier_it_is():
    port = Watcher()
    found = select_round(snapshot(), plan(3, 4, 2), port=port)
    starts = [text.split(":")[0] for _, _, text in port.told]
    assert list(dict.fromkeys(starts)) == ["Hard tier", "Intermediate tier", "Easy tier"]
    assert set(found.seconds) == set(Tier)
    assert all(seconds >= 0 for seconds in found.seconds.values())


@pytest.mark.parametrize("texts", [0, 1])
def test_a_round_can_be_cancelled(texts):
    with pytest.raises(Cancelled):
        select_round(snapshot(), plan(3, 0, 2), port=Watcher(texts))


def test_a_plan_that_cannot_be_is_refused_at_once():
    with pytest.raises(SelectionError, match="budget of the easy tier is -1"):
        plan(1, 1, -1)
    with pytest.raises(SelectionError, match="no strategy 'random' of the easy tier"):
        plan(1, 1, 1, by={"easy": "random"})


def share(budget, label, classes):
    return budget * (label + 1) // classes - budget * label // classes


def easy_as_published(probabilities, pool, budget):
    """The most confident of each predicted class."""
    classes = probabilities.shape[1]
    chosen = []
    for label in range(classes):
        mine = [i for i in pool if probabilities[i].argmax() == label]
        mine.sort(key=lambda i: -probabilities[i, label])
        chosen += [(i, label) for i in mine[: share(budget, label, classes)]]
    return chosen


def intermediate_as_published(probabilities, features, labels, pool, budget):
    """LogDetMI by submodlib's LazyGreedy on gradients written out; of two classes the one that gains more has it."""
    classes = probabilities.shape[1]
    delta = probabilities - np.eye(classes)[np.where(labels < 0, probabilities.argmax(axis=1), labels)]
    gradients = np.concatenate([delta, (delta[:, :, None] * features[:, None, :]).reshape(len(delta), -1)], 1)
    gradients /= np.linalg.norm(gradients, axis=1, keepdims=True)
    u = gradients[pool]
    best: dict[int, tuple[float, int]] = {}
    with Submodlib(60, 4) as engine:
        for label in range(classes):
            q, most = gradients[labels == label], share(budget, label, classes)
            found, gains = engine.chain("logdetmi", u @ u.T, q @ q.T, u @ q.T, most, 1, 1, True, NullPort())
            for i, gain in zip(found, gains, strict=True):
                best[pool[i]] = max(best.get(pool[i], (-np.inf, 0)), (float(gain), label))
    return {(i, label) for i, (_, label) in best.items()}


@pytest.mark.skipif(not available(), reason="submodlib has no wheel here")
@pytest.mark.parametrize("seed", range(5))
def test_published_is_the_authors_round_written_out_plainly(seed):
    pool = snapshot(n=150, labeled=60, seed=seed)
    probabilities, features = pool.probabilities.double().numpy(), pool.features.double().numpy()
    labels, left = pool.labels.numpy(), pool.unlabeled.tolist()
    published = plan(10, 30, 14, by={"hard": "entropy"}, options=Options(n_partitions=1), published=True)
    found = select_round(pool, published)
    easy = easy_as_published(probabilities, left, 14)
    assert {(s.item, s.label) for s in found.auto_labels} == set(easy)
    left = [i for i in left if i not in {i for i, _ in easy}]
    intermediate = intermediate_as_published(probabilities, features, labels, left, 30)
    assert {(s.item, s.label) for s in found.queue if s.tier is Tier.INTERMEDIATE} == intermediate
    left = [i for i in left if i not in {i for i, _ in intermediate}]
    doubt = {i: -(probabilities[i] * np.log(probabilities[i])).sum() for i in left}
    hard = sorted(left, key=lambda i: -doubt[i])[:10]
    assert [(s.item, s.label) for s in found.queue if s.tier is Tier.HARD] == [
        (i, probabilities[i].argmax()) for i in hard
    ]
