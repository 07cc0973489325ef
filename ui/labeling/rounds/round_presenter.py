"""Joins the page of the coming round to the conductor and the learner."""

from __future__ import annotations

import json

from PySide6.QtCore import QObject, Signal

from model.errors import UserError
from model.tiers import PerTier, asked_total
from studies.labeling.facts.settings import BudgetMode, Budgets, Chosen
from studies.labeling.project.project import Project
from studies.labeling.rounds.conductor import Conductor
from studies.labeling.rounds.panel import advice, minutes_text
from ui.labeling.rounds.background_learner import BackgroundLearner
from ui.labeling.rounds.round_page import RoundPage, RoundPageData


class RoundPresenter(QObject):
    """The annotator's say in a round: its numbers, when it is trained for, and when the first labels are enough."""

    left = Signal()

    def __init__(
        self, project: Project, conductor: Conductor, learner: BackgroundLearner, page: RoundPage
    ) -> None:
        super().__init__(page)
        self._project, self._conductor, self._learner, self.page = project, conductor, learner, page
        self._working = False  # as the page shows it
        page.kept.connect(self._keep)
        page.changed.connect(self._changed)
        page.minutes_changed.connect(self._minutes)
        page.train_wanted.connect(self._train)
        page.enough_wanted.connect(self._enough)
        page.cancel_wanted.connect(learner.cancel)
        page.back_wanted.connect(self.left)
        learner.progressed.connect(self._progressed)
        learner.begun.connect(self._begun)

    def show(self) -> None:
        """Show the round as it stands."""
        self._draw()
        self._progressed(self._learner.line)
        self.page.setFocus()

    @property
    def _ahead(self) -> int:
        """How far off the round is whose numbers can still be chosen."""
        return 2 if self._learner.working else 1

    def _draw(self) -> None:
        project = self._project
        proposal = self._conductor.propose(self._ahead)
        budgets = project.settings.budgets
        title = f"Round {project.round + self._ahead}"
        if self._learner.working:
            title += f"   (round {project.round + 1} is being prepared)"
        self._working = self._learner.working
        self.page.show_data(
            RoundPageData(
                title=title,
                budgets=proposal.budgets,
                minutes=budgets.minutes if budgets.mode is BudgetMode.PLANNED else None,
                expected=self._expected(proposal.budgets),
                reason=proposal.sentence,
                advice=advice(project),
                notes=self._notes(),
                seeding=self._conductor.seeding,
                working=self._learner.working,
            )
        )

    def _expected(self, budgets: PerTier[int]) -> str:
        seconds, count = self._conductor.expected_s(budgets), asked_total(budgets)
        if seconds is None:
            return f"{count:,} images to label."
        return f"{count:,} images to label, expected to take you {minutes_text(seconds)}."

    def _notes(self) -> str:
        project = self._project
        parts = []
        if project.rounds:
            last = project.rounds[-1]
            seconds: dict[str, float] = json.loads(last.seconds)
            stages = ", ".join(f"{stage} {taken:.1f} s" for stage, taken in seconds.items() if taken >= 0.05)
            parts.append(f"Round {last.round} was prepared in {sum(seconds.values()):.1f} s: {stages}.")
            notes: dict[str, str] = json.loads(last.notes)
            parts += [f"{tier.capitalize()}: {note}" for tier, note in notes.items()]
        idle = project.store.idle_share(project.sitting)
        if idle is not None:
            parts.append(f"In this sitting you had nothing to do for {idle:.1%} of the time.")
        return "\n".join(parts)

    def _changed(self, budgets: PerTier[int]) -> None:
        self.page.show_expected(self._expected(budgets))

    def _minutes(self, minutes: float) -> None:
        if self._choose(
            self._project.settings.budgets.model_copy(update={"minutes": minutes, "chosen": None})
        ):
            self._draw()

    def _keep(self, budgets: PerTier[int]) -> None:
        if self._store(budgets, self._ahead):
            self.left.emit()

    def _store(self, budgets: PerTier[int], ahead: int) -> bool:
        """Keep numbers that differ from the proposed ones."""
        if budgets == self._conductor.propose(ahead).budgets:
            return True
        chosen = Chosen(round=self._project.round + ahead, images=budgets)
        return self._choose(self._project.settings.budgets.model_copy(update={"chosen": chosen}))

    def _choose(self, budgets: Budgets) -> bool:
        try:
            self._project.change_settings(self._project.settings.model_copy(update={"budgets": budgets}))
        except UserError as error:
            self.page.show_expected(str(error))
            return False
        return True

    def _train(self, budgets: PerTier[int]) -> None:
        if not self._conductor.can_train:
            self.page.show_expected("A model needs labels of two classes at least: label some more first.")
            return
        if self._store(budgets, ahead=1):
            self._learner.start(self._conductor.propose())

    def _enough(self) -> None:
        self._conductor.enough = True
        if self._conductor.can_train:
            self._learner.consider()
            self.left.emit()
        else:
            self.page.show_expected("Two classes need an example each before anything can be learned.")

    def _progressed(self, line: str) -> None:
        if self.page.isVisible():
            if self._learner.working != self._working:
                self._draw()
            self.page.show_learner(
                self._learner.latest, line if self._learner.working else "", self._learner.curve
            )

    def _begun(self) -> None:
        if self.page.isVisible():
            self.show()
