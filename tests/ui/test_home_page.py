"""The first page: every button by its key, and the files that were open lately."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDropEvent, QImage
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from tests.ui.driving import key_event, unnamed
from tests.ui.on_screen import open_on_screen
from ui.home_cards import FileCard, Recent
from ui.home_page import HomePage
from ui.kit import theme

FILES = [Recent(Path(f"/data/study-{number}.sqlite"), "today") for number in range(12)]


class Told:
    """What a home page asked for."""

    def __init__(self, page: HomePage) -> None:
        self.asked: list[object] = []
        page.study_wanted.connect(lambda: self.asked.append("study"))
        page.results_wanted.connect(lambda: self.asked.append("results"))
        page.project_wanted.connect(lambda: self.asked.append("project"))
        page.dropped.connect(self.asked.append)
        page.theme_wanted.connect(lambda: self.asked.append("theme"))
        page.recent_wanted.connect(self.asked.append)


@pytest.fixture
def page(qapp: QApplication, qtbot) -> HomePage:
    theme.apply(qapp, theme.Theme.LIGHT)
    made = HomePage()
    open_on_screen(qtbot, made)
    made.setFocus()
    return made


def test_every_button_has_its_key(page: HomePage) -> None:
    told = Told(page)
    page.set_recent(FILES)
    keys = Qt.Key
    for key in (keys.Key_Return, keys.Key_L, keys.Key_S, keys.Key_R, keys.Key_T, keys.Key_1, keys.Key_9):
        key_event(page, key)
    last, ninth = FILES[0].path, FILES[8].path
    assert told.asked == [last, "project", "study", "results", "theme", last, ninth]


def test_enter_labels_a_folder_where_nothing_was_open(page: HomePage) -> None:
    told = Told(page)
    page.set_recent([])
    key_event(page, Qt.Key.Key_Return)
    assert told.asked == ["project"]


def mime(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def test_a_folder_a_list_or_a_project_may_be_dropped(page: HomePage, tmp_path: Path) -> None:
    told = Told(page)
    for name in ("list.csv", "birds.clarifier", "image.png"):
        (tmp_path / name).touch()
    dropped = [tmp_path, tmp_path / "list.csv", tmp_path / "birds.clarifier", tmp_path / "image.png"]
    for data in (*map(mime, dropped), mime(tmp_path, tmp_path)):
        none, left = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
        event = QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, left, none)
        page.dropEvent(event)
    assert told.asked == dropped[:3]


def test_cards_show_pictures_and_how_far_a_project_is(page: HomePage) -> None:
    path = Path("/data/birds.clarifier")
    half = Recent(path, "50 of 100 labeled", 50, 100)
    page.set_recent([FILES[0], half])
    (card,) = page.findChildren(FileCard)
    assert (half.share, FILES[0].share) == (0.5, None)
    before = card.grab().toImage()
    picture = QImage(64, 64, QImage.Format.Format_RGB32)
    picture.fill(QColor("red"))
    page.show_pictures({path: [picture] * 4})
    after = card.grab().toImage()
    assert after != before
    assert after.pixelColor(30, 30) == QColor("red")


def test_what_a_button_shows_is_what_its_click_does(page: HomePage, qtbot) -> None:
    told = Told(page)
    page.set_recent(FILES[:2])
    QApplication.processEvents()
    for button in page.findChildren(QPushButton):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert sorted(map(str, told.asked)) == sorted(
        ["study", "project", "results", "theme", str(FILES[0].path), str(FILES[1].path)]
    )


def test_enter_presses_the_button_that_has_the_focus(page: HomePage) -> None:
    told = Told(page)
    page.set_recent(FILES[:2])
    button = next(b for b in page.findChildren(QPushButton) if "study-1" in b.text())
    QApplication.processEvents()  # shows it
    button.setFocus()
    key_event(button, Qt.Key.Key_Return)
    assert told.asked == [FILES[1].path]
    assert button.toolTip() == str(FILES[1].path)


def test_held_keys_and_digits_without_a_file_do_nothing(page: HomePage) -> None:
    told = Told(page)
    page.set_recent(FILES[:2])
    key_event(page, Qt.Key.Key_Return, repeat=True)
    key_event(page, Qt.Key.Key_3)
    assert told.asked == []


def test_an_empty_list_says_what_to_do(page: HomePage) -> None:
    page.set_recent(FILES)
    page.set_recent([])
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    words = [label.text() for label in page.findChildren(QLabel)]
    assert any("Begin a study" in text for text in words)
    assert not any("study-" in b.text() for b in page.findChildren(QPushButton))
    told = Told(page)
    key_event(page, Qt.Key.Key_1)
    assert told.asked == []


def test_every_control_has_a_name(page: HomePage) -> None:
    page.set_recent(FILES)
    assert unnamed(page) == []
