"""A run as live rounds went before there was a certificate of the folder: singles, and the program's own labels.

Each round asks about images by themselves, as many as minutes pay for. The program labels what it can certify with a
bound among its own labels, anew each round; a person is not asked about those. The run ends when all have a label.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from model.datasets.base import UNKNOWN
from model.names import EVEN_STRATEGIES
from model.port import Port
from model.tiers import PerTier, Tier, asked
from studies.estimates import Share
from studies.labeling.facts.settings import Budgets
from studies.labeling.planning.planner import PlannerInput, propose
from studies.simulation.plan.runs import Run
from studies.simulation.run.annotator import Annotator
from studies.simulation.run.state import State

if TYPE_CHECKING:
    from model.rounds.simulated import SimulatedPool, TestedRound


def ask_certified(
    run: Run, state: State, pool: SimulatedPool, learned: TestedRound, seed: int, port: Port
) -> State:
    """Let the program label what it certifies, ask about others, and return what is known then."""
    from model.rounds.simulated import pick

    assert state.folder is not None
    assert state.folder.finish is not None
    chance = np.random.default_rng([run.seed, 1 + state.round, 2])
    annotator = Annotator.of(run, state, pool, chance)
    plain = learned.snapshot.probabilities.cpu().numpy().astype(np.float64)
    left = np.flatnonzero(state.labels == UNKNOWN)
    by_program = pick(learned, run.method.choice, PerTier({Tier.EASY: len(left)}, 0), seed, port)
    program = np.full(len(state.labels), UNKNOWN, np.int32)
    program[by_program.items] = by_program.suggestions
    open_ = (state.labels == UNKNOWN) & (program == UNKNOWN)
    right = {tier: [0, 0] for tier in Tier if tier.asked}
    sampled = state.sampled.copy()
    last = state.round == run.rounds - 1
    if last:
        for item in np.flatnonzero(open_):
            annotator.answer(int(item), plain[item], False)
    elif open_.any():
        known = PlannerInput(
            rates=annotator.rates, suggestions=state.recent, left=int(open_.sum()), round=state.round + 1
        )
        budgets = propose(Budgets(), known).budgets
        # Draws are even from all without a label, the program's own too: otherwise nothing could be certified by them.
        chosen = pick(learned, run.method.choice, PerTier(asked(budgets), 0), seed, port)
        for item, number in zip(chosen.items, chosen.tiers, strict=True):
            tier = list(Tier)[number]
            even = run.method.choice.strategies[tier] in EVEN_STRATEGIES
            if not even and not open_[item]:
                continue
            kept = annotator.answer(int(item), plain[item], False)
            right[tier][0] += kept
            right[tier][1] += 1
            sampled[item] |= even
    labeled = annotator.labels != UNKNOWN
    program[labeled] = UNKNOWN
    done = bool((labeled | (program != UNKNOWN)).all())
    shares = PerTier({tier: Share(*counts) for tier, counts in right.items()}, Share(0, 0))
    finish = replace(
        state.folder.finish,
        program=program,
        done=done,
        accuracy=learned.accuracy,
        ended=done and bool((program != UNKNOWN).any()),
    )
    after = annotator.conclude(state, shares, replace(annotator.after(), finish=finish))
    return replace(after, sampled=sampled, suggestions=(*state.suggestions, asked(shares)))
