"""What the desk opens, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from clarifier_desktop.app import Program
from model.errors import UserError
from studies.labeling.file.store import ProjectStore
from tests.studies.labeling.sample import begin_round
from tests.ui.labeling.window import page_of, press, words
from ui.labeling.project.new_project_page import NewProjectPage


def test_a_second_instance_and_a_file_of_another_kind_are_refused_in_words(
    labeled: Program, tmp_path: Path
) -> None:
    with pytest.raises(UserError, match="another"):
        ProjectStore.open(tmp_path / "animals.clarifier", create=False)
    (tmp_path / "x.clarifier").write_text("hello, this is a text file and no project at all")
    with pytest.raises(UserError):
        labeled.open_project(tmp_path / "x.clarifier")


def test_another_folder_begins_with_the_project_s_model(labeled: Program, qtbot) -> None:
    assert labeled.labeling is not None
    project = labeled.labeling.project
    press(labeled, qtbot, Qt.Key.Key_N, control=True)
    qtbot.waitUntil(lambda: "cannot begin with a model yet" in labeled.window.notice.text)
    assert labeled.labeling is not None, "it stays open"
    begin_round(project, labeled.labeling.conductor, [])
    press(labeled, qtbot, Qt.Key.Key_N, control=True)
    qtbot.waitUntil(lambda: labeled.labeling is None)
    page = page_of(labeled, NewProjectPage)
    qtbot.waitUntil(lambda: "The model model-ab.pt is no longer in" in words(page), timeout=60_000)
