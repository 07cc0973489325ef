"""What the columns of a project's file hold, where they are not simply the fields of a record."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields

from studies.answers import Timing
from studies.files.rows import Convert, row_of
from studies.labeling.facts.records import (
    BegunWith,
    Change,
    LabelEvent,
    Likely,
    ModelRecord,
    Purpose,
    RoundRecord,
    Task,
    Verb,
)

_UNTIMED = dict.fromkeys(field.name for field in fields(Timing))


def event_row(sitting: int, event: LabelEvent, utc: str) -> dict[str, object]:
    """The row of a label event, without its number; the fields of its timing are columns too."""
    row = row_of(event, sitting=sitting, utc=utc)
    timing = row.pop("timing")
    row.update(_UNTIMED if timing is None else row_of(timing))
    return row


def task_row(task: Task) -> dict[str, object]:
    """The row of a task; what the model thinks likely is JSON."""
    likely = [[likely.class_id, round(likely.probability, 5)] for likely in task.top]
    return row_of(task, top=json.dumps(likely))


def model_row(model: ModelRecord, utc: str) -> dict[str, object]:
    """The row of a model; what is a sequence is JSON."""
    return row_of(model, class_ids=json.dumps(model.class_ids), history=json.dumps(model.history), utc=utc)


def begun_row(begun: BegunWith, content: bytes, utc: str) -> dict[str, object]:
    """The row of the model that a project was begun with, and the model itself."""
    return row_of(begun, id=1, class_ids=json.dumps(begun.class_ids), content=content, utc=utc)


def round_row(round_: RoundRecord, utc: str) -> dict[str, object]:
    """The row of a round; its strategies are rows of their own."""
    row = row_of(round_, utc=utc)
    del row["strategies"]
    return row


def strategy_rows(round_: RoundRecord) -> list[dict[str, object]]:
    """What chose in each tier of a round."""
    return [
        {"round": round_.round, "tier": tier, "strategy": strategy}
        for tier, strategy in round_.strategies.items()
    ]


def _likely(text: str) -> tuple[Likely, ...]:
    return tuple(Likely(int(class_id), float(probability)) for class_id, probability in json.loads(text))


def _pairs(text: str) -> tuple[tuple[float, float], ...]:
    return tuple((float(loss), float(accuracy)) for loss, accuracy in json.loads(text))


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(map(int, json.loads(text)))


def _object(text: str) -> str:
    """The text of a JSON object as it is."""
    dict(json.loads(text))
    return text


# By column, what makes a field of its value. A project has tens of thousands of events: their words are looked up.
EVENT: Mapping[str, Convert] = {
    "verb": {verb.value: verb for verb in Verb}.__getitem__,
    "purpose": {purpose.value: purpose for purpose in Purpose}.__getitem__,
    "focus_lost": bool,
    "stood_still": bool,
    "on_page": bool,
}
TASK: Mapping[str, Convert] = {"purpose": Purpose, "top": _likely}
MODEL: Mapping[str, Convert] = {"class_ids": _numbers, "history": _pairs}
BEGUN_WITH: Mapping[str, Convert] = {"class_ids": _numbers}
ROUND: Mapping[str, Convert] = {
    "strategies": json.loads,
    "plan": _object,
    "notes": _object,
    "seconds": _object,
}
CLASS_CHANGE: Mapping[str, Convert] = {"change": Change}
