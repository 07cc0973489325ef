"""A simulated annotator who knows the true classes and labels in the real window, at a person's pace."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import Qt

from clarifier_desktop.robots.page_marking import (
    CONFIRM,
    NOT_ONE_CLASS,
    PageManner,
    draw_marks,
    draw_seconds,
    press_marks,
)
from clarifier_desktop.robots.robot import Manner, Robot
from clarifier_desktop.robots.typist import BETWEEN_KEYS_MS, ExGaussian, Keys, keys_for, letters_for
from studies.labeling.facts.records import Purpose
from studies.labeling.project.project import Project
from studies.labeling.state.desk import Desk, Phase
from studies.numerals import counted
from studies.pages.costs import LOG_SPREAD, USUAL
from studies.pages.marking import PageOnScreen
from studies.timing.facts.records import Interface
from ui.labeling.finish_strip import FinishStrip
from ui.labeling.grid.grid_page import GridPage
from ui.labeling.one_by_one.label_page import LabelPage
from ui.labeling.rounds.finish_page import FinishPage
from ui.main_window import MainWindow

_WATCH_EVERY_MS = 2
_PATIENCE_S = 60  # for an answer to be stored
_ROUND_PATIENCE_S = 3600
_LOOK_NS = 500_000_000  # at the page of the end
_NO_TASK = -1  # of a page of a second look
_AGAIN_NS = 2_000_000_000  # after a key that went nowhere, as one does that came while the window was covered

ANNOTATOR = Manner(ExGaussian(0.6, 0.08, 0.25), ExGaussian(1.65, 0.2, 0.5), error_rate=0.01)
"""1.5 s per label on average if half of the suggestions are right."""

PAGES = PageManner(replace(USUAL, page_s=0.4, cell_s=0.25, mark_s=0.6), spread=LOG_SPREAD)
"""As fast on pages, for its answers, as published times are: a quarter of a second an image."""


@dataclass(frozen=True)
class Until:
    """When the robot stops: whichever comes first."""

    rounds: int | None = None  # begun and their queues answered
    labels: int | None = None
    goal: bool = False  # every image has a label: it lets the program label what is certified


class AnnotatorRobot(Robot):
    """Answers the images of a project; ``done`` when it has enough or nothing is left to label."""

    def __init__(
        self,
        window: MainWindow,
        project: Callable[[], Project | None],
        truth: Callable[[int], str],
        seed: int,
        until: Until,
        manner: Manner = ANNOTATOR,
        shots: Path | None = None,
        pages: PageManner | None = None,
        looks_again: Callable[[], bool] = lambda: False,
    ) -> None:
        """``looks_again``: whether a second look at pages is on screen, or will come by itself."""
        super().__init__(window, seed, manner, shots, watch_every_ms=_WATCH_EVERY_MS)
        self._project, self._looks_again = project, looks_again
        self._truth = truth
        self._window, self._until = window, until
        self._pages = pages or PAGES
        self._acted_on: tuple[Phase, int] | None = None  # phase, and the image's onset in ns
        self._due_ns = 0
        self._first_action: int | None = None
        self._reached: tuple[int, int, bool] | None = None  # actions, round, and whether something is asked
        self._since_ns = 0

    def _watch(self) -> None:
        project = self._project()
        if project is None:
            if self._window.isVisible():  # it closes with the window
                self._give_up(
                    "The project was closed while the simulated annotator labeled, as the window asks about its "
                    "images: open it once without --robot."
                )
            return
        if self._has_enough(project):
            self._typist.take_shot("end")
            self._finish()
            return
        desk, now_ns = project.desk, time.perf_counter_ns()
        if self._waits_in_vain(project, now_ns):
            return
        if self._ends_by_program(now_ns):
            return
        page = self._page_on_screen() if desk.phase in (Phase.PAGE, Phase.NOTHING) else None
        on_screen = desk.on_screen if page is None else page.on_screen
        situation = (desk.phase, 0 if on_screen is None else on_screen.onset_ns)
        if situation == self._acted_on and now_ns < self._due_ns + _AGAIN_NS:
            return
        if desk.phase is Phase.SHOWN and desk.on_screen is not None:
            self._acted_on, self._due_ns = situation, now_ns
            self._typist.take_shot(f"round-{project.round}")
            self._plan_answer(project, desk, desk.on_screen.onset_ns)
        elif page is not None:
            self._acted_on, self._due_ns = situation, now_ns
            if desk.phase is Phase.PAGE:
                self._typist.take_shot(f"page-of-round-{project.round}")
                self._mark_page(project, page)
            else:
                self._typist.take_shot("second-look")
                self._look_again(project, page)
        elif desk.phase is Phase.PAUSED:
            self._acted_on, self._due_ns = situation, now_ns
            self._typist.press(Qt.Key.Key_Return)

    def _ends_by_program(self, now_ns: int) -> bool:
        """Take the offer to end, where there is one: by the key that the window names, and the one of the page."""
        shown, strip = self._window.pages.currentWidget(), self._window.findChild(FinishStrip)
        if not self._until.goal or now_ns < self._due_ns or strip is None:
            return False
        if isinstance(shown, FinishPage):
            self._typist.take_shot("offer")
            self._due_ns = now_ns + _LOOK_NS
            self._typist.press(Qt.Key.Key_Return)
            return True
        if strip.offers and isinstance(shown, LabelPage):
            self._due_ns = now_ns + _LOOK_NS
            self._typist.press(Qt.Key.Key_F9)
            return True
        return False

    def _page_on_screen(self) -> PageOnScreen | None:
        shown = self._window.pages.currentWidget()
        return shown.view.page if isinstance(shown, GridPage) else None

    def _mark_page(self, project: Project, page: PageOnScreen) -> None:
        tasks = project.queue.page()[: page.cells]
        names = tuple(c.name for c in project.classes.standing)
        truths = [self._truth(task.item) for task in tasks]
        if tasks[0].purpose is Purpose.CLUSTER:
            name, keys, naming_s = self._name_cluster(truths, names)
        else:
            name = None if tasks[0].suggestion is None else project.classes.name(tasks[0].suggestion)
            keys, naming_s = CONFIRM, 0.0
        odd = [cell for cell, truth in enumerate(truths) if truth != name]
        # A page that is not of one class is not marked.
        looks = keys != NOT_ONE_CLASS
        self._press_page(tasks[0].task_id, page, odd if looks else None, keys, naming_s)

    def _look_again(self, project: Project, page: PageOnScreen) -> None:
        """Mark what is not of the label that a page of a second look shows."""
        shown = self._window.pages.currentWidget()
        if not isinstance(shown, GridPage) or len(items := shown.items) != page.cells:
            return  # another page has come
        label = project.label_of(items[0])
        name = None if label is None else project.classes.name(label)
        odd = [cell for cell, item in enumerate(items) if self._truth(item) != name]
        self._press_page(_NO_TASK, page, odd, CONFIRM)

    def _press_page(
        self, number: int, page: PageOnScreen, odd: list[int] | None, keys: Keys, naming_s: float = 0.0
    ) -> None:
        """Mark as a person does who sees the ``odd`` cells, or none without them, and press the keys of the answer."""
        onset_ns = page.on_screen.onset_ns
        marks = [] if odd is None else draw_marks(page.cells, odd, self._pages, self._chance)
        seconds = draw_seconds(page.cells, len(marks), self._pages, self._chance) / self._manner.speed
        due_ns = press_marks(self._typist, page.cells, marks, onset_ns, onset_ns + round(seconds * 1e9))
        due_ns += round(naming_s * 1e9)
        self._due_ns = self._answer_at(number, onset_ns, due_ns, keys)

    def _name_cluster(self, truths: Sequence[str], names: tuple[str, ...]) -> tuple[str | None, Keys, float]:
        """What more than half of a page's images show, the keys that say so, and the seconds that it takes to name."""
        name, count = Counter(truths).most_common(1)[0]
        if 2 * count <= len(truths) or name not in names:
            return None, NOT_ONE_CLASS, 0.0
        keys: Keys = [*CONFIRM, *letters_for(name, names)]
        typing_s = len(keys) * BETWEEN_KEYS_MS / 1000  # Enter is not pressed sooner than the page takes it
        return name, keys, max(typing_s, self._draw_delay_s(verifies=False))

    def _waits_in_vain(self, project: Project, now_ns: int) -> bool:
        """Whether nothing was stored for so long that nothing will be; a round is waited for much longer."""
        asks = project.desk.phase is not Phase.NOTHING
        reached = (project.ledger.actions, project.round, asks)
        if reached != self._reached:
            self._reached, self._since_ns = reached, now_ns
        patience_s = _PATIENCE_S if asks else _ROUND_PATIENCE_S
        if now_ns - self._since_ns <= patience_s * 1e9:
            return False
        item, count = project.desk.item, project.ledger.actions - (self._first_action or 0)
        what = "no round came" if item is None else f"the image {project.items[item]} has no answer yet"
        self._give_up(
            f"The simulated annotator waited {patience_s} s in vain: after {counted(count, 'action')} {what}."
        )
        return True

    def _has_enough(self, project: Project) -> bool:
        until = self._until
        if self._first_action is None:
            self._first_action = project.ledger.actions
        if until.labels is not None and project.ledger.actions - self._first_action >= until.labels:
            return True
        if until.rounds is not None and project.round > until.rounds:
            return True  # the next round is there: those before are answered, or nearly so
        if project.desk.phase is not Phase.NOTHING or self._looks_again():
            return False
        return project.ledger.open_items == 0 or (until.goal and project.ledger.progress().left == 0)

    def _plan_answer(self, project: Project, desk: Desk, onset_ns: int) -> None:
        task = desk.task
        if task is None:
            return
        names = tuple(c.name for c in project.classes.standing)
        suggestion = None if task.suggestion is None else project.classes.name(task.suggestion)
        answer = self._chance.choice(names) if self._errs() else self._truth(task.item)
        delay_s = self._draw_delay_s(verifies=answer == suggestion)
        self._due_ns = onset_ns + round(delay_s * 1e9)
        keys = keys_for(answer, suggestion, names, Interface.KEYBOARD)
        self._answer_at(task.task_id, onset_ns, self._due_ns, keys)
