"""The tasks of a page of the queue: the images that the plan puts on it, and odd ones put there on purpose."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace

from model.tiers import Tier
from studies.labeling.facts.records import Likely, Purpose, Task
from studies.labeling.planning.tasks import draw_count
from studies.labeling.project.project import Project
from studies.labeling.rounds.item_predictions import ItemPredictions
from studies.labeling.state.queue import FEWEST, ODD_ON_PAGE
from studies.pages.asking import AskCosts

_TOP = 5  # likeliest classes that a task keeps


def make_page_tasks(
    project: Project,
    predictions: ItemPredictions,
    label: int,
    items: Sequence[int],
    number: int,
    errors: Mapping[int, Sequence[int]],
    strategy: str = "page",
) -> tuple[Task, ...]:
    """The tasks of page ``number``: ``items`` that are likely of the model's output ``label``, in their order.

    Some catch trials stand between them, as many as the settings want on average: images that a person labeled
    otherwise when a model suggested this class for them (``errors``, by class), so that they are like real odd ones.
    """
    resolve = project.classes.resolve
    class_id = predictions.class_ids[label]
    blank = Task(
        0,
        project.round,
        0,
        Purpose.PAGE,
        None,
        strategy,
        class_id,
        None,
        len(project.models) - 1,
        page=number,
    )
    tasks = [replace(blank, item=item, top=predictions.top(item)[:_TOP]) for item in items]
    chance = random.Random(f"page {project.settings.seed} {number}")
    known = [
        item
        for item in errors.get(resolve(class_id), ())
        if (given := project.label_of(item)) is not None and given != resolve(class_id)
    ]
    count = min(draw_count(project.settings.plant_rate * len(items), chance), len(known))
    for item in chance.sample(known, count):
        like = chance.choice(tasks)
        catch = replace(blank, item=item, purpose=Purpose.CATCH, top=like.top)
        tasks.insert(chance.randrange(len(tasks) + 1), catch)
    return tuple(
        replace(task, task_id=task_id) for task_id, task in enumerate(tasks, start=project.tasks_made)
    )


def group_on_pages(tasks: Sequence[Task], costs: AskCosts, cells: int, number: int) -> tuple[Task, ...]:
    """A round's tasks, those behind the others and on pages from ``number`` on whose tier suggests by class, where that
    costs less: images of one suggestion that are likely enough of it. Ids run on as before.
    """
    first = min((task.task_id for task in tasks), default=0)
    least = costs.pages.break_even(cells, costs.verify, costs.correct)
    by_class: dict[int, list[Task]] = {}
    for task in tasks:
        by_tier = task.purpose is Purpose.QUEUE and task.tier == Tier.INTERMEDIATE.value
        if by_tier and task.suggestion is not None and _probability(task) > least:
            by_class.setdefault(task.suggestion, []).append(task)
    pages = [
        sorted(alike, key=_probability, reverse=True)[start : start + cells]
        for alike in by_class.values()
        for start in range(0, len(alike), cells)
    ]
    on_pages = [
        replace(task, page=number + place)
        for place, page in enumerate(page for page in pages if len(page) >= FEWEST)
        for task in page
    ]
    grouped = {task.task_id for task in on_pages}
    ordered = [*(task for task in tasks if task.task_id not in grouped), *on_pages]
    return tuple(replace(task, task_id=task_id) for task_id, task in enumerate(ordered, start=first))


def _probability(task: Task) -> float:
    """Of the suggestion, as the model sees it."""
    return next((likely.probability for likely in task.top if likely.class_id == task.suggestion), 0.0)


def make_returned_tasks(project: Project, suggestions: Mapping[int, int | None]) -> list[Task]:
    """Tasks about images that were marked in a list, each with a suggestion or none, where no task waits for them."""
    waiting = project.queue.items()
    lacking = [item for item in suggestions if item not in waiting]
    return [
        Task(task_id, project.round, item, Purpose.RETURNED, suggestion=suggestions[item])
        for task_id, item in enumerate(lacking, start=project.tasks_made)
    ]


def make_odd_tasks(project: Project, odd: Sequence[Task]) -> tuple[Task, ...]:
    """Tasks about images that were marked as odd on a page: by themselves, the next likely class suggested."""
    resolve = project.classes.resolve
    tasks = []
    for task_id, task in enumerate(odd, start=project.tasks_made):
        rejected = project.ledger.rejections.of(task.item, resolve)
        if task.suggestion is not None:
            rejected.add(resolve(task.suggestion))
        top: tuple[Likely, ...] = tuple(
            likely for likely in task.top if resolve(likely.class_id) not in rejected
        )
        suggestion = top[0].class_id if top else None
        tasks.append(
            Task(
                task_id,
                project.round,
                task.item,
                Purpose.RETURNED,
                None,
                ODD_ON_PAGE,
                suggestion,
                model_id=task.model_id,
                top=top,
            )
        )
    return tuple(tasks)
