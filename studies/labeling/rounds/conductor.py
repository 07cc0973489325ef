"""Leads a project from round to round: when the learner works, what it is asked, and what its answer becomes."""

from __future__ import annotations

import json
import random
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.datasets.base import Source
from model.rounds.live_values import LearnRequest, LearnResult
from model.rounds.predictions import read_predictions
from studies.labeling.facts.records import ModelRecord, RoundRecord, Verb
from studies.labeling.planning.costs import rates
from studies.labeling.planning.pace import Standing, seed_is_done, wants_round
from studies.labeling.planning.planner import Asked, Proposal, expected_s, propose
from studies.labeling.planning.tasks import (
    LEAST_CONFIRMED,
    Confirmed,
    auto_labels,
    meanwhile_tasks,
    round_tasks,
    seed_tasks,
)
from studies.labeling.project.project import Project

SPARE = 100  # items ranked beyond the budgets, for labeling ahead
_WITHOUT_LABEL = tuple(verb for verb in Verb if verb.meaning.settles and verb is not Verb.LABEL)
_RECENT = 3  # rounds by which a tier's suggestions are judged
_NO_MEASURE_S = 2.0  # a label, before one is timed


@dataclass(frozen=True)
class Folders:
    """Where the learner keeps its files."""

    work: Path  # the project's own
    shared: Path  # downloaded weights


@dataclass(frozen=True)
class Seen:
    """What the last model thinks of each item; ``class_ids`` are of its outputs."""

    predicted: NDArray[np.int32]  # (n,) index into class_ids, -1: not known
    confidence: NDArray[np.float32]  # (n,)
    class_ids: tuple[int, ...]
    confusable: tuple[tuple[int, ...], ...]


class Conductor:
    """What happens between answers. Uses the project in its thread; the learner itself runs elsewhere."""

    def __init__(self, project: Project, folders: Folders) -> None:
        self._project = project
        self._folders = folders
        self.enough = False  # the annotator ended the seed round
        self.seen: Seen | None = None
        self.accuracy: float | None = None  # of the last model on the held-out sample
        self._asked_action = 0
        self._class_ids: tuple[int, ...] = ()
        self._learner_s: float | None = None
        self._model_action = project.models[-1].upto_action if project.models else 0

    def remember(self) -> None:
        """Find again what the last model thought, after a project was opened."""
        if not self._project.models:
            return
        last = self._project.models[-1]
        self.accuracy = last.holdout_right / last.holdout_n if last.holdout_n else None
        found = read_predictions(self._folders.work, last.sha256)
        if found is not None:
            self.seen = Seen(found.predicted, found.confidence, last.class_ids, found.confusable)

    def taken_for(self, class_id: int) -> tuple[int, ...]:
        """The classes that a class is taken for by the last model, after merges, the likeliest first."""
        seen, classes = self.seen, self._project.classes
        if seen is None or class_id not in seen.class_ids:
            return ()
        others = seen.confusable[seen.class_ids.index(class_id)]
        return tuple(dict.fromkeys(classes.resolve(seen.class_ids[other]) for other in others))

    # Before the learner

    def standing(self) -> Standing:
        """Where the project stands now."""
        project = self._project
        by_class = project.labels_by_class
        return Standing(
            labels=sum(by_class.values()),
            new_labels=project.ledger.actions - self._model_action,
            classes=len(project.classes.standing),
            with_example=len(by_class),
            seed_labels=project.settings.seed_labels,
            enough=self.enough,
            first=project.round == 0,
            waiting=project.queue.of_round,
            seconds_a_label=project.tally.seconds_a_label or _NO_MEASURE_S,
            learner_s=self._learner_s,
            left=self._left(),
        )

    def wants_round(self) -> bool:
        """Whether the learner should begin now."""
        return wants_round(self.standing())

    @property
    def can_train(self) -> bool:
        """Whether there is enough to train a model on at all."""
        return len(self._project.labels_by_class) >= 2

    @property
    def seeding(self) -> bool:
        """Whether the seed round goes on."""
        return self._project.round == 0 and not seed_is_done(self.standing())

    def propose(self, ahead: int = 1) -> Proposal:
        """The budgets of the next round, or a later one, by the settings and by what this person's answers cost."""
        asked = self._asked(ahead)
        return propose(self._project.settings.budgets.of_round(asked.round), asked)

    def expected_s(self, hard: int, intermediate: int) -> float | None:
        """What so many images of the two tiers are expected to cost, in s; ``None`` where costs are units."""
        return expected_s(self._asked(1), hard, intermediate)

    def _asked(self, ahead: int) -> Asked:
        project = self._project
        tally, recent = project.tally, range(max(1, project.round - _RECENT + 1), project.round + 1)
        return Asked(
            rates=rates(project.settings.costs, tally),
            hard=tally.suggestions("hard", recent),
            intermediate=tally.suggestions("intermediate", recent),
            accuracy=self.accuracy,
            left=self._left(),
            round=project.round + ahead,
            held_out=project.ledger.open_held_out,
            plant_rate=project.settings.plant_rate,
        )

    def request(self, proposal: Proposal) -> LearnRequest:
        """What the learner is asked now, with all labels so far."""
        project = self._project
        classes = project.classes.standing
        place = np.full(len(project.classes), -1, np.int32)
        for index, known in enumerate(classes):
            place[known.class_id] = index
        ledger = project.ledger
        human, auto = project.resolved(ledger.labels), project.resolved(ledger.auto)
        both = np.where(human >= 0, human, auto)
        excluded = np.zeros(len(ledger), np.bool_)
        excluded[list(project.asked_about())] = True
        for verb in _WITHOUT_LABEL:
            excluded[ledger.with_state(verb)] = True
        self._asked_action = ledger.actions
        self._class_ids = tuple(known.class_id for known in classes)
        return LearnRequest(
            project=project.store.path,
            work=self._folders.work,
            shared=self._folders.shared,
            source=Source(project.head.dataset, project.place),
            classes=tuple(known.name for known in classes),
            labels=np.where(both >= 0, place[np.maximum(both, 0)], -1).astype(np.int32),
            auto=(human < 0) & (auto >= 0),
            holdout=ledger.holdout.copy(),
            random=ledger.random_labels(),
            answered_at=ledger.answered_at,
            excluded=excluded,
            settings=project.settings.learner.settings(project.settings.budgets.mode),
            budgets=(proposal.hard, proposal.intermediate, proposal.easy),
            spare=SPARE,
            round=project.round + 1,
            seed=project.settings.seed,
        )

    # After the learner

    def begin_round(self, request: LearnRequest, result: LearnResult, proposal: Proposal) -> None:
        """Store the round and put its queue before the annotator."""
        project = self._project
        class_ids = self._class_ids
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
            upto_action=self._asked_action,
            history=model.history,
            holdout_n=result.holdout_n,
            holdout_right=result.holdout_right,
            device=model.device,
        )
        pool = project.pool_of_round()
        fresh = _still_free(result, pool.free)
        tasks = round_tasks(
            fresh,
            class_ids,
            model_id,
            project.tasks_made,
            pool,
            self._confirmed(result),
            project.settings.plant_rate,
        )
        started = RoundRecord(
            round=result.round,
            seed=result.seed,
            model_id=model_id,
            plan=json.dumps(
                {
                    **asdict(request.settings),
                    "mode": project.settings.budgets.mode.value,
                    "hard_budget": proposal.hard,
                    "intermediate_budget": proposal.intermediate,
                    "easy_budget": proposal.easy,
                },
                default=str,
            ),
            predicted_s=proposal.expected_s,
            reason=proposal.sentence,
            notes=json.dumps(dict(result.notes)),
            seconds=json.dumps(dict(result.seconds)),
            from_action=project.ledger.actions,
        )
        project.begin_round(record, started, tasks, auto_labels(fresh, class_ids))
        self._model_action = self._asked_action
        self._learner_s = sum(result.seconds.values())
        self.seen = Seen(result.predicted, result.confidence, class_ids, result.confusable)
        self.accuracy = result.holdout_right / result.holdout_n if result.holdout_n else None

    def supply(self) -> None:
        """See that there is something to do: seed labels, the held-out sample, or anything with the model's word."""
        project = self._project
        if len(project.queue):
            return
        pool, seed, seen = project.pool(), project.settings.seed, self.seen
        if project.round == 0:
            project.add_tasks(seed_tasks(pool, project.tasks_made, seed))
            return
        project.add_tasks(
            meanwhile_tasks(
                pool,
                project.tasks_made,
                seed,
                project.round,
                len(project.models) - 1,
                None if seen is None else seen.predicted,
                () if seen is None else seen.class_ids,
            )
        )

    def _left(self) -> int:
        """How many items a new round can be about."""
        ledger = self._project.ledger
        states = [ledger.state(item) for item in self._project.asked_about() if not ledger.holdout[item]]
        return ledger.open_items - sum(verb is None or not verb.meaning.settles for verb in states)

    def _confirmed(self, result: LearnResult) -> list[Confirmed]:
        """Items with a standing label of a person, which may carry a planted suggestion: a sample, where many are."""
        project = self._project
        labels = project.resolved(project.ledger.labels)
        labels[list(project.queue.items())] = -1
        items, most = np.flatnonzero(labels >= 0), max(LEAST_CONFIRMED, len(result.queue))
        if len(items) > most:
            chance = random.Random(f"confirmed {result.seed} {result.round}")
            items = items[chance.sample(range(len(items)), most)]
        return [Confirmed(int(item), int(labels[item])) for item in items]


def _still_free(result: LearnResult, free: NDArray[np.bool_]) -> LearnResult:
    """Leave out what was labeled while the learner worked."""
    queue, spare, auto = (
        tuple(chosen for chosen in part if free[chosen.item])
        for part in (result.queue, result.spare, result.auto_labels)
    )
    return replace(result, queue=queue, spare=spare, auto_labels=auto)
