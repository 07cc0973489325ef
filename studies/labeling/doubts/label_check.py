"""What the learner finds out about a person's labels: which of them its models contradict, and which look the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from model.port import Port
from model.rounds.live_values import LearnRequest
from studies.finish.doubtful import TOO_FAST_S, Judged, judge_labels
from studies.labeling.file.store import ProjectStore

if TYPE_CHECKING:
    from model.rounds.workbench import Workbench


@dataclass(frozen=True)
class LabelCheck:
    """k labels of a person, judged; classes are indices into the request's."""

    items: NDArray[np.int64]  # (k,) ascending
    labels: NDArray[np.int64]  # (k,)
    judged: Judged  # out of fold
    calibrated: bool  # the chances say how often such labels are wrong
    pairs: NDArray[np.int64]  # (p, 2) places of labels whose images look the same
    fast: NDArray[np.bool_]  # (k,) the answer came sooner than one can see


def check_project(request: LearnRequest, bench: Workbench, port: Port) -> LabelCheck:
    """Judge the labels of a request, in the learner's process; raises as :func:`model.rounds.checking.check` does."""
    from model.rounds.checking import check

    found = check(request, bench, port)
    with ProjectStore.open(request.project, writable=False) as store:
        fast = np.isin(found.items, store.answered_within(TOO_FAST_S))
    judged = judge_labels(found.probabilities.astype(np.float64), found.labels)
    return LabelCheck(found.items, found.labels, judged, found.calibrated, found.pairs, fast)
