"""Joins an open project to its pages: image by image, many at once, numbers at the side, the learner behind."""

from __future__ import annotations

from functools import partial

from PIL import Image
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from model.datasets.base import ImageSet, Source
from model.datasets.pixels.deep import Ranges
from model.errors import UserError
from studies.labeling.file.store import ProjectStore
from studies.labeling.paging.page_offers import PageOffers
from studies.labeling.project.contents import ask_again
from studies.labeling.project.images import is_local, open_items
from studies.labeling.project.project import Project
from studies.labeling.project.shown_files import ShownFiles
from studies.labeling.rounds import panel
from studies.labeling.rounds.conductor import Conductor
from studies.labeling.rounds.learner_process import LearnerProcess
from studies.labeling.rounds.request import Folders
from studies.labeling.state.desk import Phase
from studies.numerals import counted
from ui.kit.checkpoints import Checkpoints
from ui.labeling.finish_strip import FinishStrip
from ui.labeling.grid.grid_page import GridPage
from ui.labeling.grid.grid_presenter import GridPresenter
from ui.labeling.one_by_one.cards import end_of, name_round, page_waits, status_of, waiting_text
from ui.labeling.one_by_one.example_strip import EACH, Examples, ExampleStrip
from ui.labeling.one_by_one.label_actions import LABEL_KEYS, LabelAction
from ui.labeling.one_by_one.label_card import Card
from ui.labeling.one_by_one.label_effects import REMARKS
from ui.labeling.one_by_one.label_page import LabelPage
from ui.labeling.one_by_one.labeling_controller import LabelingController
from ui.labeling.one_by_one.side_panel import SidePanel
from ui.labeling.pages import ProjectPages
from ui.labeling.project.files import work_folder
from ui.labeling.project.image_contents import ImageContents
from ui.labeling.project.settings_page import SETTINGS_KEYS, SettingsAction
from ui.labeling.rounds.background_learner import BackgroundLearner
from ui.shell import Shell

_PANEL_MS = 40  # after an answer: the next image comes first
_CONTENTS_MS = 1_000  # after opening: the first image comes first
_CONFUSABLE = 2  # classes shown beside the suggested one
_SETTINGS = LABEL_KEYS[LabelAction.SETTINGS].hint
_LOOK = SETTINGS_KEYS[SettingsAction.LOOK].hint


class Labeling(QObject):
    """One open project; everything in the window's thread but the learner."""

    left = Signal()
    reopen_wanted = Signal(str)  # its images are others now; what to know of them
    changed = Signal(
        object
    )  # dict[int, FileState]: files that hold other pictures than the ones decided about

    def __init__(self, shell: Shell, store: ProjectStore, annotator: str = "") -> None:
        super().__init__()
        self._shell = shell
        paths = shell.paths
        self.project = Project.open(store, annotator, shell.version, shell.record())
        project = self.project
        source, ranges = Source(project.head.dataset, project.place), project.settings.display_ranges
        self.images: ImageSet = open_items(source, project.items, paths.cache, ranges)
        folders = Folders(work_folder(paths, project.head.uuid), paths.weights, paths.laboratory)
        self.conductor = Conductor(project, folders)
        self._offers = PageOffers(project, self.conductor)
        self._one_by_one, self._on_pages = ShownFiles(self.images), ShownFiles(self.images)
        store.shown = self._one_by_one.states
        self.page = LabelPage()
        self.side = SidePanel()
        self.page.set_panel(self.side)
        self._examples = ExampleStrip(self._load, self._examples_of)
        self.page.set_examples(self._examples)
        self.grid = GridPage(self._on_pages.load)
        self.strip = FinishStrip()
        shell.show_strip(self.strip)
        self.page.large_changed.connect(self.strip.setHidden)
        shell.pages.addWidget(self.page)
        shell.pages.addWidget(self.grid)
        self.controller = LabelingController(project, self._one_by_one.load, self.page, self._confusable)
        self.learner = BackgroundLearner(project, self.conductor, LearnerProcess(paths.cache), self)
        self.grid_presenter = GridPresenter(project, self.conductor, self.grid, self._offers)
        self.others = ProjectPages(shell, project, self.conductor, self.learner, self.strip)
        self._page_waits = False  # a page of the queue was left: it waits until the person wants it
        self._checkpoints = Checkpoints(project.store, self)
        self._contents = ImageContents(project.store, self.images, self)
        self._contents.changed.connect(self.changed)
        self._contents.measured.connect(self._keep_ranges)
        self._contents.returned.connect(self._ask_again)
        self._contents.found_new.connect(self._tell_new)
        self._contents.given_back.connect(lambda _items: self.reopen_wanted.emit(""))
        self._failure = ""  # of the learner
        self._contents_timer = QTimer(self, singleShot=True, interval=_CONTENTS_MS)
        self._contents_timer.timeout.connect(self._contents.begin)
        self._panel_timer = QTimer(self, singleShot=True, interval=_PANEL_MS)
        self._panel_timer.timeout.connect(self._draw_panel)
        self._connect()

    def _connect(self) -> None:
        self.page.wanted.connect(self._do_action)
        self.page.help_wanted.connect(self._shell.show_help)
        self.controller.acted.connect(self._follow_answer)
        self.controller.wanting.connect(self.learner.consider)
        self.controller.said.connect(self.page.say)
        self.controller.page_due.connect(self._show_queue_page)
        self.learner.progressed.connect(self._draw_status)
        self.learner.begun.connect(self._show_round_begin)
        self.learner.renewed.connect(self._fill_pages)
        self.learner.progressed.connect(self.grid_presenter.tell_learner)
        self.learner.checked.connect(self.grid_presenter.show_check)
        self.learner.checked.connect(self._follow_answer)
        self.learner.renewed.connect(self._panel_timer.start)
        self.learner.failed.connect(self._tell_failure)
        self.learner.found_changed.connect(self._contents.look_again)
        self.grid_presenter.page_left.connect(self._leave_queue_page)
        self.grid_presenter.left.connect(self.show_page)
        self.grid_presenter.acted.connect(self._panel_timer.start)
        self.others.left.connect(self.show_page)
        self.others.reopen_wanted.connect(self.reopen_wanted)
        self.others.second_look_wanted.connect(partial(self._do_action, LabelAction.SECOND_LOOK))
        self.side.plan_wanted.connect(partial(self._do_action, LabelAction.PLAN))
        self.side.figure_wanted.connect(partial(self._do_action, LabelAction.EXPORT))
        self.side.came.connect(self._panel_timer.start)

    def open(self) -> None:
        """Show the first image."""
        self.conductor.load_predictions()
        self._shell.pages.setCurrentWidget(self.page)
        self.page.setFocus()
        self.learner.consider()
        self.controller.begin()
        self._draw_status(self.learner.line)
        self._draw_panel()
        if is_local(self.project.head.dataset):
            self._contents_timer.start()

    def close(self) -> None:
        """Close in order: the window's traffic, the background work, the file."""
        self._panel_timer.stop()
        self._contents_timer.stop()
        self._shell.take_back(self._failure)
        self.learner.stop()
        self._contents.stop()
        self.controller.close()
        self.learner.close()
        self.grid_presenter.close()
        self.others.close()
        self._examples.close_threads()
        self._contents.close()
        self._checkpoints.close()
        self.project.store.close()
        self._shell.show_strip(None)
        for page in (self.page, self.grid):
            self._shell.pages.removeWidget(page)
            page.deleteLater()

    def look_away(self) -> None:
        """Mark the time of an image on screen."""
        self.controller.look_away()

    def show_page(self) -> None:
        """Back to one image after another."""
        self.project.store.shown = self._one_by_one.states
        self._shell.pages.setCurrentWidget(self.page)
        self.controller.refresh_classes()
        self.controller.come_back()
        self._follow_answer()

    def _load(self, item: int, fit: tuple[int, int]) -> tuple[Image.Image, bool]:
        return self.images.image(item, fit), self.images.smooth

    def _confusable(self, class_id: int) -> tuple[int, ...]:
        return self.conductor.confused_with(class_id)[:_CONFUSABLE]

    def _examples_of(self, card: Card) -> tuple[Examples, ...]:
        project = self.project
        class_ids = card.confusable if card.suggestion is None else (card.suggestion, *card.confusable)
        return tuple(
            Examples(project.classes.name(class_id), project.examples(class_id, EACH, project.desk.item))
            for class_id in class_ids
        )

    def _do_action(self, action: LabelAction) -> None:
        if self.controller.keeps_input or action in REMARKS:
            return  # what waits to be stored is lost elsewhere; a remark in a pause is the controller's
        if action in (LabelAction.HOME, LabelAction.ANOTHER):
            (self.left if action is LabelAction.HOME else self.others.another_wanted).emit()
            return
        item = self.project.desk.item
        self.controller.leave()
        lists = self.grid_presenter
        shows = {
            LabelAction.GRID: lists.show,
            LabelAction.LOOK_AGAIN: lists.show_doubtful,
            LabelAction.SECOND_LOOK: lists.show_second_look,
        }
        if action in shows:
            self._show_grid()
            shows[action]()
        else:
            self.others.show(action, item)

    def _show_grid(self) -> None:
        self.project.store.shown = self._on_pages.states
        self._show(self.grid)  # its size says how many images of a page can be judged

    def _show_queue_page(self, wanted: bool) -> None:
        self._page_waits = self._page_waits and not wanted
        if self._page_waits:
            self.page.show_paused(page_waits(self.project))
            return
        self.page.show_blank()
        self._show_grid()
        self.grid_presenter.show_queue()

    def _leave_queue_page(self) -> None:
        self._page_waits = True

    def _fill_pages(self) -> None:
        """Make the next pages where it is time for them."""
        try:
            self.conductor.pages.fill(self.grid.wanted_size)
        except UserError as error:
            self._shell.say(str(error))
        if self._shell.pages.currentWidget() is self.page:
            self.controller.refresh()

    def _show(self, page: QWidget) -> None:
        self._shell.pages.setCurrentWidget(page)
        page.setFocus()

    def _follow_answer(self) -> None:
        self._panel_timer.start()
        self._draw_status(self.learner.line)
        if self._shell.pages.currentWidget() is self.page and self.conductor.second_look.begins():
            self._do_action(LabelAction.SECOND_LOOK)

    @property
    def looks_again(self) -> bool:
        """Whether a second look is on screen, or begins by itself as soon as it can."""
        shown = self._shell.pages.currentWidget() is self.grid and self.grid_presenter.looks_again
        return shown or self.conductor.second_look.will_begin

    def _tell_failure(self, sentence: str) -> None:
        self._failure = sentence
        self._shell.say(sentence)

    def _show_round_begin(self) -> None:
        self._shell.take_back(self._failure)
        if self._shell.pages.currentWidget() is self.page:
            self.controller.refresh()
        self.grid_presenter.prepare()
        self._follow_answer()
        if said := name_round(self.project, self.conductor):
            self.page.say(said)

    def _draw_status(self, line: str) -> None:
        status = status_of(self.project, self.conductor, line, self._offers.best())
        self.side.show_round(status.progress)
        self.strip.show_work(status.learner if self.project.round else status.line)
        self.controller.wait_with(waiting_text(self.project, line))
        self.page.end.tell(end_of(self.project, self.conductor.second_look))

    def _keep_ranges(self, ranges: Ranges) -> None:
        settings = self.project.settings.model_copy(update={"display_ranges": ranges})
        try:
            self.project.change_settings(settings)
        except UserError as error:
            self._shell.say(str(error))

    def _tell_new(self, count: int) -> None:
        files = counted(count, "file in the folder is", "files in the folder are")
        self.page.say(
            f"{files} not in the project yet: {_LOOK} in the settings ({_SETTINGS}) takes new images in."
        )

    def _ask_again(self, items: tuple[int, ...]) -> None:
        if self.controller.keeps_input:
            return  # at the next opening
        try:
            ask_again(self.project, items)
        except UserError as error:
            self._shell.say(str(error))
            return
        images = counted(len(items), "image")
        self.page.say(f"There again, and to be asked about: {images} that could not be read.")
        self._follow_answer()

    def _draw_panel(self) -> None:
        self._fill_pages()
        self.strip.show_status(self.conductor.finish.status())
        if not self.side.isHidden():
            self.side.show_data(panel.collect(self.project, self.conductor))
        if self.project.desk.phase is Phase.NOTHING:
            self.learner.consider()
