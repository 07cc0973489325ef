"""What is left to do until a project's goal: by what the newest model predicts and what this person's answers cost."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from model.rounds.live_values import Judged, Likeliest
from studies.estimates import Interval
from studies.finish.effort import (
    DrawPrice,
    FinishPlan,
    Left,
    estimate_rest,
    plan_finish,
    seconds_by_person,
)
from studies.finish.folder_rule import count_allowed
from studies.finish.looks import Looks
from studies.finish.promise import split
from studies.finish.sample import count_to_plant
from studies.finish.score import margins, score_by_folds
from studies.labeling.facts.finish import FolderLabels
from studies.labeling.planning.finish_look import (
    FinishLook,
    Restricted,
    SampleInputs,
    judge_draws,
    look_at,
    restrict_draws,
)
from studies.labeling.planning.page_plan import AnsweredSuggestions
from studies.pages.asking import AskCosts
from studies.pages.calibration import (
    AS_MEASURED,
    AS_SELF_TRAINED,
    fit_temperature,
    scale_likeliest,
    spread_rest,
)

LEAST_CHANCE = 1e-6  # of a look that is worth taking
_RECENT = 200  # labels by which predictions out of fold are calibrated


@dataclass(frozen=True)
class FinishInputs:
    """What the rest is planned by, beside what the model predicts for n items; ready to go to another thread."""

    costs: AskCosts
    cells: int  # of a page
    pages: bool  # whether images are asked about on pages
    class_ids: tuple[int, ...]  # of the model's outputs
    left: NDArray[np.bool_]  # (n,) without a label or a decision, and not certified
    answered: AnsweredSuggestions
    done_s: float  # what the person has spent
    sample: SampleInputs | None = None  # the random sample; None: a person labels all

    @property
    def classes(self) -> int:
        """How many outputs the model has."""
        return len(self.class_ids)


@dataclass(frozen=True)
class Rest:
    """How a project is expected to be finished, as it was when a model came."""

    plan: FinishPlan
    seconds: Interval  # of the person, to the end, with the limits of nine in ten
    left: int  # images that had neither a label nor a decision
    look: FinishLook | None = None  # that was taken, if it was time for one
    offered: tuple[FolderLabels, ...] = ()  # what the program labels by it, if that is worth ending by it

    def after(self, left: int) -> Interval:
        """The seconds when ``left`` images are left: counted down by what the person does, to what the program will."""
        by_person, before = left - self.plan.by_program, self.left - self.plan.by_program
        part = min(1.0, max(0, by_person) / before) if before > 0 else 0.0
        return Interval(
            *(part * limit for limit in (self.seconds.value, self.seconds.low, self.seconds.high))
        )


def plan_rest(
    likeliest: Likeliest, measured: bool, inputs: FinishInputs, judged: Judged | None = None
) -> Rest:
    """Plan the rest by calibrated probabilities. ``measured``: they are calibrated on labels held out.

    ``judged``: what was predicted of people's labels out of fold; with it the probabilities are calibrated, and the
    sample is looked at if the plan says that it is large enough. Images that the model says nothing of, as those that
    cannot be read or came later, take what one without a suggestion does.
    """
    if judged is None or inputs.sample is None:
        temperature = temperature_of(measured, inputs)
    else:
        temperature = _temperature_of_judged(judged, inputs.sample, inputs.classes)
        likeliest = judged.model
    known = inputs.left[: len(likeliest.labels)] & (likeliest.labels[: len(inputs.left), 0] >= 0)
    view = _View(likeliest, known, temperature, inputs, None if judged is None else judged.by_folds)
    looks = None if inputs.sample is None else inputs.sample.looks
    part = view.plan_cheapest(looks)
    look: FinishLook | None = None
    offered: tuple[FolderLabels, ...] = ()
    if (
        judged is not None
        and part.draws is not None
        and inputs.sample
        and part.plan.ready
        and part.plan.by_program
    ):
        drawn = judge_draws(part.draws, inputs.sample, judged, temperature, inputs.classes)
        classes = np.array(inputs.class_ids, np.int32)[likeliest.labels[part.rows, 0]]
        look = look_at(
            drawn, inputs.sample, part.left, part.rows, classes, view.count - len(part.rows), part.persons_s
        )
        if look.worth_taking(part.plan):
            offered = look.certified.by_class()
        else:
            part = view.plan_cheapest(look.promise.looks)
    return Rest(part.plan, estimate_rest(part.plan, inputs.done_s), view.count, look, offered)


@dataclass(frozen=True)
class _Planned:
    """A plan, with the images that a certificate by it may be about."""

    plan: FinishPlan
    rows: NDArray[np.int64]  # (m,)
    left: Left  # those
    persons_s: float  # for the others that are left
    draws: Restricted | None = None  # that count by it


class _View:
    """What is left, as plans of both kinds of draws take it."""

    def __init__(
        self,
        likeliest: Likeliest,
        known: NDArray[np.bool_],
        temperature: float,
        inputs: FinishInputs,
        by_folds: Likeliest | None,
    ) -> None:
        self._likeliest, self._known, self._temperature = likeliest, known, temperature
        self._by_folds = by_folds
        self._inputs, self.count = inputs, int(inputs.left.sum())

    def plan_cheapest(self, looks: Looks | None) -> _Planned:
        """The cheaper of a plan whose draws come with suggestions, and of one whose draws come without."""
        sample = self._inputs.sample
        if sample is None or looks is None or looks.next_chance < LEAST_CHANCE:
            rows, left, persons_s = self._split(None)
            unpriced = DrawPrice(self._inputs.costs.unaided)
            return self._add(plan_finish(left, (), -1, 0.0, unpriced), rows, left, persons_s, None)
        plans = [self._plan(sample, looks, suggested) for suggested in (True, False)]
        return min(plans, key=lambda planned: planned.plan.seconds)

    def _plan(self, sample: SampleInputs, looks: Looks, suggested: bool) -> _Planned:
        costs = self._inputs.costs
        planted = count_to_plant(sample.planted, sample.accepted) if suggested else 0
        hoped = replace(sample, planted=sample.planted + planted)
        draws = restrict_draws(hoped, self._inputs.left, hoped.overlooked)
        rows, left, persons_s = self._split(draws)
        trusted = suggested or draws.chosen.overlooked > 0
        parts = split(looks.next_chance, [sample.caught], hoped.suggested if trusted else None)
        allowed = count_allowed(sample.items, sample.share, parts.elsewhere)
        one_s = float(left.after.mean()) if suggested and len(left) else costs.unaided
        price = DrawPrice(one_s, parts.overlooked, planted, costs.of_rank(1), suggested)
        plan = plan_finish(left, draws.chosen.draws, allowed, parts.rule, price)
        return self._add(plan, rows, left, persons_s, draws)

    def _split(self, draws: Restricted | None) -> tuple[NDArray[np.int64], Left, float]:
        inputs = self._inputs
        can_be = self._known if draws is None else self._known & draws.eligible[: len(self._known)]
        rows, others = np.flatnonzero(can_be), np.flatnonzero(self._known & ~can_be)
        left = view_left(self._likeliest, rows, self._temperature, inputs)
        if self._by_folds is not None:
            told = self._by_folds.probabilities[rows].astype(np.float64)
            judged = scale_likeliest(told, inputs.classes, self._temperature)
            predicted, labels = self._by_folds.labels[rows, 0], self._likeliest.labels[rows, 0]
            left = replace(left, score=score_by_folds(judged, predicted, labels))
        persons = float(view_left(self._likeliest, others, self._temperature, inputs).seconds.sum())
        return rows, left, persons + (self.count - len(rows) - len(others)) * inputs.costs.unaided

    def _add(
        self,
        plan: FinishPlan,
        rows: NDArray[np.int64],
        left: Left,
        persons_s: float,
        draws: Restricted | None,
    ) -> _Planned:
        by_person = plan.by_person + self.count - len(rows)
        seconds, all_s = plan.seconds + persons_s, plan.all_seconds + persons_s
        whole = replace(plan, by_person=by_person, seconds=seconds, all_seconds=all_s)
        return _Planned(whole, rows, left, persons_s, draws)


def temperature_of(measured: bool, inputs: FinishInputs) -> float:
    """The temperature at which the model's suggestions are right as often as their probabilities say."""
    seen = spread_rest(inputs.answered.likeliest, inputs.classes)
    return fit_temperature(seen, inputs.answered.right, AS_MEASURED if measured else AS_SELF_TRAINED)


def view_left(
    likeliest: Likeliest, rows: NDArray[np.int64], temperature: float, inputs: FinishInputs
) -> Left:
    """The items ``rows`` (m,) as a plan of the rest takes them."""
    probabilities = scale_likeliest(
        likeliest.probabilities[rows].astype(np.float64), inputs.classes, temperature
    )
    seconds = seconds_by_person(probabilities, inputs.costs, inputs.cells, inputs.pages)
    alone = seconds_by_person(probabilities, inputs.costs, inputs.cells, pages=False)
    return Left(probabilities, margins(probabilities), seconds, alone)


def _temperature_of_judged(judged: Judged, sample: SampleInputs, classes: int) -> float:
    """The temperature at which predictions out of fold are right as often as they say."""
    recent = np.random.default_rng(len(judged.items)).permutation(len(judged.items))[:_RECENT]
    right = judged.out_of_fold.labels[recent, 0] == sample.labels[judged.items[recent]]
    return fit_temperature(
        spread_rest(judged.out_of_fold.probabilities[recent].astype(np.float64), classes), right
    )


def guess_rest(left: int, seconds_a_label: float) -> Interval:
    """What the rest takes at most before there is a model: every image asked about as those so far."""
    most = left * seconds_a_label
    return Interval(most, 0.0, most)
