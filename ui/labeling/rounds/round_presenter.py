"""Joins the page of the coming round to the conductor and the learner."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from model.errors import UserError
from model.tiers import PerTier
from studies.labeling.project.project import Project
from studies.labeling.rounds.conductor import Conductor
from ui.labeling.rounds.background_learner import BackgroundLearner
from ui.labeling.rounds.round_data import expected_text, round_page_data, rounds_ahead
from ui.labeling.rounds.round_page import RoundPage


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
        page.changed.connect(self._show_expectation)
        page.minutes_changed.connect(self._keep_minutes)
        page.train_wanted.connect(self._train)
        page.enough_wanted.connect(self._end_seeding)
        page.cancel_wanted.connect(learner.cancel)
        page.back_wanted.connect(self.left)
        learner.progressed.connect(self._follow_learner)
        learner.begun.connect(self._redraw_if_visible)

    def show(self) -> None:
        """Show the round as it stands."""
        self._draw()
        self._follow_learner(self._learner.line)
        self.page.setFocus()

    def _draw(self) -> None:
        self._working = self._learner.working
        self.page.show_data(round_page_data(self._project, self._conductor, self._working))

    def _show_expectation(self, budgets: PerTier[int]) -> None:
        self.page.show_expected(expected_text(self._conductor, budgets))

    def _keep_minutes(self, minutes: float) -> None:
        try:
            self._conductor.limit_minutes(minutes)
        except UserError as error:
            self.page.show_expected(str(error))
            return
        self._draw()

    def _keep(self, budgets: PerTier[int]) -> None:
        if self._choose(budgets, rounds_ahead(self._learner.working)):
            self.left.emit()

    def _choose(self, budgets: PerTier[int], ahead: int) -> bool:
        try:
            self._conductor.choose_budgets(budgets, ahead)
        except UserError as error:
            self.page.show_expected(str(error))
            return False
        return True

    def _train(self, budgets: PerTier[int]) -> None:
        if not self._conductor.can_train:
            self.page.show_expected("A model needs labels of two classes at least: label some more first.")
            return
        if self._choose(budgets, ahead=1):
            self._learner.start(self._conductor.propose())

    def _end_seeding(self) -> None:
        self._conductor.enough = True
        if self._conductor.can_train:
            self._learner.consider()
            self.left.emit()
        else:
            self.page.show_expected("Two classes need an example each before anything can be learned.")

    def _follow_learner(self, line: str) -> None:
        if self.page.isVisible():
            if self._learner.working != self._working:
                self._draw()
            self.page.show_learner(
                self._learner.latest, line if self._learner.working else "", self._learner.curve
            )

    def _redraw_if_visible(self) -> None:
        if self.page.isVisible():
            self.show()
