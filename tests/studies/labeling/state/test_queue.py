from __future__ import annotations

from studies.labeling.facts.records import Purpose, Task
from studies.labeling.state.queue import Queue


def task(number: int, purpose: Purpose = Purpose.QUEUE, item: int | None = None) -> Task:
    return Task(number, 1, 100 + number if item is None else item, purpose)


def order(queue: Queue) -> list[int]:
    return [t.task_id for t in queue]


def test_what_was_marked_comes_first_and_what_is_ahead_last():
    queue = Queue([task(0, Purpose.AHEAD), task(1), task(2, Purpose.RETURNED), task(3, Purpose.CATCH)])
    assert order(queue) == [2, 1, 3, 0]
    assert queue.of_round == 3
    assert queue.images_of_round == 2, "a catch trial is about no new image"
    assert [t.task_id for t in queue.upcoming(2)] == [2, 1]


def test_what_is_put_back_comes_next_the_latest_first():
    queue = Queue([task(0), task(1), task(2)])
    queue.put_back(task(7))
    queue.put_back(task(2))
    assert order(queue) == [2, 7, 0, 1]
    queue.remove(2)
    assert order(queue) == [7, 0, 1]


def test_items_that_need_no_answer_leave_but_catch_trials_stay():
    queue = Queue([task(0, item=5), task(1, Purpose.CATCH, item=5), task(2, Purpose.AHEAD, item=6)])
    queue.drop_items([5, 6])
    assert order(queue) == [1]


def test_a_new_ranking_takes_the_place_of_the_old_one():
    queue = Queue([task(0), task(1, Purpose.AHEAD)])
    queue.drop_ahead()
    assert order(queue) == [0]
    assert queue.items() == {100}


def test_new_tasks_are_mixed_into_those_that_wait():
    queue = Queue([task(0), task(1), task(2, Purpose.RETURNED), task(9, Purpose.AHEAD)])
    queue.mix_in([task(3), task(4), task(5), task(6)])
    assert order(queue) == [2, 0, 3, 1, 4, 5, 6, 9]
    assert queue.task(4) == task(4)
    assert queue.task(8) is None


def test_first_labels_that_were_not_asked_fall_away_with_the_first_model():
    first = [
        Task(number, 0, number, purpose) for number, purpose in enumerate((Purpose.SEED, Purpose.TYPICAL))
    ]
    held, later = Task(2, 0, 2, Purpose.AUDIT), Task(3, 1, 3, Purpose.SEED)
    queue = Queue([*first, held, later])
    queue.drop_seeds()
    assert order(queue) == [2, 3]


def test_pages_that_are_named_come_before_first_labels_and_fall_away_with_the_first_model():
    first = [Task(0, 0, 0, Purpose.SEED), Task(1, 0, 1, Purpose.AUDIT)]
    named = [Task(2 + place, 0, 2 + place, Purpose.CLUSTER, page=place // 2) for place in range(4)]
    queue = Queue([*first, *named])
    assert order(queue) == [2, 3, 4, 5, 0, 1]
    assert [task.task_id for task in queue.page()] == [2, 3]
    assert (queue.to_name, queue.on_pages) == (4, 4)
    assert queue.lasting_items() == {1}
    queue.drop_pages(but=0)  # it is on screen
    queue.drop_seeds()
    assert order(queue) == [2, 3, 1]
    queue.end_pages()
    assert order(queue) == [1]
