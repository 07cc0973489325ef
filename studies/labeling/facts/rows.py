"""Rows of a project's file and the values they stand for."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any, NamedTuple

from studies.labeling.facts.records import LabelEvent, Likely, ModelRecord, Purpose, Task, Verb

_VERBS = {verb.value: verb for verb in Verb}  # a project has tens of thousands of events to read
_PURPOSES = {purpose.value: purpose for purpose in Purpose}
_MODEL_COLUMNS = (*(field.name for field in fields(ModelRecord)), "utc")


class StoredEvent(NamedTuple):
    """A label event as it is read back, with the tier and the round of its task."""

    action: int
    item: int
    verb: Verb
    purpose: Purpose
    class_id: int | None
    suggestion: int | None
    task_id: int | None
    undoes: int | None
    took_ns: int | None  # from onset to response
    images: int | None
    focus_lost: bool
    tier: str | None
    round: int | None


def event_row(sitting: int, event: LabelEvent, utc: str) -> tuple[object, ...]:
    """The row of a label event, without its number."""
    said = (event.action, sitting, event.item, event.verb.value, event.purpose.value)
    about = (event.class_id, event.suggestion, event.task_id, event.undoes)
    t = event.timing
    if t is None:
        return (*said, *about, *(None,) * 10, event.detail, utc)
    times = (t.onset_ns, t.first_input_ns, t.response_ns, t.handler_ns)
    how = (t.stamp_source.value, t.device.value, t.backtracks, t.focus_lost, t.longest_stall_ns, t.images)
    return (*said, *about, *times, *how, event.detail, utc)


def stored_event(row: tuple[Any, ...]) -> StoredEvent:
    """A label event as it is read back."""
    values = (*row[:2], _VERBS[row[2]], _PURPOSES[row[3]], *row[4:10], bool(row[10]), *row[11:])
    return StoredEvent._make(values)


def task_row(task: Task) -> tuple[object, ...]:
    """The row of a task."""
    top = json.dumps([[likely.class_id, round(likely.probability, 5)] for likely in task.top])
    asked = (task.task_id, task.round, task.item, task.purpose.value)
    return (*asked, task.tier, task.strategy, task.suggestion, task.score, task.model_id, top)


def task_of(row: tuple[Any, ...]) -> Task:
    """The task of a row."""
    top = tuple(Likely(class_id, probability) for class_id, probability in json.loads(row[9]))
    task_id, round_, item, purpose, tier, strategy, suggestion, score, model_id, _ = row
    return Task(task_id, round_, item, Purpose(purpose), tier, strategy, suggestion, score, model_id, top)


def model_row(model: ModelRecord, utc: str) -> tuple[object, ...]:
    """The row of a model."""
    m = model
    head = (m.model_id, m.sha256, m.file, m.network, m.settings, m.seed, json.dumps(m.class_ids))
    tail = (m.trained_on, m.upto_action, json.dumps(m.history), m.holdout_n, m.holdout_right, m.device, utc)
    return head + tail


def model_of(row: tuple[Any, ...]) -> ModelRecord:
    """The model of a row."""
    values = dict(zip(_MODEL_COLUMNS, row, strict=True))
    values["class_ids"] = tuple(json.loads(values["class_ids"]))
    values["history"] = tuple((loss, accuracy) for loss, accuracy in json.loads(values["history"]))
    del values["utc"]
    return ModelRecord(**values)
