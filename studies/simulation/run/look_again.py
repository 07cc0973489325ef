"""The second look of a run: when all of a folder is labeled, pages show again what they probably missed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from model.port import Port
from studies.pages.asking import without
from studies.pages.calibration import at_temperature
from studies.pages.second_look import plan_second_look
from studies.simulation.run.annotator import Annotator

if TYPE_CHECKING:
    from model.rounds.simulated import SimulatedPool


def look_again(
    annotator: Annotator, pool: SimulatedPool, temperature: float, cells: int, seed: int, port: Port
) -> None:
    """Train out of fold on all labels, show the likeliest misses again, and ask about what is marked by itself."""
    from model.rounds.learner import PoolLabels
    from model.rounds.simulated import train_and_test

    labels = annotator.labels.astype(np.int64)
    nothing = np.zeros(len(labels), bool)
    known = PoolLabels(
        labels, nothing, held_out=nothing, random=~nothing, order=np.zeros(len(labels), np.int64)
    )
    learned = train_and_test(pool, known, least_audit=0, seed=seed, port=port)
    plain = learned.snapshot.probabilities.cpu().numpy().astype(np.float64)
    right = at_temperature(plain, temperature)[np.arange(len(labels)), labels]
    pages = plan_second_look(right, labels, annotator.confirmed, annotator.costs, cells)
    for page in pages:
        items = np.array(page.items)
        annotator.look_through(items, page.label, plain[items])
        for item in items[~annotator.confirmed[items]]:
            suggested = without(plain[[item]], annotator.rejected[[item]])[0]
            annotator.answer(int(item), suggested, False)
