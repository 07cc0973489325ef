"""Draws all of a session, trials and pages, from the plan's seed and the participant's number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from itertools import islice

from studies.timing.facts.pages import PlannedPage, Unit
from studies.timing.facts.plan import Assignment, BlockOrder, Plan
from studies.timing.facts.records import Interface, PlannedTrial
from studies.timing.session.chance import Chance, DrawableSet, DrawError
from studies.timing.session.draw_pages import draw_pages


def draw_session(
    plan: Plan,
    participant_number: int,
    sets: Sequence[DrawableSet],
    usable: Callable[[int, int], bool] = lambda _block, _index: True,
) -> tuple[Unit, ...]:
    """The trials and pages of one participant, in order: for each block its practice, then what counts.

    ``sets[b]`` holds the images of ``plan.blocks[b]``; ``usable(b, index)`` says whether an image can be
    shown (a broken one is passed over). The same seed, number and images give the same list. Where images are asked
    about in several ways or on pages, none is in two blocks, unless the plan says so.
    Raises ``DrawError`` where a set has too few usable images.
    """
    units: list[Unit] = []
    used: dict[tuple[str, str], set[int]] = {source: set() for source in _sources_used_once(plan)}
    for shown, number in enumerate(block_order(plan, participant_number)):
        block = plan.blocks[number]
        chance = Chance(plan.seed, participant_number, number)
        before = used.get(block.source, set())
        draw = _draw_pages if plan.interface_of(block) is Interface.PAGE else _draw_trials
        units += draw(plan, number, sets[number], chance, partial(usable, number), before, shown, len(units))
    return tuple(units)


def _sources_used_once(plan: Plan) -> Iterator[tuple[str, str]]:
    """The sets of whose images none is shown twice."""
    interfaces: defaultdict[tuple[str, str], set[Interface]] = defaultdict(set)
    for block in plan.blocks:
        interfaces[block.source].add(plan.interface_of(block))
    for source, ways in interfaces.items():
        if not plan.session.repeat_images and (len(ways) > 1 or Interface.PAGE in ways):
            yield source


def _draw_trials(
    plan: Plan,
    number: int,
    images: DrawableSet,
    chance: Chance,
    usable: Callable[[int], bool],
    used: set[int],
    shown: int,
    first: int,
) -> Iterator[PlannedTrial]:
    """The trials of a block, which is the one numbered ``shown`` of the session, from position ``first`` on."""
    chosen, practised = _draw_images(plan, number, images, chance, usable, used)
    used.update(chosen, practised)
    position = first
    for practice, indices in ((True, practised), (False, chosen)):
        kinds = _draw_kinds(plan, len(indices), chance)
        for index, kind in zip(indices, kinds, strict=True):
            label = images.labels[index]
            yield PlannedTrial(
                position=position,
                block=shown,
                dataset=plan.blocks[number].label,
                practice=practice,
                item=images.items[index],
                true_class=images.classes[label],
                suggestion=_suggestion(kind, label, images.classes, chance),
                interface=plan.blocks[number].interface,
            )
            position += 1


def _draw_pages(
    plan: Plan,
    number: int,
    images: DrawableSet,
    chance: Chance,
    usable: Callable[[int], bool],
    used: set[int],
    shown: int,
    first: int,
) -> Iterator[PlannedPage]:
    """The pages of a block, as :func:`_draw_trials`."""
    pages = draw_pages(plan, plan.blocks[number], images, chance, usable, used)
    for position, drawn in enumerate(pages, start=first):
        yield PlannedPage(
            position,
            shown,
            plan.blocks[number].label,
            drawn.practice,
            drawn.suggestion,
            drawn.odd_share,
            drawn.cells,
        )


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
    plan: Plan,
    number: int,
    images: DrawableSet,
    chance: Chance,
    usable: Callable[[int], bool],
    used: Collection[int],
) -> tuple[list[int], list[int]]:
    """Indices of the images that count and of those for practice, without overlap."""
    wanted = plan.blocks[number].images
    total = wanted + plan.trials.practice
    candidates = [index for index in chance.shuffled(range(len(images.items))) if index not in used]
    queues = _by_class(candidates, images, chance) if plan.trials.balanced_classes else [candidates]
    chosen = list(islice(_in_turn([filter(usable, queue) for queue in queues]), total))
    if len(chosen) < total:
        skipped = len(candidates) - len(chosen)
        broken = f" ({skipped} more cannot be read)" if skipped else ""
        elsewhere = " that no other block shows" if used else ""
        raise DrawError(
            f'The data set "{plan.blocks[number].label}" has {len(chosen)} usable images{elsewhere}{broken}, but '
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
