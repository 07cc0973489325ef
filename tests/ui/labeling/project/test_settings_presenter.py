"""Settings hold from the next round, and new images are taken in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from clarifier_desktop.app import Program
from model.datasets.pixels.deep import Range, Ranges
from model.rounds.live_values import Likeliest
from model.rounds.model_file import keep_model
from model.rounds.predictions import Predictions, keep_predictions
from studies.labeling.project.images import stored_ranges
from studies.labeling.state.desk import Phase
from tests.model.coloured import TRANSFORM
from tests.model.rounds.test_model_file import small
from tests.studies.labeling.sample import MODEL, result
from tests.ui.labeling.live import CLASSES, project_of
from tests.ui.labeling.window import page_of, press, words
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


def train(program: Program) -> None:
    """A round with a real model, whose file and predictions are kept."""
    assert program.labeling is not None
    project, leads = program.labeling.project, program.labeling.conductor
    work = leads.folders.work
    sha256, file = keep_model(work, small(), TRANSFORM, CLASSES, 8)
    sure = np.full((60, 3), 1 / 3, np.float32)
    likeliest = Likeliest(np.tile(np.arange(3, dtype=np.int32), (60, 1)), sure)
    told = Predictions(sha256, likeliest.labels[:, 0], sure[:, 0], ((), (), ()), False, likeliest)
    keep_predictions(work, told)
    request = leads.request(leads.propose())
    model = replace(MODEL, sha256=sha256, file=file.name)
    leads.begin_round(request, replace(result(project, 1, [], measured=False), model=model))


@pytest.mark.parametrize("lost", [False, True])
def test_new_images_come_with_suggestions_of_the_last_model(
    lost: bool, labeled: Program, folder: Path, qtbot, monkeypatch
) -> None:
    train(labeled)
    old = labeled.labeling
    said: list[str] = []
    assert old is not None
    if lost:  # as when the folder of what can be made again was emptied
        (old.conductor.folders.work / old.project.models[-1].file).unlink()
    monkeypatch.setattr(labeled, "say", said.append)
    for number in range(3):
        (folder / f"new {number}.png").write_bytes((folder / "cat" / f"{number:02d}.png").read_bytes())
    press(labeled, qtbot, Qt.Key.Key_Comma, control=True)
    qtbot.keyClick(page_of(labeled, SettingsPage), Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: labeled.labeling not in (None, old) and said != [], timeout=120_000)
    assert labeled.labeling is not None
    assert len(labeled.labeling.project.items) == 63
    predictions = labeled.labeling.conductor.predictions
    assert predictions is not None
    assert (predictions.of(60) is None) is (predictions.of(62) is None) is lost
    assert said[-1].startswith("3 new images are in the project, to be asked about")
    assert ("the next model says" in said[-1]) is lost


def test_images_that_came_later_are_told_of_when_the_project_is_opened(
    labeled: Program, folder: Path, qtbot, monkeypatch
) -> None:
    assert labeled.labeling is not None
    said: list[str] = []
    monkeypatch.setattr(labeled.labeling.page, "say", said.append)
    labeled.labeling._contents.begin()
    qtbot.waitUntil(lambda: len(labeled.labeling.project.store.hashes()) == 60)
    assert said == []
    (folder / "deeper").mkdir()
    for number in range(2):
        (folder / "deeper" / f"{number}.png").write_bytes((folder / "cat" / f"{number:02d}.png").read_bytes())
    (folder / "notes.txt").write_text("no image")
    labeled.labeling._contents.begin()
    qtbot.waitUntil(lambda: said != [])
    assert said == [
        "2 files in the folder are not in the project yet: F9 in the settings (Ctrl+,) takes new images in."
    ]
    noticed: list[str] = []
    monkeypatch.setattr(labeled, "say", noticed.append)
    press(labeled, qtbot, Qt.Key.Key_Comma, control=True)
    qtbot.keyClick(page_of(labeled, SettingsPage), Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: noticed != [])
    assert noticed == [
        "2 new images are in the project, to be asked about; the next model says what they are."
    ]


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


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    for number in range(6):
        save_scan(tmp_path / "scans" / f"{number}.png", 4095)
    return tmp_path / "scans"


def save_scan(file: Path, top: int) -> None:
    file.parent.mkdir(exist_ok=True)
    Image.fromarray(np.array([[0, top // 2, top]] * 3, np.uint16)).save(file)


@pytest.fixture
def scanned(program: Program, scans: Path, tmp_path: Path) -> Program:
    project_of(scans, tmp_path / "scans.clarifier", holdout=0, seed_labels=100).close()
    program.open_project(tmp_path / "scans.clarifier", "A1")
    return program


def open_settings(program: Program, qtbot) -> SettingsPage:
    assert program.labeling is not None
    project = program.labeling.project
    qtbot.waitUntil(lambda: project.desk.phase is Phase.SHOWN)
    press(program, qtbot, Qt.Key.Key_Comma, control=True)
    page: SettingsPage = page_of(program, SettingsPage)
    return page


def test_new_images_beyond_the_display_range_are_told_and_the_range_grows_by_a_key(
    scanned: Program, scans: Path, qtbot, monkeypatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(scanned, "say", said.append)
    first = scanned.labeling
    page = open_settings(scanned, qtbot)
    assert "whole numbers 0..4095" in words(page)
    save_scan(scans / "new.png", 16383)
    qtbot.keyClick(page, Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: scanned.labeling not in (None, first))
    second = scanned.labeling
    assert second is not None
    assert second.project.settings.display_ranges == Ranges(Range(0, 4095))
    qtbot.waitUntil(lambda: said != [])
    assert said[0].startswith(
        "1 new image is in the project, to be asked about; the next model says what they are. 1 of"
    )
    assert (
        said[0]
        .split(". ", 1)[1]
        .startswith("1 of the new images go beyond the display range (whole numbers 0..4095)")
    )
    assert "new.png. F8 in the settings" in said[0]

    qtbot.keyClick(open_settings(scanned, qtbot), Qt.Key.Key_F8)
    qtbot.waitUntil(lambda: scanned.labeling not in (None, second))
    third = scanned.labeling
    assert third is not None
    assert third.project.settings.display_ranges == third.images.ranges() == Ranges(Range(0, 16383))

    page = open_settings(scanned, qtbot)
    qtbot.keyClick(page, Qt.Key.Key_F8)
    qtbot.waitUntil(lambda: "within the display range" in words(page))
    assert scanned.labeling is third


def test_a_project_from_before_notes_what_it_shows_by(
    program: Program, scans: Path, tmp_path: Path, qtbot, monkeypatch
) -> None:
    monkeypatch.setattr("studies.labeling.project.creation._with_ranges", lambda settings, _: settings)
    project_of(scans, tmp_path / "old.clarifier", holdout=0, seed_labels=100).close()
    program.open_project(tmp_path / "old.clarifier", "A1")
    assert program.labeling is not None
    project = program.labeling.project
    assert project.settings.display_ranges is None
    qtbot.waitUntil(lambda: project.settings.display_ranges == Ranges(Range(0, 4095)))
    assert stored_ranges(project.store) == Ranges(Range(0, 4095))
