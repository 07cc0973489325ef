"""What the learner's thread does: the learner answers, and pages and the rest are planned by its model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from model.port import Port
from model.rounds.live_values import LearnResult, Refitted
from studies.labeling.doubts.label_check import LabelCheck
from studies.labeling.doubts.label_checks import CheckRequest
from studies.labeling.planning.finish_plan import FinishInputs, Rest, plan_rest
from studies.labeling.planning.finish_round import hold_pages
from studies.labeling.planning.page_plan import PageInputs, PagePlan, plan_pages
from studies.labeling.rounds.learner_process import RoundLearner
from studies.labeling.rounds.refits import RefitRequest
from studies.labeling.rounds.request import RoundRequest

_Result = TypeVar("_Result", LearnResult, Refitted)


@dataclass(frozen=True)
class Planned(Generic[_Result]):
    """What the learner answered, with the pages and the rest as they are planned by it."""

    result: _Result
    pages: PagePlan | None
    rest: Rest | None


def refit(learner: RoundLearner, request: RefitRequest, port: Port) -> Planned[Refitted]:
    """Train a last layer anew, and plan by it."""
    return _plan(learner.refit(request.learn, port), request.pages, request.finish)


def learn(learner: RoundLearner, request: RoundRequest, port: Port) -> Planned[LearnResult]:
    """Train and select the next round, and plan by its model."""
    return _plan(learner.run(request.learn, port), request.pages, request.finish)


def check(learner: RoundLearner, request: CheckRequest, port: Port) -> LabelCheck:
    """Judge a person's labels."""
    return learner.check(request.learn, port)


def _plan(result: _Result, pages: PageInputs | None, finish: FinishInputs | None) -> Planned[_Result]:
    likeliest = result.likeliest
    judged = result.judged if isinstance(result, LearnResult) else None
    if likeliest is None:
        return Planned(result, None, None)
    rest = None if finish is None else plan_rest(likeliest, result.measured, finish, judged)
    planned = None if pages is None else plan_pages(likeliest, result.measured, pages)
    if planned is not None and rest is not None:
        planned = hold_pages(planned, rest.plan)
    return Planned(result, planned, rest)
