from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from model.rounds.live_values import Chosen, Groups, LearnResult, Likeliest, TrainedModel
from studies.labeling.facts.records import Purpose
from studies.labeling.planning.tasks import (
    AUDIT_SHARE,
    Confirmed,
    Pool,
    auto_labels,
    meanwhile_tasks,
    round_tasks,
    seed_tasks,
    typical_tasks,
)

CLASS_IDS = (10, 11, 14)
MODEL = TrainedModel("ab", "m.pt", "small-cnn", "{}", 30, (), "cpu")


def pool(size: int = 200, audit: int = 50) -> Pool:
    held = np.arange(size) < audit
    return Pool(~held, held.copy())


def result(hard: int = 40, intermediate: int = 60, spare: int = 5, **more) -> LearnResult:
    picks = [
        Chosen(100 + i, "hard" if i < hard else "intermediate", "badge", i % 3, 0.5, ((i % 3, 0.6), (0, 0.2)))
        for i in range(hard + intermediate + spare)
    ]
    queue = hard + intermediate
    nothing = np.zeros(0, np.int32)
    return LearnResult(
        2, 7, MODEL, tuple(picks[:queue]), tuple(picks[queue:]), tuple(more.get("auto", ())), nothing,
        np.zeros(0, np.float32), 0, 0, more.get("confusable", ()),
    )  # fmt: skip


def test_the_seed_round_is_random_with_a_fifth_of_the_held_out_sample():
    tasks = seed_tasks(pool(), 12, seed=1, count=40)
    assert [t.task_id for t in tasks] == list(range(12, 52))
    assert Counter(t.purpose for t in tasks) == {Purpose.SEED: 32, Purpose.AUDIT: 8}
    assert all((t.item < 50) == (t.purpose is Purpose.AUDIT) and t.suggestion is None for t in tasks)
    assert len({t.item for t in tasks}) == 40
    assert tasks == seed_tasks(pool(), 12, seed=1, count=40) != seed_tasks(pool(), 12, seed=2, count=40)


def test_a_small_pool_gives_all_it_has():
    tasks = seed_tasks(Pool(np.array([True, False, True]), np.zeros(3, np.bool_)), 0, seed=1)
    assert sorted(t.item for t in tasks) == [0, 2]


def test_a_round_is_shuffled_over_tiers_with_the_held_out_sample_mixed_in():
    tasks = round_tasks(result(), CLASS_IDS, 3, 50, pool(), (), 0.03)
    queue = [t for t in tasks if t.purpose is not Purpose.AHEAD]
    assert [t.task_id for t in tasks] == list(range(50, 50 + len(tasks)))
    assert Counter(t.purpose for t in tasks) == {
        Purpose.QUEUE: 100, Purpose.AUDIT: round(AUDIT_SHARE * 100), Purpose.AHEAD: 5,
    }  # fmt: skip
    halves = [Counter(t.tier for t in part) for part in (queue[:55], queue[55:])]
    assert all(half["hard"] >= 10 and half["intermediate"] >= 20 for half in halves)
    assert all(t.suggestion in CLASS_IDS for t in queue if t.purpose is Purpose.QUEUE)
    assert {t.model_id for t in tasks if t.purpose is Purpose.QUEUE} == {3}
    assert tasks[-5:] == tuple(t for t in tasks if t.purpose is Purpose.AHEAD)


def test_catch_trials_are_wrong_suggestions_that_look_like_the_others():
    confirmed = [Confirmed(item, CLASS_IDS[item % 3]) for item in range(60, 90)]
    tasks = round_tasks(result(), CLASS_IDS, 3, 0, pool(), confirmed, 0.05)
    trials = [t for t in tasks if t.purpose is Purpose.CATCH]
    assert len(trials) == 5
    right = {c.item: c.class_id for c in confirmed}
    assert all(t.suggestion != right[t.item] and t.suggestion in CLASS_IDS for t in trials)
    assert all(t.tier in ("hard", "intermediate") and t.top[0].class_id == t.suggestion for t in trials)


def test_a_catch_trial_suggests_what_an_item_is_confused_with():
    confirmed = [Confirmed(item, 10) for item in range(60, 90)]
    tasks = round_tasks(result(confusable=((2,), (0,), (1,))), CLASS_IDS, 3, 0, pool(), confirmed, 0.2)
    assert {t.suggestion for t in tasks if t.purpose is Purpose.CATCH} == {14}


@pytest.mark.parametrize(("confirmed", "rate"), [(9, 0.5), (40, 0.0)])
def test_without_a_rate_or_with_few_labels_there_are_no_catch_trials(confirmed, rate):
    known = [Confirmed(item, 10) for item in range(60, 60 + confirmed)]
    tasks = round_tasks(result(), CLASS_IDS, 3, 0, pool(), known, rate)
    assert not [t for t in tasks if t.purpose is Purpose.CATCH]


def test_the_rate_is_kept_in_the_mean_where_it_is_less_than_one():
    known = [Confirmed(item, 10) for item in range(60, 100)]
    counts = []
    for seed in range(200):
        chosen = result(10, 10)
        object.__setattr__(chosen, "seed", seed)
        tasks = round_tasks(chosen, CLASS_IDS, 3, 0, pool(), known, 0.03)
        counts.append(sum(t.purpose is Purpose.CATCH for t in tasks))
    assert set(counts) == {0, 1}
    assert 0.45 <= np.mean(counts) <= 0.75  # 20 * 0.03 = 0.6; 0.035 standard error


def test_meanwhile_first_the_held_out_sample_then_random_items_with_the_models_word():
    held = meanwhile_tasks(pool(), 0, 1, 2, 5, None, CLASS_IDS)
    assert {t.purpose for t in held} == {Purpose.AUDIT}
    predicted = np.where(np.arange(200) % 2 == 0, 1, -1).astype(np.int32)
    rest = meanwhile_tasks(Pool(pool().free, np.zeros(200, np.bool_)), 0, 1, 2, 5, predicted, CLASS_IDS)
    assert len(rest) == 40
    for t in rest:
        known = t.item % 2 == 0
        assert (t.purpose, t.suggestion) == ((Purpose.AHEAD, 11) if known else (Purpose.SEED, None))


def test_a_pool_that_is_used_up_gives_nothing():
    nothing = Pool(np.zeros(9, np.bool_), np.zeros(9, np.bool_))
    assert seed_tasks(nothing, 0, 1) == meanwhile_tasks(nothing, 0, 1, 1, None, None, CLASS_IDS) == ()


def test_auto_labels_carry_class_ids():
    found = auto_labels(result(auto=[Chosen(4, "easy", "certified", 2, 0.97)]), CLASS_IDS)
    assert [(a.item, a.class_id, a.score) for a in found] == [(4, 14, 0.97)]


def test_images_typical_of_groups_are_first_labels_the_largest_group_first():
    groups = Groups(
        np.arange(60, 70),
        np.array([2, 2, 2, 0, 0, 0, 0, 1, 1, 1]),
        np.array([3.0, 1, 2, 4, 3, 2, 1, 1, 2, 3]),
    )
    tasks = typical_tasks(pool(), groups, 7)
    assert [(t.task_id, t.item) for t in tasks] == [(7, 66), (8, 61), (9, 67)]
    assert {(t.purpose, t.round, t.suggestion) for t in tasks} == {(Purpose.TYPICAL, 0, None)}
    taken = Pool(np.arange(200) != 66, np.zeros(200, bool))
    assert [t.item for t in typical_tasks(taken, groups, 7)] == [61, 67]


def test_the_random_sample_comes_with_suggestions_where_that_is_planned():
    labels = np.tile(np.array([2, 0], np.int32), (200, 1))
    labels[151] = -1  # cannot be read
    fresh = replace(
        result(), likeliest=Likeliest(labels, np.tile(np.array([0.7, 0.2], np.float32), (200, 1)))
    )
    known = [Confirmed(item, 10) for item in range(60, 90)]
    tasks = round_tasks(fresh, CLASS_IDS, 3, 0, pool(), known, 0.0, (150, 151), 4, suggested=True, planted=6)
    drawn = {t.item: t for t in tasks if t.purpose is Purpose.SAMPLE}
    assert (drawn[150].suggestion, drawn[150].model_id, drawn[150].draw) == (14, 3, 4)
    assert [likely.class_id for likely in drawn[150].top] == [14, 10]
    assert (drawn[151].suggestion, drawn[151].top) == (None, ())
    assert sum(t.purpose is Purpose.CATCH for t in tasks) == 6
    unaided = round_tasks(fresh, CLASS_IDS, 3, 0, pool(), known, 0.0, (150,), 4)
    assert [t.suggestion for t in unaided if t.purpose is Purpose.SAMPLE] == [None]
