"""When pages of many images would take less of the person's time than one image after the other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studies.labeling.facts.settings import CostOrigin
from studies.labeling.paging.queue_pages import CELLS
from studies.labeling.planning.ask_costs import ask_costs
from studies.labeling.project.project import Project
from studies.labeling.rounds.conductor import Conductor
from studies.labeling.rounds.item_predictions import ItemPredictions
from studies.pages.asking import AskCosts

LEAST_SAVED_S = 60.0  # less is not worth another page
_EVERY = 10  # actions: an answer or two change little


@dataclass(frozen=True)
class PageOffer:
    """What pages are offered for: images of all classes, what they save in all, and the class to begin with."""

    images: int
    saves_s: float
    class_id: int


class PageOffers:
    """Offers pages by this person's costs and by confidence that is calibrated; a guess is no offer."""

    def __init__(self, project: Project, conductor: Conductor) -> None:
        self._project, self._conductor = project, conductor
        self._held: tuple[ItemPredictions | None, int] = (
            None,
            -1,
        )  # of what the offer was made: and its actions
        self._offer: PageOffer | None = None

    def best(self) -> PageOffer | None:
        """The offer by the newest predictions; ``None`` where pages save less than a minute, or nobody knows."""
        predictions = self._conductor.predictions
        before, actions = self._held
        now = self._project.ledger.actions
        if predictions is not before or not 0 <= now - actions < _EVERY:
            self._held = predictions, now
            self._offer = None if predictions is None else self._make(predictions)
        return self._offer

    def _make(self, predictions: ItemPredictions) -> PageOffer | None:
        project = self._project
        if not predictions.measured or project.settings.costs.origin is CostOrigin.PAPER:
            return None
        open_ = project.unlabeled(len(predictions.predicted)) & (predictions.predicted >= 0)
        costs = ask_costs(project.settings.costs, project.tally, project.pages)
        least = costs.pages.break_even(CELLS, costs.verify, costs.correct)
        items = np.flatnonzero(open_ & (predictions.confidence > least))
        saved = _saved(predictions.confidence[items].astype(np.float64), costs)
        place = np.array([project.classes.resolve(class_id) for class_id in predictions.class_ids])
        classes = place[predictions.predicted[items]]
        images = np.bincount(classes, minlength=len(project.classes))
        by_class = np.bincount(classes, saved, len(project.classes))
        by_class[images < CELLS // 2] = 0.0  # a page that is nearly empty saves nothing
        if by_class.sum() < LEAST_SAVED_S:
            return None
        return PageOffer(int(images[by_class > 0].sum()), float(by_class.sum()), int(by_class.argmax()))


def _saved(right: NDArray[np.float64], costs: AskCosts) -> NDArray[np.float64]:
    """Expected seconds that a page saves of each image, (n,), its suggestion right with probability ``right`` (n,)."""
    single = right * costs.verify + (1 - right) * costs.correct
    at_0, at_1 = (costs.pages.of_item(share, CELLS, costs.correct) for share in (0.0, 1.0))
    return single - (at_0 + (at_1 - at_0) * right)
