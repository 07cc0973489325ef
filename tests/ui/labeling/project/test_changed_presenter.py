"""Files that hold other pictures than the labeled ones are seen when a project is opened, and one key puts it right."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt

from clarifier_desktop.app import Program
from tests.ui.labeling.window import page_of, words
from ui.labeling.export.export_page import Export
from ui.labeling.export.export_presenter import _OF_LABELS
from ui.labeling.one_by_one.label_page import LabelPage
from ui.labeling.project.changed_page import ChangedPage


def labels(program: Program) -> dict[str, str]:
    """Labels by the names of the images."""
    assert program.labeling is not None
    return dict(program.labeling.project.store.query("SELECT item, label FROM labels"))


@pytest.fixture
def swapped(labeled: Program, folder: Path, tmp_path: Path, qtbot) -> tuple[Program, str, str]:
    """Two labeled images of different classes have each other's names; the project is open again."""
    assert labeled.labeling is not None
    labeled.labeling._contents.begin()
    store = labeled.labeling.project.store
    qtbot.waitUntil(lambda: len(store.hashes()) == 60)
    by_class = {label: item for item, label in labels(labeled).items()}
    one, other = list(by_class.values())[:2]
    labeled.presenters.project.close_project()
    (folder / one).rename(folder / "x")
    (folder / other).rename(folder / one)
    (folder / "x").rename(folder / other)
    labeled.open_project(tmp_path / "animals.clarifier")
    qtbot.waitUntil(lambda: isinstance(labeled.window.pages.currentWidget(), ChangedPage))
    page = page_of(labeled, ChangedPage)
    qtbot.waitUntil(lambda: "2 pictures are under other names" in words(page))
    assert "2 images hold something else than when labeled in animals" in words(page)
    return labeled, one, other


def test_enter_lets_the_labels_follow(swapped: tuple[Program, str, str], qtbot) -> None:
    program, one, other = swapped
    page = page_of(program, ChangedPage)
    qtbot.waitUntil(lambda: _pressed(qtbot, page, Qt.Key.Key_Return, program))
    page_of(program, LabelPage)
    found = labels(program)
    assert (found[one], found[other]) == (other.split("/")[0], one.split("/")[0])


def test_k_keeps_the_labels_where_pictures_were_only_edited(swapped: tuple[Program, str, str], qtbot) -> None:
    program, one, other = swapped
    page = page_of(program, ChangedPage)
    qtbot.waitUntil(lambda: _pressed(qtbot, page, Qt.Key.Key_K, program))
    found = labels(program)
    assert (found[one], found[other]) == (one.split("/")[0], other.split("/")[0])


def test_until_it_is_decided_the_project_waits(swapped: tuple[Program, str, str], qtbot) -> None:
    program, _, _ = swapped
    page = page_of(program, ChangedPage)
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert program.labeling is None
    assert program.window.pages.currentWidget() is program.home


def test_exports_that_hold_labels_are_checked() -> None:
    assert set(Export) - set(_OF_LABELS) == {
        Export.ANSWERS,
        Export.ROUNDS,
        Export.FIGURE,
        Export.MODEL,
        Export.IMPORT,
        Export.REPORT,  # counts and sentences, no image
    }


def _pressed(qtbot, page: ChangedPage, key: Qt.Key, program: Program) -> bool:
    """Press until it is taken: a page takes no key before it can have been read."""
    if program.labeling is None:
        qtbot.keyClick(page, key)
    return program.labeling is not None


def test_a_picture_that_comes_back_keeps_its_label_and_nothing_is_asked(
    swapped: tuple[Program, str, str], folder: Path, tmp_path: Path, qtbot
) -> None:
    program, one, _ = swapped
    page = page_of(program, ChangedPage)
    qtbot.waitUntil(lambda: _pressed(qtbot, page, Qt.Key.Key_Return, program))
    before, kept = labels(program), (folder / one).read_bytes()

    def reopen() -> None:
        program.presenters.project.close_project()
        program.open_project(tmp_path / "animals.clarifier")

    Image.new("RGB", (8, 8), "red").save(folder / one)
    reopen()
    qtbot.waitUntil(lambda: isinstance(program.window.pages.currentWidget(), ChangedPage))
    page = page_of(program, ChangedPage)
    qtbot.waitUntil(lambda: "1 is nowhere in the folder: its label is kept" in words(page))
    qtbot.waitUntil(lambda: _pressed(qtbot, page, Qt.Key.Key_Return, program))
    assert one not in labels(program)
    (folder / one).write_bytes(kept)
    reopen()
    qtbot.waitUntil(lambda: labels(program) == before)
    page_of(program, LabelPage)
