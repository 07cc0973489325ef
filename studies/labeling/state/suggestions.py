"""What an image is suggested to be when it comes on screen, and where the answer stands among the suggestions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from studies.labeling.facts.records import Likely, Purpose, Task

_RENEWED = (Purpose.QUEUE, Purpose.AHEAD, Purpose.SAMPLE, Purpose.RETURNED)


@dataclass(frozen=True)
class Renewal:
    """What a refit thinks of the items that wait: for each its likeliest classes, the likeliest first."""

    refit: int
    top: Mapping[int, tuple[Likely, ...]]

    def renewed(self, task: Task) -> Task:
        """The task with the newest suggestion, or as it is where its suggestion is not the model's first guess.

        A suggestion that a strategy chose, as those by class, is kept, and so is a wrong one of a catch trial. What was
        marked as odd on a page has no suggestion of a model yet.
        """
        top = self.top.get(task.item, ())
        is_first_guess = bool(task.top) and task.suggestion == task.top[0].class_id
        is_odd = task.purpose is Purpose.RETURNED
        if not top or task.purpose not in _RENEWED or not (is_first_guess or is_odd):
            return task
        return replace(task, suggestion=top[0].class_id, top=top)


def rank_of(task: Task, class_id: int, resolve: Callable[[int], int]) -> int | None:
    """The place, from 1, of a class among a task's suggestions as they are on screen; ``None``: not among them.

    ``resolve`` gives the class that stands for a class after merges.
    """
    given = () if task.suggestion is None else (task.suggestion,)
    shown = dict.fromkeys(map(resolve, (*given, *(likely.class_id for likely in task.top))))
    return next((place for place, other in enumerate(shown, start=1) if other == resolve(class_id)), None)
