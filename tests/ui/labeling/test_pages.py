"""The pages of an open project lead to each other, and back to the image."""

from __future__ import annotations

from PySide6.QtCore import Qt

from clarifier_desktop.app import Program
from studies.labeling.state.desk import Phase
from tests.ui.labeling.window import page_of, press
from ui.labeling.classes.classes_page import ClassesPage
from ui.labeling.export.export_page import ExportPage
from ui.labeling.grid.grid_page import GridPage
from ui.labeling.one_by_one.label_page import LabelPage
from ui.labeling.project.settings_page import SettingsPage
from ui.labeling.rounds.round_page import RoundPage


def test_pages_lead_to_each_other_and_the_image_comes_again(labeled: Program, qtbot) -> None:
    assert labeled.labeling is not None
    project = labeled.labeling.project
    qtbot.waitUntil(lambda: project.desk.phase is Phase.SHOWN)
    item = project.desk.item
    pages = (
        (Qt.Key.Key_P, True, RoundPage),
        (Qt.Key.Key_K, True, ClassesPage),
        (Qt.Key.Key_Comma, True, SettingsPage),
        (Qt.Key.Key_E, True, ExportPage),
        (Qt.Key.Key_F5, False, GridPage),
    )
    for key, control, kind in pages:
        press(labeled, qtbot, key, control)
        page = page_of(labeled, kind)
        assert page.key_tables()
        qtbot.keyClick(page, Qt.Key.Key_Escape)
        page_of(labeled, LabelPage)
        qtbot.waitUntil(lambda: project.desk.phase is Phase.SHOWN)
        assert project.desk.item == item
