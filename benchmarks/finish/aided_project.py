"""One simulated project whose draws may come with suggestions, planned by the functions of live rounds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from benchmarks.finish.layer import fit_layer, out_of_fold
from benchmarks.finish.sets import Set
from model.rounds.live_values import Judged, Likeliest
from model.tiers import PerTier, Tier, asked
from studies.finish.exact import Floats
from studies.finish.folder_rule import count_allowed
from studies.labeling.facts.settings import ProjectSettings
from studies.labeling.planning.finish_plan import FinishInputs, Rest, plan_rest
from studies.labeling.planning.finish_round import cap_round, count_draws, count_planted, most_of_round
from studies.labeling.planning.page_plan import AnsweredSuggestions
from studies.labeling.planning.tasks import draw_count, draw_evenly
from studies.pages.asking import USUAL_COSTS
from studies.simulation.run.finish_state import FinishState, add_caught

Ints = NDArray[np.int64]
_CELLS, _LIKELIEST = 24, 6
_COSTS = USUAL_COSTS
_PLANT_RATE = ProjectSettings.model_fields["plant_rate"].default
_ALL_ACCEPTED = 60  # planted, of a person to whom no draws come with suggestions
_UNANSWERED = AnsweredSuggestions(np.empty((0, 1)), np.empty(0, np.bool_))


class Draws(Enum):
    """How the random sample is asked about."""

    CHEAPER = "with or without suggestions, as is cheaper"
    UNAIDED = "without suggestions"


@dataclass(frozen=True)
class Person:
    """Who labels: shares of wrong suggestions that are accepted."""

    overlooks: float  # of the model's own, shown by themselves
    planted: float  # of those planted
    misses: float  # of odd ones, and of catch cells, on pages


@dataclass(frozen=True)
class Ended:
    """How a project ended."""

    items: int
    allowed: int  # of the folder
    given: bool  # a certificate that let the program label something
    suggested: bool  # some of its sample was labeled with suggestions
    by_program: int
    program_wrong: int
    paged_wrong: int  # missed on pages
    sample_wrong: int  # wrong suggestions that were accepted in the sample
    single_wrong: int  # the same, of all images that were asked about by themselves
    seconds: float  # of the person, to the end
    planted: int

    @property
    def broken(self) -> bool:
        """Whether more are wrong than was promised: of the program's labels and of those on pages."""
        return self.given and self.program_wrong + self.paged_wrong > self.allowed

    @property
    def broken_with_sample(self) -> bool:
        """The same, if what was accepted in the sample counted too."""
        return self.given and self.program_wrong + self.paged_wrong + self.sample_wrong > self.allowed

    @property
    def broken_with_all(self) -> bool:
        """The same, if all wrong suggestions that were accepted counted."""
        return self.given and self.program_wrong + self.paged_wrong + self.single_wrong > self.allowed


@dataclass
class _State:
    images: Set
    person: Person
    chance: np.random.Generator
    labels: NDArray[np.int32]  # (n,), -1 without
    finish: FinishState
    paged: NDArray[np.bool_]  # (n,) labeled on a page
    seconds: float = 0.0

    @property
    def free(self) -> NDArray[np.bool_]:
        without: NDArray[np.bool_] = self.labels < 0
        return without

    def ask(self, items: Ints, probabilities: Floats) -> None:
        """By themselves, with a suggestion; ``probabilities`` (n, C)."""
        for item in items.tolist():
            row, given = probabilities[item], int(self.images.labels[item])
            if row.argmax() != given and self.chance.random() < self.person.overlooks:
                given = int(row.argmax())
            self.seconds += min(_COSTS.of_rank(int((row > row[given]).sum())), _COSTS.unaided)
            self.labels[item] = given

    def ask_unaided(self, items: Ints) -> None:
        self.labels[items] = self.images.labels[items]
        self.seconds += _COSTS.unaided * len(items)

    def plant(self, count: int) -> None:
        """Wrong suggestions by themselves."""
        accepted = int((self.chance.random(count) < self.person.planted).sum())
        self.seconds += accepted * _COSTS.verify + (count - accepted) * _COSTS.of_rank(1)
        finish = self.finish
        self.finish = replace(finish, planted=finish.planted + count, accepted=finish.accepted + accepted)

    def look_through(self, items: Ints, probabilities: Floats) -> None:
        """A page of ``items``: what is missed keeps its label, what is marked is asked about by itself."""
        predicted = probabilities[items].argmax(axis=1)
        odd = predicted != self.images.labels[items]
        found = odd & (self.chance.random(len(items)) >= self.person.misses)
        planted = draw_count(_PLANT_RATE * len(items), self.chance)
        missed = int((self.chance.random(planted) < self.person.misses).sum())
        marks = int(found.sum())
        self.seconds += _COSTS.pages.of_page(len(items) + planted, marks + planted - missed)
        self.labels[items[~found]] = predicted[~found]
        self.paged[items[~found]] = True
        caught = add_caught(self.finish.caught, marks, len(items) - marks, planted, missed)
        self.finish = replace(self.finish, caught=caught)
        again = probabilities.copy()
        again[items[found], predicted[found]] = 0.0
        self.ask(items[found], again)


def run_aided(images: Set, share: float, person: Person, drift: float, draws: Draws, seed: int) -> Ended:
    """Label until a certificate is taken or nothing is left."""
    n = len(images.labels)
    state = _State(
        images,
        person,
        np.random.default_rng(seed),
        np.full(n, -1, np.int32),
        FinishState.begin(n),
        np.zeros(n, np.bool_),
    )
    _draw(state, max(40, 2 * images.classes), None, f"{seed} first")
    round_ = 0
    while state.free.any():
        round_ += 1
        model, judged = _learn(state, drift)
        rest = _plan(state, judged, share, draws)
        if rest.look is not None:
            state.finish = replace(state.finish, looks=state.finish.looks + 1)
        if rest.look is not None and rest.offered:
            program = np.zeros(n, np.bool_)
            program[rest.look.certified.items] = True
            state.labels[rest.look.certified.items] = rest.look.certified.classes
            state.ask(np.flatnonzero(state.free), model)
            return _end(state, share, program)
        _ask_round(state, rest, model, f"{seed} {round_}")
    return _end(state, share, np.zeros(n, np.bool_))


def _learn(state: _State, drift: float) -> tuple[Floats, Judged]:
    """A layer's probabilities (n, C), and what layers of folds say of the labels."""
    images, chance = state.images, state.chance
    known = np.flatnonzero(~state.free)
    labels = state.labels[known].astype(np.int64)
    noise = drift * chance.normal(size=(images.features.shape[1], images.classes))
    model = fit_layer(images.features[known], labels, images.classes, noise).probabilities(images.features)
    left = np.flatnonzero(state.free)
    judged, others = out_of_fold(
        images.features[known], labels, images.features[left], images.classes, drift, chance
    )
    by_folds = np.zeros_like(model)
    by_folds[known], by_folds[left] = judged, others
    return model, Judged(known, _likeliest(judged), _likeliest(model), _likeliest(by_folds))


def _likeliest(probabilities: Floats) -> Likeliest:
    order = np.argsort(-probabilities, axis=1, kind="stable")[:, :_LIKELIEST]
    values = np.take_along_axis(probabilities, order, axis=1)
    return Likeliest(order.astype(np.int32), values.astype(np.float32))


def _plan(state: _State, judged: Judged, share: float, draws: Draws) -> Rest:
    sample = state.finish.sample(state.labels, share)
    if draws is Draws.UNAIDED:
        sample = replace(sample, planted=_ALL_ACCEPTED, accepted=_ALL_ACCEPTED)
    inputs = FinishInputs(
        costs=_COSTS,
        cells=_CELLS,
        pages=True,
        class_ids=tuple(range(state.images.classes)),
        left=state.free,
        answered=_UNANSWERED,
        done_s=state.seconds,
        sample=sample,
    )
    return plan_rest(judged.model, False, inputs, judged)


def _ask_round(state: _State, rest: Rest, model: Floats, name: str) -> None:
    """Hard images, the sample and planted ones; pages of the surest where no certificate is planned."""
    n, plan = len(state.labels), rest.plan
    size = sum(asked(cap_round(PerTier({Tier.HARD: most_of_round(n)}, 0), n, plan)).values())
    left = np.flatnonzero(state.free)
    sure = model[left].max(axis=1)
    drawn = min(count_draws(plan, min(size, len(left))), max(0, len(left) - size))
    queue = left[np.argsort(sure, kind="stable")][: size - min(drawn, size // 2)]
    if not plan.by_program:
        queue = queue[: size // 2]
    free = state.free
    free[queue] = False
    _draw(state, drawn, model if plan.suggested else None, name, free)
    state.ask(queue, model)
    state.plant(count_planted(plan, draw_count(_PLANT_RATE * len(queue), state.chance)))
    if not plan.by_program:
        left = np.flatnonzero(state.free)
        surest = left[np.argsort(-model[left].max(axis=1), kind="stable")][:size]
        for start in range(0, len(surest), _CELLS):
            state.look_through(surest[start : start + _CELLS], model)


def _draw(
    state: _State, count: int, model: Floats | None, name: str, free: NDArray[np.bool_] | None = None
) -> None:
    pool = state.free if free is None else free
    items = np.array(draw_evenly(pool, count, name), np.int64)
    state.finish = state.finish.with_draw(pool, items, model is not None)
    if model is None:
        state.ask_unaided(items)
    else:
        state.ask(items, model)


def _end(state: _State, share: float, program: NDArray[np.bool_]) -> Ended:
    wrong = state.labels != state.images.labels
    sample = np.zeros(len(wrong), np.bool_)
    for draw in state.finish.draws:
        sample[[item for _, item in draw.drawn]] = True
    return Ended(
        items=len(wrong),
        allowed=count_allowed(len(wrong), share),
        given=bool(program.any()),
        suggested=any(draw.suggested for draw in state.finish.draws),
        by_program=int(program.sum()),
        program_wrong=int((wrong & program).sum()),
        paged_wrong=int((wrong & state.paged).sum()),
        sample_wrong=int((wrong & sample).sum()),
        single_wrong=int((wrong & ~program & ~state.paged).sum()),
        seconds=state.seconds,
        planted=state.finish.planted,
    )
