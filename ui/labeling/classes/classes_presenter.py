"""Joins the page of classes to an open project."""

from __future__ import annotations

from pydantic import ValidationError
from PySide6.QtCore import QObject, Signal

from model.errors import UserError
from model.networks.encoders import reads_texts
from studies.labeling.facts.records import ClassChange
from studies.labeling.project.project import Project
from studies.labeling.state import class_changes
from ui.labeling.classes.class_rows import class_rows
from ui.labeling.classes.classes_page import ClassesPage


class ClassesPresenter(QObject):
    """Every change is on disk before the list shows it."""

    left = Signal()

    def __init__(self, project: Project, page: ClassesPage) -> None:
        super().__init__(page)
        self._project, self.page = project, page
        self._item: int | None = None  # the current image
        page.added.connect(self._add)
        page.renamed.connect(self._rename)
        page.key_given.connect(self._give_key)
        page.text_given.connect(self._give_text)
        page.coloured.connect(self._colour)
        page.example_wanted.connect(self._example)
        page.merged.connect(self._merge)
        page.back_wanted.connect(self.left)

    def show(self, item: int | None) -> None:
        """Show the classes; ``item`` is the image that can be made an example."""
        self._item = item
        self.page.begin(
            reads_texts(self._project.settings.learner.network) and self._project.settings.names.use
        )
        self._draw()

    def _draw(self) -> None:
        self.page.show_rows(class_rows(self._project))

    def _change(self, change: ClassChange, sentence: str) -> None:
        try:
            self._project.change_classes([change])
        except UserError as error:
            self.page.show_message(str(error))
            return
        self.page.show_message(sentence)
        self._draw()

    def _add(self, name: str) -> None:
        self._change(class_changes.add(self._project.classes, name), f"{name} is a class now.")

    def _rename(self, class_id: int, name: str) -> None:
        self._change(class_changes.rename(class_id, name), f"It is called {name} now.")

    def _give_key(self, class_id: int, key: str) -> None:
        sentence = f'"{key}" answers with {self._name(class_id)}.' if key else "It has no key of its own now."
        self._change(class_changes.set_key(class_id, key), sentence)

    def _give_text(self, class_id: int, text: str) -> None:
        settings = self._project.settings
        try:
            texts = settings.names.with_own(class_id, text)
            self._project.change_settings(settings.model_copy(update={"names": texts}))
        except ValidationError:
            self.page.show_message("The text is longer than the network reads: give a shorter one.")
            return
        except UserError as error:
            self.page.show_message(str(error))
            return
        self.page.show_message(
            f'The network reads "{texts.of(class_id, self._name(class_id))}" from the next round.'
        )
        self._draw()

    def _colour(self, class_id: int, colour: str) -> None:
        sentence = "It has that colour now." if colour else "It has no colour now."
        self._change(class_changes.set_colour(class_id, colour), sentence)

    def _example(self, class_id: int) -> None:
        if self._item is None:
            self.page.show_message("There is no current image: go back, and open this page from an image.")
            return
        name = self._project.items[self._item]
        self._change(
            class_changes.set_example(class_id, self._item),
            f"{name} is the example of {self._name(class_id)}.",
        )

    def _merge(self, class_id: int, into: int) -> None:
        name = self._name(class_id)
        if into == class_id:
            self._change(class_changes.separate(class_id), f"{name} is a class of its own again.")
        else:
            self._change(class_changes.merge(class_id, into), f"{name} is merged into {self._name(into)}.")

    def _name(self, class_id: int) -> str:
        return self._project.classes.infos[class_id].name
