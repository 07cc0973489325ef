"""Joins the page of the end to an open project: what is offered, and what is made of it."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from model.errors import UserError
from studies.labeling.project.project import Project
from studies.labeling.rounds.conductor import Conductor
from studies.numerals import counted
from ui.labeling.rounds.finish_page import FinishPage, FinishPageData


class FinishPresenter(QObject):
    """The choice is the person's."""

    left = Signal()
    another_wanted = Signal()  # another folder is to begin with this project's model
    second_look_wanted = Signal()

    def __init__(self, project: Project, conductor: Conductor, page: FinishPage) -> None:
        super().__init__(page)
        self._project, self._conductor, self.page = project, conductor, page
        page.another_wanted.connect(self.another_wanted)
        page.accepted.connect(self._accept)
        page.second_look_wanted.connect(self.second_look_wanted)
        page.back_wanted.connect(self.left)

    def show(self) -> None:
        """Show what would be."""
        self.page.show_data(finish_page_data(self._conductor))
        self.page.show_another(bool(self._project.models))
        self.page.setFocus()

    def _accept(self) -> None:
        try:
            self._conductor.finish.accept()
        except UserError as error:
            data = finish_page_data(self._conductor)
            self.page.show_data(replace(data, words=(str(error), *data.words)))
            return
        self.left.emit()


def finish_page_data(conductor: Conductor) -> FinishPageData:
    """What is left, and what is offered."""
    finish = conductor.finish
    status = finish.status()
    left = counted(status.progress.left, "image is", "images are") + " left"
    title = f"{left}, {status.to_go}" if status.to_go else left
    offer = conductor.second_look.offer()
    again = "" if offer is None else offer.sentence()
    if status.offer is not None:
        return FinishPageData(title, (*status.offer.in_words, status.detail), True, again)
    words = [status.detail]
    if finish.ended:
        words.append(finish.promised)
    elif finish.rest is not None and finish.rest.plan.draws:
        more = counted(finish.rest.plan.draws, "random image")
        words.append(f"It takes about {more} more until the program may label the others with a promise.")
    elif finish.wanted and finish.rest is None:
        words.append("With the next model it is known what the program can do.")
    return FinishPageData(title, tuple(words), False, again)
