"""A project in which nothing is left says so and offers what can be done; it is no dead end."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from clarifier_desktop.app import Program
from model.datasets.base import Source
from model.port import NullPort
from studies.labeling.facts.records import LabelEvent, Purpose, Verb
from studies.labeling.facts.settings import ProjectSettings
from studies.labeling.project.creation import Draft, create
from studies.labeling.report.facts import Doubts
from studies.labeling.state.desk import Phase
from tests.ui.dialogs import Answers
from tests.ui.labeling.live import CLASSES
from tests.ui.labeling.window import page_of, press, words
from ui.labeling.export.export_page import ExportPage
from ui.labeling.grid.grid_page import GridPage
from ui.labeling.one_by_one.end_panel import EndPanel
from ui.labeling.one_by_one.label_actions import LabelAction
from ui.labeling.one_by_one.label_page import LabelPage


def offered(panel: EndPanel) -> dict[LabelAction, bool]:
    QApplication.processEvents()
    return {action: button.isVisible() for button, action in panel._buttons.items()}


def open_labeled(program: Program, folder: Path, tmp_path: Path, qtbot) -> EndPanel:
    """A folder whose labels came with it; the end panel is on screen."""
    draft = Draft(Source("folder", folder), CLASSES, ProjectSettings(holdout=5), keep_labels=True)
    create(tmp_path / "kept.clarifier", draft, folder, "0", NullPort()).close()
    program.open_project(tmp_path / "kept.clarifier", "A1")
    panel: EndPanel = page_of(program, LabelPage).end
    qtbot.waitUntil(panel.isVisible)
    return panel


def test_a_folder_whose_labels_came_with_it_offers_the_next_steps(
    program: Program, folder: Path, tmp_path: Path, qtbot
) -> None:
    panel = open_labeled(program, folder, tmp_path, qtbot)
    assert panel._title.text() == "Every image has a label."
    assert "came with the images" in panel._words.text()
    missing = [action for action, there in offered(panel).items() if not there]
    assert missing == [LabelAction.SECOND_LOOK, LabelAction.ANOTHER], (
        "no page was confirmed, there is no model"
    )
    again = next(button for button, action in panel._buttons.items() if action is LabelAction.UNDO)
    qtbot.mouseClick(again, Qt.MouseButton.LeftButton)
    assert program.labeling is not None
    project = program.labeling.project
    qtbot.waitUntil(lambda: project.desk.phase is Phase.SHOWN)
    assert not panel.isVisible()
    assert project.ledger.progress().labeled == 0


def test_doubtful_labels_are_looked_for_at_once(
    program: Program, folder: Path, tmp_path: Path, qtbot
) -> None:
    panel = open_labeled(program, folder, tmp_path, qtbot)
    button = next(button for button, action in panel._buttons.items() if action is LabelAction.LOOK_AGAIN)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    grid = page_of(program, GridPage)
    qtbot.waitUntil(grid.isVisible)
    assert grid._title.text() == "Looking for labels that may be wrong."
    assert program.labeling is not None
    assert program.labeling.conductor.checks.due


def test_a_report_is_asked_for_by_its_button_and_by_its_key(
    program: Program, folder: Path, tmp_path: Path, qtbot, answers: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "ui.labeling.pages.collect_doubts", lambda project, checks: Doubts("What the window knows.")
    )
    panel = open_labeled(program, folder, tmp_path, qtbot)
    button = next(button for button, action in panel._buttons.items() if action is LabelAction.REPORT)
    answers.to = tmp_path / "report.html"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    page = page_of(program, ExportPage)
    qtbot.waitUntil(lambda: "The report is in" in words(page))
    assert answers.asked == ["kept report.html"]
    report = answers.to.read_text(encoding="utf-8")
    assert "60 of 60 labeled" in report
    assert "What the window knows." in report
    answers.to.unlink()
    press(program, qtbot, Qt.Key.Key_Escape)
    qtbot.waitUntil(panel.isVisible)
    press(program, qtbot, Qt.Key.Key_R, control=True)
    qtbot.waitUntil(lambda: (tmp_path / "report.html").exists())


def test_what_a_person_labeled_is_not_offered_to_be_thrown_away(labeled: Program, qtbot) -> None:
    assert labeled.labeling is not None
    project, panel = labeled.labeling.project, page_of(labeled, LabelPage).end
    assert not panel.isVisible()
    rest = [item for item in range(len(project.items)) if project.ledger.state(item) is None]
    project.record([LabelEvent(0, item, Verb.LABEL, Purpose.GRID, 0) for item in rest[1:]])
    project.record([LabelEvent(0, rest[0], Verb.SKIP, Purpose.GRID)])
    labeled.labeling.show_page()
    qtbot.waitUntil(panel.isVisible)
    assert panel._title.text() == "Nothing is left to label."
    assert [action for action, there in offered(panel).items() if not there] == [
        LabelAction.SECOND_LOOK,
        LabelAction.ANOTHER,
        LabelAction.UNDO,
    ]
    press(labeled, qtbot, Qt.Key.Key_Z, control=True)
    qtbot.waitUntil(lambda: not panel.isVisible())
