"""The annotator's say in a round: numbers, minutes, training now, stopping, enough first labels."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QLabel, QSpinBox

from model.tiers import PerTier, Tier, asked, asked_total, budgets_of
from studies.labeling.project.project import Project
from tests.studies.labeling import sample
from tests.ui.driving import unnamed
from tests.ui.labeling.live import FakeLearner
from ui.kit.charts.curve_view import CurveView
from ui.labeling.rounds.background_learner import BackgroundLearner
from ui.labeling.rounds.round_page import RoundPage
from ui.labeling.rounds.round_presenter import RoundPresenter


class Joined:
    """A project with its learner and the page, as the program joins them."""

    def __init__(self, project: Project, learner: FakeLearner, page: RoundPage) -> None:
        self.project, self.learner, self.page = project, learner, page
        self.conductor = sample.conductor(project)
        self.owner = QObject()
        self.rounds = BackgroundLearner(project, self.conductor, learner, self.owner)
        self.plan = RoundPresenter(project, self.conductor, self.rounds, page)
        self.lefts = 0
        self.plan.left.connect(self._left)

    def _left(self) -> None:
        self.lefts += 1

    def close(self) -> None:
        self.learner.go.set()
        self.rounds.close()
        self.project.store.close()

    @property
    def words(self) -> str:
        return "\n".join(label.text() for label in self.page.findChildren(QLabel) if label.isVisible())


@pytest.fixture
def joined(qapp: QApplication, qtbot, tmp_path):
    sample.create(tmp_path / "p.clarifier", items=200, seed_labels=100).close()
    project = sample.open_project(tmp_path / "p.clarifier")
    page = RoundPage()
    qtbot.addWidget(page)
    page.resize(1024, 640)
    page.show()
    made = Joined(project, FakeLearner(free=False), page)
    yield made
    made.close()


def label_some(joined: Joined, count: int = 12) -> None:
    joined.conductor.refill_queue()
    hand = sample.Hand(joined.project)
    for number in range(count):
        hand.answer(number % 3)


def box(page: RoundPage, text: str) -> QSpinBox:
    return next(b for b in page.findChildren(QSpinBox) if text in b.accessibleName())


def test_it_shows_the_planned_numbers_their_cost_and_why(joined: Joined) -> None:
    joined.plan.show()
    proposal = joined.conductor.propose()
    assert box(joined.page, "Hard").value() == proposal.budgets[Tier.HARD]
    assert box(joined.page, "Intermediate").value() == proposal.budgets[Tier.INTERMEDIATE]
    assert box(joined.page, "Easy").value() == proposal.budgets[Tier.EASY]
    assert proposal.sentence in joined.words
    assert "expected to take you" in joined.words
    assert unnamed(joined.page) == []


def test_other_numbers_are_kept_for_the_next_round_alone_over_a_restart(joined: Joined, qtbot) -> None:
    label_some(joined)
    joined.plan.show()
    box(joined.page, "Hard").setValue(3)
    box(joined.page, "Intermediate").setValue(4)
    box(joined.page, "Easy").setValue(5)
    assert "7 images to label" in joined.words
    qtbot.keyClick(joined.page, Qt.Key.Key_Return)
    assert joined.lefts == 1
    again = sample.load(joined.project.store)
    assert again.settings.budgets.chosen == joined.project.settings.budgets.chosen
    proposal = joined.conductor.propose()
    assert proposal.budgets == budgets_of(hard=3, intermediate=4, easy=5)
    assert "you gave" in proposal.sentence
    later = joined.conductor.propose(ahead=2)
    assert asked(later.budgets) != {Tier.HARD: 3, Tier.INTERMEDIATE: 4}


def test_minutes_are_planned_anew_and_kept(joined: Joined) -> None:
    joined.plan.show()
    before = joined.conductor.propose()
    box(joined.page, "Minutes").setValue(1)
    after = joined.conductor.propose()
    assert asked_total(after.budgets) < asked_total(before.budgets)
    assert box(joined.page, "Hard").value() == after.budgets[Tier.HARD]
    assert sample.load(joined.project.store).settings.budgets.minutes == 1


def test_training_now_takes_the_numbers_on_the_page_and_can_be_stopped_and_started_again(
    joined: Joined, qtbot
) -> None:
    label_some(joined)
    joined.plan.show()
    box(joined.page, "Hard").setValue(6)
    box(joined.page, "Intermediate").setValue(0)
    box(joined.page, "Easy").setValue(2)
    qtbot.keyClick(joined.page, Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: bool(joined.learner.requests))
    assert joined.learner.requests[0].budgets == budgets_of(hard=6, easy=2)
    assert joined.rounds.working
    qtbot.waitUntil(lambda: "epoch 1" in joined.words)
    qtbot.keyClick(joined.page, Qt.Key.Key_F4)
    qtbot.waitUntil(lambda: not joined.rounds.working)
    assert "not being prepared" in joined.rounds.line
    joined.rounds.consider()
    assert not joined.rounds.working  # the next start is the annotator's
    assert (box(joined.page, "Hard").value(), box(joined.page, "Intermediate").value()) == (6, 0)
    joined.learner.go.set()
    qtbot.keyClick(joined.page, Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: joined.project.round == 1)
    assert joined.rounds.line == ""
    assert "Round 2" in joined.words
    assert "training 1.5 s" in joined.words
    assert "Nothing is certified" in joined.words
    assert joined.project.rounds[0].reason == "The numbers are the ones you gave."


def test_training_again_with_other_numbers_gives_up_the_first_run(joined: Joined, qtbot) -> None:
    label_some(joined)
    joined.plan.show()
    qtbot.keyClick(joined.page, Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: len(joined.learner.requests) == 1)
    box(joined.page, "Hard").setValue(2)
    box(joined.page, "Intermediate").setValue(1)
    qtbot.keyClick(joined.page, Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: len(joined.learner.requests) == 2)
    assert joined.rounds.working
    joined.learner.go.set()
    qtbot.waitUntil(lambda: joined.project.round == 1)
    assert joined.learner.requests[1].budgets.by_name.items() >= {"hard": 2, "intermediate": 1}.items()
    assert len(joined.project.rounds) == 1


def test_without_two_classes_nothing_can_be_trained_and_it_says_so(joined: Joined, qtbot) -> None:
    joined.plan.show()
    qtbot.keyClick(joined.page, Qt.Key.Key_F9)
    assert not joined.rounds.working
    assert "two classes" in joined.words
    qtbot.keyClick(joined.page, Qt.Key.Key_F10)
    assert "Two classes need an example" in joined.words
    assert joined.lefts == 0


def test_enough_first_labels_begins_the_first_round(joined: Joined, qtbot) -> None:
    label_some(joined)
    joined.plan.show()
    joined.rounds.consider()
    assert not joined.rounds.working  # a hundred labels were wanted
    qtbot.keyClick(joined.page, Qt.Key.Key_F10)
    assert joined.lefts == 1
    assert joined.rounds.working
    joined.learner.go.set()
    qtbot.waitUntil(lambda: joined.project.round == 1)


def test_the_curve_of_training_is_drawn(joined: Joined) -> None:
    joined.plan.show()
    curve = joined.page.findChild(CurveView)
    assert curve is not None
    joined.page.show_learner(None, "Training", (0.25, 0.5, 0.75))
    assert curve.accessibleDescription() == "training accuracy: 75%"


def test_typed_numbers_are_told_as_they_stand(qtbot, qapp: QApplication) -> None:
    page = RoundPage()
    qtbot.addWidget(page)
    heard: list[PerTier[int]] = []
    page.changed.connect(heard.append)
    box(page, "Hard").setValue(30)
    box(page, "Easy").setValue(4)
    assert heard == [budgets_of(hard=30), budgets_of(hard=30, easy=4)]
