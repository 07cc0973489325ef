"""Every page of the program with something on it, and a record of the actions that its keys do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from enum import Enum
from functools import partial
from pathlib import Path
from typing import Any

from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from model.tiers import budgets_of
from studies.answers import Device, StampSource
from studies.labeling.facts import inputs as label_ev
from studies.labeling.facts.settings import ProjectSettings
from studies.timing.facts import inputs as ev
from studies.timing.facts.questions import Question, QuestionKind
from studies.timing.facts.records import Interface, PlannedTrial
from studies.timing.session import trial
from studies.timing.session.trial import Rules
from tests.ui.dialogs import Answers
from tests.ui.marking import Marking
from tests.ui.opened import Opened
from ui.answering.answer_keys import DropdownAction, KeyboardAction, SearchAction
from ui.answering.dropdown_picker import DropdownPicker
from ui.answering.pages.page_keys import PageAction
from ui.answering.stamps import EventClock, HeldKeys
from ui.answering.stimulus_view import Stimulus
from ui.home_cards import Recent
from ui.home_page import HomePage
from ui.kit.jobs import JobRunner
from ui.kit.keys import KeyTable
from ui.labeling.classes.class_rows import ClassRow
from ui.labeling.classes.classes_page import ClassesPage
from ui.labeling.export.export_page import ExportPage
from ui.labeling.grid.grid_data import GridCell, GridPageData
from ui.labeling.grid.grid_page import GridPage
from ui.labeling.one_by_one.label_actions import PAUSED_KEYS, PausedAction
from ui.labeling.one_by_one.label_card import Card, ClassItem
from ui.labeling.one_by_one.label_page import LabelPage
from ui.labeling.project.changed_page import ChangedPage
from ui.labeling.project.moved_page import MovedPage
from ui.labeling.project.new_project_page import NewProjectPage
from ui.labeling.project.offer import Offer
from ui.labeling.project.settings_page import SettingsPage
from ui.labeling.rounds.round_data import RoundPageData
from ui.labeling.rounds.round_page import RoundPage
from ui.results.experiment_page import ExperimentPage
from ui.results.results_page import ResultsPage
from ui.study.questions_page import QuestionsPage
from ui.study.setup_data import DataLine
from ui.study.setup_page import SetupPage
from ui.study.text_page import PageText, TextPage
from ui.study.trial_keys import FEEDBACK_KEYS, FeedbackAction, TrialAction
from ui.study.trial_page import TrialPage
from ui.study.welcome_page import WelcomePage

CLASSES = tuple("abcdefghij")  # as many as there are digits
_RIGHT = Qt.Key.Key_Right
_QUESTION = Question(name="age", text="How old are you?", kind=QuestionKind.NUMBER)
_IMAGE = QImage(20, 20, QImage.Format.Format_RGB32)


class Trial(Opened):
    """A trial with its image on screen."""

    _EFFECTS: dict[Enum, object] = {
        KeyboardAction.ACCEPT: ev.Answer,
        KeyboardAction.DIGIT: ev.Answer,
        KeyboardAction.MOVE: ev.Touch,
        KeyboardAction.ERASE: ev.Backtrack,
        KeyboardAction.CLEAR: ev.Backtrack,
        DropdownAction.OPEN_LIST: ev.Touch,
        DropdownAction.NEXT: ev.Answer,
        SearchAction.CHOOSE: ev.Touch,
        SearchAction.LEAVE: ev.Backtrack,
        TrialAction.FLAG: ev.Flag,
        TrialAction.PAUSE: ev.Pause,
        FeedbackAction.CONTINUE: ev.Continue,
    }

    def __init__(self, interface: Interface) -> None:
        super().__init__(TrialPage())
        trials = tuple(PlannedTrial(i, 0, "d", True, f"img{i}", "a", "b") for i in range(3))
        self.state = trial.begin(trials, Rules(True, 0))
        for event in (ev.Agree(1), ev.Continue(2), ev.Continue(3), ev.Shown(4)):
            self.state, _ = trial.step(self.state, event)
        self.page.set_block("Part 1", CLASSES, interface)
        self.page.happened.connect(lambda event: self.done.append(type(event)))

    def prepare(self, table: KeyTable[Any], action: Enum) -> None:
        self.page.setFocus()
        self.page.present(Stimulus(_IMAGE, "", "b"), self.state)
        if table is FEEDBACK_KEYS:
            answer = ev.Answer(9, 9, StampSource.HANDLER, Device.KEYBOARD, 0, "b")
            self.page.draw(trial.step(self.state, answer)[0])
        elif action in (KeyboardAction.ERASE, KeyboardAction.CLEAR):
            self.page._picker.press(_RIGHT, "")
        elif isinstance(action, SearchAction):
            assert isinstance(self.page._picker, DropdownPicker)
            self.page._picker._line.setFocus()
            self.page._picker._line.setText("c")
        self.done.clear()

    def effect(self, action: Enum) -> object:
        return self._EFFECTS[action]

    def close(self) -> None:
        self.page.inputs.end()


class Label(Opened):
    """The labeling page with an image on screen."""

    _EFFECTS: dict[Enum, object] = {
        KeyboardAction.ACCEPT: label_ev.Answer,
        KeyboardAction.DIGIT: label_ev.Answer,
        KeyboardAction.MOVE: label_ev.Touch,
        KeyboardAction.ERASE: label_ev.Backtrack,
        KeyboardAction.CLEAR: label_ev.Backtrack,
        PausedAction.CONTINUE: label_ev.Continue,
    }

    def __init__(self) -> None:
        super().__init__(LabelPage())
        self.page.set_classes(tuple(ClassItem(number, name) for number, name in enumerate(CLASSES)))
        self.page.happened.connect(lambda event: self.done.append(type(event)))
        self.page._act = lambda action, *_: self.done.append(action)

    def prepare(self, table: KeyTable[Any], action: Enum) -> None:
        self.page.setFocus()
        self.page.present(_IMAGE, Card("Suggested", suggestion=1))
        if table is PAUSED_KEYS:
            self.page.show_paused("")
        elif action in (KeyboardAction.ERASE, KeyboardAction.CLEAR):
            self.page._picker.press(_RIGHT, "")
        self.done.clear()

    def effect(self, action: Enum) -> object:
        return self._EFFECTS.get(action, action)

    def close(self) -> None:
        self.page.show_blank()


class Grid(Opened):
    """The grid with two images."""

    def __init__(self) -> None:
        super().__init__(GridPage(lambda _item, _fit: (Image.new("RGB", (9, 9)), True)))
        self.page._act = lambda action, *_: self.done.append(action)
        self.page.view._act = lambda action, *_: self.done.append(action)
        self.page.view.enlarge = lambda: self.done.append(PageAction.ENLARGE)
        cells = (GridCell(0), GridCell(1))
        self.page.show_data(GridPageData(0, "a", "likely", "", True, cells, 0, 2, CLASSES))

    def close(self) -> None:
        self.page.close_threads()


class Words(Opened):
    """A page of words with all its buttons."""

    def __init__(self) -> None:
        super().__init__(TextPage(EventClock(), HeldKeys()))
        self.page.show_text(PageText("Title", "Body.", decline="I do not agree", withdraw=True))
        self.page.chosen.connect(lambda choice, _at_ns: self.done.append(choice))


class Files(Opened):
    """A page that reads files in the background."""

    def __init__(self, kind: Callable[..., QWidget]) -> None:
        self._jobs = JobRunner()
        super().__init__(kind(self._jobs, Answers()))

    def close(self) -> None:
        self._jobs.shutdown()


def _home() -> Opened:
    page = HomePage()
    page.set_recent([Recent(Path(f"/data/study-{number}.sqlite"), "today") for number in range(9)])
    return Opened(page)


def _setup() -> Opened:
    page = SetupPage(["built-in"], Answers())
    page.show_data([DataLine("digits", "Digits: 1,797 images, built in.")])
    return Opened(page)


def _project() -> Opened:
    page = NewProjectPage(("digits",))
    file, known = Path("animals-2.clarifier"), Path("animals.clarifier")
    page.show_offer(
        Offer("Animals", "60 images", CLASSES, 0, file, (), known, "This folder is labeled already.")
    )
    return Opened(page)


def _settings() -> Opened:
    page = SettingsPage()
    page.show_settings(ProjectSettings(), folder=True)
    return Opened(page)


def _classes() -> Opened:
    page = ClassesPage()
    page.begin(reads=True)
    rows = [ClassRow(number, name, 3, "", "", "") for number, name in enumerate(CLASSES)]
    page.show_rows([replace(row, text=f"a photo of a {row.name}") for row in rows])
    return Opened(page)


def _changed() -> Opened:
    page = ChangedPage()
    page.show_changed("animals", 9, "img_003.png")
    page.show_found(8, 1, 0)
    return Opened(page)


def _round() -> Opened:
    page = RoundPage()
    page.show_data(
        RoundPageData(
            "Round 1", budgets_of(hard=5, intermediate=5, easy=5), 10.0, "", "", "", "", True, False
        )
    )
    return Opened(page)


PAGES: dict[str, Callable[[], Opened]] = {
    "home": _home,
    "setup": _setup,
    "welcome": lambda: Opened(WelcomePage()),
    "text": Words,
    "questions": lambda: Opened(QuestionsPage((_QUESTION,), HeldKeys())),
    "trial": partial(Trial, Interface.KEYBOARD),
    "marking": Marking,
    "trial-dropdown": partial(Trial, Interface.DROPDOWN),
    "results": partial(Files, ResultsPage),
    "experiments": partial(Files, ExperimentPage),
    "project": _project,
    "settings": _settings,
    "classes": _classes,
    "round": _round,
    "export": lambda: Opened(ExportPage()),
    "moved": lambda: Opened(MovedPage()),
    "changed": _changed,
    "grid": Grid,
    "label": Label,
}
