"""The pictures of labeling a folder: digits, labeled by a simulated annotator until the second round."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from clarifier_desktop import __version__
from clarifier_desktop.app import Program
from clarifier_desktop.robots.annotator import ANNOTATOR, AnnotatorRobot, Until
from model.datasets import open_set
from model.datasets.base import Source
from model.port import NullPort
from model.tiers import Tier, budgets_of
from studies.labeling.facts.settings import BudgetMode, Budgets, Learner, ProjectSettings
from studies.labeling.project.creation import Draft, create
from ui.labeling.grid.side_list import SideList
from ui.main_window import MainWindow

_QUICK = replace(ANNOTATOR, speed=6.0)
_CONTROL = Qt.KeyboardModifier.ControlModifier
_PAGES = (
    ("label-round", Qt.Key.Key_P, _CONTROL),
    ("label-classes", Qt.Key.Key_K, _CONTROL),
    ("label-settings", Qt.Key.Key_Comma, _CONTROL),
    ("label-export", Qt.Key.Key_E, _CONTROL),
    ("label-grid", Qt.Key.Key_F5, Qt.KeyboardModifier.NoModifier),
)


def shoot_labeling(
    program: Program, home: Path, shoot: Callable[[str], None], until: Callable[[Callable[..., object]], None]
) -> None:
    """Make a project of digits, label it until its second round, and keep a picture of each page."""
    digits = open_set(Source("digits"), home)
    program.new_project()
    program.presenters.new_project.inspect(Source("digits"))
    shoot("label-new")
    settings = ProjectSettings(
        annotator="A1",
        budgets=Budgets(mode=BudgetMode.FIXED, images=budgets_of(hard=15, intermediate=30, easy=60)),
        learner=Learner(network="small-cnn", strategies={Tier.EASY: "highest-confidence"}),
        holdout=60,
    )
    draft = Draft(Source("digits"), tuple(digits.classes), settings)
    store = create(home / "digits.clarifier", draft, home, __version__, NullPort())
    program.presenters.project.open_store(store)
    labeling = program.labeling
    assert labeling is not None  # just opened

    def truth(item: int) -> str:
        return digits.classes[digits.labels[item]]

    robot = AnnotatorRobot(program.window, lambda: labeling.project, truth, 1, Until(rounds=2), _QUICK)
    until(robot.done.connect)
    robot.stop()
    QTest.qWait(1500)  # a key that was due may still come
    while (task := labeling.project.desk.task) is not None and task.suggestion is None:
        press(program.window, Qt.Key(ord(truth(task.item))))  # until the image has a suggestion
        QTest.qWait(500)
    press(program.window, Qt.Key.Key_F6)
    shoot("label")
    press(program.window, Qt.Key.Key_F6)
    for name, key, modifiers in _PAGES:
        press(program.window, key, modifiers)
        if name == "label-grid":
            show_longest_list(program.window)
        shoot(name)
        press(program.window, Qt.Key.Key_Escape)
    program.presenters.project.close_project()
    program.go_home()


def show_longest_list(window: MainWindow) -> None:
    """Choose the class of which the program labeled most, and mark two images as odd."""
    QTest.qWait(1000)  # the lists are counted after the images
    side = window.pages.currentWidget().findChild(SideList)
    rows = [row for row in side.rows if row.of_class]
    side.wanted.emit(max(rows, key=lambda row: row.counts[0]).sections[0])
    QTest.qWait(2000)
    for key in (Qt.Key.Key_L, Qt.Key.Key_S):
        QTest.keyClick(window.focusWidget(), key)


def press(
    window: MainWindow, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    """Press a key on the page that is shown."""
    QTest.keyClick(window.pages.currentWidget(), key, modifiers)
