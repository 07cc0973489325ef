"""The budgets of coming rounds: proposed from what this person's answers cost, or chosen by the annotator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from model.tiers import PerTier, Tier
from studies.labeling.facts.settings import BudgetMode, RoundImages
from studies.labeling.paging.queue_pages import QueuePages
from studies.labeling.planning.costs import rates
from studies.labeling.planning.finish_round import cap_round
from studies.labeling.planning.planner import PlannerInput, Proposal, expected_s, propose
from studies.labeling.project.project import Project
from studies.labeling.rounds.finish_line import FinishLine

_RECENT = 3  # rounds by which a tier's suggestions are judged


class RoundBudgets:
    """What coming rounds ask for."""

    def __init__(self, project: Project, pages: QueuePages) -> None:
        self._project, self.pages = project, pages
        self.finish = FinishLine(project, pages)

    def propose(self, ahead: int = 1) -> Proposal:
        """The budgets of the next round, or a later one, by the settings and by what this person's answers cost."""
        known = self._planner_input(ahead)
        settings = self._project.settings
        budgets = settings.budgets.of_round(known.round)
        proposal = propose(budgets, known)
        if settings.goal.wants_certificate and budgets.mode is BudgetMode.PLANNED:
            return self._toward_certificate(proposal, known)
        return proposal

    def _toward_certificate(self, proposal: Proposal, known: PlannerInput) -> Proposal:
        """The same for a folder to be certified: looks come in time, and nothing is labeled by another promise."""
        rest = self.finish.rest
        whole = cap_round(proposal.budgets, len(self._project.items), None if rest is None else rest.plan)
        return replace(proposal, budgets=whole, expected_s=expected_s(known, whole))

    def expected_s(self, budgets: Mapping[Tier, int]) -> float | None:
        """What a round with these budgets is expected to cost, in s; ``None`` where costs are units."""
        return expected_s(self._planner_input(1), budgets)

    def choose_budgets(self, budgets: PerTier[int], ahead: int = 1) -> None:
        """Keep the annotator's budgets for the next round or a later one; those of the proposal need no keeping.

        Raises ``StoreError`` with nothing changed.
        """
        if budgets != self.propose(ahead).budgets:
            chosen = RoundImages(round=self._project.round + ahead, images=budgets)
            self._change_budgets(chosen=chosen)

    def limit_minutes(self, minutes: float) -> None:
        """Let planned rounds take this many minutes; budgets chosen for a round are dropped.

        Raises ``StoreError`` with nothing changed.
        """
        self._change_budgets(minutes=minutes, chosen=None)

    def _change_budgets(self, **values: object) -> None:
        settings = self._project.settings
        budgets = settings.budgets.model_copy(update=values)
        self._project.change_settings(settings.model_copy(update={"budgets": budgets}))

    def _planner_input(self, ahead: int) -> PlannerInput:
        project = self._project
        tally, recent = project.tally, range(max(1, project.round - _RECENT + 1), project.round + 1)
        return PlannerInput(
            rates=rates(project.settings.costs, tally),
            suggestions={tier: tally.suggestions(tier.value, recent) for tier in Tier if tier.asked},
            left=self.count_left(),
            round=project.round + ahead,
            held_out=project.ledger.open_held_out,
            plant_rate=project.settings.plant_rate,
            on_pages=self.pages.likely_images,
            page_image_s=self.pages.seconds_an_image,
        )

    def count_left(self) -> int:
        """How many items a new round can be about."""
        ledger = self._project.ledger
        states = [ledger.state(item) for item in self._project.asked_about() if not ledger.holdout[item]]
        certified = int(np.count_nonzero(ledger.of_folder & ~ledger.holdout))
        return (
            ledger.open_items - certified - sum(verb is None or not verb.meaning.settles for verb in states)
        )
