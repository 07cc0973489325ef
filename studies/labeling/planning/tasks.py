"""Which tasks a project makes: of the seed round, of a round with its catch trials, and to fill an empty queue."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from model.rounds.live_values import Chosen, Groups, LearnResult
from studies.labeling.facts.records import AutoLabel, Likely, Purpose, Task
from studies.labeling.facts.settings import ProjectSettings
from studies.pages.clusters import nearest_to_centres

SEED_CHUNK = 40
SEEDS_BEFORE_GIVEN = (
    5  # a model is there already: its suggestions come in seconds, before more held-out images
)
_MOST_HELD = 0.1  # of a pool that is held out to measure with
AUDIT_EVERY = 5  # of the seed round's images one is of the held-out sample
AUDIT_SHARE = 0.1  # of a round's queue, while the held-out sample lasts
AHEAD_CHUNK = 40
OF_THE_REST = (
    "random-uncertified"  # drawn evenly, but not from all without a label: no sample for a certificate
)
TOP = 5  # likeliest classes that a task of the random sample tells
LEAST_CONFIRMED = 10  # labels that must be there before there are catch trials


@dataclass(frozen=True)
class Pool:
    """What tasks are made from; masks have one entry an item."""

    free: NDArray[np.bool_]  # no label, no remark, not asked about yet, not held out
    audit: NDArray[np.bool_]  # held out, without label and remark, not asked about yet


def choose_held_out(items: int, settings: ProjectSettings, held: NDArray[np.bool_]) -> list[int]:
    """The items that make the held-out sample as large as the settings want it, a tenth of all at most.

    ``held``: (n,) those that are held out already. They stay so: labels that measured are never trained on.
    """
    lacking = min(settings.holdout, int(_MOST_HELD * items)) - int(held.sum())
    chance = random.Random(f"held out {settings.seed} {int(held.sum())}")
    return sorted(_draw(~held, lacking, chance))


def seed_tasks(
    pool: Pool, first_id: int, seed: int, count: int = SEED_CHUNK, draw: int | None = None
) -> tuple[Task, ...]:
    """The next random items without suggestions, which are ``draw``, and some of the held-out sample."""
    chance = random.Random(f"seed {seed} {first_id}")
    held = _draw(pool.audit, count // AUDIT_EVERY, chance)
    free = _draw(pool.free, count - len(held), chance)
    if not free:
        held = _draw(pool.audit, count, chance)
    chosen = [(item, Purpose.SEED) for item in free] + [(item, Purpose.AUDIT) for item in held]
    chance.shuffle(chosen)
    return tuple(
        Task(first_id + place, 0, item, purpose, draw=draw if purpose is Purpose.SEED else None)
        for place, (item, purpose) in enumerate(chosen)
    )


def typical_tasks(pool: Pool, groups: Groups, first_id: int) -> tuple[Task, ...]:
    """The image nearest to the centre of each group, those of the largest groups first: they show more classes than
    as many random ones.
    """
    sizes = np.bincount(groups.cluster)
    nearest = nearest_to_centres(groups.cluster, groups.distance)
    ordered = nearest[np.argsort(-sizes[groups.cluster[nearest]], kind="stable")]
    items = [int(item) for item in groups.items[ordered] if pool.free[item]]
    return tuple(
        Task(first_id + place, 0, item, Purpose.TYPICAL, strategy="k-means")
        for place, item in enumerate(items)
    )


def meanwhile_tasks(
    pool: Pool,
    first_id: int,
    seed: int,
    round_: int,
    model_id: int | None,
    predicted: NDArray[np.int32] | None,
    class_ids: Sequence[int],
    strategy: str = "random",
    count: int = AHEAD_CHUNK,
) -> tuple[Task, ...]:
    """What to ask when the queue and the last ranking are used up: the held-out sample, then anything at random.

    ``predicted`` is an index into ``class_ids`` for each item, -1 for none: the suggestion of a random item.
    ``strategy``: how the pool's free items are drawn; "random" where they are all that have no label.
    """
    chance = random.Random(f"meanwhile {seed} {first_id}")
    held = _draw(pool.audit, count, chance)
    if held:
        return tuple(Task(first_id + place, round_, item, Purpose.AUDIT) for place, item in enumerate(held))
    tasks = []
    for place, item in enumerate(_draw(pool.free, count, chance)):
        known = predicted is not None and item < len(predicted) and predicted[item] >= 0
        if known and predicted is not None:
            suggestion: int | None = class_ids[predicted[item]]
        else:
            suggestion = None
        tasks.append(
            Task(
                first_id + place,
                round_,
                item,
                Purpose.SEED if suggestion is None else Purpose.AHEAD,
                None,  # of no tier: a tier's accuracy is that of what its strategy chose
                strategy,
                suggestion,
                None,
                None if suggestion is None else model_id,
            )
        )
    return tuple(tasks)


@dataclass(frozen=True)
class Confirmed:
    """A labeled item that a catch trial may be placed on."""

    item: int
    class_id: int


def round_tasks(
    result: LearnResult,
    class_ids: Sequence[int],
    model_id: int,
    first_id: int,
    pool: Pool,
    confirmed: Sequence[Confirmed],
    catch_rate: float,
    sample: Sequence[int] = (),
    draw: int | None = None,
    suggested: bool = False,
    planted: int = 0,
) -> tuple[Task, ...]:
    """A round's queue, shuffled over tiers with the held-out sample and catch trials mixed in, then the spare ones.

    ``sample``: items that were drawn evenly, which are asked about as ``draw``, with a suggestion if ``suggested``;
    ``planted``: so many catch trials at least.

    Shuffling keeps the time of a tier from being confounded with fatigue.
    """
    chance = random.Random(f"round {result.seed} {result.round}")
    queue = [_make_task(chosen, class_ids, model_id, result.round, Purpose.QUEUE) for chosen in result.queue]
    drawn = [_draw_task(item, result, class_ids, model_id, draw, suggested) for item in sample]
    like = queue + [task for task in drawn if task.suggestion is not None]
    count = max(planted, draw_count(catch_rate * len(queue), chance)) if like else 0
    catch_trials = _place_catch_trials(like, confirmed, class_ids, result.confusable, count, chance)
    taken = {chosen.item for chosen in (*result.queue, *result.spare)}
    held = [item for item in _draw(pool.audit, round(AUDIT_SHARE * len(queue)), chance) if item not in taken]
    audit = [Task(0, result.round, item, Purpose.AUDIT) for item in held]
    mixed = [*queue, *catch_trials, *audit, *drawn]
    chance.shuffle(mixed)
    spare = [_make_task(chosen, class_ids, model_id, result.round, Purpose.AHEAD) for chosen in result.spare]
    return tuple(replace(task, task_id=first_id + place) for place, task in enumerate([*mixed, *spare]))


def draw_evenly(pool: NDArray[np.bool_], count: int, name: str) -> list[int]:
    """Up to ``count`` items of a mask, each as likely as any other; the same for the same ``name``."""
    return _draw(pool, count, random.Random(name))


def auto_labels(result: LearnResult, class_ids: Sequence[int]) -> tuple[AutoLabel, ...]:
    """The labels that the program gives in a round."""
    return tuple(AutoLabel(c.item, class_ids[c.label], c.score) for c in result.auto_labels)


def _make_task(
    chosen: Chosen, class_ids: Sequence[int], model_id: int, round_: int, purpose: Purpose
) -> Task:
    return Task(
        task_id=0,
        round=round_,
        item=chosen.item,
        purpose=purpose,
        tier=chosen.tier,
        strategy=chosen.strategy,
        suggestion=class_ids[chosen.label],
        score=chosen.score,
        model_id=model_id,
        top=tuple(Likely(class_ids[label], probability) for label, probability in chosen.top),
    )


def _draw_task(
    item: int,
    result: LearnResult,
    class_ids: Sequence[int],
    model_id: int,
    draw: int | None,
    suggested: bool,
) -> Task:
    """A task of the random sample; without a suggestion where the model has none."""
    task = Task(0, result.round, item, Purpose.SAMPLE, strategy="random", draw=draw)
    if not suggested or result.likeliest is None or result.likeliest.labels[item, 0] < 0:
        return task
    labels, probabilities = result.likeliest.labels[item], result.likeliest.probabilities[item]
    top = tuple(
        Likely(class_ids[label], float(probability))
        for label, probability in zip(labels[:TOP].tolist(), probabilities[:TOP], strict=True)
        if label >= 0
    )
    return replace(task, suggestion=top[0].class_id, model_id=model_id, top=top)


def draw_count(mean: float, chance: random.Random | np.random.Generator) -> int:
    """A whole number next to ``mean``, which is ``mean`` on average."""
    return int(mean) + (chance.random() < mean - int(mean))


def _place_catch_trials(
    queue: Sequence[Task],
    confirmed: Sequence[Confirmed],
    class_ids: Sequence[int],
    confusable: Sequence[Sequence[int]],
    count: int,
    chance: random.Random,
) -> list[Task]:
    """Wrong suggestions on confirmed items; each looks like one of the queue, so that nothing gives it away."""
    if len(confirmed) < LEAST_CONFIRMED or len(class_ids) < 2 or not queue:
        return []
    place_of = {class_id: place for place, class_id in enumerate(class_ids)}
    trials = []
    for item in chance.sample(list(confirmed), min(count, len(confirmed))):
        like = chance.choice(list(queue))
        wrong = _choose_wrong_class(item.class_id, class_ids, confusable, place_of, chance)
        top = tuple(likely for likely in like.top if likely.class_id != wrong)
        trials.append(
            replace(
                like,
                item=item.item,
                purpose=Purpose.CATCH,
                suggestion=wrong,
                top=((Likely(wrong, like.top[0].probability),) if like.top else ()) + top,
            )
        )
    return trials


def _choose_wrong_class(
    right: int,
    class_ids: Sequence[int],
    confusable: Sequence[Sequence[int]],
    place_of: Mapping[int, int],
    chance: random.Random,
) -> int:
    """A class that the item's class is confused with, if known: what is plainly wrong would be noticed at once."""
    place = place_of.get(right)
    near = [class_ids[p] for p in confusable[place]] if place is not None and place < len(confusable) else []
    others = [class_id for class_id in near if class_id != right]
    return chance.choice(others or [class_id for class_id in class_ids if class_id != right])


def _draw(mask: NDArray[np.bool_], count: int, chance: random.Random) -> list[int]:
    """Up to ``count`` items of a mask at random; of a large pool without listing it."""
    size = len(mask)
    if count <= 0 or size == 0:
        return []
    found: dict[int, None] = {}
    for _ in range(20 * count):  # cheap while many are free
        item = chance.randrange(size)
        if mask[item]:
            found[item] = None
            if len(found) == count:
                return list(found)
    left = np.flatnonzero(mask)
    return chance.sample([int(item) for item in left], min(count, len(left)))
