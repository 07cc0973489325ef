from __future__ import annotations

import itertools

import numpy as np

from model.selection.functions.logdet import Chain
from model.selection.matching import Award, settle


def chain(*wishes: tuple[int, float]) -> Chain:
    return Chain(np.array([item for item, _ in wishes], np.int64), np.array([gain for _, gain in wishes]))


def drawn(seed: int, classes: int, items: int, ties: bool = False) -> dict[int, Chain]:
    """Each class wants all items in an order of its own; gains need not fall along a chain."""
    chance = np.random.default_rng(seed)
    gains = chance.integers(0, 3, (classes, items)) if ties else chance.random((classes, items))
    return {
        label: Chain(order := chance.permutation(items), gains[label][order].astype(float))
        for label in range(classes)
    }


def cut(chains: dict[int, Chain], length: int) -> dict[int, Chain]:
    return {label: Chain(c.items[:length], c.gains[:length]) for label, c in chains.items()}


def worth(chains: dict[int, Chain], label: int, item: int) -> tuple[float, int]:
    gain = chains[label].gains[chains[label].items == item]
    return float(gain[0]), -label


def rank(chains: dict[int, Chain], label: int, item: int) -> int:
    return int(np.nonzero(chains[label].items == item)[0][0])


def stable(chains: dict[int, Chain], quotas: dict[int, int], holder: dict[int, int]) -> bool:
    """Whether no class and item would both rather have each other."""
    for label, wishes in chains.items():
        held = [item for item, mine in holder.items() if mine == label]
        worst = max((rank(chains, label, item) for item in held), default=-1)
        for item in wishes.items.tolist():
            wants = len(held) < quotas[label] or (held and rank(chains, label, item) < worst)
            mine = holder.get(item)
            wanted = mine is None or worth(chains, label, item) > worth(chains, mine, item)
            if mine != label and wants and wanted and quotas[label]:
                return False
    return True


def test_by_hand():
    chains = {0: chain((7, 0.9), (3, 0.5), (5, 0.4)), 1: chain((7, 0.8), (3, 0.6), (2, 0.1))}
    # Class 1 loses 7 and takes 3 from class 0 only if class 0 got that far.
    assert settle(chains, {0: 1, 1: 1}) == [Award(3, 1, 0.6), Award(7, 0, 0.9)]
    assert settle(chains, {0: 2, 1: 1}) == [Award(3, 1, 0.6), Award(5, 0, 0.4), Award(7, 0, 0.9)]


def test_chains_of_the_quotas_length_drop_the_loser():
    chains = {0: chain((7, 0.9), (3, 0.5)), 1: chain((7, 0.8), (2, 0.6))}
    assert settle(chains, {0: 2, 1: 2}) == [Award(2, 1, 0.6), Award(3, 0, 0.5), Award(7, 0, 0.9)]


def test_of_equal_gains_the_lowest_class_wins():
    same = chain((4, 0.5), (1, 0.25))
    for order in ([0, 1, 2], [2, 1, 0], [1, 2, 0]):
        found = settle(dict.fromkeys(order, same), {0: 1, 1: 1, 2: 1})
        assert found == [Award(1, 1, 0.25), Award(4, 0, 0.5)]


def test_no_other_stable_outcome_is_better_for_a_class():
    for seed in range(60):
        classes, items = 3, 4
        chains = drawn(seed, classes, items, ties=seed % 2 == 0)
        quotas = dict(enumerate(np.random.default_rng(seed).integers(0, 3, classes).tolist()))
        found = {award.item: award.label for award in settle(chains, quotas)}
        assert stable(chains, quotas, found)
        for labels in itertools.product([None, *range(classes)], repeat=items):
            other = {item: label for item, label in enumerate(labels) if label is not None}
            if any(list(other.values()).count(label) > quotas[label] for label in chains):
                continue
            if not stable(chains, quotas, other):
                continue
            for label in chains:
                ours, theirs = (
                    sorted(rank(chains, label, item) for item, mine in held.items() if mine == label)
                    for held in (found, other)
                )
                assert len(ours) == len(theirs)
                assert all(a <= b for a, b in zip(ours, theirs, strict=True))


def test_the_order_of_classes_does_not_matter():
    for seed in range(30):
        chains, quotas = drawn(seed, 6, 40), dict.fromkeys(range(6), 5)
        outcome = settle(chains, quotas)
        turned = dict(reversed(chains.items()))
        assert settle(turned, quotas) == outcome
        assert len(outcome) == 30


def test_as_many_as_there_are_find_a_class():
    for seed in range(20):
        assert len(settle(drawn(seed, 4, 10), dict.fromkeys(range(4), 3))) == 10


def test_chains_made_longer_on_demand_end_where_whole_chains_do():
    for seed in range(30):
        chains, quotas = drawn(seed, 6, 24), dict.fromkeys(range(6), 4)
        lengths = dict.fromkeys(chains, 4)
        asked: list[list[int]] = []

        def longer(short: list[int], chains=chains, lengths=lengths, asked=asked) -> dict[int, Chain]:
            asked.append(short)
            for label in short:
                lengths[label] += 2
            return {label: cut(chains, lengths[label])[label] for label in short}

        assert settle(cut(chains, 4), quotas, longer) == settle(chains, quotas)
        assert asked


def test_a_tie_that_comes_out_otherwise_in_a_longer_chain_repeats_nothing():
    first = {0: chain((1, 0.5), (2, 0.4)), 1: chain((1, 0.9), (2, 0.8))}
    again = {0: chain((2, 0.5), (1, 0.4), (3, 0.3), (4, 0.2))}
    found = settle(first, {0: 2, 1: 2}, lambda short: {label: again[label] for label in short})
    assert found == [Award(1, 1, 0.9), Award(2, 1, 0.8), Award(3, 0, 0.3), Award(4, 0, 0.2)]


def test_a_class_at_the_end_of_the_pool_goes_without():
    found = settle({0: chain((1, 0.5))}, {0: 3}, lambda short: {0: chain((1, 0.5))})
    assert found == [Award(1, 0, 0.5)]
