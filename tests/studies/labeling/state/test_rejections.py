"""What an image was said not to be is neither suggested nor listed, until that is taken back."""

from __future__ import annotations

from studies.labeling.facts.records import LabelEvent, Likely, Purpose, Task, Verb
from studies.labeling.state.rejections import Rejections

CAT, DOG, OWL = range(3)
TOP = (Likely(DOG, 0.7), Likely(CAT, 0.2))


def same(class_id: int) -> int:
    return class_id


def test_the_next_likely_class_is_suggested_or_none() -> None:
    found = Rejections()
    task = Task(0, 1, 7, Purpose.QUEUE, "hard", suggestion=DOG, top=TOP)
    assert found.cleared(task, same) is task
    found.add(LabelEvent(4, 7, Verb.RELEASE, Purpose.GRID, suggestion=DOG))
    assert found.items_of(DOG, same) == [7]
    cleared = found.cleared(task, same)
    assert (cleared.suggestion, cleared.top) == (CAT, TOP[1:])
    found.add(LabelEvent(5, 7, Verb.REJECT, Purpose.GRID, suggestion=CAT))
    assert found.cleared(task, same).suggestion is None
    found.take_back(5)
    found.take_back(4)
    assert found.cleared(task, same) is task
    assert found.items_of(DOG, same) == []


def test_a_merged_class_is_rejected_with_the_one_it_stands_for() -> None:
    found = Rejections()
    found.add(LabelEvent(0, 7, Verb.REJECT, Purpose.GRID, suggestion=OWL))
    merged = {CAT: CAT, DOG: DOG, OWL: DOG}.__getitem__
    task = Task(0, 1, 7, Purpose.QUEUE, suggestion=DOG, top=TOP)
    assert found.cleared(task, merged).suggestion == CAT
    assert found.items_of(DOG, merged) == [7]


def test_a_catch_trial_is_wrong_on_purpose() -> None:
    found = Rejections()
    found.add(LabelEvent(0, 7, Verb.RELEASE, Purpose.GRID, suggestion=DOG))
    task = Task(0, 1, 7, Purpose.CATCH, suggestion=DOG)
    assert found.cleared(task, same) is task
