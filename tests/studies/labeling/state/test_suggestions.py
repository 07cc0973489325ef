"""The newest suggestion of a task, and the rank of an answer among those on screen."""

from __future__ import annotations

from dataclasses import replace

import pytest

from studies.labeling.facts.records import Likely, Purpose, Task
from studies.labeling.state.suggestions import Renewal, rank_of

OWN = (Likely(0, 0.6), Likely(1, 0.3))
NEWER = (Likely(2, 0.9), Likely(0, 0.1))
TASK = Task(7, 1, 40, Purpose.QUEUE, "hard", "badge", 0, 1.0, 0, OWN)
RENEWAL = Renewal(3, {40: NEWER})


def same(class_id: int) -> int:
    return class_id


@pytest.mark.parametrize("purpose", [Purpose.QUEUE, Purpose.AHEAD])
def test_the_first_guess_of_an_older_model_is_renewed(purpose: Purpose) -> None:
    task = RENEWAL.renewed(replace(TASK, purpose=purpose))
    assert (task.suggestion, task.top, task.task_id) == (2, NEWER, 7)


def test_an_odd_image_of_a_page_gets_the_newest_guess() -> None:
    assert RENEWAL.renewed(Task(8, 1, 40, Purpose.RETURNED)).suggestion == 2
    assert RENEWAL.renewed(Task(8, 1, 40, Purpose.RETURNED, suggestion=1)).suggestion == 2


@pytest.mark.parametrize(
    "task",
    [
        replace(TASK, item=41),  # nothing is known of it
        replace(TASK, suggestion=1),  # a strategy's own choice, as a suggestion by class
        replace(TASK, suggestion=None, top=()),
        replace(TASK, purpose=Purpose.CATCH),  # wrong on purpose
        Task(9, 0, 40, Purpose.AUDIT),  # asked without a suggestion on purpose
        Task(9, 0, 40, Purpose.SEED),
    ],
)
def test_all_other_tasks_stay_as_they_are(task: Task) -> None:
    assert RENEWAL.renewed(task) is task


def test_the_rank_of_an_answer_is_its_place_among_what_is_on_screen() -> None:
    assert [rank_of(TASK, class_id, same) for class_id in (0, 1, 2)] == [1, 2, None]
    by_class = replace(TASK, suggestion=1)
    assert [rank_of(by_class, class_id, same) for class_id in (1, 0)] == [1, 2]
    assert rank_of(Task(1, 0, 5, Purpose.SEED), 0, same) is None


def test_merged_classes_stand_once() -> None:
    task = replace(TASK, top=(*OWN, Likely(2, 0.1)))
    assert rank_of(task, 2, lambda class_id: 0 if class_id == 1 else class_id) == 2
