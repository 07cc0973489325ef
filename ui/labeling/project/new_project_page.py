"""A new labeling project: which images, which classes, and choices that one can leave as they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from studies.labeling.facts.settings import ProjectSettings, SettingsError
from ui.kit import theme
from ui.kit.key_page import TakesDrops
from ui.kit.keys import ENTER, Key, KeyTable
from ui.kit.layouts import ChoiceBox, button_row, column_page
from ui.kit.progress_panel import ProgressPanel
from ui.kit.theme import GRID
from ui.labeling.choices.choices_form import ChoicesForm
from ui.labeling.project.found_images import ClassNames, FoundImages
from ui.labeling.project.offer import Offer

_BEGIN, _GO_ON = "Begin", "Go on with it"  # what Enter does


@dataclass(frozen=True)
class NewProject:
    """What a person chose."""

    classes: tuple[str, ...]
    keep_labels: bool
    settings: ProjectSettings
    file: Path


class ProjectAction(Enum):
    """What can be done before a project is made."""

    FOLDER = "folder"
    CSV = "csv"
    BEGIN = "begin"
    ANOTHER = "another"
    MODEL = "model"
    BACK = "back"


_A = ProjectAction
PROJECT_KEYS = KeyTable(
    "A new project",
    (
        Key(_A.FOLDER, ("Ctrl+O",), "Choose a folder of images", "Choose a folder"),
        Key(_A.CSV, ("Ctrl+L",), "Choose a CSV list of images", "A CSV list"),
        Key(
            _A.BEGIN,
            (*ENTER, "Ctrl+Return", "Ctrl+Enter"),
            "Begin as shown, or go on with the project that there is; first choose a folder if none is chosen",
        ),
        Key(_A.ANOTHER, ("Ctrl+N",), "Make another project of the same images", "Make another project"),
        Key(
            _A.MODEL,
            ("Ctrl+M",),
            "Begin with a model of another project: suggestions from the first image on",
            "Begin with a model",
        ),
        Key(_A.BACK, ("Esc",), "Cancel what is going on, or go back to the home page", "Back"),
    ),
)


class NewProjectPage(TakesDrops):
    """Enter goes through with what stands there; everything can be changed between rounds."""

    folder_wanted = Signal()
    csv_wanted = Signal()
    set_wanted = Signal(str)
    model_wanted = Signal()
    no_model_wanted = Signal()
    class_file_wanted = Signal()
    file_wanted = Signal()
    create_wanted = Signal(object)  # NewProject
    open_wanted = Signal(object)  # Path of the project that there is
    back_wanted = Signal()

    def __init__(self, sets: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(PROJECT_KEYS, parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("New labeling project")
        self.progress = ProgressPanel()
        self.cancels_first(self.progress)
        self._offer: Offer | None = None
        self._file = Path()
        self._images = theme.hint_label("Choose a folder of images, or a set that comes with the program.")
        self._message = theme.message_label()
        self._known_words = theme.message_label()
        self._model_words = theme.body_label("")
        self._left_out = theme.hint_label("")
        self._left_out.setAccessibleName("What is left out")
        self._file_label = theme.hint_label("")
        self._classes, self._found = ClassNames(), FoundImages()
        self._keep = QCheckBox("The subfolders are labels already; ask about the other images only")
        self.form = ChoicesForm()
        self._more = QWidget()
        self._sets = sets
        self._build()

    def show_offer(self, offer: Offer) -> None:
        """Show what was found; Enter makes the project, or goes on with the one that there is."""
        self._offer = offer
        self._show_known(offer.known_words)
        self._images.setText(f"{offer.title}\n{offer.summary}")
        self._left_out.setText("\n".join(offer.left_out))
        self._left_out.setVisible(bool(offer.left_out))
        self._classes.show_names(offer.classes)
        self._keep.setVisible(offer.labeled > 0)
        self._keep.setChecked(False)
        self.show_file(offer.file)
        self._begin.setEnabled(True)
        (self._begin if offer.classes or offer.known else self._classes).setFocus()

    def show_classes(self, classes: tuple[str, ...]) -> None:
        """Classes from a file."""
        self._classes.show_names(classes)

    def show_model(self, words: str) -> None:
        """Which model the project begins with; empty: with none."""
        self._model_words.setText(words)
        self._model_words.setVisible(bool(words))
        self._without.setVisible(bool(words))
        self._forget_message()

    def show_images(self, images: Sequence[QImage]) -> None:
        """Some of the images that were found."""
        self._found.show_images(images)

    def show_file(self, file: Path) -> None:
        """Where the project goes."""
        self._file = file
        self._file_label.setText(str(file))
        self._forget_message()

    def show_message(self, text: str) -> None:
        """Say what is wrong, where it is seen."""
        self._message.setText(text)
        self._message.setVisible(bool(text))

    def clear(self) -> None:
        """Begin anew."""
        self._offer = None
        self._show_known("")
        self._images.setText("Choose a folder of images, or a set that comes with the program.")
        self._left_out.hide()
        self._classes.show_names(())
        self._found.show_images(())
        self._keep.hide()
        self.show_model("")
        self._begin.setEnabled(False)
        self.form.show_settings(ProjectSettings())
        self._show_more(False)
        self.show_message("")

    def holds(self, action: Enum) -> bool:
        """Enter asks for a folder while none is chosen, though there is nothing to begin with yet."""
        return action is _A.BEGIN or super().holds(action)

    def _build(self) -> None:
        folder = self.button(_A.FOLDER, self.folder_wanted.emit)
        listed = self.button(_A.CSV, self.csv_wanted.emit)
        self._built_in = ChoiceBox()
        self._built_in.setAccessibleName("Set that comes with the program")
        self._built_in.addItems(["or a set ...", *self._sets])
        self._built_in.activated.connect(self._set_chosen)
        from_file = theme.plain_button("From a text file")
        from_file.clicked.connect(self.class_file_wanted)
        elsewhere = theme.plain_button("Elsewhere")
        elsewhere.clicked.connect(self.file_wanted)
        self._more_button = theme.plain_button("")
        self._more_button.clicked.connect(self._toggle_more)
        self._begin = self.button(_A.BEGIN, self._go, _BEGIN, primary=True)
        self._another = self.button(_A.ANOTHER, self._make)
        back = self.button(_A.BACK, self.back_wanted.emit)
        model = self.button(_A.MODEL, self.model_wanted.emit)
        self._without = theme.plain_button("Begin without it")
        self._without.clicked.connect(self.no_model_wanted)
        words = QVBoxLayout()
        words.setSpacing(GRID)
        words.addWidget(theme.title_label("Label a folder of images"))
        words.addWidget(theme.section_label("Images"))
        words.addWidget(self._images)
        words.addWidget(self._found)
        words.addWidget(self._known_words)
        words.addWidget(self._left_out)
        words.addWidget(button_row(folder, listed, self._built_in))
        words.addWidget(self.progress)
        words.addWidget(self._model_words)
        words.addWidget(button_row(self._without))
        words.addWidget(theme.section_label("Classes"))
        words.addWidget(self._classes)
        words.addWidget(button_row(from_file))
        words.addWidget(self._keep)
        for widget in self.form.take_goal():
            words.addWidget(widget)
        words.addWidget(button_row(self._more_button))
        choices = QVBoxLayout(self._more)
        choices.setContentsMargins(0, 0, 0, 0)
        choices.addWidget(theme.section_label("A model of another project"))
        choices.addWidget(
            theme.hint_label(
                "With it there are suggestions and pages from the first image on, of its classes."
            )
        )
        choices.addWidget(button_row(model))
        choices.addWidget(self.form)
        choices.addWidget(theme.section_label("Project file"))
        place = QHBoxLayout()
        place.addWidget(self._file_label, 1)
        place.addWidget(elsewhere)
        choices.addLayout(place)
        words.addWidget(self._more)
        content = QWidget()
        content.setLayout(words)
        words.setContentsMargins(0, 0, 0, 0)
        self._classes.changed.connect(self._forget_message)
        self.form.edited.connect(self._forget_message)
        column_page(self, (content,), (self._message, button_row(self._begin, self._another, back)))
        self.clear()

    def _show_known(self, words: str) -> None:
        self._known_words.setText(words)
        self._known_words.setVisible(bool(words))
        self._another.setVisible(bool(words))
        self._begin.setText(_GO_ON if words else _BEGIN)

    def _forget_message(self) -> None:
        """What was wrong may be right now: the next attempt says it."""
        self.show_message("")

    def _toggle_more(self) -> None:
        self._show_more(self._more.isHidden())

    def _show_more(self, more: bool) -> None:
        self._more.setVisible(more)
        self._more_button.setText("Less" if more else "More")

    def _set_chosen(self, index: int) -> None:
        if index > 0:
            self.set_wanted.emit(self._sets[index - 1])
        self._built_in.setCurrentIndex(0)

    def _go(self) -> None:
        if self._offer is None:
            self.folder_wanted.emit()
        elif self._offer.known is not None:
            self.open_wanted.emit(self._offer.known)
        else:
            self._make()

    def _make(self) -> None:
        try:
            settings = self.form.settings()
        except SettingsError as error:
            self.show_message(str(error))
            return
        keep = self._keep.isVisible() and self._keep.isChecked()
        self.create_wanted.emit(NewProject(self._classes.names, keep, settings, self._file))
