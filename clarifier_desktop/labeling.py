"""Joins an open project to its pages: image by image, many at once, numbers at the side, the learner behind."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image
from PySide6.QtCore import QObject, QTimer, Signal

from clarifier_desktop import __version__
from clarifier_desktop.diagnostics import environment
from clarifier_desktop.grids import Grids
from clarifier_desktop.hosting import screen
from clarifier_desktop.rounds import Rounds
from model.datasets.base import ImageSet, Source
from studies.rounds import panel
from studies.rounds.conductor import Conductor, Folders
from studies.rounds.desk import Phase
from studies.rounds.images import open_items
from studies.rounds.learner_process import LearnerProcess
from studies.rounds.project import Project
from studies.rounds.records import Purpose
from studies.rounds.store import ProjectStore
from ui.grid_page import GridPage
from ui.label_actions import LabelAction
from ui.label_card import Status
from ui.label_page import LabelPage
from ui.labeling_controller import LabelingController
from ui.side_panel import SidePanel

if TYPE_CHECKING:
    from clarifier_desktop.app import Program

_PANEL_MS = 40  # after an answer: the next image comes first


class Labeling(QObject):
    """One open project; everything in the window's thread but the learner."""

    left = Signal()
    export_wanted = Signal()
    classes_wanted = Signal()
    settings_wanted = Signal()
    plan_wanted = Signal()

    def __init__(self, program: Program, store: ProjectStore, annotator: str = "") -> None:
        super().__init__(program)
        self._program = program
        paths = program.paths
        record = {**environment(), **screen(program.application)}
        self.project = Project.open(store, annotator, __version__, record)
        project = self.project
        place = project.place
        self.images: ImageSet = open_items(Source(project.head.dataset, place), project.items, paths.cache)
        folders = Folders(paths.cache / "projects" / project.head.uuid, paths.cache / "weights")
        self.conductor = Conductor(project, folders)
        self.page = LabelPage()
        self.side = SidePanel()
        self.page.set_panel(self.side)
        self.grid = GridPage(self._load)
        program.window.pages.addWidget(self.page)
        program.window.pages.addWidget(self.grid)
        self.controller = LabelingController(project, self._load, self.page, self._confusable)
        self.rounds = Rounds(project, self.conductor, LearnerProcess(paths.cache), self)
        self.grids = Grids(project, self.conductor, self.grid)
        self._panel_timer = QTimer(self)
        self._panel_timer.setSingleShot(True)
        self._panel_timer.setInterval(_PANEL_MS)
        self._panel_timer.timeout.connect(self._draw_panel)
        self._connect()

    def _connect(self) -> None:
        self.page.wanted.connect(self._wanted)
        self.page.help_wanted.connect(self._program.window.show_help)
        self.controller.acted.connect(self._acted)
        self.controller.wanting.connect(self.rounds.consider)
        self.controller.said.connect(self.page.say)
        self.rounds.progressed.connect(self._draw_status)
        self.rounds.begun.connect(self._round_begun)
        self.rounds.failed.connect(self._program.say)
        self.grids.left.connect(self.show_page)
        self.grids.acted.connect(self._panel_timer.start)
        self.side.plan_wanted.connect(self.plan_wanted)

    def open(self) -> None:
        """Show the first image."""
        self.conductor.remember()
        self._program.window.pages.setCurrentWidget(self.page)
        self.page.setFocus()
        self.rounds.consider()
        self.controller.begin()
        self._draw_status("")
        self._draw_panel()

    def close(self) -> None:
        """Close in order: the window's traffic, the learner, the file."""
        self._panel_timer.stop()
        self.controller.close()
        self.rounds.close()
        self.grids.close()
        self.project.store.close()
        for page in (self.page, self.grid):
            self._program.window.pages.removeWidget(page)
            page.deleteLater()

    def pause(self) -> None:
        """Pause as by key, where an image is on screen."""
        self.controller.pause()

    def show_page(self) -> None:
        """Back to one image after another."""
        self._program.window.pages.setCurrentWidget(self.page)
        self.controller.refresh_classes()
        self.controller.come_back()
        self._acted()

    def _load(self, item: int, fit: tuple[int, int]) -> tuple[Image.Image, bool]:
        return self.images.image(item, fit), self.images.smooth

    def _confusable(self, class_id: int) -> Sequence[int]:
        seen = self.conductor.seen
        if seen is None or class_id not in seen.class_ids:
            return ()
        found = seen.confusable[seen.class_ids.index(class_id)]
        return tuple(self.project.classes.resolve(seen.class_ids[other]) for other in found[:2])

    def _wanted(self, action: LabelAction) -> None:
        if action is LabelAction.GRID:
            self.controller.leave()
            self.grids.show()
            self._program.window.pages.setCurrentWidget(self.grid)
            self.grid.setFocus()
        elif action is LabelAction.HOME:
            self.left.emit()
        elif action is LabelAction.PLAN:
            self.plan_wanted.emit()
        elif action is LabelAction.CLASSES:
            self.classes_wanted.emit()
        elif action is LabelAction.EXPORT:
            self.export_wanted.emit()
        elif action is LabelAction.SETTINGS:
            self.settings_wanted.emit()

    def _acted(self) -> None:
        self._panel_timer.start()
        self._draw_status(self.rounds.line)

    def _round_begun(self) -> None:
        self.controller.refresh()
        self._acted()

    def _draw_status(self, line: str) -> None:
        project = self.project
        title = f"Round {project.round}" if project.round else "First labels"
        waiting = project.queue.of_round
        progress = f"{waiting:,} to go" if waiting else self._meanwhile()
        self.page.draw_status(Status(title, progress, line))
        self.controller.wait_with(self._nothing(line))

    def _meanwhile(self) -> str:
        task = self.project.desk.task
        if task is None:
            return ""
        return "held-out sample" if task.purpose is Purpose.AUDIT else "ahead of the next round"

    def _nothing(self, line: str) -> str:
        if self.project.ledger.open_items == 0:
            return "Every image has a label. Ctrl+E saves them; F5 shows what the program labeled."
        return f"Nothing to label until the next round is there. {line}" if line else "One moment."

    def _draw_panel(self) -> None:
        self.side.show_data(panel.collect(self.project, self.conductor))
        if self.project.desk.phase is Phase.NOTHING:
            self.rounds.consider()


def project_path(folder: Path, name: str) -> Path:
    """A file of that name in a folder that is not there yet."""
    first = folder / f"{name}.clarifier"
    numbers = (folder / f"{name}-{number}.clarifier" for number in range(2, 10_000))
    return next(path for path in (first, *numbers) if not path.exists())
