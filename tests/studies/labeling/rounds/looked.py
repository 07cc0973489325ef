"""A look at a random sample, for tests of what is told of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from studies.estimates import Interval
from studies.finish.folder_rule import Certificate
from studies.finish.looks import Looks
from studies.finish.promise import Promise
from studies.labeling.facts.finish import Certified
from studies.labeling.planning.finish_look import FinishLook


def a_look(items: Sequence[int]) -> FinishLook:
    """One by which the program may label ``items``, 12 others being left."""
    certificate = Certificate(0.5, 60, 0.01, 0, 3, 0.025, 0, 30, 0)
    return FinishLook(
        Promise(certificate, Looks(taken=1), 0.0),
        Certified(np.array(items, np.int64), np.zeros(len(items), np.int32), np.full(len(items), 0.9)),
        len(items) + 12,
        5,
        30.0,
        Interval(3.0, 1.0, 6.0),
        20.0,
        Interval(1.0, 0.0, 3.0),
    )
