"""What the learner is asked for a round: the project's labels in the order of the model's outputs."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.datasets.base import Source
from model.learning.encoder_scores import EncoderChoice, read_choice
from model.rounds.live_values import GivenModel, LearnRequest
from model.tiers import PerTier
from studies.labeling.facts.records import Verb
from studies.labeling.planning.finish_plan import FinishInputs
from studies.labeling.planning.page_plan import PageInputs
from studies.labeling.planning.planner import Proposal
from studies.labeling.project.project import Project
from studies.labeling.state.draws import drawn_at_random, query_order

FIRST_LOOK = 600  # images of a large folder whose features come first: half a minute
_FIRST_LOOK_UP_TO = 900  # a folder with no more is looked at whole
_CENTRES, _CENTRES_A_CLASS, _MOST_CENTRES = 24, 2, 80
SPARE = 100  # items ranked beyond the budgets, for labeling ahead
_WITHOUT_LABEL = tuple(verb for verb in Verb if verb.meaning.settles and verb is not Verb.LABEL)


@dataclass(frozen=True)
class Folders:
    """Where the learner keeps its files."""

    work: Path  # the project's own
    shared: Path  # downloaded weights
    laboratory: Path | None = None  # weights that several people share


Prepare = Callable[[Project, Folders], LearnRequest]
"""Makes a request for what needs no labels."""


@dataclass(frozen=True)
class RoundRequest:
    """A round as it was requested; the learner's answer can be read with nothing else."""

    learn: LearnRequest
    proposal: Proposal
    class_ids: tuple[int, ...]  # of the model's outputs
    actions: int  # of the annotator that its labels come from: the first ones
    pages: PageInputs | None = None  # for the pages that are planned by its model
    finish: FinishInputs | None = None  # for the plan of the rest


def first_look(project: Project) -> NDArray[np.bool_] | None:
    """(n,) the images that a first model looks at: some drawn at random and all labeled ones; ``None``: all.

    Features of a large folder take minutes; a first model need not wait for them.
    """
    n = len(project.items)
    if project.round > 0 or n <= _FIRST_LOOK_UP_TO:
        return None
    looked_at = project.ledger.labels >= 0
    chance = np.random.default_rng([project.settings.seed, n])
    looked_at[chance.choice(n, FIRST_LOOK, replace=False)] = True
    return looked_at


def request_groups(project: Project, folders: Folders) -> LearnRequest:
    """The request for what comes before there are labels: the network, features of a first look, groups of it."""
    count = min(max(_CENTRES, _CENTRES_A_CLASS * len(project.classes.standing)), _MOST_CENTRES)
    return replace(request_labels(project, folders), clusters=count)


def request_features(project: Project, folders: Folders) -> LearnRequest:
    """The request for what can be done when nothing else is due: the features of all images."""
    return replace(request_labels(project, folders), within=None)


def request_weights(project: Project, folders: Folders) -> LearnRequest:
    """The request that looks again for weights that were missing, and computes the features of all images by them."""
    return replace(request_features(project, folders), look_again=True)


def request_labels(project: Project, folders: Folders) -> LearnRequest:
    """All labels so far, for what chooses nothing: a preparation or a refit, asked for between two answers."""
    classes, ledger = project.classes.standing, project.ledger
    place = np.full(len(project.classes), -1, np.int32)
    for index, info in enumerate(classes):
        place[info.class_id] = index
    human, auto = project.resolved(ledger.labels), project.resolved(ledger.auto)
    texts = project.settings.names
    both = np.where(human >= 0, human, auto)
    return LearnRequest(
        project=project.store.path,
        work=folders.work,
        shared=folders.shared,
        laboratory=folders.laboratory,
        encoder=encoder_choice(project),
        source=Source(project.head.dataset, project.place),
        classes=tuple(info.name for info in classes),
        labels=np.where(both >= 0, place[np.maximum(both, 0)], -1).astype(np.int32),
        auto=(human < 0) & (auto >= 0),
        holdout=ledger.holdout.copy(),
        random=np.zeros(len(ledger), np.bool_),
        order=np.zeros(len(ledger), np.int64),
        excluded=np.zeros(len(ledger), np.bool_),
        settings=project.settings.learner.settings(project.settings.budgets.mode),
        budgets=PerTier({}, 0),
        spare=0,
        round=project.round + 1,
        seed=project.settings.seed,
        within=first_look(project),
        display_ranges=project.settings.display_ranges,
        names=tuple(texts.of(info.class_id, info.name) for info in classes) if texts.use else (),
        given=given_model(project),
    )


def given_model(project: Project) -> GivenModel | None:
    """The model that the project was begun with; ``None`` where it counts no longer.

    That is so where another network was chosen since, or none of its classes stands any more. A class that was merged
    into another one of its classes is told by that one's output.
    """
    begun, learner = project.begun_with, project.settings.learner
    if begun is None or learner.network != begun.network or learner.weights is not None:
        return None
    place = {class_id: index for index, class_id in enumerate(output_classes(project))}
    resolve, own = project.classes.resolve, place.keys() & set(begun.class_ids)
    outputs = tuple(
        -1
        if class_id < 0 or (resolve(class_id) != class_id and resolve(class_id) in own)
        else place[resolve(class_id)]
        for class_id in begun.class_ids
    )
    return GivenModel(begun.sha256, outputs) if any(output >= 0 for output in outputs) else None


def request_round(
    project: Project,
    folders: Folders,
    proposal: Proposal,
    pages: PageInputs | None = None,
    finish: FinishInputs | None = None,
) -> RoundRequest:
    """The next round's request, with all labels so far, how they were drawn, and what may not be chosen."""
    ledger, draws = project.ledger, project.store.task_draws()
    excluded = np.zeros(len(ledger), np.bool_)
    excluded[list(project.asked_about())] = True
    excluded |= ledger.of_folder
    for verb in _WITHOUT_LABEL:
        excluded[ledger.with_state(verb)] = True
    learn = replace(
        request_labels(project, folders),
        random=drawn_at_random(ledger, draws),
        order=query_order(ledger, draws),
        excluded=excluded,
        budgets=proposal.budgets,
        certified=project.certified,
        judge=finish is not None and finish.sample is not None,
        spare=SPARE,
    )
    return RoundRequest(learn, proposal, output_classes(project), ledger.actions, pages, finish)


def encoder_choice(project: Project) -> EncoderChoice | None:
    """The encoder that the last model stands on, if it was chosen by measuring."""
    settings = project.models[-1].settings if project.models else ""
    # Files of version 0.1.0 have it otherwise.
    return read_choice(json.loads(settings).get("encoder")) if settings.startswith("{") else None


def output_classes(project: Project) -> tuple[int, ...]:
    """The classes of a model's outputs, by id."""
    return tuple(info.class_id for info in project.classes.standing)
