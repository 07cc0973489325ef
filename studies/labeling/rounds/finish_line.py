"""A project's finish line: what is left until its goal, by the newest model, and how that is told."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from model.names import EVEN_STRATEGIES
from model.rounds.live_values import LearnResult
from studies.estimates import Interval, Share
from studies.finish.looks import Looks
from studies.finish.sample import Way
from studies.labeling.facts.finish import LookRecord, SampleDraw
from studies.labeling.facts.goal import GoalKind
from studies.labeling.facts.records import Verb
from studies.labeling.facts.settings import BudgetMode
from studies.labeling.paging.queue_pages import CELLS, QueuePages
from studies.labeling.planning.costs import rates
from studies.labeling.planning.finish_look import SampleInputs
from studies.labeling.planning.finish_plan import FinishInputs, Rest, guess_rest
from studies.labeling.planning.finish_round import count_draws, count_planted
from studies.labeling.planning.page_plan import PageInputs, as_arrays
from studies.labeling.planning.tasks import Pool, draw_evenly
from studies.labeling.project.project import Project
from studies.labeling.rounds.finish_words import FinishStatus, Offer
from studies.pages.calibration import RECENT


@dataclass(frozen=True)
class DrawnSample:
    """What a round asks for the random sample, and the round without what that takes the place of."""

    items: tuple[int, ...]
    draw: SampleDraw | None
    fresh: LearnResult
    suggested: bool = False  # whether it is asked about with suggestions
    planted: int = 0  # wrong suggestions that the round plants at least


class FinishLine:
    """Keeps what was planned of the rest. Uses the project in its thread; plans are made elsewhere."""

    def __init__(self, project: Project, pages: QueuePages) -> None:
        self._project, self._pages = project, pages
        self.rest: Rest | None = None  # as of the newest model
        self._offer: Offer | None = None  # to end by the last look

    @property
    def offer(self) -> Offer | None:
        """The offer to end by the last look, as long as the goal is the one that it was taken for."""
        goal, offer = self._project.settings.goal, self._offer
        holds = offer is not None and goal.wants_certificate
        return offer if holds and offer and offer.found.promise.certificate.share == goal.share else None

    @offer.setter
    def offer(self, offer: Offer | None) -> None:
        self._offer = offer

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
            class_ids=tuple(class_ids),
            left=self.left(),
            answered=answered,
            done_s=project.tally.total_s + project.pages.total_s,
            sample=self._sample(class_ids),
        )

    def _sample(self, class_ids: Sequence[int]) -> SampleInputs | None:
        """The random sample; ``None`` where nothing is to be certified, or all is that can be."""
        project = self._project
        if not project.settings.goal.wants_certificate or self.ended:
            return None
        alone = project.catch_trials.by_itself
        place = np.full(len(project.classes) + 1, -1, np.int32)
        place[list(class_ids)] = np.arange(len(class_ids))
        return SampleInputs(
            draws=tuple(project.draws),
            ways={
                item: way
                for draw in project.draws
                for task, item in draw.drawn
                if (way := self._way(draw, task, item))
            },
            labels=place[project.resolved(project.ledger.labels)],
            looks=Looks(taken=len(project.looks)),
            items=len(project.items),
            share=project.settings.goal.share,
            caught=project.pages.caught,
            planted=alone.total,
            accepted=alone.right,
        )

    def _way(self, draw: SampleDraw, task: int, item: int) -> Way | None:
        """How an item that was drawn was settled; ``None``: it waits."""
        ledger = self._project.ledger
        verb = ledger.state(item)
        if verb is None or not verb.meaning.settles or verb is Verb.REJECT:
            return None
        if task not in ledger.tasks_answered(item):
            return Way.ELSEWHERE
        if verb is not Verb.LABEL:
            return Way.REMARK
        return Way.SUGGESTED if draw.suggested else Way.UNAIDED

    @property
    def ended(self) -> bool:
        """Whether the program labeled images by a certificate."""
        return bool(self._project.ledger.of_folder.any())

    @property
    def promised(self) -> str:
        """What is promised of the folder; empty while nothing is certified."""
        look = self._project.store.certified_by() if self.ended else None
        return "" if look is None else look.sentence

    def draw_sample(self, rest: Rest | None, fresh: LearnResult, pool: Pool) -> DrawnSample:
        """Draw what the coming round asks for the random sample, in place of as many other images of it."""
        project = self._project
        planned = project.settings.budgets.mode is BudgetMode.PLANNED
        plants = rest is not None and rest.plan.planted
        if rest is None or not (rest.plan.draws or plants) or not planned or self.ended:
            return DrawnSample((), None, fresh)
        count = count_draws(rest.plan, len(fresh.queue))
        order = [c for c in fresh.queue if c.strategy in EVEN_STRATEGIES]  # random too, but with suggestions
        order += [c for c in reversed(fresh.queue) if c.strategy not in EVEN_STRATEGIES]
        gone = {c.item for c in order[: min(count, len(order) // 2)]}
        queue = tuple(c for c in fresh.queue if c.item not in gone)
        free = pool.free & ~project.certified
        free[[c.item for c in queue]] = False
        draw = SampleDraw.of(len(project.draws), free)
        items = draw_evenly(free, count, f"sample {fresh.seed} {fresh.round}")
        spare = tuple(c for c in fresh.spare if c.item not in set(items))
        fresh = replace(fresh, queue=queue, spare=spare)
        return DrawnSample(
            tuple(items), draw if items else None, fresh, rest.plan.suggested, count_planted(rest.plan, 0)
        )

    def record_look(self, rest: Rest | None, round_: int) -> LookRecord | None:
        """The look that a round's model took, to be stored before anything is made of it."""
        if rest is None or rest.look is None:
            return None
        found, look = rest.look.promise.certificate, len(self._project.looks)
        return LookRecord(
            look=look,
            round=round_,
            share=found.share,
            chance=Looks(taken=look).next_chance,
            items=found.items,
            elsewhere=found.elsewhere,
            allowed=found.allowed,
            sampled=found.sampled,
            most=found.most,
            seen=found.seen,
            threshold=float(found.threshold) if found.given and math.isfinite(found.threshold) else None,
            by_program=len(rest.look.certified.items),
            sentence=rest.look.promise.sentence,
        )

    def accept(self) -> int:
        """Let the program label what the last look certified, but for what a person has decided about since.

        Returns how many images have a label by it. Raises ``StoreError`` with nothing changed.
        """
        offer, ledger = self.offer, self._project.ledger
        if offer is None:
            return 0
        # Over a person's decision none holds.
        self._project.certify(offer.look, offer.found.certified, offer.labels)
        self.offer = None
        if self.rest is not None:
            plan = self.rest.plan
            left = int(self.left().sum())
            seconds = Interval(offer.found.person_s, offer.found.person_s / 2, 1.5 * offer.found.person_s)
            self.rest = Rest(replace(plan, draws=0, by_person=left, by_program=0), seconds, left)
        return ledger.progress().by_program

    def left(self) -> NDArray[np.bool_]:
        """(n,) the images that have neither a label nor a decision."""
        ledger = self._project.ledger
        left = ~ledger.settled & (ledger.auto < 0)
        left[ledger.with_state(Verb.REJECT)] = True
        return left

    def take(self, rest: Rest | None) -> None:
        """Go by a newer plan from now on, and offer to end by the look that was taken, if it is worth it."""
        self.rest = rest or self.rest
        if rest is None or rest.look is None:
            return
        self.offer = None
        if rest.offered:
            self.offer = Offer(len(self._project.looks) - 1, rest.look, rest.offered)

    def status(self) -> FinishStatus:
        """Where the project stands now."""
        project = self._project
        progress, goal = project.ledger.progress(), project.settings.goal
        accuracy = None
        if project.models:
            accuracy = Share(project.models[-1].holdout_right, project.models[-1].holdout_n)
        known = rates(project.settings.costs, project.tally)
        if goal.kind is not GoalKind.LABELED or not known.in_seconds:
            return FinishStatus(progress, goal, accuracy=accuracy, offer=self.offer)
        if self.rest is None:
            a_label = project.tally.seconds_a_label or known.unaided
            return FinishStatus(
                progress, goal, guess_rest(progress.left, a_label), True, 0, accuracy, self.offer
            )
        by_program = min(self.rest.plan.by_program, progress.left)
        return FinishStatus(
            progress, goal, self.rest.after(progress.left), False, by_program, accuracy, self.offer
        )
