"""The simulated annotator, the first labels, costs, and a state that survives being written down."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from model.tiers import PerTier, Tier, asked_total, budgets_of
from studies.estimates import Share
from studies.simulation.plan.budgets import PLANNERS, Evidence
from studies.simulation.plan.plan import Cost, SeedLabels
from studies.simulation.plan.times import CostSetting, Times, TimesError, read_times, setting_of
from studies.simulation.run.state import RoundCounts, State, answers, begin, first_labels
from studies.timing.file.store import Store
from tests.studies.timing.sample import Answered, add_study, sit, two_participants

TRUTH = np.repeat(np.arange(4), 25)


def test_first_labels_are_so_many_of_each_class():
    chosen = first_labels(TRUTH, 4, SeedLabels(per_class=3), np.random.default_rng(1))
    assert np.bincount(TRUTH[chosen]).tolist() == [3, 3, 3, 3]
    assert (np.diff(chosen) > 0).all()
    # A class with fewer images gives what it has.
    few = first_labels(np.array([0, 0, 0, 1]), 2, SeedLabels(per_class=2), np.random.default_rng(1))
    assert np.bincount(np.array([0, 0, 0, 1])[few]).tolist() == [2, 1]


def test_first_labels_are_so_many_in_all():
    chosen = first_labels(TRUTH, 4, SeedLabels(total=17), np.random.default_rng(1))
    assert len(chosen) == len(set(chosen.tolist())) == 17
    assert len(first_labels(TRUTH, 4, SeedLabels(total=1000), np.random.default_rng(1))) == 100


def test_other_seeds_begin_with_other_labels():
    one, same, other = (begin(TRUTH, 4, SeedLabels(per_class=3), 0.0, seed) for seed in (1, 1, 2))
    assert (one.labels == same.labels).all()
    assert (one.labels != other.labels).any()
    assert (one.labels[one.seeded] == TRUTH[one.seeded]).all()
    assert (one.labels[~one.seeded] == -1).all()


def test_an_annotator_without_errors_knows_the_truth():
    assert (answers(TRUTH, 4, 0.0, np.random.default_rng(1)) == TRUTH).all()


def test_errors_come_at_their_rate_and_are_spread_evenly():
    truth = np.ones(30_000, np.int64)
    said = answers(truth, 4, 0.3, np.random.default_rng(1))
    counts = np.bincount(said, minlength=4) / len(said)
    assert counts == pytest.approx([0.1, 0.7, 0.1, 0.1], abs=0.01)
    assert (answers(TRUTH, 4, 1.0, np.random.default_rng(1)) != TRUTH).all()


SHARES = (Share(1, 2), Share(3, 4), Share(5, 6))


def test_a_state_is_read_as_it_was_written():
    state = State(
        round=2,
        labels=np.array([0, -1, 3], np.int32),
        auto=np.array([False, False, True]),
        seeded=np.array([True, False, False]),
        sampled=np.array([True, True, False]),
        asked=np.array([0, 3, 0]),
        last=RoundCounts(PerTier(dict(zip(Tier, SHARES, strict=True)), Share(0, 0)), "a note"),
        suggestions=(
            {Tier.HARD: Share(1, 2), Tier.INTERMEDIATE: Share(3, 4)},
            {Tier.HARD: Share(0, 0), Tier.INTERMEDIATE: Share(7, 9)},
        ),
        drawn_cost=12.5,
        seconds={"hard": 0.25},
    )
    found = State.from_bytes(state.to_bytes())
    for name in ("labels", "auto", "seeded", "sampled", "asked"):
        mine, theirs = getattr(state, name), getattr(found, name)
        assert (mine == theirs).all()
        assert mine.dtype == theirs.dtype
    assert (found.round, found.last, found.suggestions) == (2, state.last, state.suggestions)
    assert (found.drawn_cost, found.seconds) == (12.5, {"hard": 0.25})
    assert found.by_tier[Tier.INTERMEDIATE] == (Share(3, 4), Share(7, 9))


def test_costs_in_units_are_the_papers():
    chance = np.random.default_rng(1)
    paper = setting_of(Cost(), Path())
    assert (paper.verify, paper.correct, paper.unaided) == (1, 4, 4)
    assert paper.draw(7, 3, 0, chance) == 7 * 1 + 3 * 4
    assert paper.draw(0, 0, 10, chance) == 40
    assert setting_of(Cost(verify=2, correct=6, unaided=5), Path()).draw(1, 1, 1, chance) == 13


def test_times_are_drawn_from_those_measured(tmp_path: Path):
    with Store.open(tmp_path / "s.sqlite") as store:
        two_participants(store)
    times = read_times(tmp_path / "s.sqlite")
    # Kept trials of both participants, by hand from the sample.
    assert times.verify == (0.5, 1.0, 1.0, 1.0, 2.0)
    assert times.correct == (2.0, 8.0, 9.0)
    assert times.unaided == (3.0, 12.0)
    assert read_times(tmp_path / "s.sqlite", participant="P2") == Times((1.0,), (9.0,), (9.0,))
    setting = setting_of(Cost(study="s.sqlite"), tmp_path)
    assert [setting.verify, setting.unaided] == pytest.approx([1.1, 7.5])
    drawn = [setting.draw(1, 0, 0, np.random.default_rng(seed)) for seed in range(200)]
    assert set(drawn) == {0.5, 1.0, 2.0}
    assert setting.draw(0, 2000, 0, np.random.default_rng(1)) == pytest.approx(2000 * 19 / 3, rel=0.03)
    assert setting.draw(0, 0, 0, np.random.default_rng(1)) == 0


def test_a_study_without_times_is_refused(tmp_path: Path):
    with Store.open(tmp_path / "s.sqlite") as store:
        sit(store, add_study(store), "one", (Answered("a", 1.0),))
    with pytest.raises(TimesError, match="1 time of right and 0 of wrong suggestions"):
        setting_of(Cost(study="s.sqlite"), tmp_path)


def evidence(**changes: object) -> Evidence:
    known: dict[str, object] = {
        "round": 3,
        "budgets": budgets_of(hard=100),
        "verify": 1.0,
        "correct": 4.0,
        "unaided": 4.0,
        "suggestions": {
            Tier.HARD: (Share(0, 9), Share(20, 50), Share(20, 50)),
            Tier.INTERMEDIATE: (Share(9, 9), Share(40, 50), Share(45, 50)),
        },
        "left": 1000,
    }
    return Evidence(**{**known, **changes})  # type: ignore[arg-type]


def test_the_programs_planner_shares_the_labels_by_what_they_bring():
    plan = PLANNERS["program"]
    budgets = plan(evidence())
    assert asked_total(budgets) == 100
    assert budgets[Tier.EASY] > 0
    # The more correcting costs, the more the intermediate tier's better suggestions are worth.
    dear = plan(evidence(correct=20.0, unaided=20.0))
    assert dear[Tier.HARD] < budgets[Tier.HARD]
    # Rounds before the last two do not count.
    old = {Tier.HARD: (Share(9, 9),), Tier.INTERMEDIATE: (Share(0, 9),)}
    recent = evidence().suggestions
    longer = {tier: (*old[tier], *recent[tier]) for tier in old}
    assert plan(evidence(suggestions=longer)) == budgets
    assert sum(plan(evidence(left=30)).values()) <= 30


def test_a_setting_without_times_draws_nothing():
    assert CostSetting("x", 1.5, 2.5, 3.5).draw(2, 2, 2, np.random.default_rng(0)) == 15.0
