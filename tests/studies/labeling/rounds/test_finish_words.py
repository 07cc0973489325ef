"""How far a project is, in words."""

from __future__ import annotations

from studies.estimates import Interval, Share
from studies.labeling.facts.goal import NO_GOAL, Goal, GoalKind
from studies.labeling.facts.records import Verb
from studies.labeling.rounds.finish_words import FinishStatus
from studies.labeling.state.progress import Progress

SOME = Progress(1400, {Verb.LABEL: 300, Verb.SKIP: 3}, 112)
REST = Interval(660.0, 420.0, 960.0)


def test_one_line_with_an_interval_on_demand() -> None:
    status = FinishStatus(SOME, Goal(), REST, by_program=650)
    assert status.line == "412 of 1,400 labeled   ·   985 left   ·   about 11 min to go"
    assert "3 skipped" in status.detail
    assert "To go: 7 min to 16 min of yours in nine of ten projects." in status.detail
    assert "650 images" in status.detail


def test_how_good_it_is_is_said_once_it_rests_on_enough() -> None:
    few, enough = (
        FinishStatus(SOME, Goal(), REST, accuracy=Share(right, n)) for right, n in ((9, 10), (97, 100))
    )
    assert "right" not in few.line
    assert enough.line.endswith("   ·   suggestions 97% right")


def test_before_there_is_a_model_it_is_said_to_be_a_guess() -> None:
    status = FinishStatus(SOME, Goal(), REST, guess=True)
    assert status.line == "412 of 1,400 labeled   ·   985 left   ·   at most about 11 min to go"
    assert "a guess" in status.detail


def test_other_goals_tell_no_time() -> None:
    aimed = Goal(kind=GoalKind.MODEL, accuracy=0.95)
    assert FinishStatus(SOME, aimed).line == "412 of 1,400 labeled   ·   no model yet   ·   goal 95%"
    right = FinishStatus(SOME, aimed, accuracy=Share(90, 100))
    assert right.line == "412 of 1,400 labeled   ·   the model is 90% right   ·   goal 95%"
    assert FinishStatus(SOME, NO_GOAL).line == "412 of 1,400 labeled   ·   985 left"


def test_at_the_end_nothing_is_to_go() -> None:
    done = Progress(10, {Verb.LABEL: 10}, 0)
    assert FinishStatus(done, Goal(), REST).line == "10 of 10 labeled"
