"""A labeling sitting in a window that paints in memory: a real project, real images, keys of a test's own."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from model.datasets.image_files import PlaceError
from studies.labeling.project.project import Project
from studies.labeling.state.desk import Phase
from tests.studies.labeling import sample
from tests.ui.driving import press_here
from ui.labeling.one_by_one.label_page import LabelPage
from ui.labeling.one_by_one.labeling_controller import LabelingController
from ui.main_window import MainWindow

SECOND = (Qt.Key.Key_2, "2")  # answers with the sample's second class, "dog"


class Images:
    """Loads a colour for each item; some cannot be read, and all wait while a gate is shut."""

    def __init__(self) -> None:
        self.bad: set[int] = set()
        self.away: dict[int, PlaceError] = {}
        self.gate = threading.Event()
        self.gate.set()

    def load(self, item: int, _fit: tuple[int, int]) -> tuple[Image.Image, bool]:
        assert self.gate.wait(10)
        if item in self.away:
            raise self.away[item]
        if item in self.bad:
            raise OSError("it is cut short")
        return Image.new("RGB", (30, 20), (item, 80, 200)), True


@dataclass
class LiveSitting:
    """An open project in a window, with its first image on screen."""

    window: MainWindow
    page: LabelPage
    project: Project
    controller: LabelingController
    images: Images
    said: list[str]

    @property
    def phase(self) -> Phase:
        return self.project.desk.phase

    @property
    def hint(self) -> str:
        return self.page.pause.words.text() if self.page._paused else self.page._hint.text()

    def to_image(self, qtbot) -> int:
        """Wait for an image; returns its item."""
        qtbot.waitUntil(lambda: self.phase is Phase.SHOWN)
        assert self.project.desk.item is not None
        return self.project.desk.item

    def answer(self, qtbot, key: Qt.Key = SECOND[0], text: str = SECOND[1]) -> int:
        """Answer the image on screen and wait for the next one; returns the item."""
        item = self.to_image(qtbot)
        press_here(key, text)
        return item

    def events(self) -> list[tuple[object, ...]]:
        return self.project.store.query(
            "SELECT item, verb, class_id, focus_lost FROM label_events ORDER BY seq"
        )

    def close(self) -> None:
        self.controller.close()
        self.page.show_blank()
        self.project.store.close()


def make_sitting(qtbot, folder: Path, items: int = 40, **settings: Any) -> LiveSitting:
    """A project of the sample's classes with 20 tasks, in a window that has the focus."""
    sample.create(folder / "p.clarifier", items, **settings).close()
    project = sample.open_project(folder / "p.clarifier")
    leads = sample.conductor(project)
    leads.refill_queue()
    window, page, images = MainWindow(), LabelPage(), Images()
    said: list[str] = []
    window.pages.addWidget(page)
    qtbot.addWidget(window)
    controller = LabelingController(project, images.load, page, lambda _class_id: (2,))
    controller.said.connect(said.append)
    controller.said.connect(page.say)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    window.pages.setCurrentWidget(page)
    page.setFocus()
    QApplication.processEvents()
    return LiveSitting(window, page, project, controller, images, said)
