"""A project in the program's window: made, labeled, its pages, its exports, and found again after it was moved."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
)

from clarifier_desktop.app import Program
from model.errors import UserError
from studies.labeling.facts.records import Verb
from studies.labeling.file.store import ProjectStore
from studies.labeling.state.desk import Phase
from tests.ui.driving import unnamed
from tests.ui.labeling.live import CLASSES, images, project_of
from ui.answering.class_picker import ClassPicker
from ui.labeling.grid.grid_page import GridPage
from ui.labeling.one_by_one.label_page import LabelPage
from ui.labeling.project import project_presenter as projects
from ui.labeling.project.classes_page import ClassesPage
from ui.labeling.project.export_page import Export, ExportPage
from ui.labeling.project.moved_page import MovedPage
from ui.labeling.project.project_page import ProjectPage
from ui.labeling.project.settings_page import SettingsPage
from ui.labeling.rounds.round_page import RoundPage
from ui.preferences import Paths


@pytest.fixture
def program(qapp: QApplication, qtbot, own_folders: Path):
    made = Program(qapp, Paths.of_user())
    qtbot.addWidget(made.window)
    made.show()
    made.window.resize(1024, 640)
    qtbot.waitExposed(made.window)
    yield made
    made.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return images(tmp_path / "animals")


@pytest.fixture
def labeled(program: Program, folder: Path, tmp_path: Path, qtbot) -> Program:
    """The program with an open project of which some images are labeled; no round comes by itself."""
    project_of(folder, tmp_path / "animals.clarifier", seed_labels=100).close()
    program.open_project(tmp_path / "animals.clarifier", "A1")
    label(program, qtbot, 8)
    return program


def label(program: Program, qtbot, count: int) -> None:
    assert program.labeling is not None
    project = program.labeling.project
    for _ in range(count):
        qtbot.waitUntil(lambda: project.desk.phase is Phase.SHOWN)
        item = project.desk.item
        assert item is not None
        qtbot.keyClick(program.labeling.page, str(1 + CLASSES.index(project.items[item].split("/")[0])))


def page_of(program: Program, kind: type):
    page = program.window.pages.currentWidget()
    assert isinstance(page, kind)
    return page


def words(page) -> str:
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def press(program: Program, qtbot, key: Qt.Key, control: bool = False) -> None:
    how = Qt.KeyboardModifier.ControlModifier if control else Qt.KeyboardModifier.NoModifier
    qtbot.keyClick(program.window.pages.currentWidget(), key, how)


def test_a_folder_becomes_a_project_by_enter_alone(program: Program, folder: Path, qtbot) -> None:
    qtbot.keyClick(program.home, Qt.Key.Key_L)
    page = page_of(program, ProjectPage)
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
    qtbot.waitUntil(lambda: "first labels, 0 labels" in program.home.findChildren(QPushButton)[-1].text())


def test_a_folder_without_subfolders_wants_its_classes_first(program: Program, folder: Path, qtbot) -> None:
    program.new_project(folder / "cat")
    page = page_of(program, ProjectPage)
    qtbot.waitUntil(lambda: "type the classes below" in words(page))
    qtbot.keyClick(page, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "two classes at least" in words(page))
    page.findChild(QPlainTextEdit).setPlainText("tame\nwild\n")
    qtbot.keyClick(page, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: program.labeling is not None)


def test_a_built_in_set_becomes_a_project_and_one_by_download_is_fetched_first(
    program: Program, qtbot, monkeypatch
) -> None:
    program.new_project()
    page = page_of(program, ProjectPage)
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
    page = page_of(program, ProjectPage)
    qtbot.waitUntil(lambda: "60 images" in words(page))
    minutes = next(w for w in page.findChildren(QLineEdit) if "Minutes" in w.accessibleName())
    minutes.setText("-1")
    qtbot.keyClick(page, Qt.Key.Key_Return)
    assert "Minutes a planned round: it must be greater than 0" in words(page)
    assert not list(program.paths.projects.glob("*"))


def test_a_project_s_folder_that_cannot_be_made_is_said(
    program: Program, folder: Path, tmp_path: Path, qtbot
) -> None:
    (tmp_path / "file").write_text("not a folder")
    program.new_project(folder)
    page = page_of(program, ProjectPage)
    qtbot.waitUntil(lambda: "60 images" in words(page))
    page.show_file(tmp_path / "file" / "p.clarifier")
    qtbot.keyClick(page, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "file" in words(page) and program.labeling is None and bool(page._message.text()))


def test_the_classes_are_changed_and_the_labels_stay(labeled: Program, qtbot) -> None:
    assert labeled.labeling is not None
    project = labeled.labeling.project
    before = project.labels_by_class
    press(labeled, qtbot, Qt.Key.Key_K, control=True)
    page = page_of(labeled, ClassesPage)
    text = page.findChild(QLineEdit)
    assert unnamed(page) == []

    def typed(what: str, key: Qt.Key) -> None:
        text.setText(what)
        qtbot.keyClick(page, key)

    typed("fox", Qt.Key.Key_Return)
    assert project.classes.id_of("fox") == 3
    typed("hound", Qt.Key.Key_F2)  # the first class is chosen
    assert project.classes.name(0) == "hound"
    typed("OWL", Qt.Key.Key_F2)
    assert 'There is a class "owl" already' in words(page)
    typed("x", Qt.Key.Key_F3)
    assert project.classes.infos[0].key == "x"
    qtbot.keyClick(page, Qt.Key.Key_F6)
    assert project.classes.infos[0].example == project.desk.item
    qtbot.keyClick(page, Qt.Key.Key_Down)
    into = page.findChild(QComboBox)
    into.setCurrentIndex(into.findText("hound"))
    qtbot.keyClick(page, Qt.Key.Key_F8)
    assert [c.name for c in project.classes.standing] == ["hound", "owl", "fox"]
    assert project.labels_by_class[0] == before[0] + before[1]
    qtbot.keyClick(page, Qt.Key.Key_F8)
    assert project.labels_by_class == before
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    shown = page_of(labeled, LabelPage)
    assert shown.findChild(ClassPicker)._cells.classes == ("hound", "dog", "owl", "fox")
    qtbot.waitUntil(lambda: project.desk.phase is Phase.SHOWN)
    actions = project.ledger.actions
    qtbot.keyClick(shown, Qt.Key.Key_X)  # the class's own key answers
    assert project.ledger.actions == actions + 1
    assert project.ledger.undoing(actions)[0].class_id == 0


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


def held_labels(program: Program) -> int:
    assert program.labeling is not None
    ledger = program.labeling.project.ledger
    return int(((ledger.labels >= 0) & ledger.holdout).sum())


def test_labels_go_out_by_one_key_each_and_come_back_into_another_project(
    labeled: Program, folder: Path, tmp_path: Path, qtbot, monkeypatch
) -> None:
    assert labeled.labeling is not None
    press(labeled, qtbot, Qt.Key.Key_E, control=True)
    page = page_of(labeled, ExportPage)
    assert unnamed(page) == []

    class Dialogs:
        to: Path | None = None

        def save(self, *_: object) -> Path | None:
            return self.to

        def open(self, *_: object) -> Path | None:
            return self.to

    dialogs = Dialogs()
    answer_with(labeled, dialogs)

    def save(what: Export, to: Path, said: str) -> None:
        dialogs.to = to
        monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(to))
        qtbot.keyClick(page, str(1 + list(Export).index(what)))
        qtbot.waitUntil(lambda: said in words(page), timeout=20_000)

    save(Export.CSV, tmp_path / "labels.csv", "8 rows are in")
    with (tmp_path / "labels.csv").open(newline="") as file:
        rows = {row["item"]: row["label"] for row in csv.DictReader(file)}
    assert len(rows) == 8
    assert all(item.split("/")[0] == label for item, label in rows.items())
    save(Export.JSONL, tmp_path / "labels.jsonl", "8 labels are in")
    save(Export.COPIES, tmp_path / "copies", "8 images of")
    assert len(list((tmp_path / "copies").glob("*/*.png"))) == 8
    save(Export.LINKS, tmp_path / "links", "links")
    assert len(list((tmp_path / "links").glob("*/*.png"))) == 8
    save(Export.ANSWERS, tmp_path / "answers.csv", "8 rows are in")
    save(Export.ROUNDS, tmp_path / "rounds.csv", "0 rows are in")
    save(Export.FIGURE, tmp_path / "accuracy.svg", "The figure is in")
    assert (tmp_path / "accuracy.numbers.csv").read_text().startswith("round,cost_s")
    save(Export.MODEL, tmp_path / "model.pt", "has no model yet")
    save(Export.COPIES, folder, "holds other files")

    labeled.project_desk.close_project()
    project_of(folder, tmp_path / "second.clarifier", seed_labels=100).close()
    labeled.open_project(tmp_path / "second.clarifier")
    press(labeled, qtbot, Qt.Key.Key_E, control=True)
    page = page_of(labeled, ExportPage)
    answer_with(labeled, dialogs)
    save(Export.IMPORT, tmp_path / "labels.csv", "8 labels read; 0 images keep")
    save(Export.IMPORT, tmp_path / "labels.csv", "0 labels read; 8 images keep")
    project = labeled.labeling.project
    given = {name: project.label_of(item) for item, name in enumerate(project.items)}
    assert {name: project.classes.name(c) for name, c in given.items() if c is not None} == rows


def answer_with(program: Program, dialogs: Any) -> None:
    assert program.labeling is not None
    exports = program.labeling.others._exports
    assert exports is not None
    exports._dialogs = dialogs


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
        assert page.key_sections()
        qtbot.keyClick(page, Qt.Key.Key_Escape)
        page_of(labeled, LabelPage)
        qtbot.waitUntil(lambda: project.desk.phase is Phase.SHOWN)
        assert project.desk.item == item


def test_examples_are_shown_beside_the_image(labeled: Program, qtbot) -> None:
    assert labeled.labeling is not None
    strip = labeled.labeling._examples
    assert strip.isHidden()
    press(labeled, qtbot, Qt.Key.Key_F6)
    assert strip.isVisible()
    project = labeled.labeling.project
    shown = project.examples(0, 3)
    assert shown
    assert all(project.label_of(i) == 0 for i in shown)
    press(labeled, qtbot, Qt.Key.Key_F6)
    assert strip.isHidden()


def test_a_closer_look_gets_all_pixels(program: Program, tmp_path: Path, qtbot) -> None:
    from PIL import Image

    folder = images(tmp_path / "large", each=1)
    for file in folder.glob("*/*.png"):
        Image.effect_noise((2400, 1800), 40).save(file)
    project_of(folder, tmp_path / "large.clarifier", holdout=0).close()
    program.open_project(tmp_path / "large.clarifier")
    assert program.labeling is not None
    page, project = program.labeling.page, program.labeling.project
    qtbot.waitUntil(lambda: project.desk.phase is Phase.SHOWN)
    page.view.zoom_by(3)
    qtbot.waitUntil(lambda: page.view._detail is not None)
    detail = page.view._detail
    assert detail is not None
    assert detail.width() == 2400


def test_a_folder_that_moved_with_its_project_is_found_again(
    labeled: Program, folder: Path, tmp_path: Path
) -> None:
    labeled.project_desk.close_project()
    away = tmp_path / "away"
    away.mkdir()
    folder.rename(away / "animals")
    (tmp_path / "animals.clarifier").rename(away / "animals.clarifier")
    labeled.open_project(away / "animals.clarifier")
    assert labeled.labeling is not None
    assert labeled.labeling.project.place == away / "animals"


def test_renamed_images_elsewhere_are_asked_for_and_known_by_what_they_hold(
    labeled: Program, folder: Path, tmp_path: Path, qtbot, monkeypatch
) -> None:
    assert labeled.labeling is not None
    labeled.labeling._note_hashes()
    store = labeled.labeling.project.store
    qtbot.waitUntil(lambda: store.first_unhashed() == 60)
    labels = labeled.labeling.project.labels_by_class
    labeled.project_desk.close_project()
    away = tmp_path / "elsewhere" / "renamed"
    away.mkdir(parents=True)
    for number, file in enumerate(sorted(folder.glob("*/*.png"))):
        file.rename(away / f"image {number}.png")
    labeled.open_project(tmp_path / "animals.clarifier")
    page = page_of(labeled, MovedPage)
    assert "All labels are safe" in words(page)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "elsewhere"))
    (tmp_path / "empty").mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(away))
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
    labeled: Program, folder: Path, tmp_path: Path, qtbot, monkeypatch
) -> None:
    labeled.project_desk.close_project()
    folder.rename(tmp_path / "hidden")
    labeled.open_project(tmp_path / "animals.clarifier")
    page = page_of(labeled, MovedPage)
    other = images(tmp_path / "sub" / "other")
    for file in other.glob("*/*.png"):
        file.rename(file.with_name(f"x{file.name}"))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(other))
    qtbot.keyClick(page, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "None of the project's images is in" in words(page))
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert labeled.window.pages.currentWidget() is labeled.home
    with ProjectStore.open(tmp_path / "animals.clarifier", create=False) as store:
        assert store.place() == folder


def test_a_second_instance_and_a_file_of_another_kind_are_refused_in_words(
    labeled: Program, tmp_path: Path
) -> None:
    with pytest.raises(UserError, match="another"):
        ProjectStore.open(tmp_path / "animals.clarifier", create=False)
    (tmp_path / "x.clarifier").write_text("hello, this is a text file and no project at all")
    with pytest.raises(UserError):
        labeled.open_project(tmp_path / "x.clarifier")
