from __future__ import annotations

from studies.labeling.planning.guard import Guard, Planted


def test_nothing_is_said_while_every_planted_suggestion_was_seen():
    guard = Guard([Planted(3, "hard", False)])
    assert (guard.answered, guard.missed, guard.sentence()) == (1, 0, "")


def test_misses_are_told_by_tier():
    guard = Guard([Planted(3, "hard", False), Planted(4, "intermediate", True)])
    guard.add(Planted(9, "hard", True))
    guard.add(Planted(11, "hard", True))
    assert (guard.answered, guard.missed) == (4, 3)
    assert "3 of them passed (2 in the hard tier, 1 in the intermediate tier)" in guard.sentence()


def test_an_answer_that_was_taken_back_does_not_count():
    guard = Guard([Planted(3, "hard", True)])
    guard.take_back(3)
    guard.take_back(8)
    assert (guard.answered, guard.missed) == (0, 0)
