"""Opens and makes labeling projects: from the home page, a folder, a list, a set, or a project's file."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage

from model.datasets.base import Source
from model.datasets.class_list import read_class_list
from model.datasets.registry import DATASETS, POOLS, SetKind, SetState, download, status
from model.errors import UserError
from model.names import AUTO
from model.port import Port
from studies.files.store_errors import unwritable
from studies.labeling.facts.settings import Learner, ProjectSettings, SettingsError
from studies.labeling.file.store import ProjectStore
from studies.labeling.project.chosen_model import ChosenModel
from studies.labeling.project.creation import Draft, SourceListing, create, inspect
from studies.labeling.project.images import open_items
from studies.labeling.project.known import KnownProject, find_project
from ui.answering.thumbnails import squares
from ui.kit.file_dialogs import FileKind
from ui.kit.job_line import JobLine
from ui.kit.jobs import JobRunner
from ui.labeling.choices.form_files import FormFiles
from ui.labeling.choices.network_check import NetworkChoice
from ui.labeling.project.files import PROJECT_SUFFIX, project_files, project_path
from ui.labeling.project.found_images import MOST, SIDE
from ui.labeling.project.model_check import check_model
from ui.labeling.project.new_project_page import NewProject, NewProjectPage
from ui.labeling.project.offer import offer_of
from ui.shell import Shell

_CSV = FileKind("CSV", "csv")
_CLASSES = FileKind("Text", "txt", or_any=True)
_MODEL = FileKind("Model", "pt", or_any=True)
_PROJECT = FileKind("Project", PROJECT_SUFFIX.removeprefix("."))
_SETS = {
    f"{entry.title}, by download" if entry.kind is SetKind.DOWNLOADED else entry.title: name
    for name, entry in {**DATASETS, **POOLS}.items()
    if entry.kind is not SetKind.OWN
}


class NewProjectPresenter(QObject):
    """The page of a new project and the work behind it."""

    def __init__(
        self,
        shell: Shell,
        jobs: JobRunner,
        open_store: Callable[[ProjectStore], None],
        open_file: Callable[[Path], None],
    ) -> None:
        super().__init__()
        self._shell = shell
        self._open_store, self._open_file = open_store, open_file
        self.page = NewProjectPage(tuple(_SETS))
        shell.pages.addWidget(self.page)
        self._form_files = FormFiles(self.page.form, self, shell.dialogs)
        self._form_files.message.connect(self.page.show_message)
        self._listing: SourceListing | None = None
        self._model: ChosenModel | None = None  # that the project begins with
        self._to_check: Path | None = None  # a model that is still to be looked at
        self._file: Path | None = None  # where the project goes, if that was chosen before the page was shown
        page = self.page
        self._line = JobLine(jobs, page.progress, self)
        self._network = NetworkChoice(self._line, page.show_message)
        page.folder_wanted.connect(self._choose_folder)
        page.csv_wanted.connect(self._choose_csv)
        page.dropped.connect(self._look_at)
        page.set_wanted.connect(self._choose_set)
        page.class_file_wanted.connect(self._choose_classes)
        page.file_wanted.connect(self._choose_file)
        page.create_wanted.connect(self._create)
        page.open_wanted.connect(self._open)
        page.model_wanted.connect(self._choose_model)
        page.no_model_wanted.connect(self._begin_without)
        page.back_wanted.connect(shell.go_home)
        self._line.ended.connect(self._check_model)

    def show(
        self,
        folder: Path | None = None,
        settings: ProjectSettings | None = None,
        file: Path | None = None,
        model: Path | None = None,
    ) -> None:
        """Show the page; with a folder, look at it at once. ``settings`` and ``file`` are what was chosen already.

        ``model``: a model's file, or a project, that the new one begins with.
        """
        self.page.clear()
        self._listing, self._model, self._to_check = None, None, model
        self._file = file
        if settings is not None:
            self.page.form.show_settings(settings)
        self._shell.pages.setCurrentWidget(self.page)
        self.page.setFocus()
        if folder is not None:
            self._look_at(folder)
        self._check_model()

    def inspect(self, source: Source) -> None:
        """Look at a source of images in the background."""
        self.page.show_message("")
        paths = self._shell.paths
        files = (*project_files(paths.projects), *self._shell.preferences.recent_files)
        self._line.run(
            # Who named a file wants a project there, whatever others there are.
            partial(_inspect, source, paths.cache, files if self._file is None else ()),
            self._show_offer,
            failed=self.page.show_message,
            text="Listing the images",
        )

    def _look_at(self, path: Path) -> None:
        self.inspect(Source("csv" if path.suffix.lower() == ".csv" else "folder", path))

    def _choose_folder(self) -> None:
        folder = self._shell.dialogs.folder(self.page, "Folder of images")
        if folder is not None:
            self.inspect(Source("folder", folder))

    def _choose_csv(self) -> None:
        file = self._shell.dialogs.open(self.page, "List of images", Path(), _CSV)
        if file is not None:
            self.inspect(Source("csv", file))

    def _choose_set(self, title: str) -> None:
        self.inspect(Source(_SETS[title]))

    def _choose_model(self) -> None:
        file = self._shell.dialogs.open(self.page, "A model, or a project with one", Path(), _MODEL)
        if file is not None:
            self._to_check = file
            self._check_model()

    def _check_model(self) -> None:
        """Look at the model that was chosen, once nothing else is looked at."""
        if self._to_check is None or self._line.busy:
            return
        self._line.run(
            partial(check_model, self._to_check, self._shell.paths.cache),
            self._show_model,
            failed=self._refuse_model,
            cancelled=self._forget_choice,
            text="Looking at the model",
        )

    def _show_model(self, model: ChosenModel) -> None:
        self._model, self._to_check = model, None
        self.page.show_model(model.sentence)
        self.page.show_classes(model.classes)
        with suppress(SettingsError):  # what is wrong in the form is said when it is read
            self.page.form.show_settings(model.fit(self.page.form.settings()))

    def _refuse_model(self, sentence: str) -> None:
        self._forget_choice()
        self.page.show_message(sentence)

    def _forget_choice(self) -> None:
        self._to_check = None

    def _begin_without(self) -> None:
        self._model = None
        self.page.show_model("")
        with suppress(SettingsError):
            learner = self.page.form.settings().learner.model_copy(update={"network": AUTO})
            self.page.form.show_settings(self.page.form.settings().model_copy(update={"learner": learner}))
        if self._listing is not None:
            self.page.show_classes(self._listing.classes)

    def _choose_classes(self) -> None:
        file = self._shell.dialogs.open(self.page, "One class per line", Path(), _CLASSES)
        if file is None:
            return
        try:
            self.page.show_classes(tuple(read_class_list(file)))
        except UserError as error:
            self.page.show_message(str(error))

    def _choose_file(self) -> None:
        suggestion = project_path(self._shell.paths.projects, "images")
        file = self._shell.dialogs.save(self.page, "Project file", suggestion, (_PROJECT,))
        if file is not None:
            self.page.show_file(file.with_suffix(PROJECT_SUFFIX))

    def _create(self, choice: NewProject) -> None:
        if self._listing is None or self._line.busy:
            return
        self.page.show_message("")
        if self._model is not None:
            self._make(self._listing, choice, choice.settings)  # it has its network with it
            return
        self._network.settle(Learner(), choice.settings, partial(self._make, self._listing, choice))

    def _make(self, listing: SourceListing, choice: NewProject, settings: ProjectSettings) -> None:
        draft = Draft(listing.source, choice.classes, settings, choice.keep_labels, self._model)
        self._line.run(
            partial(_make, choice.file, draft, self._shell.paths.cache, self._shell.version),
            self._open_store,
            failed=self.page.show_message,
            text="Making the project",
        )

    def _open(self, file: Path) -> None:
        try:
            self._open_file(file)
        except UserError as error:
            self.page.show_message(str(error))

    def _show_offer(self, found: tuple[SourceListing, KnownProject | None, tuple[QImage, ...]]) -> None:
        self._listing, known, images = found
        listing = self._listing
        if self._model is not None:
            listing = replace(listing, classes=self._model.classes)
        self.page.show_offer(offer_of(listing, self._shell.paths.projects, known))
        self.page.show_images(images)
        if self._file is not None:
            self.page.show_file(self._file)


def _inspect(
    source: Source, cache: Path, files: tuple[Path, ...], port: Port
) -> tuple[SourceListing, KnownProject | None, tuple[QImage, ...]]:
    if status(source, cache).state is SetState.NEEDS_DOWNLOAD:
        download(source.dataset, cache, port.progress, port.cancelled)
    listing = inspect(source, cache, port)
    images = squares(open_items(source, listing.some, cache), MOST, 2 * SIDE) if listing.some else ()
    return listing, find_project(source, files), images


def _make(file: Path, draft: Draft, cache: Path, version: str, port: Port) -> ProjectStore:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(file.parent) from error
    return create(file, draft, cache, version, port)
