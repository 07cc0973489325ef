"""A project's finish line: what is left until its goal, by the newest model, and how that is told."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from studies.estimates import Share
from studies.labeling.facts.goal import GoalKind
from studies.labeling.facts.records import Verb
from studies.labeling.planning.costs import rates
from studies.labeling.planning.finish_plan import FinishInputs, Rest, guess_rest
from studies.labeling.planning.page_plan import PageInputs, as_arrays
from studies.labeling.project.project import Project
from studies.labeling.rounds.finish_words import FinishStatus
from studies.labeling.rounds.queue_pages import CELLS, QueuePages
from studies.pages.calibration import RECENT


class FinishLine:
    """Keeps what was planned of the rest. Uses the project in its thread; plans are made elsewhere."""

    def __init__(self, project: Project, pages: QueuePages) -> None:
        self._project, self._pages = project, pages
        self.rest: Rest | None = None  # as of the newest model

    @property
    def wanted(self) -> bool:
        """Whether the project is labeled until all images have a label."""
        return self._project.settings.goal.kind is GoalKind.LABELED

    def inputs(self, class_ids: Sequence[int], pages: PageInputs | None = None) -> FinishInputs | None:
        """What the rest is to be planned by, with a model of these classes; ``None`` where nobody aims at an end.

        ``pages``: what pages are planned by at the same time, so that nothing is read twice.
        """
        project = self._project
        if not self.wanted or len(class_ids) < 2:
            return None
        answered = as_arrays(project.store.answered_suggestions(RECENT)) if pages is None else pages.answered
        return FinishInputs(
            costs=self._pages.costs,
            cells=CELLS,
            pages=self._pages.possible,
            classes=len(class_ids),
            left=self.left(),
            answered=answered,
            done_s=project.tally.total_s + project.pages.total_s,
        )

    def left(self) -> NDArray[np.bool_]:
        """(n,) the images that have neither a label nor a decision."""
        ledger = self._project.ledger
        left = ~ledger.settled & (ledger.auto < 0)
        left[ledger.with_state(Verb.REJECT)] = True
        return left

    def take(self, rest: Rest | None) -> None:
        """Go by a newer plan from now on."""
        self.rest = rest or self.rest

    def status(self) -> FinishStatus:
        """Where the project stands now."""
        project = self._project
        progress, goal = project.ledger.progress(), project.settings.goal
        accuracy = None
        if project.models:
            accuracy = Share(project.models[-1].holdout_right, project.models[-1].holdout_n)
        known = rates(project.settings.costs, project.tally)
        if goal.kind is not GoalKind.LABELED or not known.in_seconds:
            return FinishStatus(progress, goal, accuracy=accuracy)
        if self.rest is None:
            a_label = project.tally.seconds_a_label or known.unaided
            return FinishStatus(progress, goal, guess_rest(progress.left, a_label), True, accuracy=accuracy)
        by_program = min(self.rest.plan.by_program, progress.left)
        return FinishStatus(progress, goal, self.rest.after(progress.left), False, by_program, accuracy)
