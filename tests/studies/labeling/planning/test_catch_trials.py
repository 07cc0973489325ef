from __future__ import annotations

from studies.labeling.planning.catch_trials import CatchTrialAnswer, CatchTrials


def test_nothing_is_said_while_every_catch_trial_was_noticed():
    trials = CatchTrials([CatchTrialAnswer(3, "hard", False)])
    assert (trials.answered, trials.missed, trials.sentence()) == (1, 0, "")


def test_misses_are_told_by_tier():
    trials = CatchTrials([CatchTrialAnswer(3, "hard", False), CatchTrialAnswer(4, "intermediate", True)])
    trials.add(CatchTrialAnswer(9, "hard", True))
    trials.add(CatchTrialAnswer(11, "hard", True))
    assert (trials.answered, trials.missed) == (4, 3)
    assert "3 of them were accepted (2 in the hard tier, 1 in the intermediate tier)" in trials.sentence()


def test_an_answer_that_was_taken_back_does_not_count():
    trials = CatchTrials([CatchTrialAnswer(3, "hard", True)])
    trials.take_back(3)
    trials.take_back(8)
    assert (trials.answered, trials.missed) == (0, 0)


def test_those_by_themselves_are_counted_apart_from_those_on_pages():
    trials = CatchTrials([CatchTrialAnswer(3, "hard", True), CatchTrialAnswer(4, None, False)])
    trials.add(CatchTrialAnswer(5, None, True, on_page=True))
    assert (trials.by_itself.right, trials.by_itself.total) == (1, 2)
