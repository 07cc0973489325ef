"""Leads a project from round to round: when the learner works, and what its answer becomes."""

from __future__ import annotations

import json
import random
from dataclasses import replace

import numpy as np

from model.rounds.live_values import Groups, LearnResult, Refitted
from studies.labeling.doubts.label_checks import LabelChecks
from studies.labeling.doubts.second_look import SecondLook
from studies.labeling.facts.finish import SampleDraw
from studies.labeling.facts.records import ModelRecord, RoundRecord
from studies.labeling.facts.settings import FirstLabels
from studies.labeling.paging.queue_pages import CELLS, QueuePages
from studies.labeling.planning.finish_plan import Rest
from studies.labeling.planning.pace import SeedProgress, seed_is_done, wants_round
from studies.labeling.planning.page_plan import PagePlan, plan_pages
from studies.labeling.planning.planner import Proposal
from studies.labeling.planning.tasks import (
    LEAST_CONFIRMED,
    OF_THE_REST,
    SEED_CHUNK,
    SEEDS_BEFORE_GIVEN,
    Confirmed,
    auto_labels,
    meanwhile_tasks,
    round_tasks,
    seed_tasks,
    typical_tasks,
)
from studies.labeling.project.project import Project
from studies.labeling.rounds.chosen_round import plan_json, still_free, without_likely
from studies.labeling.rounds.item_predictions import ItemPredictions
from studies.labeling.rounds.refits import RefitRequest, Refits
from studies.labeling.rounds.request import (
    Folders,
    RoundRequest,
    given_model,
    output_classes,
    request_round,
)
from studies.labeling.rounds.round_budgets import RoundBudgets

_NO_MEASURE_S = 2.0  # a label, before one is timed
_AT_ONCE = 50_000  # images whose pages are planned within a few frames


class SupersededError(Exception):
    """An answer to a request that is not the outstanding one: a bug in the caller, never a person's mistake."""


class Conductor(RoundBudgets):
    """What happens between answers. Uses the project in its thread; the learner itself runs elsewhere."""

    def __init__(self, project: Project, folders: Folders) -> None:
        super().__init__(project, QueuePages(project))
        self.folders = folders
        self.enough = False  # the annotator ended the seed round
        self.withdrawn = 0  # certified labels of the round before that the last one does not certify
        self.predictions: ItemPredictions | None = None
        self.refits = Refits(project, folders, self.pages, self.finish)
        self.checks = LabelChecks(project, folders)
        self.second_look = SecondLook(project, self.checks, lambda: self.pages.costs, self.confused_with)
        self._outstanding: RoundRequest | None = None  # the request whose answer may begin a round
        self._learner_s: float | None = None
        self._model_action = project.models[-1].upto_action if project.models else 0

    def load_predictions(self) -> None:
        """Read what the last model predicted, after a project was opened."""
        if not self._project.models:
            return
        last = self._project.models[-1]
        self.predictions = ItemPredictions.read(self.folders.work, last, len(self._project.items))
        if not self.refits.possible:  # otherwise the first refit plans pages, in the background
            self._plan_pages_now()

    def confused_with(self, class_id: int) -> tuple[int, ...]:
        """The other classes that the last model confuses a class with, after merges, the likeliest first."""
        if self.predictions is None:
            return ()
        return self.predictions.confused_with(class_id, self._project.classes)

    # Before the learner

    def standing(self) -> SeedProgress:
        """Where the project stands now."""
        project = self._project
        by_class = project.labels_by_class
        return SeedProgress(
            labels=sum(by_class.values()),
            new_labels=project.ledger.actions - self._model_action,
            classes=len(project.classes.standing),
            with_example=len(by_class),
            seed_labels=project.settings.seed_labels,
            enough=self.enough,
            first=project.round == 0,
            waiting=project.queue.of_round,
            waiting_on_pages=project.queue.on_pages + self.pages.images_left,
            seconds_an_image=self.pages.seconds_an_image,
            seconds_a_label=project.tally.seconds_a_label or _NO_MEASURE_S,
            learner_s=self._learner_s,
            left=self.count_left(),
            to_name=project.queue.to_name,
            given=given_model(project) is not None,
        )

    def wants_round(self, grouping: bool = False) -> bool:
        """Whether the learner should begin now. ``grouping``: groups are coming; pages of them are waited for."""
        return wants_round(self.standing()) and not (grouping and self._asks_about_clusters)

    @property
    def _asks_about_clusters(self) -> bool:
        clusters = self._project.settings.first_labels is FirstLabels.CLUSTERS
        return clusters and self.pages.wanted and given_model(self._project) is None

    @property
    def can_train(self) -> bool:
        """Whether there is enough to train a model on at all."""
        project = self._project
        return len(project.labels_by_class) >= 2 or (not project.round and given_model(project) is not None)

    @property
    def seeding(self) -> bool:
        """Whether the seed round goes on."""
        return self._project.round == 0 and not seed_is_done(self.standing())

    def request(self, proposal: Proposal) -> RoundRequest:
        """What the learner is to do now, with all labels so far. It supersedes what was requested before."""
        classes = output_classes(self._project)
        pages = self.pages.inputs(classes)
        finish = self.finish.inputs(classes, pages)
        self._outstanding = request_round(self._project, self.folders, proposal, pages, finish)
        return self._outstanding

    # After the learner

    def begin_round(
        self,
        request: RoundRequest,
        result: LearnResult,
        plan: PagePlan | None = None,
        rest: Rest | None = None,
    ) -> None:
        """Store the round that a request led to, and put its queue before the annotator.

        ``plan``: of the pages by its model; hard images that it asks about on pages are not asked about by themselves.
        ``rest``: what is left to do, by its model.

        Raises :class:`SupersededError` where another request was made since or the round has begun already, and
        ``StoreError``, after which it may be called again; both with nothing changed.
        """
        if request is not self._outstanding:
            raise SupersededError(f"round {result.round}")
        project, proposal, class_ids = self._project, request.proposal, request.class_ids
        model_id = len(project.models)
        model = result.model
        record = ModelRecord(
            model_id=model_id,
            sha256=model.sha256,
            file=model.file,
            network=model.network,
            settings=model.settings,
            seed=result.seed,
            class_ids=class_ids,
            trained_on=model.trained_on,
            upto_action=request.actions,
            history=model.history,
            holdout_n=result.holdout_n,
            holdout_right=result.holdout_right,
            device=model.device,
        )
        pool = project.pool_of_round()
        fresh = still_free(result, pool.free)
        if plan is not None:
            fresh = without_likely(fresh, plan.likely)
        sample = self.finish.draw_sample(rest, fresh, pool)
        fresh = sample.fresh
        tasks = round_tasks(
            fresh,
            class_ids,
            model_id,
            project.tasks_made,
            pool,
            self._catch_trial_candidates(result),
            project.settings.plant_rate,
            sample.items,
            len(project.draws),
            sample.suggested,
            sample.planted,
        )
        tasks = self.pages.group(tasks)
        look = self.finish.record_look(rest, result.round)
        started = RoundRecord(
            round=result.round,
            seed=result.seed,
            model_id=model_id,
            plan=plan_json(request.learn, project.settings.budgets.mode, self.pages.count_carried_over(plan)),
            predicted_s=proposal.expected_s,
            reason=proposal.sentence,
            notes=json.dumps(dict(result.notes)),
            seconds=json.dumps(dict(result.seconds)),
            from_action=project.ledger.actions,
            strategies={
                chosen.tier: chosen.strategy for chosen in (*result.queue, *result.spare, *result.auto_labels)
            },
        )
        certified = project.certified
        project.begin_round(record, started, tasks, auto_labels(fresh, class_ids), sample.draw, look)
        self.withdrawn = int(
            np.count_nonzero(certified & (project.ledger.auto < 0) & ~project.ledger.settled)
        )
        self._outstanding = None
        self._model_action = request.actions
        self._learner_s = sum(result.seconds.values())
        self.predictions = ItemPredictions.of_result(result, class_ids)
        self.pages.take(plan, self.predictions)
        self.finish.take(rest)
        self.pages.begin_round()
        self.refits.begin_round()

    def ask_about_typical(self, groups: Groups) -> None:
        """Mix images that are typical of groups into the first labels, or put pages of groups before them, once; when
        there is a model nothing is added.

        Raises ``StoreError`` with nothing changed.
        """
        project = self._project
        if project.round or project.store.asked_about_groups():
            return
        if self._asks_about_clusters:
            self.pages.add_clusters(groups)
        else:
            project.mix_in_tasks(typical_tasks(project.pool(), groups, project.tasks_made))

    def renew_suggestions(
        self,
        request: RefitRequest,
        result: Refitted,
        plan: PagePlan | None = None,
        rest: Rest | None = None,
    ) -> None:
        """Let what waits have the suggestions of a refit, and pages its plan; of one that a round overtook nothing is
        taken.

        Raises ``StoreError`` with nothing changed.
        """
        self.predictions = self.refits.take(request, result, plan, rest) or self.predictions

    def refill_queue(self) -> None:
        """Refill an empty queue: first labels; later held-out items, pages, then random items with predictions."""
        project = self._project
        if len(project.queue):
            return
        if project.round and not project.pool().audit.any():
            self.pages.fill(CELLS, last=True)
            if len(project.queue):
                return
        pool, seed, last = project.pool(), project.settings.seed, self.predictions
        if project.round == 0:
            draw = SampleDraw.of(len(project.draws), pool.free)
            count = SEED_CHUNK if given_model(project) is None else SEEDS_BEFORE_GIVEN
            project.add_tasks(seed_tasks(pool, project.tasks_made, seed, count, draw.draw), draw)
            return
        rest = pool.free & ~project.certified
        whole = last is None or np.array_equal(rest, pool.free)
        project.add_tasks(
            meanwhile_tasks(
                pool if whole else replace(pool, free=rest),
                project.tasks_made,
                seed,
                project.round,
                len(project.models) - 1,
                None if last is None else last.predicted,
                () if last is None else last.class_ids,
                "random" if whole else OF_THE_REST,
            )
        )

    def _plan_pages_now(self) -> None:
        """Plan pages by what the last model predicted when it was trained."""
        predictions = self.predictions
        if predictions is None or predictions.likeliest is None or len(predictions.predicted) > _AT_ONCE:
            return
        inputs = self.pages.inputs(predictions.class_ids)
        if inputs is not None:
            self.pages.take(plan_pages(predictions.likeliest, predictions.measured, inputs), predictions)

    def _catch_trial_candidates(self, result: LearnResult) -> list[Confirmed]:
        """Human-labeled items on which a catch trial may be placed; sampled if there are many."""
        project = self._project
        labels = project.resolved(project.ledger.labels)
        labels[list(project.queue.items())] = -1
        items, most = np.flatnonzero(labels >= 0), max(LEAST_CONFIRMED, len(result.queue))
        if len(items) > most:
            chance = random.Random(f"confirmed {result.seed} {result.round}")
            items = items[chance.sample(range(len(items)), most)]
        return [Confirmed(int(item), int(labels[item])) for item in items]
