"""A whole session as a participant goes through it: which page follows which, and what is done on purpose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from model.datasets import Source, open_set
from studies.timing.facts.records import EventKind, Interface, PlannedTrial
from tests.e2e.participant import Participant, keys_of, sleep_until
from ui.answering.type_ahead import digit_keys

VERIFY_S = 0.30
CORRECT_S = 0.75


class Doing(Enum):
    """What the participant does with a trial on purpose."""

    RIGHT = "right"
    WRONG = "wrong"
    FLAG = "flag"  # F8 first, then right
    PAUSE = "pause"  # Escape in mid-trial; right when it comes again


@dataclass
class Sitting:
    """Answers every trial; ``delays_s`` are the injected times of the deciding key by position."""

    participant: Participant
    interface: Interface
    break_every: int
    doings: Mapping[int, Doing]
    delays_s: dict[int, float] = field(default_factory=dict)
    answers: dict[int, str] = field(default_factory=dict)

    def play(self) -> None:
        """From consent to thanks."""
        one = self.participant
        one.turn_page(EventKind.CONSENTED)
        one.turn_page(EventKind.INSTRUCTED)
        trials = one.trials
        for block in range(trials[-1].block + 1):
            for practice in (True, False):
                part = [t for t in trials if (t.block, t.practice) == (block, practice)]
                if part:
                    one.turn_page(EventKind.BLOCK_STARTED)
                    self._part(part)
        one.wait_for(EventKind.FINISHED, 1)

    def _part(self, part: Sequence[PlannedTrial]) -> None:
        left = [t.position for t in part]
        paused: set[int] = set()
        since_break = 0
        while left:
            trial, onset_ns = self.participant.next_image()
            assert trial.position == left[0]
            left.pop(0)
            if self.doings.get(trial.position) is Doing.PAUSE and trial.position not in paused:
                paused.add(trial.position)
                left.append(trial.position)
                self._pause(onset_ns)
                continue
            self._answer(trial, onset_ns)
            since_break += 1
            if trial.practice:
                self._leave_feedback(last=not left)
            elif left and since_break == self.break_every:
                since_break = 0
                self.participant.turn_page(EventKind.BREAK_ENDED)

    def _pause(self, onset_ns: int) -> None:
        sleep_until(onset_ns + 200_000_000)
        self.participant.turn_page(EventKind.PAUSED, "Escape")
        self.participant.turn_page(EventKind.RESUMED)

    def _answer(self, trial: PlannedTrial, onset_ns: int) -> None:
        one, doing = self.participant, self.doings.get(trial.position, Doing.RIGHT)
        if doing is Doing.FLAG:
            one.screen.key("F8")
        answer = wrong_answer(trial) if doing is Doing.WRONG else trial.true_class
        first, last = keys_for(trial, answer, self.interface)
        planned = VERIFY_S if answer == trial.suggestion else CORRECT_S
        planned += 0.01 * (trial.position % 5 - 2)
        if first:
            sleep_until(onset_ns + round((planned - 0.35) * 1e9))
            one.screen.key(*first)
        sleep_until(onset_ns + round(planned * 1e9))
        self.delays_s[trial.position] = (one.screen.key(last) - onset_ns) / 1e9
        self.answers[trial.position] = answer
        one.wait_for_answer(trial.position)

    def _leave_feedback(self, last: bool) -> None:
        one = self.participant
        if last:
            one.screen.key("Return")  # the page that follows is left by whoever turns pages
            return
        before = len(one.events(EventKind.PRESENTED))
        one.press_until("Return", lambda: len(one.events(EventKind.PRESENTED)) > before, "the next image")


def classes_of(dataset: str) -> tuple[str, ...]:
    """The classes of a built-in data set in their order."""
    return open_set(Source(dataset), Path()).classes


def wrong_answer(trial: PlannedTrial) -> str:
    """The wrong suggestion, or for a right one the first other class."""
    if trial.suggestion is not None and not trial.suggestion_right:
        return trial.suggestion
    return next(name for name in classes_of(trial.dataset) if name != trial.true_class)


def keys_for(trial: PlannedTrial, answer: str, interface: Interface) -> tuple[list[str], str]:
    """The keys that choose a class, and the one that decides."""
    if interface is Interface.DROPDOWN:
        if answer == trial.suggestion:
            return [], "d"
        return ["F4", *keys_of(answer), "Return"], "d"
    if answer == trial.suggestion:
        return [], "Return"
    classes = classes_of(trial.dataset)
    if digit_keys(classes):
        return [], digit_keys(classes)[classes.index(answer)]
    return keys_of(answer), "Return"
