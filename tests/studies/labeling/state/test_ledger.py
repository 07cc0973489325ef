from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from studies.labeling.facts.records import AutoLabel, LabelEvent, Purpose, Verb
from studies.labeling.state.ledger import Ledger
from tests.studies.labeling.sample import STATES

ITEMS = 6


def said(action: int, item: int, verb: Verb = Verb.LABEL, class_id: int | None = 0, **more) -> LabelEvent:
    return LabelEvent(action, item, verb, Purpose.QUEUE, class_id if verb is Verb.LABEL else None, **more)


def undo(action: int, undoes: int | None) -> LabelEvent:
    return LabelEvent(action, 0, Verb.UNDO, Purpose.QUEUE, undoes=undoes)


def test_the_latest_label_counts():
    ledger = Ledger(3)
    ledger.apply(said(0, 1, class_id=4))
    ledger.apply(said(1, 1, class_id=2))
    assert ledger.labels.tolist() == [-1, 2, -1]
    assert ledger.label(1) == 2
    assert ledger.settled.tolist() == [False, True, False]


def test_undo_goes_back_to_the_label_before():
    ledger = Ledger(3)
    ledger.apply(said(0, 1, class_id=4))
    ledger.apply(said(1, 1, class_id=2))
    ledger.apply(undo(2, 1))
    assert ledger.label(1) == 4
    assert ledger.can_undo() == 0
    ledger.apply(undo(3, 0))
    assert ledger.state(1) is None
    assert ledger.can_undo() is None


def test_an_action_about_several_items_is_undone_as_one():
    ledger = Ledger(4)
    for item in (0, 2, 3):
        ledger.apply(said(0, item, class_id=1))
    assert [fact.item for fact in ledger.undoing(0)] == [0, 2, 3]
    ledger.apply(undo(1, 0))
    assert not ledger.settled.any()


def test_an_undo_must_name_the_action_that_is_next():
    ledger = Ledger(2)
    ledger.apply(said(0, 0))
    ledger.apply(said(1, 1))
    for wrong in (undo(2, 0), undo(2, 7), undo(2, None)):
        with pytest.raises(ValueError, match="cannot be undone"):
            ledger.apply(wrong)
    assert (ledger.actions, ledger.can_undo()) == (2, 1)
    ledger.apply(undo(2, 1))
    assert (ledger.actions, ledger.can_undo()) == (3, 0)


def test_actions_are_numbered_without_a_gap():
    ledger = Ledger(2)
    with pytest.raises(ValueError, match="after 0 actions"):
        ledger.apply(said(1, 0))


def test_auto_labels_hold_until_a_person_speaks_or_the_next_round():
    ledger = Ledger(4)
    ledger.set_auto([AutoLabel(0, 3, 0.9), AutoLabel(1, 2, 0.8)])
    ledger.apply(said(0, 0, class_id=1))
    assert ledger.auto.tolist() == [-1, 2, -1, -1]
    ledger.apply(undo(1, 0))
    assert ledger.auto.tolist() == [3, 2, -1, -1]
    ledger.set_auto([AutoLabel(2, 0, 0.7)])
    assert ledger.auto.tolist() == [-1, -1, 0, -1]


def test_a_rejected_auto_label_is_gone_and_the_item_not_labeled():
    ledger = Ledger(2)
    ledger.set_auto([AutoLabel(0, 3, 0.9)])
    ledger.apply(said(0, 0, Verb.REJECT))
    assert ledger.auto.tolist() == [-1, -1]
    assert ledger.labels.tolist() == [-1, -1]
    assert ledger.with_state(Verb.REJECT).tolist() == [0]


def test_the_answer_to_a_catch_trial_changes_no_label():
    ledger = Ledger(2)
    ledger.apply(said(0, 1, class_id=5))
    ledger.apply(LabelEvent(1, 1, Verb.ANSWER, Purpose.CATCH, class_id=2))
    assert ledger.label(1) == 5


def test_random_labels_are_those_of_the_seed_round_and_the_held_out_sample():
    ledger = Ledger(4)
    for action, (item, purpose) in enumerate([(0, Purpose.SEED), (1, Purpose.QUEUE), (2, Purpose.AUDIT)]):
        ledger.apply(LabelEvent(action, item, Verb.LABEL, purpose, class_id=0))
    assert ledger.random_labels().tolist() == [True, False, True, False]
    assert ledger.answered_at.tolist() == [0, 1, 2, -1]


def test_what_is_held_out_later_trains_no_model_any_more():
    live, again = Ledger(4), Ledger(4, holdout=[1, 2])
    for ledger in (live, again):
        ledger.apply(said(0, 1, class_id=1))
        ledger.apply(said(1, 3, class_id=0))
    live.hold_out([1, 2])
    assert live.holdout.tolist() == again.holdout.tolist() == [False, True, True, False]
    assert live.class_counts[1] == again.class_counts[1] == 0
    assert live.class_counts[0] == again.class_counts[0] == 1
    assert live.open_items == again.open_items == 1


@dataclass
class Simple:
    """The same by keeping everything: what a ledger must agree with."""

    done: list[list[LabelEvent]] = field(default_factory=list)

    def state(self, item: int) -> LabelEvent | None:
        return next(
            (e for a in reversed(self.done) for e in reversed(a) if e.item == item and e.verb in STATES), None
        )

    def flagged(self, item: int) -> bool:
        marks = [
            e.verb for a in self.done for e in a if e.item == item and e.verb in (Verb.FLAG, Verb.UNFLAG)
        ]
        return bool(marks) and marks[-1] is Verb.FLAG


class LedgerAgainstSimple(RuleBasedStateMachine):
    """Any sequence of actions and undoings."""

    @initialize()
    def begin(self):
        self.ledger = Ledger(ITEMS, holdout=[0])
        self.simple = Simple()
        self.stack: list[int] = []

    @rule(
        items=st.lists(st.integers(0, ITEMS - 1), min_size=1, max_size=4, unique=True),
        verb=st.sampled_from([*STATES, Verb.ANSWER]),
        class_id=st.integers(0, 3),
    )
    def act(self, items, verb, class_id):
        action = self.ledger.actions
        events = [said(action, item, verb, class_id) for item in items]
        for event in events:
            self.ledger.apply(event)
        self.simple.done.append(events)
        self.stack.append(action)

    @rule(item=st.integers(0, ITEMS - 1))
    def flag(self, item):
        verb = Verb.UNFLAG if self.simple.flagged(item) else Verb.FLAG
        event = said(self.ledger.actions, item, verb)
        self.stack.append(event.action)
        self.ledger.apply(event)
        self.simple.done.append([event])

    @rule(items=st.lists(st.integers(1, ITEMS - 1), max_size=3, unique=True))
    def round(self, items):
        self.ledger.set_auto([AutoLabel(item, 1, 0.5) for item in items])

    @precondition(lambda self: bool(self.stack))
    @rule()
    def take_back(self):
        action = self.stack.pop()
        assert self.ledger.can_undo() == action
        self.ledger.apply(undo(self.ledger.actions, action))
        self.simple.done.pop()

    @invariant()
    def agree(self):
        for item in range(ITEMS):
            expected = self.simple.state(item)
            assert self.ledger.state(item) == (None if expected is None else expected.verb)
            label = expected.class_id if expected is not None and expected.verb is Verb.LABEL else None
            assert self.ledger.label(item) == label
            assert bool(self.ledger.flagged[item]) == self.simple.flagged(item)
        counted = Counter(int(c) for c in self.ledger.labels[1:] if c >= 0)  # item 0 is held out
        assert +self.ledger.class_counts == counted
        assert self.ledger.auto_count == int((self.ledger.auto >= 0).sum())
        assert self.ledger.open_items == int((~self.ledger.settled[1:]).sum())
        assert np.array_equal(
            self.ledger.labels >= 0, [self.ledger.label(i) is not None for i in range(ITEMS)]
        )


TestLedgerAgainstSimple = LedgerAgainstSimple.TestCase
TestLedgerAgainstSimple.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
