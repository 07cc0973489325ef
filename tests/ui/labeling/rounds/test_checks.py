"""Judging a person's labels behind a sitting: when it begins, what its ends bring, and what goes before it."""

from __future__ import annotations

from model.errors import UserError
from tests.ui.labeling.rounds.test_background_learner import Behind
from tests.ui.labeling.rounds.test_background_learner import behind as behind


def test_labels_are_judged_once_the_list_is_wanted(behind: Behind, qtbot) -> None:
    behind.label(6)
    behind.rounds.consider()
    assert not behind.learner.checks
    behind.leads.checks.want()
    behind.rounds.consider()
    qtbot.waitUntil(lambda: any("Judging the model, 1 of 4" in line for line in behind.lines))
    with qtbot.waitSignal(behind.rounds.checked):
        behind.learner.check_go.set()
    assert behind.rounds.line == ""
    assert behind.leads.checks.listed()
    behind.rounds.consider()
    assert len(behind.learner.checks) == 1


def test_a_round_that_is_due_goes_before_and_the_labels_are_judged_after_it(behind: Behind, qtbot) -> None:
    behind.label(6)
    behind.leads.checks.want()
    behind.rounds.consider()
    qtbot.waitUntil(lambda: bool(behind.learner.checks))
    behind.seed()
    behind.rounds.consider()
    qtbot.waitUntil(lambda: bool(behind.learner.requests))
    behind.learner.check_go.set()
    with qtbot.waitSignal(behind.rounds.begun):
        behind.learner.go.set()
    with qtbot.waitSignal(behind.rounds.checked):
        behind.rounds.consider()
    assert len(behind.learner.checks) == 2
    assert behind.leads.checks.found is not None


def test_what_the_learner_could_not_judge_is_said_and_not_tried_again_by_itself(
    behind: Behind, qtbot
) -> None:
    behind.label(6)
    behind.learner.error = UserError("Too few labels.")
    behind.learner.check_go.set()
    behind.leads.checks.want()
    with qtbot.waitSignal(behind.rounds.checked):
        behind.rounds.consider()
    assert behind.leads.checks.problem == "Too few labels."
    assert not behind.failed, "it stops no round"
    behind.rounds.consider()
    assert len(behind.learner.checks) == 1


def test_it_can_be_cancelled(behind: Behind, qtbot) -> None:
    behind.label(6)
    behind.leads.checks.want()
    behind.rounds.consider()
    qtbot.waitUntil(lambda: bool(behind.learner.checks))
    with qtbot.waitSignal(behind.rounds.checked):
        behind.rounds.cancel()
    assert "cancelled" in behind.leads.checks.problem
    assert not behind.rounds.working
