"""Pages without a class in the window: named, refused, marked and taken back by real keys and clicks."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget

from clarifier_desktop.app import Program
from clarifier_desktop.robots.annotator import AnnotatorRobot, Until
from clarifier_desktop.robots.page_marking import PageManner
from clarifier_desktop.robots.robot import Manner
from clarifier_desktop.robots.typist import ExGaussian
from model.rounds.live_values import Groups
from studies.labeling.facts.records import Purpose
from studies.labeling.facts.settings import FirstLabels
from studies.labeling.state.desk import Phase
from studies.pages import marking
from studies.pages.costs import PageCosts
from tests.ui.labeling.live import CLASSES, images, project_of
from tests.ui.labeling.test_queue_pages import answer, shown, truth, type_key
from tests.ui.labeling.window import words
from ui.answering.stamps import EventClock
from ui.labeling.grid.grid_page import GridPage
from ui.labeling.sitting import Labeling

Key = Qt.Key
IN_ALL = 10  # images of a page: the nearer half of a group


@pytest.fixture
def sitting(program: Program, tmp_path: Path, qtbot) -> Labeling:
    """One image is answered; a page of dogs with two cats is on screen, and one of all classes waits behind it."""
    folder = images(tmp_path / "animals", each=30)
    file = tmp_path / "p.clarifier"
    project_of(folder, file, holdout=0, seed_labels=1000, first_labels=FirstLabels.CLUSTERS).close()
    program.open_project(file, "A1")
    made = program.labeling
    assert made is not None
    made.learner._held = True  # no round comes by itself
    qtbot.waitUntil(lambda: made.project.desk.phase is Phase.SHOWN)
    taken = made.project.queue.items()
    free = [[item for item in range(30 * c, 30 * c + 30) if item not in taken] for c in range(3)]
    dogs = [*free[1][:5], free[0][0], *free[1][5:7], free[0][1], *free[1][7:8], *free[2][:10]]
    mixed = [item for trio in zip(free[0][2:], free[1][8:], free[2][10:], strict=False) for item in trio][:9]
    loose = [item for item in range(90) if item not in dogs and item not in mixed][:20]
    items = np.array([*dogs, *mixed, *loose])
    cluster = np.repeat([0, 1, 2], [len(dogs), len(mixed), len(loose)])
    near = np.concatenate([np.arange(len(part)) / 1000 for part in (dogs, mixed, loose)])
    made.conductor.ask_about_typical(Groups(items, cluster, near + np.array([0.1, 0.3, 0.9])[cluster]))
    answer(made, qtbot)
    return made


def click(widget: QWidget, at: QPoint) -> None:
    """As the window system brings it."""
    window = widget.window()
    to, held = widget.mapTo(window, at), Qt.KeyboardModifier.NoModifier
    QTest.mouseClick(window.windowHandle(), Qt.MouseButton.LeftButton, held, to)


def press_button(grid: GridPage, text: str) -> None:
    button = next(b for b in grid.findChildren(QPushButton) if text in b.text())
    assert button.isVisible()
    grid.view.inputs.clock = EventClock(trust_stamps=False)  # QTest stamps clicks by another clock than keys
    click(button, button.rect().center())


def type_name(grid: GridPage, name: str) -> None:
    type_key(Key.Key_Return)
    assert grid._finder.isVisible()
    QTest.keyClicks(grid._finder._line, name)


def test_a_page_is_named_by_typing_and_what_is_marked_is_asked_about_by_itself(
    sitting: Labeling, qtbot
) -> None:
    grid, project = shown(sitting, qtbot), sitting.project
    page = project.queue.page()
    assert "What do most of these show?" in words(grid)
    assert grid.view.page is not None
    assert grid.view.page.cells == len(page) == IN_ALL
    odd = [place for place, task in enumerate(page) if truth(sitting, task.item) != 1]
    assert odd == [5, 8]
    for place in odd:
        type_key(grid.view.codes[place])
    type_name(grid, "d")  # the code of a cell too: what is typed here marks nothing
    assert grid.view.marked == set(odd)
    type_key(Key.Key_Return)
    assert not grid._finder.isVisible()
    assert [project.label_of(task.item) for task in page] == [
        None if place in odd else 1 for place in range(IN_ALL)
    ]
    assert "8 labeled as dog; 2 will be asked about." in words(grid)
    rows = project.store.query("SELECT DISTINCT mode, purpose FROM labels WHERE page IS NOT NULL")
    assert rows == [("cluster", "cluster")]
    assert len(project.pages) == 0, "what naming takes is no cost of pages"
    assert len(shown(sitting, qtbot).view.cells) == 5  # the nearer half of nine
    waiting = {task.item for task in project.queue if task.purpose is Purpose.RETURNED}
    assert waiting == {page[place].item for place in odd}


def test_nothing_counts_within_a_second_and_enter_alone_names_nothing(
    sitting: Labeling, qtbot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marking, "LOOKED_AFTER_NS", 10**12)
    grid, project = shown(sitting, qtbot), sitting.project
    page = project.queue.page()
    type_key(Key.Key_Return)
    assert not grid._finder.isVisible()
    assert "only just come" in words(grid)
    type_key(Key.Key_F4)
    assert project.queue.page() == page
    monkeypatch.setattr(marking, "LOOKED_AFTER_NS", 0)
    type_key(Key.Key_Return)
    assert grid._finder.isVisible()
    type_key(Key.Key_Return)
    type_key(Key.Key_Return)
    assert grid._finder.isVisible()
    assert project.queue.page() == page
    type_key(Key.Key_Escape)
    assert not grid._finder.isVisible()
    assert grid.view.hasFocus()
    assert project.queue.page() == page


@pytest.mark.parametrize("by_mouse", [False, True])
def test_a_page_that_is_not_of_one_class_labels_nothing(sitting: Labeling, qtbot, by_mouse: bool) -> None:
    grid, project = shown(sitting, qtbot), sitting.project
    page, actions = project.queue.page(), project.ledger.actions
    if by_mouse:
        press_button(grid, "Not one class")
    else:
        type_key(Key.Key_F4)
    assert project.ledger.actions == actions + 1
    assert [project.label_of(task.item) for task in page] == [None] * IN_ALL
    assert project.queue.page() != page
    assert "Not one class" in words(grid)
    assert all(project.pool().free[task.item] for task in page)


def test_a_new_name_makes_a_class_when_its_row_is_gone_to(sitting: Labeling, qtbot) -> None:
    grid, project = shown(sitting, qtbot), sitting.project
    page = project.queue.page()
    type_name(grid, "wolf")
    type_key(Key.Key_Return)
    assert grid._finder.isVisible(), "a slip makes no class"
    type_key(Key.Key_Down)
    type_key(Key.Key_Return)
    wolf = project.classes.id_of("wolf")
    assert wolf == 3
    assert {project.label_of(task.item) for task in page} == {wolf}
    assert "the new class wolf" in words(grid)
    assert "wolf" in sitting.grid._data.classes  # type: ignore[union-attr]  # on the next page


def test_by_mouse_alone(sitting: Labeling, qtbot) -> None:
    grid, project = shown(sitting, qtbot), sitting.project
    page = project.queue.page()
    press_button(grid, "Name them")
    names = grid._finder._list
    click(names.viewport(), names.visualRect(names.model().index(CLASSES.index("owl"), 0)).center())
    assert {project.label_of(task.item) for task in page} == {2}


def test_undo_brings_the_page_back_whole(sitting: Labeling, qtbot) -> None:
    grid, project = shown(sitting, qtbot), sitting.project
    page = project.queue.page()
    type_key(grid.view.codes[0])
    type_name(grid, "owl")
    type_key(Key.Key_Return)
    assert project.label_of(page[1].item) == 2
    shown(sitting, qtbot)
    QTest.keyClick(grid.window().windowHandle(), Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert project.queue.page() == page
    assert [project.label_of(task.item) for task in page] == [None] * IN_ALL
    assert "What do most of these show?" in words(shown(sitting, qtbot))


def test_with_all_marked_there_is_nothing_to_name(sitting: Labeling, qtbot) -> None:
    grid = shown(sitting, qtbot)
    type_key(Key.Key_Home)
    type_key(".")
    assert len(grid.view.marked) == IN_ALL
    type_key(Key.Key_Return)
    assert not grid._finder.isVisible()
    assert "F4 says that they are not of one class" in words(grid)


def test_a_page_that_is_left_waits_and_other_pages_have_no_such_button(sitting: Labeling, qtbot) -> None:
    grid = shown(sitting, qtbot)
    type_key(Key.Key_Escape)
    assert sitting.page.isVisible()
    assert "10 images that look alike waits: name what they show" in words(sitting.page)
    type_key(Key.Key_F5)
    button = next(b for b in grid.findChildren(QPushButton) if "Not one class" in b.text())
    assert grid.isVisible()
    assert not button.isVisible()


def test_the_robot_names_what_most_images_show(sitting: Labeling, program: Program, qtbot) -> None:
    shown(sitting, qtbot)
    project = sitting.project
    first, second = (
        [task for task in project.queue if task.page == number] for number in project.queue.pages()
    )
    quick = Manner(ExGaussian(0.2, 0.01, 0.01), ExGaussian(0.2, 0.01, 0.01), 0.0, speed=10)
    careful = PageManner(PageCosts(0.1, 0.01, 0.01, miss=0.0, false_mark=0.0), spread=0.0)
    robot = AnnotatorRobot(
        program.window,
        lambda: project,
        lambda item: CLASSES[truth(sitting, item)],
        1,
        Until(labels=2),
        quick,
        pages=careful,
    )
    with qtbot.waitSignal(robot.done, timeout=20_000):
        pass
    assert [project.label_of(task.item) for task in first] == [
        1 if truth(sitting, task.item) == 1 else None for task in first
    ]
    assert [project.label_of(task.item) for task in second] == [None] * len(second)
    seconds = dict(project.store.answer_times(project.sitting))
    for page in (first, second):
        task = page[0].task_id
        assert seconds[task] == pytest.approx(robot.delays_s[task], abs=0.1)
