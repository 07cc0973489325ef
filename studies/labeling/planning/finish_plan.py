"""What is left to do until a project's goal: by what the newest model predicts and what this person's answers cost."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.rounds.live_values import Likeliest
from studies.estimates import Interval
from studies.finish.effort import FinishPlan, Left, estimate_rest, plan_finish, seconds_by_person
from studies.finish.exact import Draw
from studies.finish.score import margins
from studies.labeling.planning.page_plan import AnsweredSuggestions
from studies.pages.asking import AskCosts
from studies.pages.calibration import (
    AS_MEASURED,
    AS_SELF_TRAINED,
    fit_temperature,
    scale_likeliest,
    spread_rest,
)


@dataclass(frozen=True)
class FinishInputs:
    """What the rest is planned by, beside what the model predicts for n items; ready to go to another thread."""

    costs: AskCosts
    cells: int  # of a page
    pages: bool  # whether images are asked about on pages
    classes: int  # of the model's outputs
    left: NDArray[np.bool_]  # (n,) without a label or a decision, and not certified
    answered: AnsweredSuggestions
    done_s: float  # what the person has spent
    draws: tuple[Draw, ...] = ()  # the random sample so far
    allowed: int = -1  # how many of the program's labels may be wrong; negative: a person labels all
    chance: float = 0.0  # of the next look at the sample


@dataclass(frozen=True)
class Rest:
    """How a project is expected to be finished, as it was when a model came."""

    plan: FinishPlan
    seconds: Interval  # of the person, to the end, with the limits of nine in ten
    left: int  # images that had neither a label nor a decision

    def after(self, left: int) -> Interval:
        """The seconds when ``left`` images are left: counted down by what the person does, to what the program will."""
        by_person, before = left - self.plan.by_program, self.left - self.plan.by_program
        part = min(1.0, max(0, by_person) / before) if before > 0 else 0.0
        return Interval(
            *(part * limit for limit in (self.seconds.value, self.seconds.low, self.seconds.high))
        )


def plan_rest(likeliest: Likeliest, measured: bool, inputs: FinishInputs) -> Rest:
    """Plan the rest by calibrated probabilities. ``measured``: they are calibrated on labels held out.

    Images that the model says nothing of, as those that cannot be read or came later, take what one without a
    suggestion does.
    """
    count = int(inputs.left.sum())
    known = inputs.left[: len(likeliest.labels)] & (likeliest.labels[: len(inputs.left), 0] >= 0)
    rows = np.flatnonzero(known)
    view = view_left(likeliest, rows, temperature_of(measured, inputs), inputs)
    chance = inputs.chance if inputs.allowed >= 0 else 0.0
    plan = plan_finish(
        view, inputs.draws if chance else (), inputs.allowed if chance else -1, chance, inputs.costs.unaided
    )
    unknown = count - len(rows)
    if unknown:
        more = unknown * inputs.costs.unaided
        plan = FinishPlan(
            plan.draws,
            plan.by_person + unknown,
            plan.by_program,
            plan.seconds + more,
            plan.wrong,
            plan.all_seconds + more,
        )
    return Rest(plan, estimate_rest(plan, inputs.done_s), count)


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
    return Left(probabilities, margins(probabilities), seconds)


def guess_rest(left: int, seconds_a_label: float) -> Interval:
    """What the rest takes at most before there is a model: every image asked about as those so far."""
    most = left * seconds_a_label
    return Interval(most, 0.0, most)
