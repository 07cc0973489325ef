"""A run over a whole folder: one by one, on pages, or clusters first, until every image has a label of the annotator.

What is left is shared evenly between the rounds that are left; the last takes all. On pages the first rounds also ask
about images of the method's hard tier, one by one where that is cheaper: a share of a round that falls from 1 to 0
while the first ``lead`` images after the first labels are labeled. The rest of a round is as
:func:`studies.pages.queue.make_folder_queue` plans it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from model.datasets.base import UNKNOWN
from model.port import Port
from model.tiers import PerTier, Tier
from studies.estimates import Share
from studies.pages.asking import Floats, without
from studies.pages.calibration import at_temperature, fit_temperature
from studies.pages.clusters import CLUSTERS_PER_CLASS, make_cluster_pages, nearest_to_centres
from studies.pages.queue import PlannedQueue, make_folder_queue
from studies.simulation.plan.plan import Kind, SeedCost
from studies.simulation.plan.runs import Run
from studies.simulation.run.annotator import Annotator
from studies.simulation.run.certified_rounds import ask_certified
from studies.simulation.run.finish_state import FinishState
from studies.simulation.run.folder_state import FolderState
from studies.simulation.run.look_again import look_again
from studies.simulation.run.state import State, answers, begin
from studies.simulation.run.to_goal import ask_to_goal

if TYPE_CHECKING:
    from model.rounds.simulated import SimulatedPool, TestedRound

_NOTHING = PerTier({}, Share(0, 0))


def ask_folder(
    run: Run, state: State, pool: SimulatedPool, learned: TestedRound, seed: int, port: Port
) -> State:
    """Plan the round's queue as live rounds do, ask the simulated annotator, and return what is known then."""
    assert state.folder is not None
    if run.method.kind is Kind.FINISH:
        return ask_to_goal(run, state, pool, learned, seed, port)
    if run.method.kind is Kind.CERTIFIED:
        return ask_certified(run, state, pool, learned, seed, port)
    last = state.round == run.rounds - 1
    open_items = np.flatnonzero(state.labels == UNKNOWN)
    temperature = fit_temperature(state.folder.seen.astype(np.float64), state.folder.seen_right)
    chance = np.random.default_rng([run.seed, 1 + state.round, 2])
    annotator = Annotator.of(run, state, pool, chance)
    if len(open_items):
        plain = learned.snapshot.probabilities.cpu().numpy().astype(np.float64)
        most = len(open_items) if last else -(-len(open_items) // (run.rounds - state.round))
        suggested = without(plain[open_items], state.folder.rejected[open_items])
        chosen = (
            open_items[:0]
            if run.method.kind is Kind.NO_HELP
            else _choose(run, state, learned, most, seed, port)
        )
        order = chance.permutation(len(open_items))
        if run.method.kind is Kind.NO_HELP:
            every = tuple(order.tolist())
            queue = PlannedQueue((), every, frozenset(every))
        elif run.method.kind is Kind.ONE_BY_ONE:
            queue = PlannedQueue((), tuple(np.searchsorted(open_items, chosen).tolist()), frozenset())
        else:
            queue = make_folder_queue(
                at_temperature(suggested, temperature),
                annotator.costs,
                run.method.page_size,
                most,
                np.searchsorted(open_items, chosen),
                order,
            )
        for page in queue.pages:
            items = open_items[list(page.items)]
            annotator.look_through(items, page.label, suggested[list(page.items)])
        for item in queue.singles:
            annotator.answer(int(open_items[item]), suggested[item], item in queue.unaided)
        if last:
            _finish(annotator, plain)
    if last and run.method.second_look:
        look_again(annotator, pool, temperature, run.method.page_size, seed, port)
    known = annotator.after()
    if known.finish is not None:
        all_labeled = bool((annotator.labels != UNKNOWN).all())
        known = replace(known, finish=replace(known.finish, done=all_labeled, accuracy=learned.accuracy))
    right = Share(annotator.counts.verified, annotator.counts.singles - annotator.counts.unaided)
    return annotator.conclude(state, PerTier({Tier.HARD: right}, Share(0, 0)), known)


def begin_folder(run: Run, pool: SimulatedPool, port: Port) -> State:
    """The state before the first training: first labels, and what clusters first makes of the others."""
    from model.rounds.simulated import cluster_pool

    assert run.cost is not None  # runs of whole folders have one
    state, drawn = _take_first(run, pool, port)
    paid = state.seeded.sum() if run.seed_labels.cost is SeedCost.UNAIDED else 0
    state = replace(
        state,
        folder=replace(FolderState.begin(len(state.labels), pool.classes), finish=_first_draw(state, drawn)),
        drawn_cost=float(paid * run.cost.unaided),
    )
    if run.method.kind is not Kind.CLUSTERS:
        return state
    annotator = Annotator.of(run, state, pool, np.random.default_rng([run.seed, 0, 3]))
    clusters, distance = cluster_pool(pool, CLUSTERS_PER_CLASS * pool.classes, run.seed, port)
    for page in make_cluster_pages(clusters, distance, run.method.page_size):
        annotator.name_page(
            np.array([item for item in page.items if state.labels[item] == UNKNOWN], np.int64)
        )
    return replace(
        state,
        labels=annotator.labels,
        seeded=annotator.labels != UNKNOWN,
        folder=annotator.after(),
        drawn_cost=(state.drawn_cost or 0.0) + annotator.counts.seconds,
    )


def _first_draw(state: State, drawn: NDArray[np.int64]) -> FinishState:
    """The first of the random sample: the random part of the first labels."""
    everything = np.ones(len(state.labels), bool)
    return FinishState.begin(len(state.labels)).with_draw(everything, drawn)


def _take_first(run: Run, pool: SimulatedPool, port: Port) -> tuple[State, NDArray[np.int64]]:
    """First labels: a random part, and the images nearest to the centres of as many clusters as the rest is.

    Returns the items of the random part too, where it is one of all images.
    """
    from model.rounds.simulated import cluster_pool

    seeds, nearest = run.seed_labels, run.method.nearest
    centres = round(nearest * seeds.total) if seeds.total else 0
    drawn = seeds.model_copy(update={"total": seeds.total - centres}) if seeds.total and centres else seeds
    state = begin(pool.answers, pool.classes, drawn, run.error_rate, run.seed)
    random = np.flatnonzero(state.seeded) if seeds.total else np.zeros(0, np.int64)
    if not centres:
        return state, random
    found = nearest_to_centres(*cluster_pool(pool, centres, run.seed, port))
    chance = np.random.default_rng([run.seed, 0, 4])
    more = found[state.labels[found] == UNKNOWN]
    labels = state.labels.copy()
    labels[more] = answers(pool.answers[more], pool.classes, run.error_rate, chance)
    return replace(state, labels=labels, seeded=labels != UNKNOWN), random


def _choose(
    run: Run, state: State, learned: TestedRound, most: int, seed: int, port: Port
) -> NDArray[np.int64]:
    """The items that the method's strategy chooses for a round."""
    from model.rounds.simulated import pick

    share = 1.0
    if run.method.kind is not Kind.ONE_BY_ONE:
        labeled = int((state.labels != UNKNOWN).sum() - state.seeded.sum())
        share = max(0.0, 1.0 - labeled / run.method.lead) if run.method.lead else 0.0
    budgets = PerTier({Tier.HARD: round(share * most)}, 0)
    return pick(learned, run.method.choice, budgets, seed, port).items


def _finish(annotator: Annotator, probabilities: Floats) -> None:
    """Ask by themselves about the images that the last pages left open."""
    for item in np.flatnonzero(annotator.labels == UNKNOWN):
        suggested = without(probabilities[[item]], annotator.rejected[[item]])[0]
        annotator.answer(int(item), suggested, False)
