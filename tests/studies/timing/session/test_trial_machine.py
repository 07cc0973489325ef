"""Random sessions, crashes among them, against a model that knows only lists of trials still to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TypeVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from studies.answers import Device, StampSource
from studies.timing.facts import inputs as ev
from studies.timing.facts.pages import PageMarks, PageResponse
from studies.timing.facts.questions import Replies
from studies.timing.facts.records import Event, EventKind, PlannedTrial, Response
from studies.timing.file.sittings import Answered, Happened, Progress, progress_of
from studies.timing.session.trial import (
    TRANSITIONS,
    IllegalEventError,
    Phase,
    Rules,
    SessionState,
    begin,
    resume,
    step,
)

_Rule = TypeVar("_Rule", bound=Callable[..., object])
PARTS = st.lists(st.tuples(st.integers(0, 2), st.integers(1, 4)), min_size=1, max_size=3)
KINDS = sorted(ev.Input.__subclasses__(), key=lambda kind: kind.__name__)


def in_phase(*phases: Phase) -> Callable[[_Rule], _Rule]:
    return precondition(lambda self: self.state.phase in phases)


class Sessions(RuleBasedStateMachine):
    """``facts`` is the store; ``parts`` is the model: what is still to do of each part of each block."""

    state: SessionState

    @initialize(blocks=PARTS, feedback=st.booleans(), break_every=st.integers(0, 3))
    def start(self, blocks: list[tuple[int, int]], feedback: bool, break_every: int) -> None:
        kinds = [(b, p) for b, (n, m) in enumerate(blocks) for p in [True] * n + [False] * m]
        self.trials = tuple(
            PlannedTrial(position, block, "d", practice, f"img{position}", "a", "b")
            for position, (block, practice) in enumerate(kinds)
        )
        self.rules_ = Rules(feedback, break_every)
        self.state = begin(self.trials, self.rules_)
        self.facts: list[Event | Response] = []
        self.clock = 0
        self.parts: list[list[int]] = []
        for position, kind in enumerate(kinds):
            if position and kind == kinds[position - 1]:
                self.parts[-1].append(position)
            else:
                self.parts.append([position])
        self.part_of = {position: n for n, part in enumerate(self.parts) for position in part}
        self.shown: Counter[int] = Counter()
        self.out: set[int] = set()  # answered or left out
        self.flags: set[int] = set()
        self.streak = 0  # answers that count since the block began or the last break

    def now(self) -> int:
        self.clock += 10
        return self.clock

    def send(self, event: ev.Input) -> Event | Response | None:
        self.state, record = step(self.state, event)
        assert not isinstance(
            record, PageMarks | PageResponse | Replies
        )  # there are no pages and no questions
        if record is not None:
            self.facts.append(record)
        return record

    def current(self) -> int:
        return next(part[0] for part in self.parts if part)

    def done_with(self, position: int) -> None:
        self.parts[self.part_of[position]].remove(position)
        self.out.add(position)

    def answer(self, at_ns: int) -> ev.Answer:
        return ev.Answer(at_ns, at_ns + 1, StampSource.MONOTONIC, Device.KEYBOARD, 0, "b")

    @in_phase(Phase.CONSENT)
    @rule()
    def agree(self) -> None:
        self.send(ev.Agree(self.now()))

    @in_phase(Phase.INSTRUCTIONS, Phase.BLOCK_INTRO, Phase.BREAK, Phase.PAUSED, Phase.FEEDBACK)
    @rule()
    def go_on(self) -> None:
        before = self.state.phase
        self.send(ev.Continue(self.now()))
        if before in (Phase.BLOCK_INTRO, Phase.BREAK):
            self.streak = 0

    @in_phase(Phase.FIXATION)
    @rule()
    def show(self) -> None:
        onset = self.now()
        record = self.send(ev.Shown(onset, onset - 2, onset + 3))
        raw = f"painted {onset - 2} ns, drawn {onset + 3} ns"
        assert record == Event(EventKind.PRESENTED, onset, self.current(), raw)
        self.shown[self.current()] += 1

    @in_phase(Phase.FIXATION)
    @rule()
    def image_fails(self) -> None:
        position = self.current()
        record = self.send(ev.ImageFailed(self.now(), "gone"))
        assert record == Event(EventKind.IMAGE_FAILED, self.clock, position, "gone")
        self.done_with(position)

    @in_phase(Phase.STIMULUS)
    @rule(kind=st.sampled_from([ev.Touch, ev.Backtrack, ev.LoseFocus]))
    def fiddle(self, kind: type[ev.Input]) -> None:
        assert self.send(kind(self.now())) is None

    @in_phase(Phase.STIMULUS)
    @rule()
    def flag(self) -> None:
        self.send(ev.Flag(self.now()))
        self.flags ^= {self.current()}

    @in_phase(Phase.STIMULUS)
    @rule(kind=st.sampled_from(["answer", "flag", "touch", "backtrack"]))
    def press_before_the_onset(self, kind: str) -> None:
        assert self.state.on_screen is not None
        at_ns = self.state.on_screen.onset_ns - 1
        events = {"answer": self.answer(at_ns), "flag": ev.Flag(at_ns), "touch": ev.Touch(at_ns)}
        before = self.state
        assert self.send(events.get(kind, ev.Backtrack(at_ns))) is None
        assert self.state == before

    @in_phase(Phase.STIMULUS)
    @rule()
    def give_an_answer(self) -> None:
        position = self.current()
        record = self.send(self.answer(self.now()))
        assert isinstance(record, Response)
        assert (record.position, record.attempt) == (position, self.shown[position])
        self.done_with(position)
        self.streak += not self.trials[position].practice

    @in_phase(Phase.FIXATION, Phase.STIMULUS)
    @rule()
    def pause(self) -> None:
        on_screen = self.state.phase is Phase.STIMULUS
        position = self.current()
        record = self.send(ev.Pause(self.now()))
        assert record == Event(EventKind.PAUSED, self.clock, position if on_screen else None)
        if on_screen:
            part = self.parts[self.part_of[position]]
            part.append(part.pop(0))

    @in_phase(Phase.ENDING)
    @rule()
    def finish(self) -> None:
        self.send(ev.Finish(self.now()))
        assert self.out == set(range(len(self.trials)))

    @rule(steps=st.integers(1, 8))
    def play_on(self, steps: int) -> None:
        for _ in range(steps):
            if self.state.phase is not Phase.FINISHED:
                self.one_step_on()

    @precondition(lambda self: self.state.phase is not Phase.FINISHED)
    @rule()
    def crash(self) -> None:
        """All but what was stored is lost; what was ever shown and not answered goes to its part's end."""
        progress = self.stored()
        self.facts.append(Event(EventKind.INTERRUPTED, self.now(), None, "1.0 s"))
        read = Phase.BLOCK_INTRO if progress.instructed else Phase.INSTRUCTIONS
        self.state = resume(
            self.trials,
            self.rules_,
            answered=progress.answered,
            left_out=progress.left_out,
            presented=progress.presented,
            flagged=progress.flagged,
            phase=read if progress.consented else Phase.CONSENT,
        )
        for part in self.parts:
            part.sort(key=lambda position: (bool(self.shown[position]), position))
        self.streak = 0

    @rule(kind=st.sampled_from(KINDS))
    def do_what_is_not_allowed(self, kind: type[ev.Input]) -> None:
        if kind in TRANSITIONS[self.state.phase] or kind is ev.LoseFocus:
            return
        event: ev.Input = ev.ImageFailed(1, "") if kind is ev.ImageFailed else ev.Touch(1)
        if kind is ev.Answer:
            event = self.answer(1)
        elif kind is ev.Mark:
            event = ev.Mark(1, (0,), True)
        elif kind is ev.AnswerQuestions:
            event = ev.AnswerQuestions(1, ())
        elif kind is not ev.ImageFailed:
            event = kind(1)
        before = self.state
        with pytest.raises(IllegalEventError):
            step(self.state, event)
        assert self.state == before

    def stored(self) -> Progress:
        """What the store would tell of these facts."""
        events = [Happened(f.kind.value, f.position, "") for f in self.facts if isinstance(f, Event)]
        answers = [Answered(f.position, "") for f in self.facts if isinstance(f, Response)]
        return progress_of("", events, answers)

    @invariant()
    def every_trial_is_once_in_the_queue_or_over(self) -> None:
        assert list(self.state.queue) == [position for part in self.parts for position in part]
        assert sorted([*self.state.queue, *self.out]) == list(range(len(self.trials)))

    @invariant()
    def the_facts_tell_the_same(self) -> None:
        answered = [f.position for f in self.facts if isinstance(f, Response)]
        assert len(set(answered)) == len(answered)
        progress = self.stored()
        assert progress.answered | progress.left_out == self.out
        assert not progress.answered & progress.left_out
        assert progress.presented == self.state.presented == dict(self.shown)
        assert progress.flagged == self.state.flagged == self.flags

    @invariant()
    def blocks_come_in_order(self) -> None:
        parts = [
            self.part_of[f.position]
            for f in self.facts
            if isinstance(f, Event) and f.kind is EventKind.PRESENTED and f.position is not None
        ]
        assert parts == sorted(parts)

    @invariant()
    def the_phase_fits(self) -> None:
        phase = self.state.phase
        assert (self.state.on_screen is not None) == (phase is Phase.STIMULUS)
        assert (self.state.last_response is not None) >= (phase is Phase.FEEDBACK)
        if phase in (Phase.ENDING, Phase.FINISHED):
            assert not self.state.queue
        elif phase is not Phase.FEEDBACK:
            assert self.state.queue or phase in (Phase.CONSENT, Phase.INSTRUCTIONS)
        if phase is Phase.FEEDBACK:  # the only phase that shows the truth
            assert self.state.last_response is not None
            assert self.trials[self.state.last_response.position].practice
            assert self.rules_.feedback
        if phase is Phase.BREAK:
            assert self.streak == self.rules_.break_every > 0
            assert not self.trials[self.state.queue[0]].practice

    def teardown(self) -> None:
        """Play to the end: whatever happened, a session can be finished."""
        for _ in range(6 * len(getattr(self, "trials", ())) + 10):
            if not hasattr(self, "state") or self.state.phase is Phase.FINISHED:
                return
            self.one_step_on()
        pytest.fail("the session does not end")

    def one_step_on(self) -> None:
        phase = self.state.phase
        if phase is Phase.CONSENT:
            self.agree()
        elif phase is Phase.FIXATION:
            self.show()
        elif phase is Phase.STIMULUS:
            self.give_an_answer()
        elif phase is Phase.ENDING:
            self.finish()
        else:
            self.go_on()
        self.every_trial_is_once_in_the_queue_or_over()
        self.the_facts_tell_the_same()
        self.the_phase_fits()


Sessions.TestCase.settings = settings(max_examples=120, stateful_step_count=40, deadline=None)
TestSessions = Sessions.TestCase
