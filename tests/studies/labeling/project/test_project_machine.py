"""Any sequence of answers, undoings, rounds, renames, crashes and reopenings, against a simple model of labels."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from model.rounds.live_values import Chosen
from studies.labeling.facts import inputs as ev
from studies.labeling.facts.records import Change, ClassChange, LabelEvent, Purpose, Verb
from studies.labeling.planning.costs import AnswerKind
from studies.labeling.planning.tasks import seed_tasks
from studies.labeling.state.classes import ClassError
from studies.labeling.state.desk import TRANSITIONS, IllegalInputError, Phase
from tests.studies.labeling.project.page_rules import CLASS, PageRules
from tests.studies.labeling.sample import (
    NAMES,
    STATES,
    Hand,
    begin_round,
    conductor,
    create,
    open_project,
)

ITEMS = 24


class ProjectAgainstSimple(PageRules):
    """What was answered is kept in plain lists beside the project."""

    @initialize()
    def begin(self):
        self.folder = Path(tempfile.mkdtemp())
        self.path = self.folder / "p.clarifier"
        create(self.path, items=ITEMS, holdout=3, plant_rate=0.2, first_labels="clusters").close()
        self.done: list[list[tuple[int, Verb, int | None]]] = []  # one entry an action that stands
        self.copies = 0
        self.open()

    def open(self):
        self.project = open_project(self.path)
        self.leads = conductor(self.project)
        self.hand = Hand(self.project)

    def state(self, item):
        said = (s for action in reversed(self.done) for s in reversed(action))
        return next(((verb, c) for i, verb, c in said if i == item and verb in STATES), None)

    def on_desk(self):
        return self.project.desk.phase in (Phase.COMING, Phase.SHOWN)

    def catch_trial(self):
        desk = self.project.desk
        return desk.review is None and desk.task is not None and desk.task.purpose is Purpose.CATCH

    @precondition(lambda self: not self.on_desk() and self.project.desk.phase is Phase.NOTHING)
    @rule()
    def supply(self):
        project = self.project
        project.add_tasks(seed_tasks(project.pool(), project.tasks_made, 1, 6))

    @precondition(lambda self: self.on_desk())
    @rule(class_id=CLASS)
    def answer(self, class_id):
        desk, class_id = self.project.desk, self.project.classes.resolve(class_id)
        review = desk.review
        same = review is not None and self.project.label_of(review.item) == class_id
        catch_trial = self.catch_trial()
        item = self.hand.answer(class_id)
        if not same:
            self.done.append([(item, Verb.ANSWER if catch_trial else Verb.LABEL, class_id)])

    @precondition(lambda self: self.on_desk() and self.project.desk.review is None)
    @rule(verb=st.sampled_from([Verb.NONE, Verb.SEVERAL, Verb.SKIP]))
    def remark(self, verb):
        catch_trial = self.catch_trial()
        item = self.hand.remark(verb)
        self.done.append([(item, Verb.ANSWER if catch_trial else verb, None)])

    @precondition(lambda self: self.on_desk())
    @rule()
    def flag(self):
        self.hand.show()
        item = self.project.desk.item
        assert item is not None
        verb = Verb.UNFLAG if self.project.ledger.flagged[item] else Verb.FLAG
        self.hand.press(ev.Flag)
        self.done.append([(item, verb, None)])

    @rule()
    def undo(self):
        self.hand.press(ev.Undo)
        if self.done:
            self.done.pop()

    @rule(kind=st.sampled_from([ev.Back, ev.Forward]))
    def look(self, kind):
        self.hand.press(kind)

    @precondition(lambda self: self.on_desk())
    @rule()
    def pause(self):
        self.hand.press(ev.Pause)
        assert self.project.desk.on_screen is None
        self.project.send(ev.Continue(self.hand.now))

    @rule(kind=st.sampled_from([ev.Shown, ev.Touch, ev.Backtrack, ev.Flag, ev.Continue]))
    def an_input_that_the_phase_does_not_know(self, kind):
        desk, actions = self.project.desk, self.project.ledger.actions
        if kind not in TRANSITIONS[desk.phase]:
            with pytest.raises(IllegalInputError):
                self.project.send(kind(self.hand.now))
        assert (self.project.desk, self.project.ledger.actions) == (desk, actions)

    @rule(items=st.lists(st.integers(3, ITEMS - 1), min_size=1, max_size=4, unique=True), class_id=CLASS)
    def accept_in_the_grid(self, items, class_id):
        self.project.record([LabelEvent(0, item, Verb.LABEL, Purpose.GRID, class_id) for item in items])
        self.done.append([(item, Verb.LABEL, class_id) for item in items])

    @rule(items=st.lists(st.integers(3, ITEMS - 1), min_size=1, max_size=6, unique=True), class_id=CLASS)
    def round(self, items, class_id):
        free = [item for item in items if self.project.pool().free[item]]
        queue = [(item, class_id % len(self.project.classes.standing), "hard") for item in free[:3]]
        auto = [Chosen(item, "easy", "certified", 0, 0.9) for item in free[3:]]
        spare = (
            [Chosen(item, "hard", "badge", 0, 0.5, ((0, 0.5),)) for item in free[1:2]]
            if not queue[1:]
            else []
        )
        begin_round(self.project, self.leads, queue, auto=auto, spare=spare)

    @rule(class_id=CLASS, change=st.sampled_from(["renamed", "merged"]), value=st.integers(0, 5))
    def classes(self, class_id, change, value):
        text = str(value % len(NAMES)) if change == "merged" else f"name {value}"
        try:
            self.project.change_classes([ClassChange(class_id, Change(change), text)])
        except ClassError:
            return

    @rule()
    def reopen(self):
        before = self.project
        before.store.close()
        self.open()
        assert self.asked(self.project) == self.asked(before)
        assert self.project.catch_trials.answered == before.catch_trials.answered
        assert self.project.catch_trials.missed == before.catch_trials.missed
        assert np.array_equal(self.project.ledger.auto, before.ledger.auto)
        for kind in AnswerKind:
            assert self.project.tally.count(kind) == before.tally.count(kind)
        for number in range(before.round + 1):
            assert self.project.tally.spent_s(number) == pytest.approx(before.tally.spent_s(number))
            assert self.project.tally.suggestions("hard", [number]) == before.tally.suggestions(
                "hard", [number]
            )

    def asked(self, project):
        """What waits, without catch trials, without pages, of which remains fall away, and without what was on screen
        of a ranking that a newer one replaced.
        """
        return {
            t.task_id
            for t in project.queue
            if t.purpose is not Purpose.CATCH
            and t.page is None
            and not (t.purpose is Purpose.AHEAD and t.round != project.round)
            and not (t.is_seed and project.round)
        }

    @rule()
    def crash(self):
        """What is in the file at this moment is all that is left."""
        self.copies += 1
        copy = self.folder / f"{self.copies}.clarifier"
        for suffix in ("", "-wal"):
            source = self.path.with_name(self.path.name + suffix)
            if source.exists():
                shutil.copyfile(source, copy.with_name(copy.name + suffix))
        self.project.store.close()
        self.path = copy
        self.open()

    @precondition(lambda self: self.project.round > 0 and not len(self.project.queue))
    @rule()
    def label_ahead(self):
        """What there is to do when the queue is used up: the held-out sample, then items with the model's word."""
        self.leads.refill_queue()

    @rule(items=st.lists(st.integers(3, ITEMS - 1), min_size=1, max_size=3, unique=True))
    def send_back_in_the_grid(self, items):
        self.project.record([LabelEvent(0, item, Verb.RELEASE, Purpose.GRID) for item in items])
        self.done.append([(item, Verb.RELEASE, None) for item in items])

    @invariant()
    def nothing_is_lost_or_made_up(self):
        ledger = self.project.ledger
        for item in range(ITEMS):
            expected = self.state(item)
            assert ledger.state(item) == (None if expected is None else expected[0])
            label = None if expected is None or expected[0] is not Verb.LABEL else expected[1]
            assert ledger.label(item) == label
        waiting = list(self.project.queue)
        assert len({task.task_id for task in waiting}) == len(waiting)
        for task in waiting:
            if task.purpose is not Purpose.CATCH:
                assert ledger.state(task.item) in (None, Verb.RELEASE, Verb.REJECT)

    @invariant()
    def the_file_says_the_same(self):
        project = self.project
        found = project.store.query("SELECT item, label, remark FROM labels WHERE origin = 'person'")
        expected = set()
        for item in range(ITEMS):
            state = self.state(item)
            if state is not None and state[0] is not Verb.RELEASE:
                label = project.classes.name(state[1]) if state[0] is Verb.LABEL else None
                expected.add((f"{item:03d}.png", label, "" if label else state[0].value))
        assert set(found) == expected
        autos = project.store.query("SELECT item FROM labels WHERE origin = 'program'")
        pending = project.store.pending_tasks()
        assert project.store.pending_tasks_of(range(ITEMS)) == pending
        assert project.store.pending_tasks_of([5, 7]) == tuple(t for t in pending if t.item in (5, 7))
        assert sorted(autos) == [(f"{i:03d}.png",) for i in range(ITEMS) if project.ledger.auto[i] >= 0]

    def teardown(self):
        if hasattr(self, "project"):
            self.project.store.close()
            shutil.rmtree(self.folder)


TestProjectAgainstSimple = ProjectAgainstSimple.TestCase
TestProjectAgainstSimple.settings = settings(max_examples=6, stateful_step_count=20, deadline=None)
