"""What the learner does beside rounds: groups of images for the first labels, and suggestions by the newest ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from model.rounds.live_values import Groups
from studies.labeling.facts.records import Purpose, Task
from studies.labeling.facts.settings import FirstLabels
from studies.labeling.rounds.refits import REFIT_EVERY
from tests.ui.labeling.live import FakeLearner
from tests.ui.labeling.rounds.test_background_learner import Behind
from tests.ui.labeling.rounds.test_background_learner import behind as behind


def test_images_typical_of_groups_are_mixed_into_the_first_labels(behind: Behind, qtbot) -> None:
    behind.learner.groups = Groups(np.arange(150, 156), np.array([0, 0, 0, 1, 1, 1]), np.arange(6.0))
    behind.label(1)
    on_desk = behind.project.desk
    behind.learner.prepare_go.set()
    qtbot.waitUntil(lambda: len(behind.learner.prepared) == 2, timeout=5000)
    assert behind.project.desk == on_desk
    waiting = [task.item for task in behind.project.queue if task.purpose is Purpose.TYPICAL]
    assert waiting == [150, 153]
    behind.label(6)
    assert behind.project.ledger.label(150) is not None
    assert not behind.project.ledger.random_labels()[150], "it was not drawn at random"


def test_pages_of_groups_are_waited_for_where_they_are_the_first_labels(behind: Behind, qtbot) -> None:
    settings = behind.project.settings
    behind.project.change_settings(settings.model_copy(update={"first_labels": FirstLabels.CLUSTERS}))
    far = np.where(np.arange(12) < 8, 0.1, 0.9)
    behind.learner.groups = Groups(np.arange(150, 162), np.repeat([0, 1], [8, 4]), far)
    qtbot.waitUntil(lambda: len(behind.learner.prepared) == 1, timeout=5000)
    behind.seed()
    behind.rounds.consider()
    assert not behind.learner.requests, "what it computes for the groups the first model needs too"
    behind.learner.prepare_go.set()
    qtbot.waitUntil(lambda: behind.project.queue.to_name == 4, timeout=5000)
    assert [task.item for task in behind.project.queue.page()] == [150, 151, 152, 153]
    qtbot.waitUntil(lambda: len(behind.learner.requests) == 1, timeout=5000)  # every class has an example


def test_suggestions_are_renewed_every_few_answers_and_nothing_is_said_of_it(
    qapp: object, tmp_path: Path, qtbot
) -> None:
    learner = FakeLearner()
    learner.network = "mobilenet_v2"
    learner.prepare_go.set()
    behind = Behind(tmp_path, learner)
    try:
        behind.seed()
        behind.rounds.consider()
        qtbot.waitUntil(lambda: behind.begun == [1])
        qtbot.waitUntil(lambda: len(learner.prepared) == 1 and not behind.rounds.working, timeout=10_000)
        behind.lines.clear()
        before = behind.project.desk
        behind.project.add_tasks(
            [Task(behind.project.tasks_made + k, 1, 100 + k, Purpose.QUEUE, "hard") for k in range(60)]
        )
        behind.label(REFIT_EVERY - 1)
        behind.rounds.consider()
        assert not learner.refits
        behind.label(1)
        behind.rounds.consider()
        qtbot.waitUntil(lambda: behind.project.renewal is not None)
        assert before.refit is None
        assert (len(learner.refits), behind.lines, behind.project.round) == (1, [], 1)
        assert set(learner.refits[0].wanted) == {task.item for task in behind.project.queue}
    finally:
        behind.close()
