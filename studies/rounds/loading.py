"""Reading a project from its file: the ledger, the queue and the tally as they were when it was left."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from studies.rounds.classes import ClassList
from studies.rounds.costs import Tally, TimedAnswer
from studies.rounds.guard import Guard, Planted
from studies.rounds.ledger import Ledger
from studies.rounds.queue import Queue
from studies.rounds.records import ModelRecord, Purpose, RoundRecord, Task, Verb
from studies.rounds.rows import StoredEvent
from studies.rounds.settings import ProjectSettings, settings_from
from studies.rounds.store import ProjectHead, ProjectStore
from studies.rounds.timed import planted, timed_answer

_ASKED_AGAIN = (None, Verb.RELEASE, Verb.REJECT)


@dataclass
class Loaded:
    """What a file holds, ready to go on with."""

    head: ProjectHead
    place: Path | None
    items: list[str]
    ledger: Ledger
    queue: Queue
    tally: Tally
    guard: Guard
    classes: ClassList
    settings: ProjectSettings
    rounds: tuple[RoundRecord, ...]
    tasks_made: int
    models: tuple[ModelRecord, ...]


def load(store: ProjectStore) -> Loaded:
    """Read a project; the same records give the same state. Raises ``StoreError``."""
    items, rounds = store.items(), store.rounds()
    classes = ClassList.of(store.class_changes())
    ledger = Ledger(len(items), store.holdout())
    tally, guard = tallied(_into(ledger, store.events()), classes)
    last = rounds[-1].round if rounds else 0
    if rounds:
        ledger.set_auto(store.auto_labels(last))
    pending = store.pending_tasks()
    return Loaded(
        head=store.head(),
        place=store.place(),
        items=items,
        ledger=ledger,
        queue=Queue(task for task in pending if still_wanted(task, ledger, last)),
        tally=tally,
        guard=guard,
        classes=classes,
        settings=settings_from(json.loads(store.settings())),
        rounds=rounds,
        tasks_made=store.count("tasks"),
        models=store.models(),
    )


def still_wanted(task: Task, ledger: Ledger, last_round: int) -> bool:
    """Whether a task that nobody answered is to be asked: its item may have been labeled otherwise meanwhile."""
    state = ledger.state(task.item)
    if task.purpose is Purpose.PLANT:
        return state is Verb.LABEL
    if task.purpose is Purpose.AHEAD and task.round != last_round:
        return False
    if task.purpose is Purpose.RETURNED:
        return state in (Verb.RELEASE, Verb.REJECT)
    return state in _ASKED_AGAIN


def tallied(events: Iterable[StoredEvent], classes: ClassList) -> tuple[Tally, Guard]:
    """What events say of this person's times and attention; whether a suggestion was accepted depends on merges."""
    tally, guard = Tally(), Guard()
    counted: dict[int, TimedAnswer] = {}
    for event in events:
        if event.verb is Verb.UNDO and event.undoes is not None:
            answer = counted.pop(event.undoes, None)
            if answer is not None:
                tally.remove(answer)
            guard.take_back(event.undoes)
        answer = timed_answer(event, classes.resolve)
        if answer is not None:
            counted[event.action] = answer
            tally.add(answer)
        seen: Planted | None = planted(event, classes.resolve)
        if seen is not None:
            guard.add(seen)
    return tally, guard


def _into(ledger: Ledger, events: Iterable[StoredEvent]) -> Iterator[StoredEvent]:
    """The events, each taken in by the ledger first."""
    for event in events:
        ledger.apply(event)
        yield event
