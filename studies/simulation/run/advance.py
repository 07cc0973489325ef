"""One round of a run: train, test, choose, ask. A function of the run and of what it knew before."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from model.datasets.base import UNKNOWN
from model.names import EVEN_STRATEGIES
from model.port import Port
from model.rounds.simulated_values import Picked
from model.tiers import PerTier, Tier, asked
from studies.estimates import Share
from studies.simulation.plan.budgets import PLANNERS, Evidence
from studies.simulation.plan.plan import AutoLabels, Kind, SeedCost
from studies.simulation.plan.runs import Run
from studies.simulation.run.finish_state import FinishState
from studies.simulation.run.folder import ask_folder, begin_folder
from studies.simulation.run.folder_state import AskedCounts, FolderState
from studies.simulation.run.state import FinishCounts, RoundCounts, RoundRow, State, answers, begin

if TYPE_CHECKING:
    from model.rounds.learner import PoolLabels
    from model.rounds.simulated import SimulatedPool, TestedRound

_ASKED = tuple(tier for tier in Tier if tier.asked)


def advance(run: Run, state: State | None, pool: SimulatedPool, port: Port) -> tuple[RoundRow, State | None]:
    """Do the next round of ``run``; ``state`` is ``None`` before its first, and after its last.

    The same run and state give the same round on a CPU with the same number of threads. Raises
    :class:`model.errors.UserError` for what cannot be learned or chosen.
    """
    from model.rounds.learner import labels_to_certify
    from model.rounds.simulated import train_and_test

    state = state or _seed_state(run, pool, port)
    choice = run.method.choice
    finish = state.folder.finish if state.folder is not None else None
    if finish is not None and finish.done:  # there is nothing to learn for
        row = _make_row(state, pool, None)
        return row, None if state.round == run.rounds else replace(
            state, round=state.round + 1, seconds={}, folder=_nothing_asked(state.folder)
        )
    least_audit = None
    if run.method.kind is Kind.FINISH and finish is not None and not finish.ended:
        least_audit = 1
    elif run.method.audited and state.round < run.rounds:
        least_audit = labels_to_certify(choice.strategies, choice.published, choice.max_error)
    learned = train_and_test(pool, _gather_labels(run, state), least_audit, _make_seed(run, state, 0), port)
    row = _make_row(state, pool, learned)
    if state.round == run.rounds:
        return row, None
    if run.method.kind.whole_folder:
        return row, ask_folder(run, state, pool, learned, _make_seed(run, state, 1), port)
    return row, _choose_and_ask(run, _drop_auto_labels(run, state), pool, learned, port)


def _gather_labels(run: Run, state: State) -> PoolLabels:
    """What the learner is told; nothing is held out, as the test part measures accuracy."""
    from model.rounds.learner import PoolLabels

    return PoolLabels(
        labels=state.labels.astype(np.int64),
        auto=state.auto,
        held_out=np.zeros_like(state.auto),
        random=state.sampled,
        order=state.asked,
        keep_auto=run.method.auto_labels is AutoLabels.KEPT,
    )


def _make_seed(run: Run, state: State, part: int) -> int:
    return int(np.random.SeedSequence([run.seed, 1 + state.round, part]).generate_state(1)[0])


def _seed_state(run: Run, pool: SimulatedPool, port: Port) -> State:
    if run.method.kind.whole_folder:
        return begin_folder(run, pool, port)
    state = begin(pool.labels, pool.classes, run.seed_labels, run.error_rate, run.seed)
    if run.cost is None or run.cost.times is None:
        return state
    paid = int(state.seeded.sum()) if run.seed_labels.cost is SeedCost.UNAIDED else 0
    return replace(state, drawn_cost=run.cost.draw(0, 0, paid, np.random.default_rng([run.seed, 0, 2])))


def _drop_auto_labels(run: Run, state: State) -> State:
    """The state as the next round is chosen with: without the program's labels, where they are renewed."""
    if run.method.auto_labels is AutoLabels.KEPT:
        return state
    labels = np.where(state.auto, UNKNOWN, state.labels).astype(np.int32)
    return replace(state, labels=labels, auto=np.zeros_like(state.auto))


def _nothing_asked(known: FolderState | None) -> FolderState:
    assert known is not None
    return replace(known, last=AskedCounts())


def _make_row(state: State, pool: SimulatedPool, learned: TestedRound | None) -> RoundRow:
    right = state.labels == pool.labels
    finish = state.folder.finish if state.folder is not None else None
    accuracy = learned.accuracy if learned is not None else finish.accuracy if finish is not None else 0.0
    return RoundRow(
        round=state.round,
        n_seed=int(state.seeded.sum()),
        n_human=int(((state.labels != UNKNOWN) & ~state.auto).sum()),
        n_auto=int(state.auto.sum()),
        n_auto_right=int((state.auto & right).sum()),
        counts=state.last,
        accuracy=accuracy,
        audit_accuracy=None if learned is None else learned.audit_accuracy,
        drawn_cost=state.drawn_cost,
        seconds={**state.seconds, **({} if learned is None else learned.seconds)},
        n_images=len(state.labels),
        n_wrong=int(((state.labels != UNKNOWN) & ~state.auto & ~right).sum()),
        asked=None if state.folder is None else state.folder.last,
        finish=None if finish is None else _count_finish(state, finish, pool, learned),
    )


def _count_finish(
    state: State, finish: FinishState, pool: SimulatedPool, learned: TestedRound | None
) -> FinishCounts:
    """Labels as they stand, and what would be wrong if the program labeled now all that has none."""
    labels = np.where(state.labels != UNKNOWN, state.labels, finish.program)
    open_ = labels == UNKNOWN
    if learned is not None and open_.any():
        predicted = learned.snapshot.probabilities.argmax(dim=1).cpu().numpy()
        labels = np.where(open_, predicted, labels)
    program = finish.program != UNKNOWN
    return FinishCounts(
        n_program=int(program.sum()),
        n_program_wrong=int((finish.program != pool.answers)[program].sum()),
        n_other=int((labels != pool.answers).sum()),
        n_untrue=int((labels != pool.labels).sum()),
        n_sampled=sum(len(draw.drawn) for draw in finish.draws),
        n_planted=finish.planted + finish.caught.planted,
        looks=finish.looks,
        ended=finish.ended,
    )


def _choose_and_ask(run: Run, state: State, pool: SimulatedPool, learned: TestedRound, port: Port) -> State:
    """Choose a round, ask the simulated annotator, and return what is known then."""
    from model.rounds.simulated import pick

    budgets = _choose_budgets(run, state)
    picked = pick(learned, run.method.choice, budgets, _make_seed(run, state, 1), port)
    chance = np.random.default_rng([run.seed, 1 + state.round, 2])
    place = _find_places(picked)
    queue = place >= 0
    truth = pool.labels[picked.items]
    answered = answers(truth, pool.classes, run.error_rate, chance)
    labels, auto = state.labels.copy(), state.auto.copy()
    labels[picked.items] = np.where(queue, answered, picked.suggestions)
    auto[picked.items[~queue]] = True
    sampled, when = state.sampled.copy(), state.asked.copy()
    sampled[picked.items[_find_random_picks(run, picked)]] = True
    when[picked.items[queue]] = (len(_ASKED) * state.round + 1 + place)[queue]
    counts = _count_right(picked, answered, truth)
    drawn = None
    if state.drawn_cost is not None and run.cost is not None:
        drawn = state.drawn_cost + run.cost.draw(*_count_by_kind(run, counts), chance)
    return replace(
        state,
        round=state.round + 1,
        labels=labels,
        auto=auto,
        sampled=sampled,
        asked=when,
        last=counts,
        suggestions=(*state.suggestions, asked(counts.right)),
        drawn_cost=drawn,
        seconds=dict(picked.seconds),
    )


def _find_places(picked: Picked) -> NDArray[np.int64]:
    """The place of each pick's tier among those that are asked about, which choose in this order; -1: of no such."""
    place = np.full(len(picked.items), -1, np.int64)
    for number, tier in enumerate(_ASKED):
        place[picked.of(tier)] = number
    return place


def _find_random_picks(run: Run, picked: Picked) -> NDArray[np.bool_]:
    """Which of the items a strategy drew evenly from all that were left."""
    choice = run.method.choice
    drawn = np.zeros(len(picked.items), bool)
    for tier in () if choice.published else Tier:
        if choice.strategies[tier] in EVEN_STRATEGIES:
            drawn |= picked.of(tier)
    return drawn


def _choose_budgets(run: Run, state: State) -> PerTier[int]:
    budgets = run.method.budgets
    if run.method.kind is Kind.PLANNED:
        return PLANNERS[run.method.planner](_gather_evidence(run, state))
    # Labels that are chosen anew may be as many as would have come together by now.
    grown = state.round + 1 if run.method.auto_labels is AutoLabels.RENEWED else 1
    return PerTier.of(lambda tier: budgets[tier] * (1 if tier.asked else grown))


def _gather_evidence(run: Run, state: State) -> Evidence:
    assert run.cost is not None  # planned runs have one
    labeled = int(((state.labels != UNKNOWN) & ~state.auto).sum())
    return Evidence(
        round=state.round + 1,
        budgets=run.method.budgets,
        verify=run.cost.verify,
        correct=run.cost.correct,
        unaided=run.cost.unaided,
        suggestions=state.by_tier,
        left=len(state.labels) - labeled,
    )


def _count_right(picked: Picked, answered: NDArray[np.int64], truth: NDArray[np.int64]) -> RoundCounts:
    """The suggestions that the annotator's answers kept; of the program's own labels, those that are true."""

    def share(tier: Tier) -> Share:
        of_tier = picked.of(tier)
        judge = answered if tier.asked else truth
        return Share(int((picked.suggestions == judge)[of_tier].sum()), int(of_tier.sum()))

    return RoundCounts(PerTier.of(share), " ".join(picked.notes.values()))


def _count_by_kind(run: Run, counts: RoundCounts) -> tuple[int, int, int]:
    """How many answers verified, corrected, and were given without a suggestion."""
    shares = asked(counts.right).values()
    total, kept = sum(share.total for share in shares), sum(share.right for share in shares)
    return (kept, total - kept, 0) if run.method.suggests else (0, 0, total)
