from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.tiers import Tier
from studies.estimates import Share
from studies.labeling.facts.records import Purpose, Verb
from studies.labeling.facts.settings import CostOrigin, Costs
from studies.labeling.facts.stored_event import StoredEvent
from studies.labeling.planning.costs import (
    AWAY_S,
    ENOUGH_CORRECTED,
    ENOUGH_VERIFIED,
    AnswerKind,
    Rates,
    Tally,
    TimedAnswer,
    expected_cost,
    rates,
)
from studies.labeling.planning.timed import timed_answer


def tally(verified=(), corrected=(), unaided=()) -> Tally:
    found = Tally()
    for kind, times in (
        (AnswerKind.VERIFIED, verified),
        (AnswerKind.CORRECTED, corrected),
        (AnswerKind.UNAIDED, unaided),
    ):
        for seconds in times:
            found.add(TimedAnswer(kind, seconds, None if kind is AnswerKind.UNAIDED else "hard", 1))
    return found


def event(took_s: float = 1.0, **more) -> StoredEvent:
    took_ns = round(took_s * 1e9)
    plain = StoredEvent(0, 0, Verb.LABEL, Purpose.QUEUE, 1, 1, 0, None, took_ns, 1, False, "hard", 2)
    return plain._replace(**more)


def test_the_t_interval_of_three_times():
    """1, 2 and 3 s: mean 2, standard deviation 1, t with 2 degrees of freedom 4.3027, so 2 +- 2.4841."""
    mean = tally(verified=(1, 2, 3)).trimmed_mean(AnswerKind.VERIFIED)
    assert mean is not None
    assert [mean.value, mean.low, mean.high] == pytest.approx([2, 0, 4.4841], abs=5e-5)


def test_the_interval_of_five_times():
    """Without the shortest and the longest three are left: winsorized deviation 0.1, t with 2 degrees of freedom."""
    mean = tally(corrected=(0.9, 1.0, 1.1, 1.1, 0.9)).trimmed_mean(AnswerKind.CORRECTED)
    assert mean is not None
    assert mean.value == pytest.approx(1.0)
    assert mean.high - mean.value == pytest.approx(4.3026527297 * 0.1 / (0.6 * math.sqrt(5)))


def test_one_long_look_moves_nothing():
    usual = tally(verified=[0.9, 1.0, 1.1, 1.0, 0.9, 1.1, 1.0, 1.0, 0.9]).trimmed_mean(AnswerKind.VERIFIED)
    with_one = tally(verified=[0.9, 1.0, 1.1, 1.0, 0.9, 1.1, 1.0, 1.0, 19.0]).trimmed_mean(
        AnswerKind.VERIFIED
    )
    assert usual is not None
    assert with_one is not None
    assert with_one.value == pytest.approx(usual.value, abs=0.03)
    assert with_one.high < 1.2


def test_one_time_has_no_interval():
    assert tally(verified=(1.0,)).trimmed_mean(AnswerKind.VERIFIED) is None
    assert tally(verified=(1.0, 1.0)).trimmed_mean(AnswerKind.VERIFIED) is not None


def test_before_anything_is_measured_the_papers_ratio_holds():
    assert rates(Costs(), Tally()) == Rates(1.0, 4.0, 4.0, CostOrigin.PROJECT, False)


def test_few_times_are_taken_together_with_the_papers_ratio():
    """Five times of 2 s weigh as much as the prior's 1 s; three of 3 s against five times 4 * 1.5 s."""
    found = rates(Costs(), tally(verified=[2.0] * 5, corrected=[3.0] * 3, unaided=[2.0, 4.0]))
    assert (found.verify, found.correct, found.unaided) == (1.5, 4.875, 3.0)
    assert not found.measured


def test_many_times_outweigh_the_papers_ratio():
    found = rates(Costs(), tally(verified=[0.5] * ENOUGH_VERIFIED * 10, corrected=[1.0] * 100))
    assert found.verify == pytest.approx(0.5, abs=0.03)
    assert found.correct == pytest.approx(1.0, abs=0.06)
    assert found.measured


@pytest.mark.parametrize(
    ("verified", "corrected", "enough"),
    [
        (ENOUGH_VERIFIED, ENOUGH_CORRECTED, True),
        (ENOUGH_VERIFIED - 1, ENOUGH_CORRECTED, False),
        (ENOUGH_VERIFIED, ENOUGH_CORRECTED - 1, False),
    ],
)
def test_enough_is_told(verified, corrected, enough):
    assert rates(Costs(), tally([1.0] * verified, [2.0] * corrected)).measured is enough


def test_correcting_never_costs_less_than_checking():
    found = rates(Costs(), tally(verified=[5.0] * 200, corrected=[0.5] * 200))
    assert found.correct == found.verify


def test_given_costs_and_the_papers_are_taken_as_they_are():
    own = tally(verified=[9.0] * 50, corrected=[9.0] * 50, unaided=[9.0] * 50)
    given_ = Costs(origin=CostOrigin.GIVEN, verify=0.8, correct=2.0)
    assert rates(given_, own) == Rates(0.8, 2.0, 2.0, CostOrigin.GIVEN, True)
    study = Costs(origin=CostOrigin.STUDY, verify=0.8, correct=2.0, unaided=1.7)
    assert rates(study, own) == Rates(0.8, 2.0, 1.7, CostOrigin.STUDY, True)
    assert rates(Costs(origin=CostOrigin.PAPER), own) == Rates(1.0, 4.0, 4.0, CostOrigin.PAPER, False)
    assert not rates(Costs(origin=CostOrigin.PAPER), own).in_seconds


def test_the_expected_cost_of_a_round():
    """10 hard ones at 4 - 3 * 0.5 and 20 others at 4 - 3 * 0.75: 25 + 35."""
    unit = Rates(1.0, 4.0, 4.0, CostOrigin.PAPER, False)
    budgets = {Tier.HARD: 10, Tier.INTERMEDIATE: 20}
    assert expected_cost(unit, budgets, {Tier.HARD: 0.5, Tier.INTERMEDIATE: 0.75}) == 60
    assert expected_cost(unit, budgets, {}) == 120  # nothing is known to be right


def test_an_absence_counts_for_the_suggestion_and_not_for_the_time():
    found = Tally()
    found.add(TimedAnswer(AnswerKind.VERIFIED, 30.0, "hard", 1, away=True))
    found.add(TimedAnswer(AnswerKind.CORRECTED, 2.0, "hard", 1))
    assert (found.count(AnswerKind.VERIFIED), found.suggestions("hard")) == (0, Share(1, 2))
    assert (found.spent_s(1), found.aided_answers(1), found.seconds_a_label) == (2.0, (1, 2.0), 2.0)


def test_suggestions_are_counted_by_tier_and_round():
    found = Tally()
    for round_, tier, kind in [
        (1, "hard", AnswerKind.VERIFIED), (1, "hard", AnswerKind.CORRECTED), (2, "hard", AnswerKind.VERIFIED),
        (2, "intermediate", AnswerKind.VERIFIED), (2, None, AnswerKind.VERIFIED), (2, "hard", AnswerKind.UNAIDED),
    ]:  # fmt: skip
        found.add(TimedAnswer(kind, 1.0, tier, round_))
    assert found.suggestions("hard") == Share(2, 3)
    assert found.suggestions("hard", [2]) == Share(1, 1)
    assert found.suggestions("intermediate", [1]) == Share(0, 0)


@pytest.mark.parametrize(
    ("more", "kind"),
    [
        ({}, AnswerKind.VERIFIED),
        ({"class_id": 7}, AnswerKind.VERIFIED),  # 7 is merged into 1
        ({"class_id": 2}, AnswerKind.CORRECTED),
        ({"suggestion": None}, AnswerKind.UNAIDED),
    ],
)
def test_what_an_answer_was_to_its_suggestion(more, kind):
    answer = timed_answer(event(**more), lambda c: 1 if c == 7 else c)
    assert answer == TimedAnswer(kind, 1.0, "hard", 2, away=False)


@pytest.mark.parametrize(
    "more",
    [
        {"verb": Verb.SKIP}, {"verb": Verb.ANSWER, "purpose": Purpose.CATCH}, {"purpose": Purpose.GRID},
        {"purpose": Purpose.REVIEW}, {"purpose": Purpose.RETURNED}, {"purpose": Purpose.IMPORT}, {"took_ns": None},
    ],
)  # fmt: skip
def test_all_other_events_say_nothing_of_times(more):
    assert timed_answer(event(**more), int) is None


@pytest.mark.parametrize(
    ("took_s", "more", "away"),
    [
        (0.149, {}, True),  # faster than anybody
        (0.15, {}, False),
        (AWAY_S, {}, False),
        (AWAY_S + 0.001, {}, True),
        (1.0, {"focus_lost": True}, True),
        (1.0, {"stood_still": True}, True),
    ],
)
def test_who_was_away(took_s, more, away):
    answer = timed_answer(event(took_s, **more), int)
    assert answer is not None
    assert answer.away is away


ANSWERS = st.lists(
    st.tuples(
        st.builds(
            TimedAnswer,
            st.sampled_from(AnswerKind),
            st.floats(0.05, 60),
            st.sampled_from([None, "hard", "intermediate"]),
            st.integers(0, 3),
            st.booleans(),
        ),
        st.booleans(),
    ),
    max_size=40,
)


@given(ANSWERS)
def test_what_is_taken_back_was_never_there(answers):
    running, kept = Tally(), Tally()
    for answer, stays in answers:
        running.add(answer)
        if stays:
            kept.add(answer)
    for answer, stays in answers:
        if not stays:
            running.remove(answer)
    for kind in AnswerKind:
        assert running.count(kind) == kept.count(kind)
        mean, expected = running.trimmed_mean(kind), kept.trimmed_mean(kind)
        assert (mean is None) == (expected is None)
        if mean is not None and expected is not None:
            assert mean.value == pytest.approx(expected.value)
            assert mean.high == pytest.approx(expected.high, abs=1e-4)
    for round_ in range(4):
        assert running.spent_s(round_) == pytest.approx(kept.spent_s(round_), abs=1e-9)
        for tier in ("hard", "intermediate"):
            assert running.suggestions(tier, [round_]) == kept.suggestions(tier, [round_])
