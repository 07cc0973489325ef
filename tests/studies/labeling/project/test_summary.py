"""What is said at the end of a project."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from studies.labeling.facts.finish import Certified, LookRecord
from studies.labeling.facts.records import LabelEvent, Purpose, Task, Verb
from studies.labeling.project.summary import summarize
from tests.studies.labeling import sample

LOOK = LookRecord(0, 1, 0.05, 0.025, 40, 0, 2, 20, 0, 0, 0.5, 10, "At most 5.0% of 40 images (2) are wrong.")


def test_counts_by_class_and_whom_the_promise_what_is_to_be_seen_minutes_and_accuracy(tmp_path: Path) -> None:
    sample.create(tmp_path / "p").close()
    project = sample.open_project(tmp_path / "p")
    project.add_tasks([Task(n, 0, 10 + n, Purpose.SEED) for n in range(3)])
    hand, leads = sample.Hand(project), sample.conductor(project)
    for class_id in (0, 1, 1):
        hand.answer(class_id, took_ms=20_000)
    request = leads.request(leads.propose())
    assert project.looks == []
    leads.finish.record_look = lambda *_: LOOK  # type: ignore[method-assign]
    leads.begin_round(request, sample.result(project, 1, []))
    certified = Certified(np.array([20, 21]), np.array([1, 2], np.int32), np.array([0.9, 0.8]))
    project.certify(0, certified, certified.by_class())
    assert [labels.labels for labels in project.store.folder_labels()] == ["[[20,0.9]]", "[[21,0.8]]"]
    project.record([LabelEvent(0, 30, Verb.SKIP, Purpose.GRID), LabelEvent(0, 10, Verb.FLAG, Purpose.GRID)])
    assert summarize(project) == (
        "cat 1, dog 3 (1 by the program), owl 1 (1 by the program).",
        LOOK.sentence,
        "To be seen in the grid: 1 skipped, 1 marked for review.",
        "Your minutes: without a suggestion 1.0.",
        "The last model was right on 4 of 5 images that it had never seen (80%, 95 % interval 38% to 96%).",
    )
    project.store.close()
