"""What a person said an image is not: of which class it was marked as odd in the grid."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from studies.labeling.facts.records import LabelEvent, Purpose, Task, Verb
from studies.labeling.facts.stored_event import StoredEvent


class Rejections:
    """Image by image the classes that it is not, as long as the action that said so is not taken back."""

    def __init__(self) -> None:
        self._by_action: dict[int, list[tuple[int, int]]] = {}  # item, class id as given
        self._by_item: dict[int, list[int]] = {}

    def add(self, event: LabelEvent | StoredEvent) -> None:
        """Take in the next event."""
        if event.verb in (Verb.RELEASE, Verb.REJECT) and event.suggestion is not None:
            self._by_action.setdefault(event.action, []).append((event.item, event.suggestion))
            self._by_item.setdefault(event.item, []).append(event.suggestion)

    def take_back(self, action: int) -> None:
        """An action is undone."""
        for item, class_id in self._by_action.pop(action, []):
            self._by_item[item].remove(class_id)

    def of(self, item: int, resolve: Callable[[int], int]) -> set[int]:
        """The classes that an image is not, after merges."""
        return set(map(resolve, self._by_item.get(item, ())))

    def items_of(self, class_id: int, resolve: Callable[[int], int]) -> list[int]:
        """The images that are not of a class, after merges."""
        return [item for item, classes in self._by_item.items() if class_id in map(resolve, classes)]

    def cleared(self, task: Task, resolve: Callable[[int], int]) -> Task:
        """A task that suggests no class that was said not to be its image's, but the next likely one, or none."""
        rejected = self.of(task.item, resolve)
        if not rejected or task.purpose is Purpose.CATCH:
            return task
        top = tuple(likely for likely in task.top if resolve(likely.class_id) not in rejected)
        suggestion = task.suggestion
        if suggestion is not None and resolve(suggestion) in rejected:
            suggestion = top[0].class_id if top else None
        return replace(task, suggestion=suggestion, top=top)
