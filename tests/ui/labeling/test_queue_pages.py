"""Pages of the queue in the window: they come by themselves, and go on, wait, or are taken back by keys."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from clarifier_desktop.app import Program
from model.rounds.live_values import Likeliest
from studies.labeling.facts.records import LabelEvent, Purpose, Verb
from studies.labeling.planning.page_plan import plan_pages
from studies.labeling.state.desk import Phase
from tests.studies.labeling.sample import result
from tests.ui.labeling.live import CLASSES, images, project_of
from tests.ui.labeling.window import press, words
from ui.labeling.grid.grid_page import GridPage
from ui.labeling.sitting import Labeling

Key = Qt.Key


@pytest.fixture
def sitting(program: Program, tmp_path: Path, qtbot) -> Labeling:
    """A round of two images one by one; of all others the model is sure, and it is wrong about every tenth."""
    folder = images(tmp_path / "animals", each=30)
    project_of(
        folder, tmp_path / "p.clarifier", holdout=0, plant_rate=0, seed_labels=1000, budgets={"minutes": 600}
    ).close()
    program.open_project(tmp_path / "p.clarifier", "A1")
    made = program.labeling
    assert made is not None
    made.learner._held = True  # no round comes by itself
    project, leads = made.project, made.conductor
    project.record(
        [LabelEvent(0, item, Verb.LABEL, Purpose.IMPORT, truth(made, item)) for item in (0, 1, 30, 60)]
    )
    request = leads.request(leads.propose())
    n = len(project.items)
    said = np.array([(truth(made, item) + (item % 10 == 9)) % 3 for item in range(n)])
    labels = np.stack([said, (said + 1) % 3, (said + 2) % 3], axis=1).astype(np.int32)
    likeliest = Likeliest(labels, np.tile(np.array([0.999, 0.001, 0], np.float32), (n, 1)))
    found = replace(result(project, 1, [(2, 0, "hard"), (31, 1, "hard")]), likeliest=likeliest)
    assert request.pages is not None
    plan = plan_pages(likeliest, True, request.pages)
    leads.begin_round(request, found, replace(plan, likely=np.zeros(n, np.bool_)))
    made._show_round_begin()
    return made


def truth(sitting: Labeling, item: int) -> int:
    return CLASSES.index(sitting.project.items[item].split("/")[0])


def type_key(key: Qt.Key | str) -> None:
    """As the window system brings it."""
    window = QGuiApplication.focusWindow()
    assert window is not None
    if isinstance(key, str):
        key = Key(ord(key.upper()))
    QTest.keyClick(window, key)


def answer(sitting: Labeling, qtbot) -> None:
    project = sitting.project
    qtbot.waitUntil(lambda: project.desk.phase is Phase.SHOWN)
    qtbot.wait(200)  # nothing counts before it can be seen
    item = project.desk.item
    assert item is not None
    type_key("123"[truth(sitting, item)])


def shown(sitting: Labeling, qtbot) -> GridPage:
    grid = sitting.grid
    qtbot.waitUntil(lambda: grid.isVisible() and grid.view.page is not None, timeout=10_000)
    return grid


def confirm(sitting: Labeling, qtbot) -> None:
    grid = shown(sitting, qtbot)
    qtbot.wait(1050)  # nobody looks through a page sooner
    assert grid.view.page is not None
    type_key(Key.Key_Return)


def to_pages(sitting: Labeling, qtbot) -> GridPage:
    while sitting.project.desk.phase is not Phase.PAGE:
        before = sitting.project.ledger.actions
        answer(sitting, qtbot)
        qtbot.waitUntil(lambda before=before: sitting.project.ledger.actions > before)
        qtbot.wait(100)  # the next pages are made
    return shown(sitting, qtbot)


def test_pages_come_by_themselves_and_their_answers_are_kept(sitting: Labeling, qtbot) -> None:
    grid, project = to_pages(sitting, qtbot), sitting.project
    tasks = project.queue.page()
    assert len(tasks) == grid.view.page.cells  # type: ignore[union-attr]
    name = project.classes.name(tasks[0].suggestion or 0)
    assert f"Mark what is not {name}" in words(grid)
    odd = [place for place, task in enumerate(tasks) if truth(sitting, task.item) != task.suggestion]
    for place in odd:
        type_key(grid.view.codes[place])
    assert grid.view.marked == set(odd)
    confirm(sitting, qtbot)
    assert all(project.label_of(task.item) == task.suggestion for i, task in enumerate(tasks) if i not in odd)
    assert all(project.label_of(tasks[place].item) is None for place in odd)
    assert f"labeled as {name}" in words(grid)
    assert shown(sitting, qtbot) is grid  # the next page
    assert project.queue.page() != tasks


def test_after_the_pages_come_the_odd_ones_one_by_one(sitting: Labeling, qtbot) -> None:
    to_pages(sitting, qtbot)
    project = sitting.project
    type_key(sitting.grid.view.codes[0])
    odd = project.queue.page()[0]
    while project.desk.phase is Phase.PAGE:
        confirm(sitting, qtbot)
        qtbot.wait(100)
    qtbot.waitUntil(lambda: project.desk.phase is Phase.SHOWN)
    assert sitting.page.isVisible()
    assert project.desk.item == odd.item
    assert project.desk.task is not None
    assert project.desk.task.suggestion != odd.suggestion


def test_a_page_that_is_left_waits_until_it_is_wanted(sitting: Labeling, qtbot) -> None:
    to_pages(sitting, qtbot)
    project = sitting.project
    tasks = project.queue.page()
    type_key(Key.Key_Escape)
    assert sitting.page.isVisible()
    assert f"A page of {len(tasks)} images waits" in words(sitting.page)
    qtbot.wait(700)
    assert sitting.page.isVisible()
    type_key(Key.Key_Return)
    assert shown(sitting, qtbot).isVisible()
    assert project.queue.page() == tasks


def test_undo_brings_a_page_back_and_before_it_the_image(sitting: Labeling, qtbot) -> None:
    to_pages(sitting, qtbot)
    project = sitting.project
    tasks = project.queue.page()
    confirm(sitting, qtbot)
    shown(sitting, qtbot)
    QTest.keyClick(QGuiApplication.focusWindow(), Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert shown(sitting, qtbot).isVisible()
    assert [task.item for task in project.queue.page()] == [task.item for task in tasks]
    QTest.keyClick(QGuiApplication.focusWindow(), Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: project.desk.phase is Phase.SHOWN)
    assert sitting.page.isVisible()


def test_a_list_that_is_looked_at_between_leads_back_to_the_page(
    sitting: Labeling, program: Program, qtbot
) -> None:
    to_pages(sitting, qtbot)
    tasks = sitting.project.queue.page()
    sitting.grid.section_wanted.emit(3)
    assert "the model predicts this class" in words(sitting.grid)
    press(program, qtbot, Key.Key_Escape)
    assert shown(sitting, qtbot).isVisible()
    assert sitting.project.queue.page() == tasks


def test_without_pages_all_is_asked_one_by_one(sitting: Labeling, qtbot) -> None:
    to_pages(sitting, qtbot)
    type_key(Key.Key_Escape)
    project = sitting.project
    project.change_settings(project.settings.model_copy(update={"pages": False}))
    sitting.show_page()
    sitting.conductor.refill_queue()
    sitting.controller.refresh()
    qtbot.waitUntil(lambda: project.desk.phase is Phase.SHOWN)
    assert project.queue.pages() == ()
