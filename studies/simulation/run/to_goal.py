"""A run toward a goal, as live rounds go: the sample, doubtful images, pages, looks, and the certificate in the end.

Rounds, pages, draws and looks are planned by the functions that live rounds call. An odd image is asked about by itself
right after its page. When the program has labeled what its certificate says, the person labels the rest one by one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from model.datasets.base import UNKNOWN
from model.port import Port
from model.rounds.live_values import Judged
from model.tiers import PerTier, Tier, asked
from studies.estimates import Share
from studies.labeling.facts.settings import Budgets, ProjectSettings
from studies.labeling.planning.finish_plan import FinishInputs, Rest, plan_rest
from studies.labeling.planning.finish_round import (
    cap_round,
    count_draws,
    count_planted,
    hold_pages,
    most_of_round,
)
from studies.labeling.planning.page_plan import AnsweredSuggestions, PageInputs, PagePlan, plan_pages
from studies.labeling.planning.planner import PlannerInput, propose
from studies.labeling.planning.tasks import draw_count, draw_evenly
from studies.pages.asking import Floats, without
from studies.pages.queue import PAGES_A_SINGLE
from studies.simulation.plan.runs import Run
from studies.simulation.run.annotator import Annotator
from studies.simulation.run.finish_state import FinishState, add_caught
from studies.simulation.run.state import State

if TYPE_CHECKING:
    from model.rounds.simulated import SimulatedPool, TestedRound

_PLANT_RATE = ProjectSettings.model_fields["plant_rate"].default
_AFTER_ROUNDS = 4  # of what is left for the person after the certificate, one is asked about with each model


@dataclass(frozen=True)
class _Round:
    """What a round is planned from."""

    run: Run
    state: State
    finish: FinishState
    learned: TestedRound
    plain: Floats  # (n, C) of the newest model
    rest: Rest
    pages: PagePlan | None
    chance: np.random.Generator

    @property
    def open(self) -> NDArray[np.bool_]:
        """(n,) without a label."""
        without: NDArray[np.bool_] = (self.state.labels == UNKNOWN) & (self.finish.program == UNKNOWN)
        return without


def ask_to_goal(
    run: Run, state: State, pool: SimulatedPool, learned: TestedRound, seed: int, port: Port
) -> State:
    """Plan a round, end by a certificate if one is worth it, ask the annotator, and return what is known then."""
    assert state.folder is not None
    assert state.folder.finish is not None
    plain = learned.snapshot.probabilities.cpu().numpy().astype(np.float64)
    finish = replace(state.folder.finish, accuracy=learned.accuracy)
    chance = np.random.default_rng([run.seed, 1 + state.round, 2])
    annotator = Annotator.of(run, state, pool, chance)
    rest, pages = _plan(run, state, finish, learned, annotator)
    if rest.look is not None:
        finish = replace(finish, looks=finish.looks + 1)
        if rest.offered:
            program = finish.program.copy()
            program[rest.look.certified.items] = rest.look.certified.classes
            finish = replace(finish, program=program, ended=True)
    known = _Round(run, state, finish, learned, plain, rest, pages, chance)
    last = state.round == run.rounds - 1
    if finish.ended or last:
        finish, right = _ask_rest(known, annotator, last)
    else:
        finish, right = _ask_round(known, annotator, seed, port)
    done = bool(((annotator.labels != UNKNOWN) | (finish.program != UNKNOWN)).all())
    sampled = state.sampled.copy()
    for draw in finish.draws:
        sampled[[item for _, item in draw.drawn]] = True
    after = annotator.conclude(state, right, replace(annotator.after(), finish=replace(finish, done=done)))
    return replace(after, sampled=sampled, suggestions=(*state.suggestions, asked(right)))


def _plan(
    run: Run, state: State, finish: FinishState, learned: TestedRound, annotator: Annotator
) -> tuple[Rest, PagePlan | None]:
    """What is left and which pages there are, by the newest model."""
    from model.rounds.selecting import list_likeliest

    assert state.folder is not None
    probabilities = learned.snapshot.probabilities.cpu()
    n, classes = probabilities.shape
    likeliest = list_likeliest(np.arange(n), probabilities, n)
    labeled = np.flatnonzero(state.labels != UNKNOWN)
    judged = None
    if learned.by_folds is not None:
        places = np.arange(len(labeled))
        judged = Judged(
            labeled,
            list_likeliest(places, probabilities[labeled], len(labeled)),
            likeliest,
            list_likeliest(np.arange(n), learned.by_folds.cpu(), n),
        )
    seen = -np.sort(-state.folder.seen.astype(np.float64), axis=1)[:, : likeliest.labels.shape[1]]
    answered = AnsweredSuggestions(seen, state.folder.seen_right)
    free = (state.labels == UNKNOWN) & (finish.program == UNKNOWN)
    inputs = FinishInputs(
        costs=annotator.costs,
        cells=run.method.page_size,
        pages=not finish.ended,
        class_ids=tuple(range(classes)),
        left=free,
        answered=answered,
        done_s=state.drawn_cost or 0.0,
        sample=None if finish.ended else finish.sample(state.labels, run.method.goal),
    )
    rest = plan_rest(likeliest, False, inputs, judged)
    if finish.ended:
        return rest, None
    rejected = np.argwhere(state.folder.rejected & free[:, None]).astype(np.int64)
    asking = PageInputs(annotator.costs, run.method.page_size, classes, free, rejected, answered)
    return rest, hold_pages(plan_pages(likeliest, False, asking), rest.plan)


def _ask_round(
    known: _Round, annotator: Annotator, seed: int, port: Port
) -> tuple[FinishState, PerTier[Share]]:
    """The sample, the images that strategies choose, catch trials, and pages."""
    from model.rounds.simulated import pick

    run, finish, pages = known.run, known.finish, known.pages
    assert pages is not None
    proposed = propose(Budgets(), _planner_input(known, annotator)).budgets
    budgets = cap_round(proposed, len(known.plain), known.rest.plan)
    picked = pick(known.learned, run.method.choice, budgets, seed, port)
    hard = np.array([list(Tier)[tier] is Tier.HARD for tier in picked.tiers], bool)
    queue = picked.items[~(hard & pages.likely[picked.items])]
    drawn = min(count_draws(known.rest.plan, len(queue)), int(known.open.sum()) - len(queue))
    queue = queue[: len(queue) - min(drawn, len(queue) // 2)]
    free = known.open.copy()
    free[queue] = False
    items = np.array(draw_evenly(free, drawn, f"sample {run.seed} {known.state.round}"), np.int64)
    suggested = known.rest.plan.suggested
    finish = finish.with_draw(free, items, suggested)
    for item in items:
        annotator.answer(int(item), known.plain[item], not suggested)
    planted = count_planted(known.rest.plan, draw_count(_PLANT_RATE * len(queue), known.chance))
    accepted = annotator.check_planted(planted)
    finish = replace(finish, planted=finish.planted + planted, accepted=finish.accepted + accepted)
    right = {tier: [0, 0] for tier in Tier if tier.asked}
    tiers = {int(item): list(Tier)[tier] for item, tier in zip(picked.items, picked.tiers, strict=True)}
    for item in queue:
        kept = annotator.answer(int(item), _suggested(known, annotator, item), False)
        right[tiers[int(item)]][0] += kept
        right[tiers[int(item)]][1] += 1
    most = min(PAGES_A_SINGLE * sum(asked(budgets).values()), most_of_round(len(known.plain)))
    finish = _ask_pages(known, annotator, finish, most, last=not len(queue) and not len(items))
    shares = {tier: Share(*counts) for tier, counts in right.items()}
    return finish, PerTier(shares, Share(0, 0))


def _ask_pages(
    known: _Round, annotator: Annotator, finish: FinishState, most: int, last: bool
) -> FinishState:
    """Pages of the plan, up to ``most`` images on them; ``last``: nothing else was asked, so none waits."""
    assert known.pages is not None
    asked_about = 0
    for page in known.pages.pages:
        items = np.array([item for item in page.items if annotator.labels[item] == UNKNOWN], np.int64)
        if asked_about + len(items) > most and asked_about:
            break
        if not len(items) or not (last or known.pages.is_good(page)):
            continue
        asked_about += len(items)
        marked = annotator.look_through(items, page.label, known.plain[items])
        planted = draw_count(_PLANT_RATE * len(items), known.chance)
        missed = annotator.look_for_planted(planted)
        finish = replace(
            finish,
            caught=add_caught(
                finish.caught, int(marked.sum()), len(items) - int(marked.sum()), planted, missed
            ),
        )
        for item in items[marked]:
            annotator.answer(int(item), _suggested(known, annotator, item), False)
    return _ask_any(known, annotator, finish, most) if last and not asked_about else finish


def _ask_any(known: _Round, annotator: Annotator, finish: FinishState, most: int) -> FinishState:
    """Where there is nothing else: images in an even order, by themselves."""
    left = np.flatnonzero(known.open & (annotator.labels == UNKNOWN))
    for item in known.chance.permutation(left)[: max(most, 1)]:
        annotator.answer(int(item), _suggested(known, annotator, item), False)
    return finish


def _ask_rest(known: _Round, annotator: Annotator, last: bool) -> tuple[FinishState, PerTier[Share]]:
    """What the program does not label, by themselves; a new model comes with each part of it."""
    left = np.flatnonzero(known.open)
    count = len(left) if last else max(most_of_round(len(known.plain)) // 2, -(-len(left) // _AFTER_ROUNDS))
    for item in known.chance.permutation(left)[:count]:
        annotator.answer(int(item), _suggested(known, annotator, item), False)
    return known.finish, PerTier({}, Share(0, 0))


def _suggested(known: _Round, annotator: Annotator, item: int) -> Floats:
    suggested: Floats = without(known.plain[[item]], annotator.rejected[[item]])[0]
    return suggested


def _planner_input(known: _Round, annotator: Annotator) -> PlannerInput:
    costs, pages = annotator.costs, known.pages
    return PlannerInput(
        rates=annotator.rates,
        suggestions=known.state.recent,
        left=int(known.open.sum()),
        round=known.state.round + 1,
        plant_rate=_PLANT_RATE,
        on_pages=0 if pages is None else pages.good_images,
        page_image_s=costs.pages.cell_s + costs.pages.page_s / known.run.method.page_size,
    )
