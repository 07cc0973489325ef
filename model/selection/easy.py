"""The easy tier by confidence alone: the model's most confident predictions become labels."""

from __future__ import annotations

import torch
from torch import Tensor

from model.port import Port
from model.selection.base import Options, Picks, Snapshot, Tier, shares
from model.selection.registry import Strategy, register


def confidences(snapshot: Snapshot) -> tuple[Tensor, Tensor]:
    """Return each item's largest probability, its confidence (n,), and the class that has it, (n,) int64."""
    confidence, predicted = snapshot.probabilities.max(dim=1)
    return confidence, predicted


def most_confident(snapshot: Snapshot, items: Tensor, budget: int, note: str = "") -> Picks:
    """Pick the most confident ``budget`` of ``items``, ascending (m,), and suggest the predicted classes.

    The score is the confidence; of equals the first are picked.
    """
    confidence, predicted = confidences(snapshot)
    chosen = items[confidence[items].argsort(descending=True, stable=True)[:budget]]
    return Picks.of(chosen, predicted[chosen], confidence[chosen], budget, note)


def highest_confidence(
    snapshot: Snapshot, pool: Tensor, budget: int, options: Options, seed: int, port: Port
) -> Picks:
    """Pick the most confident items of all classes together (the paper's section 4)."""
    return most_confident(snapshot, pool, budget)


def per_class_confidence(
    snapshot: Snapshot, pool: Tensor, budget: int, options: Options, seed: int, port: Port
) -> Picks:
    """Pick the most confident items of each predicted class, as the authors' code does.

    Class c, counted from 0, has floor(b (c + 1) / C) - floor(b c / C) of the budget b. A class that is
    predicted less often leaves the rest unspent.
    """
    confidence, predicted = (values[pool] for values in confidences(snapshot))
    counts = torch.bincount(predicted, minlength=snapshot.classes)
    quotas = torch.tensor(shares(budget, snapshot.classes), device=pool.device)
    chosen = (_rank(confidence, predicted, counts) < quotas[predicted]).nonzero().flatten()
    note = ""
    if short := int((counts < quotas).sum()):
        classes = "1 class is" if short == 1 else f"{short:,} classes are"
        unspent = f"{budget - len(chosen):,} of {budget:,} labels are left unspent"
        note = f"{classes} predicted less often than the share of a class; {unspent}."
    return most_confident(snapshot, pool[chosen], budget, note)


def _rank(confidence: Tensor, predicted: Tensor, counts: Tensor) -> Tensor:
    """How many items of the same predicted class are more confident, or as confident and before it, (m,)."""
    by_confidence = confidence.argsort(descending=True, stable=True)
    by_class = by_confidence[predicted[by_confidence].argsort(stable=True)]
    first = counts.cumsum(0) - counts
    rank = torch.empty_like(predicted)
    rank[by_class] = torch.arange(len(predicted), device=predicted.device) - first[predicted[by_class]]
    return rank


register("highest-confidence", Strategy("Highest confidence", Tier.EASY, highest_confidence))
register(
    "per-class-confidence", Strategy("Highest confidence of each class", Tier.EASY, per_class_confidence)
)
