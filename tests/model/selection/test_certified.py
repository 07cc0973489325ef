"""Certified auto-labels: thresholds by hand, and that the error stays below the bound in simulated pools."""

import math

import numpy as np
import pytest
import torch

from model.selection import select
from model.selection.base import Options, SelectionError, Snapshot
from model.selection.certified import CHANCE, least_sample, threshold, thresholds

FALLING = np.linspace(0.99, 0.9, 10)  # 0.99, 0.98, ..., 0.90


def wrong_at(*places, n=10):
    wrong = np.zeros(n, bool)
    wrong[list(places)] = True
    return wrong


def test_thresholds_at_a_bound_of_one_half_by_hand():
    # None wrong of 4: 1/16 > 0.05; of 5: 1/32. One of 7: 8/128 > 0.05; of 8: 9/256. Two of 10: 56/1024 > 0.05.
    assert threshold(FALLING[:4], wrong_at(n=4), 0.5, CHANCE) == math.inf
    assert threshold(FALLING[:5], wrong_at(n=5), 0.5, CHANCE) == FALLING[4]
    assert threshold(FALLING, wrong_at(), 0.5, CHANCE) == FALLING[9]
    assert threshold(FALLING, wrong_at(0, 8), 0.5, CHANCE) == FALLING[7]
    assert threshold(FALLING, wrong_at(6, 7, 8), 0.5, CHANCE) == FALLING[5]
    assert threshold(FALLING, wrong_at(0, 1, 2), 0.5, CHANCE) == math.inf
    assert least_sample(0.5) == 5
    assert least_sample(0.05) == 59  # 0.95^58 = 0.051, 0.95^59 = 0.048


def test_the_order_of_the_sample_is_of_no_matter():
    shuffled = np.random.default_rng(0).permutation(10)
    assert threshold(FALLING[shuffled], wrong_at(0, 8)[shuffled], 0.5, CHANCE) == FALLING[7]


def test_equally_confident_predictions_are_taken_together():
    confidence = np.array([1.0] * 6)
    assert threshold(confidence, wrong_at(n=6), 0.5, CHANCE) == 1.0
    assert threshold(confidence, wrong_at(5, n=6), 0.5, CHANCE) == math.inf  # 5 right ones first would do


def test_a_class_with_labels_enough_has_its_own_threshold_and_the_rest_share_one():
    # Of 3 classes each one's own has a chance of 0.05 / 3: 6 right ones, 1/64. Classes 1 and 2 together: 5, 1/32.
    confidence = np.concatenate([FALLING[:6], [0.8, 0.79, 0.78], [0.85, 0.84]])
    predicted = np.array([0] * 6 + [1] * 3 + [2] * 2)
    half = bound_of(predicted, 0.5)
    reach = thresholds(confidence, predicted, np.zeros(11, bool), 3, half)
    assert reach.tolist() == [FALLING[5], 0.78, 0.78]
    bad = np.array([False] * 6 + [True, True, False, False, False])
    assert thresholds(confidence, predicted, bad, 3, half).tolist() == [FALLING[5], math.inf, math.inf]


def bound_of(predicted, bound):
    return lambda classes: np.full(int(classes[predicted].sum()), bound)


def pool(rng, n, audit, exponent=1.0, error=None, classes=4):
    """A pool whose predictions are right at confidence^exponent, or all at 1 - ``error``, and the truth."""
    confidence = 0.3 + 0.7 * rng.beta(2, 0.5, n)
    right = rng.random(n) < (confidence**exponent if error is None else 1 - error)
    predicted = rng.integers(classes, size=n)
    truth = np.where(right, predicted, (predicted + rng.integers(1, classes, size=n)) % classes)
    probabilities = np.repeat(((1 - confidence) / (classes - 1))[:, None], classes, axis=1)
    probabilities[np.arange(n), predicted] = confidence
    sample = np.zeros(n, bool)
    sample[rng.choice(n, audit, replace=False)] = True
    labels = np.where(sample, truth, -1)
    given = Snapshot(
        torch.from_numpy(probabilities),
        torch.zeros(n, 1),
        torch.from_numpy(labels),
        audit=torch.from_numpy(sample),
    )
    return given, truth


@pytest.mark.parametrize(
    ("shape", "audit", "most_failures", "least_taken"),
    [
        ({"exponent": 1.0}, 300, 0.05, 500),  # calibrated
        ({"exponent": 3.0}, 300, 0.05, 150),  # overconfident
        ({"exponent": 3.0}, 1000, 0.05, 500),
        ({"error": 0.07}, 400, 0.1, 0),  # confidence says nothing, and all are worse than the bound
        ({"error": 0.3}, 400, 0.0, 0),
        ({"error": 0.07}, 40, 0.0, 0),  # too small a sample to certify any
    ],
)
def test_the_error_of_what_is_taken_stays_below_the_bound(shape, audit, most_failures, least_taken):
    above, taken = [], []
    for seed in range(100):
        given, truth = pool(np.random.default_rng(seed), 3000, audit, **shape)
        picks = select("certified", given, 3000, options=Options(max_error=0.05))
        wrong = picks.suggestions != truth[picks.items]
        above.append(len(wrong) > 0 and wrong.mean() > 0.05)
        taken.append(len(picks))
    assert np.mean(above) <= most_failures
    assert np.mean(taken) >= least_taken


def test_the_most_confident_of_the_certified_are_taken():
    given, _ = pool(np.random.default_rng(0), 3000, 1000)
    many, few = (select("certified", given, budget) for budget in (3000, 50))
    assert few.items.tolist() == many.items[:50].tolist()
    assert (np.diff(many.scores) <= 0).all()
    assert "Certified for an error of at most 5.0%" in few.note
    assert f"{len(many):,} of 2,000 items" in few.note


def test_nothing_is_taken_without_an_audit_sample():
    given, _ = pool(np.random.default_rng(0), 300, 0)
    picks = select("certified", given, 10)
    assert len(picks) == 0
    assert "no audit sample" in picks.note


def test_a_small_sample_says_how_many_labels_it_takes():
    given, _ = pool(np.random.default_rng(0), 300, 20, error=0.0)
    picks = select("certified", given, 10)
    assert len(picks) == 0
    assert "0 of 20 audit labels" in picks.note
    assert "at least 59 labels" in picks.note


def test_a_bad_model_says_that_it_errs_too_often():
    given, _ = pool(np.random.default_rng(0), 300, 200, error=0.5)
    assert "too many at every confidence" in select("certified", given, 10).note


def test_what_the_model_labeled_itself_is_no_audit():
    given, _ = pool(np.random.default_rng(0), 3000, 1000)
    auto = Snapshot(given.probabilities, given.features, given.labels, auto=given.audit, audit=given.audit)
    assert len(select("certified", auto, 10)) == 0


@pytest.mark.parametrize("bound", [0.0, 1.0, -0.1, math.nan])
def test_a_bound_that_is_no_share_is_refused(bound):
    given, _ = pool(np.random.default_rng(0), 100, 50)
    with pytest.raises(SelectionError, match="between 0 and 1"):
        select("certified", given, 10, options=Options(max_error=bound))


def test_what_others_took_is_not_counted_for_the_rest():
    """Of 480 sure items 400 have labels by a strategy: all errors may be among the other 80."""
    n = 500
    labels = np.where(np.arange(n) < 400, 0, -1)
    labels[400:420] = 0
    sample = (np.arange(n) >= 400) & (np.arange(n) < 420)
    given = Snapshot(
        torch.tensor([[0.9, 0.1]]).repeat(n, 1),
        torch.zeros(n, 1),
        torch.from_numpy(labels),
        audit=torch.from_numpy(sample),
    )
    # 20 right ones: (1 - 0.5 / 6)^20 = 0.18 > 0.05, (1 - 0.95 / 6)^20 = 0.03.
    assert len(select("certified", given, 80, options=Options(max_error=0.5))) == 0
    assert len(select("certified", given, 80, options=Options(max_error=0.95))) == 80


def test_one_bound_for_each_confidence_by_hand():
    bounds = np.full(10, 0.5)
    bounds[7:] = 0.1
    # As at a bound of one half, but from the eighth on nothing qualifies: 0.9^8 = 0.43.
    assert threshold(FALLING, wrong_at(), bounds, CHANCE) == FALLING[6]


def taken_out(known, wrong_taken=0, asked_late=False):
    """20 sure right ones of a sample, 80 left, 400 labeled by a strategy, of which some are predicted wrongly."""
    n = 500
    labels = np.where(np.arange(n) < 400, 0, -1)
    labels[:wrong_taken] = 1
    labels[400:420] = 0
    sample = (np.arange(n) >= 400) & (np.arange(n) < 420)
    return Snapshot(
        torch.tensor([[0.9, 0.1]]).repeat(n, 1),
        torch.zeros(n, 1),
        torch.from_numpy(labels),
        audit=torch.from_numpy(sample),
        out_of_fold=torch.from_numpy(sample | (labels >= 0 if known else False)),
        query_order=torch.from_numpy(np.where(sample, 2 if asked_late else 0, 1)),
    )


@pytest.mark.parametrize(
    ("known", "wrong", "late", "bound", "certified"),
    [
        # (0.5 * 80 + 40) / 480 = 0.17 may be wrong: 0.83^20 = 0.02. Were it not known who errs: 0.08, as above.
        (True, 40, False, 0.5, True),
        (False, 40, False, 0.5, False),
        (True, 0, False, 0.5, False),
        # A sample that was drawn from what was left then tells of it alone: 0.86^20 = 0.049, 0.87^20 = 0.06.
        (True, 0, True, 0.14, True),
        (True, 40, True, 0.13, False),
    ],
)
def test_what_is_known_of_those_that_strategies_took_counts(known, wrong, late, bound, certified):
    picks = select("certified", taken_out(known, wrong, late), 80, options=Options(max_error=bound))
    assert len(picks) == (80 if certified else 0)


def test_early_and_late_items_of_the_sample_are_held_to_their_mean_chance():
    """10 items drawn before a strategy took 80, half of them predicted wrongly, and 10 after; 80 are left."""
    n = 180
    labels = np.where(np.arange(n) < 100, 0, -1)
    labels[:40] = 1
    sample = (np.arange(n) >= 80) & (np.arange(n) < 100)
    asked = np.where(np.arange(n) < 80, 1, 0)
    asked[90:100] = 2
    given = Snapshot(
        torch.tensor([[0.9, 0.1]]).repeat(n, 1),
        torch.zeros(n, 1),
        torch.from_numpy(labels),
        audit=torch.from_numpy(sample),
        out_of_fold=torch.from_numpy(labels >= 0),
        query_order=torch.from_numpy(asked),
    )
    # At a bound of b: half the sample may err with b, half with (80 b + 40) / 160; (1 - 0.139)^20 = 0.0499.
    # 0.75 b + 0.125 = 0.139 at b = 0.0187.
    assert len(select("certified", given, 80, options=Options(max_error=0.019))) == 80
    assert len(select("certified", given, 80, options=Options(max_error=0.018))) == 0


def test_strategies_that_take_what_is_unsure_leave_the_rest_certifiable_and_the_bound_holds():
    """Rounds in which the least confident are taken out, and a sample of the rest; predictions never change."""
    above, taken = [], []
    for seed in range(100):
        rng = np.random.default_rng(seed)
        given, truth = pool(rng, 3000, 100, exponent=1.0)
        confidence = given.probabilities.max(dim=1).values.numpy()
        labels, audit, asked = (
            given.labels.numpy().copy(),
            given.audit.numpy().copy(),
            np.zeros(3000, np.int64),
        )
        for number in range(1, 6):
            free = np.flatnonzero(labels < 0)
            hard = free[np.argsort(confidence[free] + 0.2 * rng.random(len(free)))[:150]]
            labels[hard], asked[hard] = truth[hard], 2 * number
            random = rng.choice(np.flatnonzero(labels < 0), 50, replace=False)
            labels[random], asked[random], audit[random] = truth[random], 2 * number + 1, True
        now = Snapshot(
            given.probabilities,
            given.features,
            torch.from_numpy(labels),
            audit=torch.from_numpy(audit),
            out_of_fold=torch.from_numpy(labels >= 0),
            query_order=torch.from_numpy(asked),
        )
        picks = select("certified", now, 3000, options=Options(max_error=0.05))
        wrong = picks.suggestions != truth[picks.items]
        above.append(len(wrong) > 0 and wrong.mean() > 0.05)
        taken.append(len(picks))
    assert np.mean(above) <= 0.1  # of 600 such pools 0.067: the lowest of many confidences is taken
    assert np.mean(taken) >= 300
