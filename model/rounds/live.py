"""A live round: from a request of the program to the next round's queue."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import asdict, replace

import numpy as np
import torch
from numpy.typing import NDArray

from model.datasets.base import UNKNOWN, Problem
from model.datasets.pixels.deep import Ranges
from model.learning.config import TrainingConfig
from model.learning.encoder_scores import EncoderChoice
from model.learning.training import TrainingError
from model.port import Port
from model.rounds import selecting
from model.rounds.backbone import Backbone
from model.rounds.comparing import compare_encoders
from model.rounds.judging import calibrated, human_labels, judge_labels
from model.rounds.learner import given_round, labels_to_certify, train_round
from model.rounds.live_values import Groups, LearnRequest, LearnResult, Prepared, Refitted, TrainedModel
from model.rounds.model_file import keep_model
from model.rounds.predictions import Predictions, keep_predictions
from model.rounds.stopwatch import Stopwatch
from model.rounds.trainers import LastLayerTrainer, PoolModel, Trainer
from model.rounds.workbench import Workbench, kept_trainer, looked_at, make_pool_trainer, pool_labels
from model.selection.functions.clusters import cluster_features
from model.tiers import PerTier, Tier, asked

GROUPED = 10_000  # images at most are sorted into groups


def learn(request: LearnRequest, bench: Workbench, port: Port) -> LearnResult:
    """Train on the labels so far and choose the next round.

    The same request gives the same result on a CPU with the same number of threads. What a cancelled or
    killed run did is found again. Raises ``UserError`` where there is too little to learn from, and
    :class:`model.port.Cancelled`.
    """
    torch.set_num_threads(request.threads or torch.get_num_threads())
    watch, compared = Stopwatch(), None
    port.progress(0, 0, "Looking at the images")
    with watch.stage("opening"):
        backbone = bench.backbone(request, port)
    if backbone.stored:
        with watch.stage("encoders"):
            compared = compare_encoders(request, bench.images, port)
        if compared is not None:
            request = replace(request, encoder=compared)
            backbone = bench.backbone(request, port)
    trainer = make_pool_trainer(request, bench, backbone, watch, port)
    known = pool_labels(request)
    if backbone.given is not None and request.round == 1:
        learned = given_round(trainer, known, request.seed, port, watch)
    else:
        learned = train_round(trainer, known, _least_audit(request), request.seed, port, watch)
    model = learned.model
    if not model.trained_on:  # nobody has tested on this folder what a given model or names say
        request = replace(request, budgets=PerTier(asked(request.budgets), 0))
    chosen = selecting.choose_round(request, learned.snapshot, model.rows, watch.seconds, port)
    temperature, _, likeliest = calibrated(model, known)
    measured = temperature is not None
    predicted, confidence = likeliest.labels[:, 0], likeliest.probabilities[:, 0]
    file = _keep(request, backbone, model, trainer.device, bench.images.ranges(), temperature)
    confused = selecting.confusable(model.probabilities.cpu(), human_labels(known, model))
    keep_predictions(
        request.work, Predictions(file.sha256, predicted, confidence, confused, measured, likeliest)
    )
    judged = np.flatnonzero(request.holdout & known.human & (predicted != UNKNOWN))
    notes = dict(chosen.notes) | ({"network": backbone.note} if backbone.note else {})
    notes |= {"encoder": compared.sentence()} if compared else {}
    missing = bench.names.read(request, backbone.name, port).note if backbone.stored else ""
    notes |= {"network": missing} if missing else {"names": trainer.said} if trainer.said else {}
    return LearnResult(
        round=request.round,
        seed=request.seed,
        model=file,
        queue=chosen.queue,
        spare=chosen.spare,
        auto_labels=chosen.auto_labels,
        predicted=predicted,
        confidence=confidence,
        measured=measured,
        likeliest=likeliest,
        holdout_n=len(judged),
        holdout_right=int((predicted[judged] == request.labels[judged]).sum()),
        confusable=confused,
        judged=judge_labels(learned, len(known.labels)) if request.judge else None,
        notes=notes,
        seconds=watch.seconds,
        problems=_problems(bench.images.items, (predicted == UNKNOWN) & looked_at(request), trainer.problems),
    )


def prepare(request: LearnRequest, bench: Workbench, port: Port) -> Prepared:
    """Choose the network and compute the features of a frozen one, which takes no labels.

    Raises as :func:`learn` does; what a cancelled or killed run did is found again by it.
    """
    torch.set_num_threads(request.threads or torch.get_num_threads())
    port.progress(0, 0, "Looking at the images")
    backbone = bench.backbone(request, port)
    if not backbone.stored:
        return Prepared(backbone.note)
    trainer = make_pool_trainer(request, bench, backbone, Stopwatch(), port)
    groups = _group(request, trainer, port) if request.clusters else None
    note = backbone.note or bench.names.read(request, backbone.name, port).note
    return Prepared(note, groups, trainer.begins)


def _group(request: LearnRequest, trainer: Trainer, port: Port) -> Groups | None:
    """Groups of the items that are not held out, at most :data:`GROUPED` of them, drawn at random."""
    if not isinstance(trainer, LastLayerTrainer):
        return None
    rows = np.flatnonzero(~request.holdout[trainer.rows])
    if len(rows) > GROUPED:
        rows = np.sort(np.random.default_rng(request.seed).choice(rows, GROUPED, replace=False))
    if len(rows) == 0:
        return None
    features = trainer.features[torch.from_numpy(rows).to(trainer.place)]
    found = cluster_features(features, request.clusters, request.seed, port)
    return Groups(trainer.rows[rows], found.cluster.numpy(), found.distance.double().numpy())


def refit(request: LearnRequest, bench: Workbench, port: Port) -> Refitted:
    """Train a frozen network's last layer on the labels so far, so that suggestions are the newest model's.

    Nothing is selected, judged or kept. Raises as :func:`learn` does, and ``TrainingError`` for a network that is
    trained in full.
    """
    torch.set_num_threads(request.threads or torch.get_num_threads())
    watch = Stopwatch()
    started = time.perf_counter()
    backbone = bench.backbone(request, port)
    if not backbone.stored:
        raise TrainingError("Only the last layer of a frozen network is trained anew between rounds.")
    trainer = kept_trainer(request, bench, backbone, port)
    known = pool_labels(request)
    model = trainer.fit(torch.from_numpy(known.training), request.seed, port, watch)
    temperature, shown, likeliest = calibrated(model, known)
    wanted = np.intersect1d(model.rows, request.wanted, return_indices=True)
    return Refitted(
        trained_on=model.trained_on,
        predicted=likeliest.labels[:, 0],
        confidence=likeliest.probabilities[:, 0],
        confusable=selecting.confusable(model.probabilities.cpu(), human_labels(known, model)),
        measured=temperature is not None,
        likeliest=likeliest,
        top={int(item): selecting.likeliest(shown[row]) for item, row in zip(*wanted[:2], strict=True)},
        seconds=time.perf_counter() - started,
    )


def _least_audit(request: LearnRequest) -> int | None:
    if request.judge:
        return 1
    settings = request.settings
    if all(tier.asked for tier in Tier if request.budgets[tier]):
        return None
    return labels_to_certify(settings.strategies, settings.published, settings.max_error)


def _problems(names: Sequence[str], unread: NDArray[np.bool_], problems: Sequence[Problem]) -> dict[int, str]:
    reasons = {problem.item: problem.reason for problem in problems}
    items = np.flatnonzero(unread).tolist()
    return {item: reasons.get(names[item], "The image cannot be read.") for item in items}


def _keep(
    request: LearnRequest,
    backbone: Backbone,
    model: PoolModel,
    device: torch.device,
    ranges: Ranges,
    temperature: float | None,
) -> TrainedModel:
    seen = backbone.transform, request.classes, model.trained_on, ranges, temperature
    sha256, file = keep_model(request.work, model.network, *seen)
    return TrainedModel(
        sha256=sha256,
        file=file.name,
        network=backbone.name,
        settings=as_json(backbone.config, request.encoder),
        trained_on=model.trained_on,
        history=tuple((epoch.loss, epoch.accuracy) for epoch in model.layer.history),
        device=device.type,
    )


def as_json(config: TrainingConfig, encoder: EncoderChoice | None = None) -> str:
    """Return training settings as a JSON object, its keys sorted, with the choice of the encoder if one was made."""
    values = asdict(config) | ({"encoder": encoder.as_dict()} if encoder else {})
    return json.dumps(values, sort_keys=True, default=lambda choice: choice.value)
