"""What was found of a new project: pictures, and the classes as they will look."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDropEvent, QImage

from clarifier_desktop.app import Program
from tests.ui.labeling.window import page_of, words
from tests.ui.on_screen import open_on_screen
from ui.kit import theme
from ui.labeling.project.found_images import ClassNames, FoundImages
from ui.labeling.project.new_project_page import NewProjectPage


def test_classes_look_as_they_will(qapp, qtbot) -> None:
    theme.apply(qapp, theme.Theme.LIGHT)
    classes = ClassNames()
    open_on_screen(qtbot, classes, 640, 300)
    assert not classes._chips.isVisible()
    classes.show_names(["cat", " dog ", "", "owl"])
    assert classes.names == ("cat", "dog", "owl")
    assert (classes._chips.classes, classes._chips.digits) == (("cat", "dog", "owl"), ("1", "2", "3"))
    assert not classes._more.isVisible()
    classes.show_names([f"species {number}" for number in range(200)])
    assert len(classes.names) == 200
    assert classes._more.text() == "and 180 more"


def test_pictures_stand_in_a_row_as_far_as_there_is_room(qapp, qtbot) -> None:
    found = FoundImages()
    open_on_screen(qtbot, found, 200, 68)
    red = QImage(50, 50, QImage.Format.Format_RGB32)
    red.fill(QColor("red"))
    found.show_images([red] * 8)
    seen = found.grab().toImage()
    assert seen.pixelColor(30, 30) == QColor("red")
    assert seen.pixelColor(190, 30) != QColor("red"), "none is cut"


def test_a_folder_that_is_dropped_is_looked_at_and_shown(program: Program, folder: Path, qtbot) -> None:
    program.new_project()
    page = page_of(program, NewProjectPage)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(folder))])
    none, left = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
    page.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, left, none))
    qtbot.waitUntil(lambda: "60 images, 3 classes" in words(page))
    assert len(page._found._images) == 8
    assert page._found.isVisible()
