"""Draws the pages of a block: their sizes, their suggested classes, and which images are odd."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from studies.timing.facts.pages import PlannedCell
from studies.timing.facts.plan import Block, Plan
from studies.timing.session.chance import Chance, DrawableSet, DrawError


@dataclass(frozen=True)
class DrawnPage:
    """A page without its place in the session."""

    practice: bool
    suggestion: str
    odd_share: float
    cells: tuple[PlannedCell, ...]


def draw_pages(
    plan: Plan,
    block: Block,
    images: DrawableSet,
    chance: Chance,
    usable: Callable[[int], bool],
    used: set[int],
) -> list[DrawnPage]:
    """Practice pages, then those that count; their images, none twice, are added to ``used``.

    Every class is suggested about as often. Each cell is odd with the chance drawn for its page, on its own: how many
    there are tells nobody whether one was missed. Raises ``DrawError`` where the images do not do.
    """
    others = _odd_classes(block, images)
    stock = _Stock(images, chance, usable, used)
    suggested = _in_turn(len(images.classes), chance)
    pages: list[DrawnPage] = []
    practised = [chance.choice(block.page_sizes) for _ in range(plan.pages.practice)]
    for practice, sizes in ((True, practised), (False, _draw_sizes(block, chance))):
        for size in sizes:
            share = chance.choice(block.odd_share)
            odd = sum(chance.happens(share) for _ in range(size))
            label, right = _take_right(block, stock, suggested, size - odd)
            taken = [*right, *_take_odd(block, images, stock, chance, label, others[label], odd)]
            cells = (
                PlannedCell(images.items[i], images.classes[images.labels[i]]) for i in chance.shuffled(taken)
            )
            pages.append(DrawnPage(practice, images.classes[label], share, tuple(cells)))
    return pages


def _draw_sizes(block: Block, chance: Chance) -> list[int]:
    if block.page_count:
        return [chance.choice(block.page_sizes) for _ in range(block.page_count)]
    sizes: list[int] = []
    while (left := block.images - sum(sizes)) > 0:
        sizes.append(min(left, chance.choice(block.page_sizes)))
    return sizes


def _odd_classes(block: Block, images: DrawableSet) -> list[list[int]]:
    """For each class, of which classes its odd ones may be."""
    places = {name: place for place, name in enumerate(images.classes)}
    named = [name for key, others in block.confused_with.items() for name in (key, *others)]
    unknown = [name for name in named if name not in places]
    if unknown:
        raise DrawError(
            f'confused_with of "{block.label}" names "{unknown[0]}", which is no class of it. Its classes: '
            f"{', '.join(images.classes)}."
        )
    if len(places) < 2:
        raise DrawError(f'The data set "{block.label}" has one class: its pages can have no odd ones.')
    return [
        [places[other] for other in block.confused_with.get(name, images.classes) if other != name]
        for name in images.classes
    ]


class _Stock:
    """The images that are not used yet, in random order; broken ones are passed over."""

    def __init__(
        self, images: DrawableSet, chance: Chance, usable: Callable[[int], bool], used: set[int]
    ) -> None:
        self._usable = usable
        self._used = used
        self._by_class: list[list[int]] = [[] for _ in images.classes]
        for index in chance.shuffled(range(len(images.items))):
            if index not in used:
                self._by_class[images.labels[index]].append(index)

    def take(self, label: int, count: int) -> list[int] | None:
        """Images of a class; ``None``, and none taken, where there are not as many."""
        queue = self._by_class[label]
        place = 0
        while place < min(count, len(queue)):
            if self._usable(queue[place]):
                place += 1
            else:
                del queue[place]
        if place < count:
            return None
        taken, queue[:count] = queue[:count], []
        self._used.update(taken)
        return taken


def _in_turn(count: int, chance: Chance) -> Iterator[list[int]]:
    """The classes in the order in which the next page tries them: those that waited longest first."""
    order = chance.shuffled(range(count))
    turn = 0
    while True:
        yield [*order[turn:], *order[:turn]]
        turn = (turn + 1) % count


def _take_right(
    block: Block, stock: _Stock, suggested: Iterator[list[int]], count: int
) -> tuple[int, list[int]]:
    for label in next(suggested):
        right = stock.take(label, count)
        if right is not None:
            return label, right
    raise DrawError(
        f'The data set "{block.label}" has too few usable images for its pages: no class has {count} more. '
        "Ask for fewer or smaller pages, or add images."
    )


def _take_odd(
    block: Block,
    images: DrawableSet,
    stock: _Stock,
    chance: Chance,
    label: int,
    others: Sequence[int],
    count: int,
) -> Iterator[int]:
    for _ in range(count):
        odd = next((one for other in chance.shuffled(others) if (one := stock.take(other, 1))), None)
        if odd is None:
            raise DrawError(
                f'The data set "{block.label}" has too few usable images to be odd ones among '
                f'"{images.classes[label]}". Ask for fewer pages, or add images.'
            )
        yield from odd
