"""Random steps of a labeling project, written through its store and remembered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from hypothesis import strategies as st

from studies.answers import Device, StampSource, Timing
from studies.labeling.facts.records import (
    AutoLabel,
    Change,
    ClassChange,
    LabelEvent,
    ModelRecord,
    Purpose,
    RoundRecord,
    Task,
    Verb,
)
from studies.labeling.file.store import ProjectStore
from studies.labeling.state.classes import ClassError, ClassList
from tests.studies.labeling.sample import STATES

ITEMS = 5
PLAN = (
    '{"mode": "planned", "easy": "certified", "hard_budget": 3, "intermediate_budget": 2, "easy_budget": 1}'
)
CHOSE = {"easy": "per-class-confidence"}  # not what the plan wished
PURPOSES = (Purpose.SEED, Purpose.QUEUE, Purpose.AHEAD, Purpose.AUDIT, Purpose.RETURNED, Purpose.CATCH)


@dataclass(frozen=True)
class Said:
    """One action about one image (with a task, or by itself) or about several (in the grid)."""

    items: tuple[int, ...]
    verb: Verb
    class_id: int
    purpose: Purpose
    suggestion: int | None
    tier: str | None
    took_ms: int | None
    focus_lost: bool


@dataclass(frozen=True)
class Round:
    """A new round with its auto-labels."""

    auto: tuple[tuple[int, int], ...]


SAID = st.builds(
    Said,
    items=st.lists(st.integers(0, ITEMS - 1), min_size=1, max_size=3, unique=True).map(tuple),
    verb=st.sampled_from([Verb.LABEL] * 6 + [*STATES, Verb.FLAG, Verb.UNFLAG]),
    class_id=st.integers(0, 2),
    purpose=st.sampled_from([*PURPOSES, Purpose.GRID, Purpose.GRID, Purpose.REVIEW, Purpose.IMPORT]),
    suggestion=st.one_of(st.none(), st.integers(0, 2)),
    tier=st.sampled_from([None, "hard", "intermediate"]),
    took_ms=st.one_of(st.none(), st.integers(200, 3_000), st.sampled_from([20_000, 20_001, 60_000])),
    focus_lost=st.booleans(),
)
CHANGES = st.builds(
    ClassChange,
    st.integers(0, 2),
    st.sampled_from([Change.RENAMED, Change.MERGED, Change.MERGED]),
    st.integers(0, 2).map(str),
)
ROUNDS = st.builds(
    Round,
    st.dictionaries(st.integers(0, ITEMS - 1), st.integers(0, 2), max_size=4).map(lambda d: tuple(d.items())),
)
STEPS = st.lists(st.one_of(SAID, SAID, SAID, st.just("undo"), CHANGES, ROUNDS), min_size=3, max_size=25)


@dataclass
class Written:
    """All that was written, in the order of writing."""

    events: list[LabelEvent] = field(default_factory=list)
    tasks: dict[int, Task] = field(default_factory=dict)
    rounds: list[tuple[RoundRecord, tuple[AutoLabel, ...]]] = field(default_factory=list)
    classes: ClassList = field(default_factory=ClassList)
    standing: list[int] = field(default_factory=list)
    actions: int = 0


def write(store: ProjectStore, steps: Sequence[object]) -> Written:
    sitting = store.start_sitting("A1", "0", {})
    written = Written(classes=ClassList.of(store.class_changes()))
    for step in steps:
        if isinstance(step, Said):
            write_action(store, sitting, written, step)
        elif isinstance(step, Round):
            write_round(store, written, step)
        elif isinstance(step, ClassChange):
            try:
                written.classes = written.classes.apply(step)
            except ClassError:
                continue
            store.add_class_changes([step])
        elif written.standing:
            undoes = written.standing.pop()
            event = LabelEvent(written.actions, 0, Verb.UNDO, Purpose.QUEUE, undoes=undoes)
            written.events.append(event)
            written.actions += 1
            store.append(sitting, [event])
    return written


def write_action(store: ProjectStore, sitting: int, written: Written, said: Said) -> None:
    alone = said.purpose in PURPOSES
    items = said.items[:1] if alone or said.purpose is Purpose.REVIEW else said.items
    task_id = None
    round_ = len(written.rounds)
    if alone:
        task_id = len(written.tasks)
        model_id = round_ - 1 if round_ and said.suggestion is not None else None
        task = Task(
            task_id, round_, items[0], said.purpose, said.tier, "badge", said.suggestion, 0.5, model_id
        )
        written.tasks[task_id] = task
        store.add_tasks([task])
    verb = Verb.ANSWER if said.purpose is Purpose.CATCH else said.verb
    label = verb in (Verb.LABEL, Verb.ANSWER)
    timing = None
    if said.took_ms is not None:
        end = 10**9 + said.took_ms * 10**6
        how = (StampSource.MONOTONIC, Device.KEYBOARD, 1, said.focus_lost, 7)
        timing = Timing(10**9, None, end, end + 5, *how, images=len(items))
    events = [
        LabelEvent(
            written.actions, item, verb, said.purpose, said.class_id if label else None, said.suggestion, task_id,
            timing=timing,
        )
        for item in items
    ]  # fmt: skip
    store.append(sitting, events)
    written.events += events
    written.standing.append(written.actions)
    written.actions += 1


def write_round(store: ProjectStore, written: Written, step: Round) -> None:
    number = len(written.rounds) + 1
    sha256 = f"{number:064x}"
    model = ModelRecord(number - 1, sha256, "m", "small-cnn", "{}", 1, (0, 1, 2), 9, 0, (), 5, 4, "cpu")
    record = RoundRecord(number, 1, number - 1, PLAN, 12.5, "why", "{}", "{}", written.actions, CHOSE)
    auto = tuple(AutoLabel(item, class_id, 0.75) for item, class_id in step.auto)
    written.rounds.append((record, auto))
    store.begin_round(model, record, (), auto)
