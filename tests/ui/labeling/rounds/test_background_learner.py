"""The learner behind a sitting: when it starts, what its end brings, and what happens if it fails or is stopped."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject

from model.datasets.image_files import PlaceError
from model.errors import UserError
from model.tiers import budgets_of
from studies.files.store_errors import StoreFull
from studies.labeling.project.contents import CHANGED, ChangedError
from studies.labeling.project.project import Project
from studies.labeling.rounds.conductor import Conductor
from studies.labeling.state.desk import Phase
from tests.studies.labeling import sample
from tests.ui.labeling.live import FakeLearner
from ui.labeling.rounds.background_learner import BackgroundLearner


class Behind:
    """A project of 200 images whose seed round ends with nine labels, and the learner behind it."""

    def __init__(self, folder: Path, learner: FakeLearner) -> None:
        settings = {"seed_labels": 9, "budgets": {"mode": "fixed", "hard": 4, "intermediate": 4, "easy": 6}}
        sample.create(folder / "p.clarifier", 200, 5, **settings).close()
        self.project: Project = sample.open_project(folder / "p.clarifier")
        self.leads: Conductor = sample.conductor(self.project)
        self.learner = learner
        self.parent = QObject()
        self.rounds = BackgroundLearner(self.project, self.leads, learner, self.parent)
        self.hand = sample.Hand(self.project)
        self.begun, self.failed, self.lines = [], [], []  # type: ignore[var-annotated]
        self.rounds.begun.connect(lambda: self.begun.append(self.project.round))
        self.rounds.failed.connect(self.failed.append)
        self.rounds.progressed.connect(self.lines.append)

    def label(self, count: int) -> None:
        for number in range(count):
            self.rounds.consider()
            self.hand.answer(number % 3)

    def seed(self) -> None:
        """Label until the first model may be trained; some of the answers are of the held-out sample."""
        while self.leads.seeding:
            self.label(3)

    def idle(self) -> list[tuple[int]]:
        return self.project.store.query("SELECT to_ns - from_ns FROM idle")

    def close(self) -> None:
        self.learner.go.set()
        self.rounds.close()
        self.project.store.close()


@pytest.fixture
def behind(qapp: object, tmp_path: Path) -> Iterator[Behind]:
    made = Behind(tmp_path, FakeLearner(free=False))
    yield made
    made.close()


def test_it_starts_once_the_seed_round_is_done_and_its_result_begins_a_round(behind: Behind, qtbot) -> None:
    behind.label(6)
    assert not behind.rounds.working
    behind.seed()
    behind.rounds.consider()
    assert behind.rounds.working
    qtbot.waitUntil(lambda: "Training: epoch 1 of at most 4" in behind.rounds.line)
    (request,) = behind.learner.requests
    assert (request.labels >= 0).sum() >= 9
    assert request.budgets == budgets_of(hard=4, intermediate=4, easy=6)
    with qtbot.waitSignal(behind.rounds.begun):
        behind.learner.go.set()
    assert (behind.project.round, behind.begun, behind.rounds.line) == (1, [1], "")
    assert sum(task.tier == "hard" for task in behind.project.queue if task.purpose.value == "queue") == 4
    assert (behind.project.ledger.auto >= 0).sum() == 6
    assert (behind.project.models[-1].holdout_right, behind.project.models[-1].holdout_n) == (3, 5)


def test_it_looks_by_itself(behind: Behind, qtbot) -> None:
    behind.seed()
    qtbot.waitUntil(lambda: behind.rounds.working, timeout=5000)


def test_what_needs_no_labels_is_done_during_the_first_ones(behind: Behind, qtbot) -> None:
    behind.learner.note = "Pretrained weights could not be loaded."
    qtbot.waitUntil(lambda: len(behind.learner.prepared) == 1, timeout=5000)
    behind.learner.prepare_go.set()
    qtbot.waitUntil(lambda: not behind.rounds.working)
    assert "Pretrained weights are missing" in behind.rounds.notice
    assert behind.learner.requests == []
    behind.learner.note = ""
    behind.seed()
    behind.rounds.consider()
    qtbot.waitUntil(lambda: len(behind.learner.requests) == 1)
    assert behind.learner.prepared[0].clusters > 0


def test_a_round_that_is_due_goes_before_the_preparation(behind: Behind, qtbot) -> None:
    qtbot.waitUntil(lambda: len(behind.learner.prepared) == 1, timeout=5000)
    behind.seed()
    behind.rounds.consider()
    qtbot.waitUntil(lambda: len(behind.learner.requests) == 1)
    with qtbot.waitSignal(behind.rounds.begun):
        behind.learner.go.set()
    assert behind.project.round == 1


def test_the_next_run_starts_before_the_queue_is_used_up(behind: Behind, qtbot) -> None:
    behind.seed()
    behind.learner.go.set()
    with qtbot.waitSignal(behind.rounds.begun):
        behind.rounds.consider()
    while behind.project.queue.of_round and not behind.rounds.working:
        behind.label(1)
    assert behind.rounds.working
    assert behind.project.queue.of_round > 0, "there is something to label meanwhile"
    with qtbot.waitSignal(behind.rounds.begun):
        pass
    assert behind.project.round == 2


def test_what_is_on_the_desk_stays_when_a_round_begins(behind: Behind, qtbot) -> None:
    behind.seed()
    behind.rounds.consider()
    behind.hand.show()
    on_desk = behind.project.desk
    with qtbot.waitSignal(behind.rounds.begun):
        behind.learner.go.set()
    assert behind.project.desk == on_desk


def test_an_error_is_shown_and_the_queue_kept(behind: Behind, qtbot) -> None:
    behind.seed()
    behind.learner.error = UserError("A model needs labeled images of two classes at least.")
    behind.rounds.consider()
    waiting = list(behind.project.queue)
    with qtbot.waitSignal(behind.rounds.failed):
        behind.learner.go.set()
    assert behind.failed == ["A model needs labeled images of two classes at least."]
    assert list(behind.project.queue) == waiting
    assert behind.project.round == 0
    behind.rounds.consider()
    assert not behind.rounds.working, "it is not tried again and again"
    behind.learner.error = None
    with qtbot.waitSignal(behind.rounds.begun):
        behind.rounds.start(behind.leads.propose())
    assert behind.project.round == 1


def test_a_cancelled_run_waits_for_the_annotator(behind: Behind, qtbot) -> None:
    behind.seed()
    behind.rounds.consider()
    qtbot.waitUntil(lambda: len(behind.learner.requests) == 1)
    behind.rounds.cancel()
    qtbot.waitUntil(lambda: not behind.rounds.working)
    assert behind.failed == []
    behind.rounds.consider()
    assert not behind.rounds.working
    behind.rounds.start(behind.leads.propose())
    with qtbot.waitSignal(behind.rounds.begun):
        behind.learner.go.set()
    assert len(behind.learner.requests) == 2
    assert behind.project.round == 1


def test_a_round_that_cannot_be_stored_is_tried_again(
    behind: Behind, qtbot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(*_: object) -> None:
        raise StoreFull("The disk is full: make room.")

    behind.seed()
    behind.rounds.consider()
    with monkeypatch.context() as disk:
        disk.setattr(behind.project.store, "begin_round", no_room)
        with qtbot.waitSignal(behind.rounds.failed):
            behind.learner.go.set()
        assert "The disk is full" in behind.failed[0]
        assert behind.project.round == 0
        behind.hand.answer(0)  # the annotator goes on meanwhile
    behind.rounds.consider()
    assert behind.begun == [1]
    assert len(behind.learner.requests) == 1, "nothing is computed twice"


def test_other_numbers_replace_a_result_that_could_not_be_stored(
    behind: Behind, qtbot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(*_: object) -> None:
        raise StoreFull("The disk is full: make room.")

    behind.seed()
    behind.rounds.consider()
    with monkeypatch.context() as disk:
        disk.setattr(behind.project.store, "begin_round", no_room)
        with qtbot.waitSignal(behind.rounds.failed):
            behind.learner.go.set()
        behind.learner.go.clear()
        behind.rounds.start(behind.leads.propose())
    behind.rounds.consider()
    assert behind.begun == [], "the old result is not the answer to the new request"
    with qtbot.waitSignal(behind.rounds.begun):
        behind.learner.go.set()
    assert behind.project.round == 1


def test_having_nothing_to_do_is_measured(behind: Behind, qtbot, monkeypatch: pytest.MonkeyPatch) -> None:
    behind.seed()
    behind.rounds.consider()
    monkeypatch.setattr(behind.leads, "refill_queue", lambda: None)
    for task in list(behind.project.queue):
        behind.project.queue.remove(task.task_id)
    behind.project._clear_desk()
    assert behind.project.desk.phase is Phase.NOTHING
    behind.rounds.consider()
    assert behind.idle() == []
    with qtbot.waitSignal(behind.rounds.begun):
        behind.learner.go.set()
    ((took_ns,),) = behind.idle()
    assert took_ns > 0
    behind.rounds.consider()
    assert len(behind.idle()) == 1, "there is something to do again"


def test_an_idle_span_is_stored_when_the_project_is_closed(
    qapp: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    behind = Behind(tmp_path, FakeLearner(free=False))
    behind.seed()
    behind.rounds.consider()
    monkeypatch.setattr(behind.leads, "refill_queue", lambda: None)
    for task in list(behind.project.queue):
        behind.project.queue.remove(task.task_id)
    behind.project._clear_desk()
    behind.rounds.consider()
    behind.rounds.close()
    assert len(behind.idle()) == 1
    assert behind.learner.closed
    behind.project.store.close()


def test_there_is_something_to_label_while_the_learner_works(behind: Behind, qtbot) -> None:
    behind.seed()
    behind.rounds.consider()
    behind.label(60)  # more than the seed round's tasks
    assert behind.rounds.working
    assert behind.project.desk.phase is not Phase.NOTHING
    assert behind.idle() == []


def test_after_images_were_away_it_begins_again_by_itself(
    behind: Behind, qtbot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.labeling.rounds.background_learner._AGAIN_S", 0.05)
    behind.learner.error = PlaceError("The folder /pictures/cat cannot be reached.", False, "cat/")
    behind.learner.go.set()
    behind.seed()
    behind.rounds.consider()
    qtbot.waitUntil(lambda: bool(behind.failed))
    assert "cannot be reached" in behind.failed[0]
    assert "waits for images" in behind.rounds.line
    behind.learner.error = None
    with qtbot.waitSignal(behind.rounds.begun):
        qtbot.waitUntil(lambda: len(behind.learner.requests) > 1)
    assert behind.begun == [1]


def test_files_that_changed_are_told_of_and_it_begins_again_when_that_is_decided(
    behind: Behind, qtbot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.labeling.rounds.background_learner._AGAIN_S", 0.05)
    behind.learner.error = ChangedError(f"2 files hold {CHANGED}: open the project in the window.")
    behind.learner.go.set()
    behind.seed()
    with qtbot.waitSignal(behind.rounds.found_changed):
        behind.rounds.consider()
    assert behind.failed == [], "the window is open: it looks at them itself"
    assert CHANGED in behind.rounds.line
    behind.learner.error = None
    with qtbot.waitSignal(behind.rounds.begun):
        qtbot.waitUntil(lambda: len(behind.learner.requests) > 1)
