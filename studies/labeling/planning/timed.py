"""Which label events are timed answers, and what they cost."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from studies.labeling.facts.records import LabelEvent, Purpose, Task, Verb
from studies.labeling.facts.stored_event import StoredEvent
from studies.labeling.planning.catch_trials import CatchTrialAnswer, CatchTrials
from studies.labeling.planning.costs import (
    AWAY_S,
    STOOD_STILL_NS,
    TIMED,
    TOO_FAST_S,
    AnswerKind,
    Tally,
    TimedAnswer,
)
from studies.labeling.planning.page_tally import PageTally

Resolve = Callable[[int], int]


def timed_answer(event: StoredEvent, resolve: Resolve) -> TimedAnswer | None:
    """The timed answer that an event is; ``None`` for any other event.

    ``resolve`` gives the class that stands for a class after merges.
    """
    if event.verb is not Verb.LABEL or event.purpose not in TIMED or event.took_ns is None:
        return None
    seconds = event.took_ns / 1e9
    away = event.focus_lost or event.stood_still or not TOO_FAST_S <= seconds <= AWAY_S
    if event.suggestion is None:
        kind = AnswerKind.UNAIDED
    elif event.class_id is not None and resolve(event.class_id) == resolve(event.suggestion):
        kind = AnswerKind.VERIFIED
    else:
        kind = AnswerKind.CORRECTED
    near = kind is AnswerKind.CORRECTED and event.rank is not None
    return TimedAnswer(kind, seconds, event.tier, event.round or 0, away, near, event.purpose)


def catch_trial_answer(event: StoredEvent, resolve: Resolve) -> CatchTrialAnswer | None:
    """The answer to a catch trial; ``None`` for any other event."""
    if event.verb is not Verb.ANSWER or event.purpose is not Purpose.CATCH:
        return None
    missed = (
        event.class_id is not None
        and event.suggestion is not None
        and resolve(event.class_id) == resolve(event.suggestion)
    )
    return CatchTrialAnswer(event.action, event.tier, missed, event.on_page)


class Counts:
    """Costs and catch trials by a project's events, taken in one by one."""

    def __init__(self, resolve: Resolve) -> None:
        self.tally, self.catch_trials, self.pages = Tally(), CatchTrials(), PageTally()
        self._resolve = resolve
        self._by_action: dict[int, TimedAnswer] = {}

    def add(self, event: StoredEvent) -> None:
        """Take in the next event."""
        if event.verb is Verb.UNDO and event.undoes is not None:
            taken_back = self._by_action.pop(event.undoes, None)
            if taken_back is not None:
                self.tally.remove(taken_back)
            self.catch_trials.take_back(event.undoes)
            self.pages.take_back(event.undoes)
            return
        self.pages.add(event)
        answer = timed_answer(event, self._resolve)
        if answer is not None:
            self._by_action[event.action] = answer
            self.tally.add(answer)
        catch_trial = catch_trial_answer(event, self._resolve)
        if catch_trial is not None:
            self.catch_trials.add(catch_trial)


def count(events: Iterable[StoredEvent], resolve: Resolve) -> Counts:
    """The counts over all events, as their answers stand now."""
    counts = Counts(resolve)
    for event in events:
        counts.add(event)
    return counts


def as_stored(event: LabelEvent, task: Task | None) -> StoredEvent:
    """An event as it will be read back."""
    t = event.timing
    return StoredEvent(
        action=event.action,
        item=event.item,
        verb=event.verb,
        purpose=event.purpose,
        class_id=event.class_id,
        suggestion=event.suggestion,
        task_id=event.task_id,
        undoes=event.undoes,
        took_ns=None if t is None else t.response_ns - t.onset_ns,
        images=None if t is None else t.images,
        focus_lost=t is not None and t.focus_lost,
        tier=None if task is None else task.tier,
        round=None if task is None else task.round,
        stood_still=t is not None and t.longest_stall_ns > STOOD_STILL_NS,
        rank=event.rank,
        on_page=event.place is not None,
    )
