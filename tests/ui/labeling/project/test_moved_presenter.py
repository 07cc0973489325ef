"""A project whose images were moved finds them again."""

from __future__ import annotations

from pathlib import Path

from PIL import Image
from PySide6.QtCore import Qt

from clarifier_desktop.app import Program
from studies.labeling.facts.records import Verb
from studies.labeling.file.store import ProjectStore
from studies.labeling.state.desk import Phase
from tests.ui.dialogs import Answers
from tests.ui.labeling.live import images
from tests.ui.labeling.window import page_of, words
from ui.labeling.one_by_one.label_page import LabelPage
from ui.labeling.project.moved_page import MovedPage


def test_a_folder_that_moved_with_its_project_is_found_again(
    labeled: Program, folder: Path, tmp_path: Path
) -> None:
    labeled.presenters.project.close_project()
    away = tmp_path / "away"
    away.mkdir()
    folder.rename(away / "animals")
    (tmp_path / "animals.clarifier").rename(away / "animals.clarifier")
    labeled.open_project(away / "animals.clarifier")
    assert labeled.labeling is not None
    assert labeled.labeling.project.place == away / "animals"


def test_renamed_images_elsewhere_are_asked_for_and_known_by_what_they_hold(
    labeled: Program, folder: Path, tmp_path: Path, qtbot, answers: Answers
) -> None:
    assert labeled.labeling is not None
    labeled.labeling._contents.begin()
    store = labeled.labeling.project.store
    qtbot.waitUntil(lambda: len(store.hashes()) == 60)
    labels = labeled.labeling.project.labels_by_class
    labeled.presenters.project.close_project()
    away = tmp_path / "elsewhere" / "renamed"
    away.mkdir(parents=True)
    for number, file in enumerate(sorted(folder.glob("*/*.png"))):
        file.rename(away / f"image {number}.png")
    labeled.open_project(tmp_path / "animals.clarifier")
    page = page_of(labeled, MovedPage)
    assert "All labels are safe" in words(page)
    answers.to = away
    qtbot.keyClick(page, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: labeled.labeling is not None)
    project = labeled.labeling.project
    assert project.labels_by_class == labels
    assert all(project.items[i].startswith("image ") for i in range(60))
    label_page = page_of(labeled, LabelPage)
    qtbot.waitUntil(lambda: project.desk.phase is Phase.SHOWN)
    assert label_page.isVisible()
    assert not project.ledger.with_state(Verb.UNREADABLE).size


def test_a_place_without_the_images_is_refused_and_nothing_is_lost(
    labeled: Program, folder: Path, tmp_path: Path, qtbot, answers: Answers
) -> None:
    labeled.presenters.project.close_project()
    folder.rename(tmp_path / "hidden")
    labeled.open_project(tmp_path / "animals.clarifier")
    page = page_of(labeled, MovedPage)
    other = images(tmp_path / "sub" / "other")
    for file in other.glob("*/*.png"):
        Image.new("RGB", (9, 9), "red").save(file)  # what was labeled is known by what it holds
        file.rename(file.with_name(f"x{file.name}"))
    answers.to = other
    qtbot.keyClick(page, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "None of the project's images is in" in words(page))
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert labeled.window.pages.currentWidget() is labeled.home
    with ProjectStore.open(tmp_path / "animals.clarifier", create=False) as store:
        assert store.place() == folder
