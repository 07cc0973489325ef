"""The program's window driven by keys, and what it says."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from clarifier_desktop.app import Program
from studies.labeling.state.desk import Phase
from tests.ui.labeling.live import CLASSES


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
