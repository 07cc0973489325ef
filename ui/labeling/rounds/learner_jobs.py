"""What the learner does in the background thread: its jobs as functions, with the pages that follow from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from model.port import Port
from model.rounds.live_values import LearnRequest, LearnResult, Prepared, Refitted
from studies.labeling.planning.page_plan import PageInputs, PagePlan, plan_pages
from studies.labeling.rounds.label_check import LabelCheck
from studies.labeling.rounds.label_checks import CheckRequest
from studies.labeling.rounds.learner_process import RoundLearner
from studies.labeling.rounds.refits import RefitRequest
from studies.labeling.rounds.request import RoundRequest

_Result = TypeVar("_Result", LearnResult, Refitted)


@dataclass(frozen=True)
class Planned(Generic[_Result]):
    """What the learner answered, with the pages that are planned by it."""

    result: _Result
    plan: PagePlan | None


def prepare(learner: RoundLearner, request: LearnRequest, port: Port) -> Prepared:
    """What needs no labels."""
    return learner.prepare(request, port)


def check(learner: RoundLearner, request: CheckRequest, port: Port) -> LabelCheck:
    """Judge a person's labels."""
    return learner.check(request.learn, port)


def refit(learner: RoundLearner, request: RefitRequest, port: Port) -> Planned[Refitted]:
    """Newer suggestions."""
    result = learner.refit(request.learn, port)
    return Planned(result, _plan(result, request.pages))


def learn(learner: RoundLearner, request: RoundRequest, port: Port) -> Planned[LearnResult]:
    """A round."""
    result = learner.run(request.learn, port)
    return Planned(result, _plan(result, request.pages))


def _plan(result: Refitted | LearnResult, inputs: PageInputs | None) -> PagePlan | None:
    if inputs is None or result.likeliest is None:
        return None
    return plan_pages(result.likeliest, result.measured, inputs)
