"""The simulated annotator answers what is on screen by real keys in the real window, and stops when it has enough."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from clarifier_desktop.robots.annotator import AnnotatorRobot, Until
from clarifier_desktop.robots.robot import Manner
from clarifier_desktop.robots.typist import ExGaussian
from model.datasets.image_files import PlaceError
from studies.files.store_errors import StoreFull
from studies.labeling.state.desk import Phase
from tests.studies.labeling import sample
from tests.ui.driving import press_here
from tests.ui.sittings import LiveSitting, make_sitting
from ui.labeling.finish_strip import FinishStrip
from ui.labeling.one_by_one.label_actions import LabelAction

QUICK = ExGaussian(0.2, 0.01, 0.01)


def truth(item: int) -> str:
    return sample.NAMES[item % 3]


def robot(
    sitting: LiveSitting, labels: int, error_rate: float = 0.0, shots: Path | None = None
) -> AnnotatorRobot:
    manner = Manner(QUICK, QUICK, error_rate, speed=10)
    return AnnotatorRobot(
        sitting.window, lambda: sitting.project, truth, 1, Until(labels=labels), manner, shots
    )


@pytest.fixture
def sitting(qtbot, tmp_path: Path) -> Iterator[LiveSitting]:
    made = make_sitting(qtbot, tmp_path, items=80)
    made.controller.begin()
    yield made
    made.close()


def labels(sitting: LiveSitting) -> dict[int, str]:
    rows = sitting.project.store.query(
        "SELECT e.item, c.name FROM label_events AS e JOIN classes AS c ON c.class_id = e.class_id"
    )
    return dict(rows)


def test_it_labels_with_the_truth_and_stops(sitting: LiveSitting, qtbot, tmp_path: Path) -> None:
    made = robot(sitting, 12, shots=tmp_path / "shots")
    with qtbot.waitSignal(made.done, timeout=20_000):
        pass
    given = labels(sitting)
    assert len(given) == 12
    assert given == {item: truth(item) for item in given}
    tasks = [task for (task,) in sitting.project.store.query("SELECT task_id FROM label_events ORDER BY seq")]
    assert list(made.delays_s)[: len(tasks)] == tasks
    assert sorted(file.name for file in (tmp_path / "shots").iterdir()) == ["01-round-0.png", "02-end.png"]


def test_it_accepts_a_right_suggestion_and_corrects_a_wrong_one(sitting: LiveSitting, qtbot) -> None:
    leads = sample.conductor(sitting.project)
    for number in range(6):
        sitting.to_image(qtbot)
        press_here(Qt.Key(ord(str(1 + number % 3))), str(1 + number % 3))
    for task in list(sitting.project.queue):
        sitting.project.queue.remove(task.task_id)
    sitting.project._clear_desk()
    free = [item for item in range(5, 80) if not sitting.project.ledger.settled[item]][:4]
    chosen = [(item, (item + number % 2) % 3, "hard") for number, item in enumerate(free)]
    sample.begin_round(sitting.project, leads, chosen)
    sitting.controller.refresh()
    made = robot(sitting, 4)
    with qtbot.waitSignal(made.done, timeout=20_000):
        pass
    given = labels(sitting)
    asked = [item for item in free if item in given]
    assert len(asked) >= 3
    assert all(given[item] == truth(item) for item in asked)
    kinds = sitting.project.store.query("SELECT DISTINCT kind FROM answers WHERE tier = 'hard'")
    assert {kind for (kind,) in kinds} == {"verified", "corrected"}


def test_it_errs_at_its_rate(sitting: LiveSitting, qtbot) -> None:
    made = robot(sitting, 15, error_rate=1.0)
    with qtbot.waitSignal(made.done, timeout=20_000):
        pass
    given = labels(sitting)
    assert any(name != truth(item) for item, name in given.items())


@pytest.mark.parametrize("fault", ["disk", "folder"])
def test_it_gives_up_where_nothing_goes_on(
    sitting: LiveSitting, qtbot, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    monkeypatch.setattr("clarifier_desktop.robots.annotator._PATIENCE_S", 1)
    item = sitting.to_image(qtbot)
    if fault == "disk":

        def no_room(*_: object) -> None:
            raise StoreFull("The disk is full: make room.")

        monkeypatch.setattr(sitting.project.store, "append", no_room)
    else:
        sitting.images.away = dict.fromkeys(
            range(80), PlaceError("The folder /pictures cannot be reached.", True)
        )
        sitting.controller._decoder.forget()
        press_here(Qt.Key.Key_Escape)
    made = robot(sitting, 2)
    with qtbot.waitSignal(made.stuck, timeout=20_000) as told:
        pass
    assert told.args == [
        f"The simulated annotator waited 1 s in vain: after 0 actions the image {sitting.project.items[item]} has no "
        "answer yet."
    ]
    monkeypatch.undo()


def test_it_goes_on_after_a_pause(sitting: LiveSitting, qtbot) -> None:
    sitting.to_image(qtbot)
    press_here(Qt.Key.Key_Escape)
    assert sitting.phase is Phase.PAUSED
    made = robot(sitting, 2)
    with qtbot.waitSignal(made.done, timeout=20_000):
        pass
    assert len(labels(sitting)) == 2


def test_who_labels_to_the_goal_takes_the_offer_to_end_by_the_key_that_is_named(
    sitting: LiveSitting, qtbot
) -> None:
    strip = FinishStrip()
    sitting.window.show_strip(strip)
    wanted: list[LabelAction] = []
    sitting.page.wanted.connect(wanted.append)
    manner = Manner(QUICK, QUICK, 0.0, speed=10)
    made = AnnotatorRobot(
        sitting.window, lambda: sitting.project, truth, 1, Until(labels=12, goal=True), manner
    )
    qtbot.waitUntil(lambda: len(labels(sitting)) > 2, timeout=20_000)
    assert wanted == []
    strip.offers = True
    qtbot.waitUntil(lambda: LabelAction.FINISH in wanted, timeout=20_000)
    made.stop()


def test_it_gives_up_where_the_project_is_closed_under_it(sitting: LiveSitting, qtbot) -> None:
    manner = Manner(QUICK, QUICK, 0.0, speed=10)
    made = AnnotatorRobot(sitting.window, lambda: None, truth, 1, Until(labels=1), manner)
    with qtbot.waitSignal(made.stuck, timeout=20_000) as stuck:
        pass
    assert "open it once without --robot" in stuck.args[0]
