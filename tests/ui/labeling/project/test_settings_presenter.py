"""Settings hold from the next round, and new images are taken in."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from clarifier_desktop.app import Program
from tests.ui.labeling.window import page_of, press
from ui.labeling.one_by_one.label_page import LabelPage
from ui.labeling.project.settings_page import SettingsPage


def test_settings_hold_from_the_next_round_and_the_held_out_sample_grows(labeled: Program, qtbot) -> None:
    assert labeled.labeling is not None
    project = labeled.labeling.project
    press(labeled, qtbot, Qt.Key.Key_Comma, control=True)
    page = page_of(labeled, SettingsPage)
    held = next(w for w in page.findChildren(QLineEdit) if "held out" in w.accessibleName())
    held.setText("6")
    qtbot.keyClick(page, Qt.Key.Key_Return)
    page_of(labeled, LabelPage)
    assert project.settings.holdout == 6
    assert len(project.store.holdout()) == 6
    assert project.ledger.holdout.sum() == 6
    assert not any(project.ledger.holdout[t.item] for t in project.queue if t.suggestion is not None)


def test_new_images_of_the_folder_are_taken_in(labeled: Program, folder: Path, qtbot) -> None:
    assert labeled.labeling is not None
    old = labeled.labeling
    for number in range(3):
        (folder / "owl" / "19.png").with_name(f"new {number}.png").write_bytes(
            (folder / "cat" / f"{number:02d}.png").read_bytes()
        )
    press(labeled, qtbot, Qt.Key.Key_Comma, control=True)
    qtbot.keyClick(page_of(labeled, SettingsPage), Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: labeled.labeling is not None and labeled.labeling is not old)
    assert labeled.labeling is not None
    assert len(labeled.labeling.project.items) == 63
    assert sum(labeled.labeling.project.labels_by_class.values()) + held_labels(labeled) == 8


def test_looking_for_new_images_finds_those_that_have_another_name(
    labeled: Program, folder: Path, qtbot
) -> None:
    assert labeled.labeling is not None
    old = labeled.labeling
    old._contents.begin()
    qtbot.waitUntil(lambda: len(old.project.store.hashes()) == 60)
    item, label = old.project.store.query("SELECT item, label FROM labels")[0]
    (folder / str(item)).rename(folder / "moved.png")
    press(labeled, qtbot, Qt.Key.Key_Comma, control=True)
    qtbot.keyClick(page_of(labeled, SettingsPage), Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: labeled.labeling is not None and labeled.labeling is not old)
    assert labeled.labeling is not None
    assert ("moved.png", label) in labeled.labeling.project.store.query("SELECT item, label FROM labels")
    assert len(labeled.labeling.project.items) == 60


def held_labels(program: Program) -> int:
    assert program.labeling is not None
    ledger = program.labeling.project.ledger
    return int(((ledger.labels >= 0) & ledger.holdout).sum())
