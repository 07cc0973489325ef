"""A project is made, of a folder or a set."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

from clarifier_desktop.app import Program
from model.errors import UserError
from model.rounds.model_file import export_model, keep_model
from tests.model.coloured import TRANSFORM
from tests.model.rounds.test_model_file import small
from tests.ui.dialogs import Answers
from tests.ui.labeling.live import CLASSES, images, project_of
from tests.ui.labeling.window import label, page_of, press, words
from ui.labeling.one_by_one.label_page import LabelPage
from ui.labeling.project import new_project_presenter as projects
from ui.labeling.project.new_project_page import NewProjectPage


def test_a_folder_becomes_a_project_by_enter_alone(program: Program, folder: Path, qtbot) -> None:
    qtbot.keyClick(program.home, Qt.Key.Key_L)
    page = page_of(program, NewProjectPage)
    program.new_project(folder)
    qtbot.waitUntil(lambda: "60 images, 3 classes" in words(page))
    press(program, qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: program.labeling is not None)
    page_of(program, LabelPage)
    assert program.labeling is not None
    project = program.labeling.project
    assert [c.name for c in project.classes.standing] == list(CLASSES)
    assert project.ledger.open_items == 54  # a tenth is held out
    press(program, qtbot, Qt.Key.Key_H, control=True)
    assert program.window.pages.currentWidget() is program.home
    qtbot.waitUntil(lambda: "0 of 60 labeled" in words(program.home))


def test_a_folder_without_subfolders_wants_its_classes_first(program: Program, folder: Path, qtbot) -> None:
    program.new_project(folder / "cat")
    page = page_of(program, NewProjectPage)
    qtbot.waitUntil(lambda: "type the classes below" in words(page))
    qtbot.keyClick(page, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "two classes at least" in words(page))
    page.findChild(QPlainTextEdit).setPlainText("tame\nwild\n")
    assert "two classes at least" not in words(page), "it is said of what stood there"
    qtbot.keyClick(page, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: program.labeling is not None)


def test_a_folder_that_is_labeled_already_goes_on_by_enter(
    program: Program, folder: Path, qtbot, tmp_path: Path
) -> None:
    file, other = (program.paths.projects / f"{name}.clarifier" for name in ("animals", "others"))
    file.parent.mkdir(parents=True)
    project_of(folder, file, seed_labels=100).close()
    project_of(images(tmp_path / "others"), other).close()
    program.open_project(file, "A1")
    label(program, qtbot, 4)
    program.presenters.project.close_project()
    program.new_project(folder)
    page = page_of(program, NewProjectPage)
    known = "This folder is labeled already in animals.clarifier (4 of 60 labeled)."
    qtbot.waitUntil(lambda: known in words(page))
    assert (page._begin.text(), page._begin.accessibleName()) == ("Go on with it", "Go on with it")
    press(program, qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: program.labeling is not None)
    assert program.labeling is not None
    assert program.labeling.project.store.path == file
    assert program.labeling.project.ledger.progress().by_person == 4
    assert len(list(program.paths.projects.glob("*.clarifier"))) == 2


def test_of_a_folder_that_is_labeled_already_another_project_can_be_made(
    program: Program, folder: Path, qtbot, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere.clarifier"  # known as it was opened lately
    project_of(folder, elsewhere).close()
    program.keep(program.preferences.with_recent(elsewhere))
    program.new_project(folder)
    page = page_of(program, NewProjectPage)
    qtbot.waitUntil(lambda: "in elsewhere.clarifier (0 of 60 labeled)" in words(page))
    assert page._another.isVisible()
    press(program, qtbot, Qt.Key.Key_N, control=True)
    qtbot.waitUntil(lambda: program.labeling is not None)
    assert program.labeling is not None
    assert program.labeling.project.store.path == program.paths.projects / "animals.clarifier"
    press(program, qtbot, Qt.Key.Key_H, control=True)
    program.new_project(folder / "cat")
    qtbot.waitUntil(lambda: "type the classes below" in words(page))
    assert "labeled already" not in words(page)
    assert page._begin.text() == "Begin"
    assert not page._another.isVisible()


def test_who_named_a_file_gets_a_new_project(program: Program, folder: Path, qtbot, tmp_path: Path) -> None:
    program.paths.projects.mkdir(parents=True)
    project_of(folder, program.paths.projects / "animals.clarifier").close()
    program.new_project(folder, file=tmp_path / "mine.clarifier")
    page = page_of(program, NewProjectPage)
    qtbot.waitUntil(lambda: "60 images" in words(page))
    assert "labeled already" not in words(page)
    press(program, qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: (tmp_path / "mine.clarifier").exists())
    qtbot.waitUntil(lambda: program.labeling is not None)


def test_a_built_in_set_becomes_a_project_and_one_by_download_is_fetched_first(
    program: Program, qtbot, monkeypatch
) -> None:
    program.new_project()
    page = page_of(program, NewProjectPage)
    page.set_wanted.emit("Handwritten digits")
    qtbot.waitUntil(lambda: "1,797 images, 10 classes" in words(page))
    fetched: list[str] = []

    def download(name: str, *_: object) -> None:
        fetched.append(name)
        raise UserError("There is no network: try again later.")

    monkeypatch.setattr(projects, "download", download)
    page.set_wanted.emit("CIFAR-100 (training part), by download")
    qtbot.waitUntil(lambda: "There is no network" in words(page))
    assert fetched == ["cifar100-train"]


def test_a_wrong_choice_is_named_and_makes_no_project(program: Program, folder: Path, qtbot) -> None:
    program.new_project(folder)
    page = page_of(program, NewProjectPage)
    qtbot.waitUntil(lambda: "60 images" in words(page))
    minutes = next(w for w in page.findChildren(QLineEdit) if "minutes" in w.accessibleName())
    minutes.setText("-1")
    qtbot.keyClick(page, Qt.Key.Key_Return)
    assert "A round takes about (minutes per planned round): it must be greater than 0" in words(page)
    minutes.setText("1")
    assert "greater than 0" not in words(page)
    assert not list(program.paths.projects.glob("*"))


def test_more_choices_can_be_fewer_again_and_are_closed_for_the_next_project(
    program: Program, folder: Path, qtbot
) -> None:
    program.new_project(folder)
    page = page_of(program, NewProjectPage)
    qtbot.waitUntil(lambda: "60 images" in words(page))
    seen = []
    for _ in range(3):
        seen.append((page._more_button.text(), page.form.isVisible()))
        page._more_button.click()
    assert seen == [("More", False), ("Less", True), ("More", False)]
    assert page.form.isVisible()
    program.new_project(folder)
    assert (page._more_button.text(), page.form.isVisible()) == ("More", False)


def test_a_project_s_folder_that_cannot_be_made_is_said(
    program: Program, folder: Path, tmp_path: Path, qtbot
) -> None:
    (tmp_path / "file").write_text("not a folder")
    program.new_project(folder)
    page = page_of(program, NewProjectPage)
    qtbot.waitUntil(lambda: "60 images" in words(page))
    page.show_file(tmp_path / "file" / "p.clarifier")
    qtbot.keyClick(page, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "file" in words(page) and program.labeling is None and bool(page._message.text()))


def test_what_is_left_out_stands_below_the_images(program: Program, folder: Path, qtbot) -> None:
    for number in range(3):
        (folder / "cat" / f"IMG_{number}.HEIC").write_bytes(bytes(99))
    (folder / "dog" / ".hidden.png").write_bytes(b"")
    program.new_project(folder)
    page = page_of(program, NewProjectPage)
    qtbot.waitUntil(lambda: "60 images, 3 classes; 4 files or folders are left out" in words(page))
    said = words(page)
    assert (
        "3 files of a format that is not read: .heic (cat/IMG_0.HEIC, cat/IMG_1.HEIC, cat/IMG_2.HEIC)" in said
    )
    assert "dog/.hidden.png: A hidden file is not taken." in said


def test_a_project_begins_with_a_model_that_is_looked_at_when_it_is_chosen(
    program: Program, folder: Path, tmp_path: Path, qtbot, answers: Answers
) -> None:
    names = ("owl", "gull", "cat")
    sha256, kept = keep_model(tmp_path, small(), TRANSFORM, names, 30)
    export_model(kept, tmp_path / "birds.pt", sha256)
    program.new_project(folder)
    page = page_of(program, NewProjectPage)
    qtbot.waitUntil(lambda: "60 images, 3 classes" in words(page))
    answers.to = folder / "cat" / "00.png"
    press(program, qtbot, Qt.Key.Key_M, control=True)
    qtbot.waitUntil(lambda: "00.png is not a model that can be read" in words(page), timeout=60_000)
    assert page._classes.names == CLASSES
    answers.to = tmp_path / "birds.pt"
    press(program, qtbot, Qt.Key.Key_M, control=True)
    begins = "Begins with birds.pt: 3 classes, small-cnn, trained on 30 labels."
    qtbot.waitUntil(lambda: begins in words(page), timeout=60_000)
    assert page._classes.names == names
    assert page.form.settings().learner.network == "small-cnn"
    page._without.click()
    assert page._classes.names == CLASSES
    assert page.form.settings().learner.network == "auto"
    assert not page._model_words.isVisible()
    press(program, qtbot, Qt.Key.Key_M, control=True)
    qtbot.waitUntil(lambda: begins in words(page), timeout=60_000)
    press(program, qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: program.labeling is not None)
    assert program.labeling is not None
    project = program.labeling.project
    assert project.begun_with is not None
    assert (project.begun_with.name, project.begun_with.class_ids) == ("birds.pt", (0, 1, 2))
