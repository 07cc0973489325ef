"""One simulated project from the first label to the end: rounds, pages with misses, looks at the sample, the rest."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from benchmarks.finish.layer import fit_layer, out_of_fold
from benchmarks.finish.sets import Set
from studies.estimates import Interval
from studies.finish.effort import (
    DrawPrice,
    FinishPlan,
    Left,
    estimate_rest,
    plan_finish,
    seconds_by_person,
)
from studies.finish.exact import Draw, Floats
from studies.finish.folder_rule import Certificate, Sample, count_allowed
from studies.finish.looks import Looks
from studies.finish.misses import Caught
from studies.finish.promise import split, take_look
from studies.finish.score import margins, score_by_folds
from studies.pages.asking import USUAL_COSTS
from studies.pages.calibration import at_temperature, fit_temperature

Ints = NDArray[np.int64]
_CELLS, _CATCHES, _RECENT = 24, 2, 200
_COSTS = USUAL_COSTS
_WORTH = 1.5  # a certificate is taken that leaves so many times the seconds that were planned at most


class Others(Enum):
    """How the items of a round are chosen that are not of the random sample."""

    RANDOM = "random"
    HARD = "hard first"
    SURE = "sure first, on pages"


@dataclass(frozen=True)
class Kind:
    """What kind of project it is."""

    share: float  # of the folder that may be wrong
    others: Others
    miss: float  # on pages
    drift: float  # of the models, from training to training
    spends: float = 0.5  # see Looks


@dataclass(frozen=True)
class Told:
    """What was said of the rest at one moment, and what had been spent by then."""

    done_s: float
    rest: Interval
    plan_s: float


@dataclass(frozen=True)
class Outcome:
    """How a project ended."""

    items: int
    given: bool  # a certificate that let the program label something
    by_program: int
    wrong: int  # labels in the end, the person's and the program's
    allowed: int  # of the folder
    seconds: float  # of the person, to the end
    all_by_person_s: float  # if the person had labeled what the program did, too
    looks: int
    told: tuple[Told, ...]


@dataclass
class _State:
    images: Set
    kind: Kind
    chance: np.random.Generator
    labels: Ints  # (n,), -1 without
    seconds: float = 0.0
    sampled: list[int] = field(default_factory=list)
    draws: list[Draw] = field(default_factory=list)
    caught: Caught = field(default_factory=lambda: Caught(0, 0, 0, 0))

    @property
    def left(self) -> Ints:
        return np.flatnonzero(self.labels < 0)

    def draw(self, count: int) -> None:
        left = self.left
        items = self.chance.choice(left, min(count, len(left)), replace=False)
        self.draws.append(Draw(len(left), len(items)))
        self.sampled += items.tolist()
        self.labels[items] = self.images.labels[items]
        self.seconds += _COSTS.unaided * len(items)

    def ask(self, items: Ints, probabilities: Floats) -> None:
        """By themselves, with a suggestion: the person is right."""
        self.seconds += _true_seconds(probabilities, self.images.labels[items])
        self.labels[items] = self.images.labels[items]

    def ask_page(self, items: Ints, probabilities: Floats) -> None:
        """On one page: what is missed keeps a wrong label, what is marked is asked about by itself."""
        predicted = probabilities.argmax(axis=1)
        odd = predicted != self.images.labels[items]
        missed = odd & (self.chance.random(len(items)) < self.kind.miss)
        planted_missed = int((self.chance.random(_CATCHES) < self.kind.miss).sum())
        marks = int((odd & ~missed).sum()) + _CATCHES - planted_missed
        self.seconds += _COSTS.pages.of_page(len(items) + _CATCHES, marks)
        self.labels[items] = np.where(missed, predicted, self.images.labels[items])
        found = odd & ~missed
        again = probabilities[found].copy()
        again[np.arange(len(again)), predicted[found]] = 0.0
        self.seconds += _true_seconds(again, self.images.labels[items[found]])
        c = self.caught
        self.caught = Caught(
            c.found + int(found.sum()),
            c.confirmed + len(items) - int(found.sum()),
            c.planted + _CATCHES,
            c.missed + planted_missed,
        )


@dataclass(frozen=True)
class _Learned:
    """What a round's model says of the items left and of the sample."""

    left: Ints
    view: Left
    sample: Sample


def run_project(images: Set, kind: Kind, seed: int) -> Outcome:
    """Label until a certificate is taken or nothing is left."""
    state = _State(images, kind, np.random.default_rng(seed), np.full(len(images.labels), -1, np.int64))
    size = max(40, len(images.labels) // 8)
    state.draw(max(40, 2 * images.classes))
    looks, told = Looks(spends=kind.spends), []
    while len(state.left):
        learned = _learn(state)
        plan = _plan(state, learned, looks)
        told.append(Told(state.seconds, estimate_rest(plan, state.seconds), plan.seconds))
        if plan.ready and plan.by_program and looks.next_chance > 0:
            promise = take_look(learned.sample, len(state.labels), kind.share, looks, [state.caught])
            certificate, looks = promise.certificate, promise.looks
            if _worth_taking(certificate, learned, plan):
                return _finish(state, learned, certificate, looks, told)
            plan = _plan(state, learned, looks)
        _ask_round(state, learned, plan, size)
    return _outcome(state, 0, 0, 0.0, looks, told)


def _learn(state: _State) -> _Learned:
    images, kind = state.images, state.kind
    known, left = np.flatnonzero(state.labels >= 0), state.left
    labels = state.labels[known]
    noise = kind.drift * state.chance.normal(size=(images.features.shape[1], images.classes))
    layer = fit_layer(images.features[known], labels, images.classes, noise)
    judged, by_folds = out_of_fold(
        images.features[known], labels, images.features[left], images.classes, kind.drift, state.chance
    )
    recent = state.chance.permutation(len(known))[:_RECENT]
    temperature = fit_temperature(judged[recent], judged[recent].argmax(axis=1) == labels[recent])
    judged, by_folds = at_temperature(judged, temperature), at_temperature(by_folds, temperature)
    ahead = at_temperature(layer.probabilities(images.features[left]), temperature)
    rows = np.searchsorted(known, np.array(state.sampled))
    wrong = judged.argmax(axis=1) != labels
    seconds = seconds_by_person(ahead, _COSTS, _CELLS, pages=False)
    return _Learned(
        left,
        Left(ahead, score_by_folds(by_folds, by_folds.argmax(axis=1), ahead.argmax(axis=1)), seconds),
        Sample(tuple(state.draws), margins(judged[rows]), wrong[rows]),
    )


def _plan(state: _State, learned: _Learned, looks: Looks) -> FinishPlan:
    all_s = float(learned.view.seconds.sum())
    if looks.next_chance <= 0:
        return FinishPlan(0, len(learned.left), 0, all_s, 0.0, all_s)
    parts = split(looks.next_chance, [state.caught])
    allowed = count_allowed(len(state.labels), state.kind.share, parts.elsewhere)
    return plan_finish(learned.view, state.draws, allowed, parts.rule, DrawPrice(_COSTS.unaided))


def _worth_taking(certificate: Certificate, learned: _Learned, plan: FinishPlan) -> bool:
    rest = learned.view.seconds[~certificate.select(learned.view.score)].sum()
    return certificate.given and rest <= _WORTH * plan.seconds + 60


def _ask_round(state: _State, learned: _Learned, plan: FinishPlan, size: int) -> None:
    """A round: half of it for the sample, less where the plan wants less; the others as the project's kind says."""
    drawn = min(plan.draws, size // 2)
    others = max(drawn, 20) if drawn else size
    sure = learned.view.probabilities.max(axis=1)
    order = {
        Others.RANDOM: state.chance.permutation(len(sure)),
        Others.HARD: np.argsort(sure, kind="stable"),
        Others.SURE: np.argsort(-sure, kind="stable"),
    }[state.kind.others][:others]
    if state.kind.others is Others.SURE:
        for start in range(0, len(order), _CELLS):
            cells = order[start : start + _CELLS]
            state.ask_page(learned.left[cells], learned.view.probabilities[cells])
    else:
        state.ask(learned.left[order], learned.view.probabilities[order])
    if drawn and len(state.left):
        state.draw(drawn)


def _finish(
    state: _State, learned: _Learned, certificate: Certificate, looks: Looks, told: list[Told]
) -> Outcome:
    by_program = certificate.select(learned.view.score)
    predicted = learned.view.probabilities.argmax(axis=1)
    true = state.images.labels[learned.left]
    state.ask(learned.left[~by_program], learned.view.probabilities[~by_program])
    state.labels[learned.left[by_program]] = predicted[by_program]
    spared = learned.view.probabilities[by_program], true[by_program]
    cheapest = min(_true_seconds(*spared), float(seconds_by_person(spared[0], _COSTS, _CELLS).sum()))
    return _outcome(state, int(by_program.sum()), 1, cheapest, looks, told)


def _outcome(
    state: _State, by_program: int, given: int, spared_s: float, looks: Looks, told: list[Told]
) -> Outcome:
    wrong = int((state.labels != state.images.labels).sum())
    allowed = count_allowed(len(state.labels), state.kind.share)
    return Outcome(
        len(state.labels),
        bool(given),
        by_program,
        wrong,
        allowed,
        state.seconds,
        state.seconds + spared_s,
        looks.taken,
        tuple(told),
    )


def _true_seconds(probabilities: Floats, true: Ints) -> float:
    """What asking one by one takes, by the rank of the right class among the suggestions."""
    own = probabilities[np.arange(len(true)), true]
    rank = (probabilities > own[:, None]).sum(axis=1)
    by_rank = np.array([_COSTS.of_rank(i) for i in range(probabilities.shape[1])])
    return float(np.minimum(by_rank[rank], _COSTS.unaided).sum())
