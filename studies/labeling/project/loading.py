"""Reading a project from its file: the ledger, the queue and the tally as they were when it was left."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from studies.files.store_errors import in_facts
from studies.labeling.facts.finish import LookRecord, SampleDraw
from studies.labeling.facts.records import BegunWith, ModelRecord, Purpose, RoundRecord, Task
from studies.labeling.facts.settings import FirstLabels, ProjectSettings, stored_settings
from studies.labeling.file.store import ProjectHead, ProjectStore
from studies.labeling.planning.catch_trials import CatchTrials
from studies.labeling.planning.costs import Tally
from studies.labeling.planning.page_tally import PageTally
from studies.labeling.planning.timed import Counts, Resolve
from studies.labeling.state.classes import ClassList
from studies.labeling.state.ledger import Ledger
from studies.labeling.state.queue import Queue, is_planned


@dataclass
class Loaded:
    """What a file holds, ready to go on with."""

    head: ProjectHead
    place: Path | None
    items: list[str]
    ledger: Ledger
    queue: Queue
    tally: Tally
    catch_trials: CatchTrials
    pages: PageTally
    classes: ClassList
    settings: ProjectSettings
    rounds: tuple[RoundRecord, ...]
    tasks_made: int
    refits_made: int
    draws: tuple[SampleDraw, ...]
    looks: tuple[LookRecord, ...]
    models: tuple[ModelRecord, ...]
    begun_with: BegunWith | None


def open_to_write(path: Path) -> ProjectStore:
    """Open a project that is there; one that cannot be read stays in the version that it has. Raises ``StoreError``."""
    return ProjectStore.open(path, create=False, check=load)


def load(store: ProjectStore) -> Loaded:
    """Read a project; the same records give the same state. Raises ``StoreError``."""
    with in_facts(store.path):
        return _load(store)


def _load(store: ProjectStore) -> Loaded:
    items, rounds, models = store.items(), store.rounds(), store.models()
    if len(models) != len(rounds):
        raise ValueError("a round without its model")
    classes = ClassList.of(store.class_changes())
    if any(info.example is not None and not 0 <= info.example < len(items) for info in classes.infos):
        raise ValueError("an example that is no item")
    ledger = Ledger(len(items), store.holdout())
    counts = Counts(classes.resolve)
    answered: dict[int, list[int]] = {}  # tasks by the action that answered them
    put_back: set[int] = set()
    for event in store.events():
        ledger.apply(event)
        counts.add(event)
        if event.undoes is not None:
            put_back.update(answered.pop(event.undoes, ()))
        elif event.task_id is not None:
            answered.setdefault(event.action, []).append(event.task_id)
    last = rounds[-1].round if rounds else 0
    if rounds:
        ledger.set_auto(store.auto_labels(last))
    certified = store.folder_labels()
    for of_class in certified:
        given = of_class.read()
        if not (0 <= of_class.class_id < len(classes)) or not _are_items(given.items, len(items)):
            raise ValueError("a certified label of what is not there")
        ledger.certify(given)
    begun = store.begun_with()
    if begun is not None and any(not -1 <= class_id < len(classes) for class_id in begun.class_ids):
        raise ValueError("a model of a class that is not there")
    settings = stored_settings(store.settings())
    pending = store.pending_tasks()
    queue = Queue(task for task in pending if still_wanted(task, ledger, last, classes.resolve, put_back))
    queue.drop_remains()
    if not settings.pages:
        queue.end_pages()
    if settings.first_labels is not FirstLabels.CLUSTERS:
        queue.drop_clusters()
    return Loaded(
        head=store.head(),
        place=store.place(),
        items=items,
        ledger=ledger,
        queue=queue,
        tally=counts.tally,
        catch_trials=counts.catch_trials,
        pages=counts.pages,
        classes=classes,
        settings=settings,
        rounds=rounds,
        tasks_made=store.count("tasks"),
        refits_made=store.count("refits"),
        draws=tuple(store.sample_draws()),
        looks=tuple(store.looks()),
        models=models,
        begun_with=begun,
    )


def _are_items(given: NDArray[np.int64], count: int) -> bool:
    return bool(((given >= 0) & (given < count)).all())


def still_wanted(
    task: Task, ledger: Ledger, last_round: int, resolve: Resolve, put_back: Container[int] = ()
) -> bool:
    """Whether a task that nobody answered is to be asked: its item may have been labeled otherwise meanwhile.

    First labels fall away with the first model, and planned pages with the next round, but for the tasks in
    ``put_back``, whose answer was taken back.
    """
    state = ledger.state(task.item)
    reopened = state is not None and state.meaning.reopens
    falls_away = is_planned(task) and task.task_id not in put_back
    if task.round != last_round and (task.purpose is Purpose.AHEAD or falls_away):
        return False
    if task.purpose is Purpose.CATCH:
        return is_wrong(task, ledger, resolve)
    if task.is_seed and last_round > 0 and task.task_id not in put_back:
        return False
    if task.purpose is Purpose.RETURNED:
        return reopened
    return reopened or state is None


def is_wrong(task: Task, ledger: Ledger, resolve: Resolve) -> bool:
    """Whether a task's suggestion is another class than the item's label; not so where it has no label."""
    label = ledger.label(task.item)
    return label is not None and task.suggestion is not None and resolve(label) != resolve(task.suggestion)
