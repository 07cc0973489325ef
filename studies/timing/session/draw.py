"""Draws a session's whole trial list from the plan's seed and the participant's number."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from random import Random
from typing import Protocol, TypeVar

from model.errors import UserError
from studies.timing.facts.plan import Assignment, BlockOrder, Plan
from studies.timing.facts.records import PlannedTrial

_T = TypeVar("_T")


class DrawError(UserError):
    """The data sets cannot give the trials that the plan asks for."""


class DrawableSet(Protocol):
    """What drawing needs to know of an image set."""

    @property
    def classes(self) -> tuple[str, ...]:
        """Class names."""

    @property
    def items(self) -> Sequence[str]:
        """Stable ids."""

    @property
    def labels(self) -> Sequence[int]:
        """Index of each item's class."""


class Chance:
    """Seeded chance that gives the same draws on every Python version.

    Only ``Random.random()`` is used, the one method whose sequence Python promises to keep.
    """

    def __init__(self, *key: object) -> None:
        self._random = Random("|".join(str(part) for part in key)).random

    def happens(self, probability: float) -> bool:
        """True with the given probability."""
        return self._random() < probability

    def shuffled(self, values: Sequence[_T]) -> list[_T]:
        """The values in random order."""
        return [
            values[i] for i in sorted([*range(len(values))], key=[self._random() for _ in values].__getitem__)
        ]

    def choice(self, values: Sequence[_T]) -> _T:
        """One value, each equally likely."""
        return values[int(self._random() * len(values))]

    def round_randomly(self, value: float) -> int:
        """``value`` rounded up or down so that its mean is kept."""
        whole = int(value)
        return whole + self.happens(value - whole)


def draw_session(
    plan: Plan,
    participant_number: int,
    sets: Sequence[DrawableSet],
    usable: Callable[[int, int], bool] = lambda _block, _index: True,
) -> tuple[PlannedTrial, ...]:
    """The trials of one participant, in order: for each block its practice, then the trials that count.

    ``sets[b]`` holds the images of ``plan.blocks[b]``; ``usable(b, index)`` says whether an image can be
    shown (a broken one is passed over). The same seed, number and images give the same list.
    Raises ``DrawError`` where a set has too few usable images.
    """
    trials: list[PlannedTrial] = []
    for shown, number in enumerate(block_order(plan, participant_number)):
        chance = Chance(plan.seed, participant_number, number)
        chosen, practised = _draw_images(plan, number, sets[number], chance, partial(usable, number))
        for practice, indices in ((True, practised), (False, chosen)):
            kinds = _draw_kinds(plan, len(indices), chance)
            for index, kind in zip(indices, kinds, strict=True):
                label = sets[number].labels[index]
                trials.append(
                    PlannedTrial(
                        position=len(trials),
                        block=shown,
                        dataset=plan.blocks[number].label,
                        practice=practice,
                        item=sets[number].items[index],
                        true_class=sets[number].classes[label],
                        suggestion=_suggestion(kind, label, sets[number].classes, chance),
                    )
                )
    return tuple(trials)


def block_order(plan: Plan, participant_number: int) -> tuple[int, ...]:
    """Which block comes when, for this participant (numbers from 1)."""
    count = len(plan.blocks)
    order = plan.session.block_order
    if order is BlockOrder.SHUFFLED:
        return tuple(Chance(plan.seed, participant_number, "blocks").shuffled(range(count)))
    if order is BlockOrder.LATIN_SQUARE:
        rows = latin_square(count)
        return rows[(participant_number - 1) % len(rows)]
    return tuple(range(count))


def latin_square(size: int) -> tuple[tuple[int, ...], ...]:
    """A Latin square balanced for carry-over (Williams 1949); for odd sizes, a pair of squares."""
    first = [0]
    for step in range(1, size):
        first.append((step + 1) // 2 if step % 2 else size - step // 2)
    rows = [tuple((value + shift) % size for value in first) for shift in range(size)]
    if size % 2 and size > 1:
        rows += [row[::-1] for row in rows]
    return tuple(rows)


def _draw_images(
    plan: Plan, number: int, images: DrawableSet, chance: Chance, usable: Callable[[int], bool]
) -> tuple[list[int], list[int]]:
    """Indices of the images that count and of those for practice, without overlap."""
    wanted = plan.blocks[number].images
    total = wanted + plan.trials.practice
    candidates = chance.shuffled(range(len(images.items)))
    queues = _by_class(candidates, images, chance) if plan.trials.balanced_classes else [candidates]
    chosen = list(islice(_in_turn([filter(usable, queue) for queue in queues]), total))
    if len(chosen) < total:
        skipped = len(candidates) - len(chosen)
        broken = f" ({skipped} more cannot be read)" if skipped else ""
        raise DrawError(
            f'The data set "{plan.blocks[number].label}" has {len(chosen)} usable images{broken}, but '
            f"the plan needs {total}: {wanted} and {plan.trials.practice} for practice. "
            "Ask for fewer, or add images."
        )
    return chance.shuffled(chosen[:wanted]), chosen[wanted:]


def _by_class(candidates: Sequence[int], images: DrawableSet, chance: Chance) -> list[list[int]]:
    """The candidates of each class, the classes in random order."""
    by_class: dict[int, list[int]] = {}
    for index in candidates:
        by_class.setdefault(images.labels[index], []).append(index)
    return [by_class[label] for label in chance.shuffled(sorted(by_class))]


def _in_turn(queues: list[Iterator[int]]) -> Iterator[int]:
    """One of each queue in turn, so that every prefix holds the queues as evenly as they allow."""
    while queues:
        longer = []
        for queue in queues:
            for index in islice(queue, 1):
                longer.append(queue)
                yield index
        queues = longer


def _draw_kinds(plan: Plan, count: int, chance: Chance) -> list[bool | None]:
    """For each trial: a right suggestion, a wrong one, or (None) no suggestion."""
    rule = plan.suggestions
    if rule.assignment is Assignment.CHANCE:
        return [
            None if chance.happens(rule.none_share) else chance.happens(rule.p_right) for _ in range(count)
        ]
    n_none = chance.round_randomly(rule.none_share * count)
    n_right = chance.round_randomly(rule.p_right * (count - n_none))
    kinds: list[bool | None] = [None] * n_none + [True] * n_right + [False] * (count - n_none - n_right)
    return chance.shuffled(kinds)


def _suggestion(kind: bool | None, label: int, classes: tuple[str, ...], chance: Chance) -> str | None:
    if kind is None:
        return None
    if kind:
        return classes[label]
    return chance.choice([name for other, name in enumerate(classes) if other != label])
