"""Suggestions by the newest labels: when a last layer is trained anew between two rounds, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice

from model.names import TRAINED_NETWORKS
from model.rounds.live_values import LearnRequest, Refitted
from studies.labeling.facts.records import Likely, Refit
from studies.labeling.paging.queue_pages import QueuePages
from studies.labeling.planning.finish_plan import FinishInputs, Rest
from studies.labeling.planning.page_plan import PageInputs, PagePlan
from studies.labeling.project.project import Project
from studies.labeling.rounds.finish_line import FinishLine
from studies.labeling.rounds.item_predictions import ItemPredictions
from studies.labeling.rounds.request import Folders, given_model, output_classes, request_labels

REFIT_EVERY = 10  # answers, or labels of pages; a last layer takes about half a second
_MOST_WANTED = 1000  # items of the queue whose likeliest classes are told; the next refit tells of later ones


@dataclass(frozen=True)
class RefitRequest:
    """A refit as it was asked for."""

    learn: LearnRequest
    class_ids: tuple[int, ...]  # of the model's outputs
    actions: int  # of the annotator that its labels come from: the first ones
    models: int  # that the project had: of a later round's model nothing is renewed by it
    pages: PageInputs | None  # for the pages that are planned by it
    finish: FinishInputs | None = None  # for the plan of the rest


class Refits:
    """Decides when suggestions are renewed. Uses the project in its thread; the learner itself runs elsewhere."""

    def __init__(self, project: Project, folders: Folders, pages: QueuePages, finish: FinishLine) -> None:
        self._project, self._folders, self._pages = project, folders, pages
        self._finish = finish
        self._seen = 0  # actions that the last refit has seen
        self._labels = self._count_labels()  # at the last refit or round
        self._just_opened = True  # no refit, and no round, since
        self._models = 0  # that the project had at the last refit

    def begin_round(self) -> None:
        """A round began: its model has seen the labels so far, or nearly so."""
        self._labels, self._just_opened = self._count_labels(), False

    @property
    def possible(self) -> bool:
        """Whether the last round's network is frozen, so that a last layer alone is trained."""
        models = self._project.models
        if not models:
            return False
        return models[-1].network not in TRAINED_NETWORKS or given_model(self._project) is not None

    @property
    def due(self) -> bool:
        """Whether suggestions should be renewed: enough was answered since the last time."""
        project = self._project
        first = next(iter(project.queue), None)
        if not self.possible or first is None:
            return False
        if self._just_opened and (self._pages.possible or self._finish.wanted):
            return True  # pages, and the rest, are planned by what is known now
        is_older = first.suggestion is not None and first.round < project.round
        if is_older and self._models < len(project.models):
            return True  # what is left of an earlier round still has the words of that round's model
        seen = max(self._seen, project.models[-1].upto_action)
        return max(project.ledger.actions - seen, self._count_labels() - self._labels) >= REFIT_EVERY

    def request(self) -> RefitRequest:
        """What the learner is to do, with all labels so far."""
        project = self._project
        wanted = tuple(task.item for task in islice(project.queue, _MOST_WANTED))
        self._seen, self._models = project.ledger.actions, len(project.models)
        self._labels, self._just_opened = self._count_labels(), False
        learn = replace(request_labels(project, self._folders), wanted=wanted)
        classes = output_classes(project)
        pages = self._pages.inputs(classes)
        finish = self._finish.inputs(classes, pages)
        return RefitRequest(learn, classes, project.ledger.actions, len(project.models), pages, finish)

    def take(
        self,
        request: RefitRequest,
        result: Refitted,
        plan: PagePlan | None = None,
        rest: Rest | None = None,
    ) -> ItemPredictions | None:
        """Store the refit and renew suggestions and pages; returns the newest predictions, ``None`` if a round came
        meanwhile.

        Raises ``StoreError`` with nothing changed.
        """
        project = self._project
        if len(project.models) != request.models:
            return None
        refit = Refit(project.refits_made, project.round, request.actions, result.trained_on, result.seconds)
        ids = request.class_ids
        top = {
            item: tuple(Likely(ids[label], probability) for label, probability in likely)
            for item, likely in result.top.items()
        }
        project.renew_suggestions(refit, top)
        predictions = ItemPredictions.of_result(result, ids)
        self._pages.take(plan, predictions)
        self._finish.take(rest)
        return predictions

    def _count_labels(self) -> int:
        """Labels of a person that a model may be trained on."""
        return sum(self._project.ledger.class_counts.values())
