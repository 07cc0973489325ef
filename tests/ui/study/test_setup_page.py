"""The researcher's page: what stands there, and what its buttons ask for."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QPushButton

from tests.ui.dialogs import Answers
from tests.ui.driving import key_event, unnamed
from tests.ui.on_screen import open_on_screen
from ui.kit import theme
from ui.study.setup_data import DataLine
from ui.study.setup_page import SetupPage

READY = DataLine("digits", "Digits: 1,797 images, built in.")
DOWNLOAD = DataLine("cifar10", "CIFAR-10 is not here yet.", "Download")
FOLDER = DataLine("ucmerced", "UC Merced needs its folder.", "Choose folder")


@pytest.fixture
def page(qapp: QApplication, qtbot, answers: Answers) -> SetupPage:
    theme.apply(qapp, theme.Theme.LIGHT)
    made = SetupPage(["built-in", "demo", "paper"], answers)
    open_on_screen(qtbot, made, 1024, 640)
    made.setFocus()
    return made


def words(page: SetupPage) -> list[str]:
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return [label.text() for label in page.findChildren(QLabel)]


def button(page: SetupPage, name: str) -> QPushButton:
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return next(b for b in page.findChildren(QPushButton) if b.accessibleName() == name)


def test_it_opens_only_when_all_images_are_here(page: SetupPage, qtbot) -> None:
    asked: list[bool] = []
    page.open_wanted.connect(lambda: asked.append(True))
    page.show_data([READY, DOWNLOAD, FOLDER])
    assert all(any(line.text in text for text in words(page)) for line in (READY, DOWNLOAD, FOLDER))
    key_event(page, Qt.Key.Key_Return)
    assert asked == []
    page.show_data([READY])
    assert not any(DOWNLOAD.text in text for text in words(page))
    key_event(page, Qt.Key.Key_Return)
    assert asked == [True]
    page.show_data([])
    key_event(page, Qt.Key.Key_Return)
    assert asked == [True]


def test_each_missing_data_set_has_its_button(page: SetupPage, qtbot) -> None:
    mended: list[str] = []
    page.mend_wanted.connect(mended.append)
    page.show_data([READY, DOWNLOAD, FOLDER])
    qtbot.mouseClick(button(page, "Choose folder: ucmerced"), Qt.MouseButton.LeftButton)
    qtbot.mouseClick(button(page, "Download: cifar10"), Qt.MouseButton.LeftButton)
    assert mended == ["ucmerced", "cifar10"]


def test_a_plan_is_chosen_from_the_list_or_a_file(page: SetupPage, qtbot, answers: Answers) -> None:
    chosen: list[str] = []
    page.plan_chosen.connect(chosen.append)
    box = page.findChild(QComboBox)
    assert box is not None
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Down)
    assert chosen == ["demo"]
    answers.to = Path("/plans/mine.toml")
    qtbot.mouseClick(button(page, "Plan file ..."), Qt.MouseButton.LeftButton)
    answers.to = None
    qtbot.mouseClick(button(page, "Plan file ..."), Qt.MouseButton.LeftButton)
    assert chosen == ["demo", "/plans/mine.toml"], "a dialog that is left chooses nothing"
    page.show_plan("/plans/mine.toml", "Mine: 5 images.")
    assert box.currentText() == "/plans/mine.toml"
    assert "Mine: 5 images." in words(page)


def test_the_file_for_the_answers(page: SetupPage, qtbot, answers: Answers) -> None:
    chosen: list[Path] = []
    page.store_chosen.connect(chosen.append)
    page.show_store(Path("/data/pilot.sqlite"))
    answers.to = Path("/data/other.sqlite")
    qtbot.mouseClick(button(page, "Other file ..."), Qt.MouseButton.LeftButton)
    assert chosen == [Path("/data/other.sqlite")]
    assert answers.asked == ["pilot.sqlite"]
    assert answers.overwrites == [False], "an existing file is added to"


def test_escape_goes_back(page: SetupPage, qtbot) -> None:
    with qtbot.waitSignal(page.back_wanted):
        key_event(page, Qt.Key.Key_Escape)


def test_escape_cancels_a_download_first(page: SetupPage, qtbot) -> None:
    back: list[bool] = []
    page.back_wanted.connect(lambda: back.append(True))
    page.progress.begin("Downloading")
    qtbot.waitUntil(page.progress.isVisible)
    with qtbot.waitSignal(page.progress.cancel_requested):
        key_event(page, Qt.Key.Key_Escape)
    page.progress.end()
    assert back == []


def test_what_went_wrong_stands_on_the_page(page: SetupPage) -> None:
    page.show_message("<b>The plan</b> cannot be used:\n- seed is missing.")
    assert any("seed is missing" in text for text in words(page))
    label = next(x for x in page.findChildren(QLabel) if "seed" in x.text())
    assert label.textFormat() is Qt.TextFormat.PlainText


def test_every_control_has_a_name(page: SetupPage, qtbot) -> None:
    page.show_data([READY, DOWNLOAD, FOLDER])
    page.progress.begin("Downloading")
    qtbot.waitUntil(page.progress.isVisible)
    assert unnamed(page) == []
    page.progress.end()
