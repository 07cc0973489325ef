"""The grid over a real project: what a page's answer stores, what is asked about, and the way back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication

from model.rounds.live_values import Chosen
from studies.files.store_errors import StoreFull
from studies.labeling.facts import inputs as ev
from studies.labeling.facts.records import Purpose, Verb
from studies.labeling.paging.page_offers import PageOffers
from studies.labeling.project.project import Project
from studies.labeling.rounds.conductor import Conductor
from tests.studies.labeling import sample
from tests.ui.driving import key_event, press_here
from tests.ui.on_screen import open_on_screen
from ui.kit import theme
from ui.labeling.grid.grid_page import GridPage
from ui.labeling.grid.grid_presenter import GridPresenter

DOG = 1


class Many:
    """A project of 120 images in its first round, 70 of them labeled as dogs by the program, and its grid."""

    def __init__(self, qtbot, folder: Path) -> None:
        sample.create(folder / "p.clarifier", 120, 5).close()
        self.project: Project = sample.open_project(folder / "p.clarifier")
        self.leads: Conductor = sample.conductor(self.project)
        self.leads.refill_queue()
        hand = sample.Hand(self.project)
        for number in range(8):
            hand.answer(number % 3)
        free = [int(item) for item in range(5, 120) if not self.project.ledger.settled[item]]
        waiting = self.project.queue.items()
        self.auto = [item for item in free if item not in waiting][:70]
        chosen = tuple(Chosen(item, "easy", "certified", DOG, 0.9 + item / 10_000) for item in self.auto)
        sample.begin_round(self.project, self.leads, [], auto=chosen)
        self.page = GridPage(lambda item, _fit: (Image.new("RGB", (20, 20), (item, 90, 90)), True))
        self.grid_presenter = GridPresenter(
            self.project, self.leads, self.page, PageOffers(self.project, self.leads)
        )
        open_on_screen(qtbot, self.page, 1024, 640)
        self.qtbot = qtbot
        self.grid_presenter.show()
        self.wait()

    @property
    def title(self) -> str:
        return self.page._title.text()

    @property
    def said(self) -> str:
        return self.page._said.text()

    @property
    def shown(self) -> list[int]:
        return [int(cell.key) for cell in self.page.view.cells]  # type: ignore[call-overload]

    @property
    def marked(self) -> set[int]:
        return {self.shown[cell] for cell in self.page.view.marked}

    def sections(self) -> dict[str, int]:
        lists = self.grid_presenter._lists
        return {section.name: lists.size(section) for section in self.grid_presenter._sections}

    def go_to(self, name: str) -> None:
        self.page.section_wanted.emit(list(self.sections()).index(name))
        self.wait()

    def wait(self) -> None:
        """Until the page is on screen, or there is none."""
        self.qtbot.waitUntil(lambda: self.page.view.page is not None or not self.shown)
        QApplication.processEvents()

    def assign(self, name: str) -> None:
        """Label the marked images as a class by its letters."""
        self.press(Qt.Key.Key_A, "a")
        press_here(Qt.Key.Key_Backspace)
        for sign in name:
            press_here(Qt.Key(ord(sign.upper())), sign)
        press_here(Qt.Key.Key_Return, "\r")
        self.wait()

    def press(self, key: Qt.Key, text: str = "", held: Qt.KeyboardModifier | None = None) -> None:
        """Press and release a key, and wait for the images that it brings."""
        view = self.page.view
        key_event(view, key, text, held=held or Qt.KeyboardModifier.NoModifier)
        key_event(view, key, at_ms=1, kind=QEvent.Type.KeyRelease)
        self.wait()

    def undo(self) -> None:
        self.press(Qt.Key.Key_Z, held=Qt.KeyboardModifier.ControlModifier)

    def close(self) -> None:
        self.grid_presenter.close()
        self.project.store.close()


@pytest.fixture
def many(qapp: QApplication, qtbot, tmp_path: Path) -> Iterator[Many]:
    theme.apply(qapp, theme.Theme.LIGHT)
    made = Many(qtbot, tmp_path)
    yield made
    made.close()


def test_it_begins_with_what_the_program_labeled_the_least_sure_first(many: Many) -> None:
    assert many.title == "dog"
    assert many.page._place.text() == "labeled by the program, 1 to 24 of 70 images"
    assert many.sections()["dog: labeled by the program"] == 70
    assert many.shown == many.auto[23::-1], (
        "scores rise with the item's number; on the page the surest is first"
    )


def test_a_page_is_accepted_as_one_action_that_counts_per_image(many: Many) -> None:
    accepted = list(many.shown)
    many.press(Qt.Key.Key_Return, "\r")
    assert f"{len(accepted)} confirmed as dog" in many.said
    project = many.project
    assert {project.label_of(item) for item in accepted} == {DOG}
    rows = project.store.query(
        "SELECT action, purpose, images, suggestion FROM label_events WHERE purpose = 'grid'"
    )
    assert len(rows) == len(accepted)
    assert {row[1:] for row in rows} == {("grid", len(accepted), DOG)}
    assert len({row[0] for row in rows}) == 1
    assert not set(many.shown) & set(accepted), "the next page is there"
    each = project.store.query("SELECT response_time_s FROM labels WHERE purpose = 'grid'")
    whole = project.store.query(
        "SELECT (response_ns - onset_ns) / 1e9 FROM label_events WHERE purpose = 'grid'"
    )[0][0]
    assert all(row[0] == pytest.approx(whole / len(accepted)) for row in each)


def test_the_odd_ones_go_to_the_queue_and_are_not_trained_on(many: Many) -> None:
    page, project = list(many.shown), many.project
    many.press(Qt.Key.Key_Space, " ")
    many.press(Qt.Key.Key_Right)
    many.press(Qt.Key.Key_Space, " ")
    many.press(Qt.Key.Key_Return, "\r")
    odd = set(page[:2])
    assert "2 will be asked about" in many.said
    assert {project.ledger.state(item) for item in odd} == {Verb.REJECT}
    assert not (project.resolved(project.ledger.auto)[list(odd)] >= 0).any()
    returned = [task for task in project.queue if task.purpose is Purpose.RETURNED]
    assert {task.item for task in returned} == odd
    others = many.leads.confused_with(DOG)
    assert {task.suggestion for task in returned} == {next(iter(others), None)}, "the next best class"
    after = {task.item for task in list(project.queue)[1:3]}
    assert after == odd, "behind what is on the desk, before all else"


def test_undo_takes_back_a_page_of_48_at_once(many: Many) -> None:
    many.page.resize(1400, 900)
    before_size = many.shown
    many.press(Qt.Key.Key_Plus, "+")
    assert many.shown == before_size, "the page stays as it is"
    assert "48 images a page, from the next page on" in many.said
    many.grid_presenter.show()
    many.wait()
    page = list(many.shown)
    assert len(page) == 48
    many.press(Qt.Key.Key_Space, " ")
    many.press(Qt.Key.Key_Return, "\r")
    assert many.sections()["dog: labeled by the program"] == 22
    before = many.project.ledger.labels.copy()
    assert (before[page[1:]] == DOG).all()
    many.undo()
    assert "Undone: 48 images" in many.said
    assert many.sections()["dog: labeled by the program"] == 70
    assert (many.project.ledger.labels[page] == -1).all()
    assert not [task for task in many.project.queue if task.purpose is Purpose.RETURNED]
    assert many.shown == page


def test_undo_with_nothing_to_take_back(many: Many) -> None:
    for _ in range(8):
        many.undo()
    many.undo()
    assert "nothing to undo" in many.said


def test_a_label_of_ones_own_is_found_odd_later(many: Many) -> None:
    many.go_to("dog: labeled by you")
    mine = list(many.shown)
    assert mine
    many.press(Qt.Key.Key_Return, "\r")
    assert {many.project.label_of(item) for item in mine} == {DOG}
    assert many.project.ledger.actions == 8, "what is labeled already is not labeled again"
    many.press(Qt.Key.Key_Space, " ")
    many.press(Qt.Key.Key_Return, "\r")
    assert many.project.label_of(mine[0]) is None
    assert many.project.ledger.state(mine[0]) is Verb.RELEASE
    assert mine[0] in {task.item for task in many.project.queue if task.purpose is Purpose.RETURNED}


def test_labels_of_ones_own_are_gone_through_page_by_page(many: Many) -> None:
    for _ in range(3):
        many.press(Qt.Key.Key_Return, "\r")
    many.go_to("dog: labeled by you")
    first = list(many.shown)
    many.press(Qt.Key.Key_Return, "\r")
    assert not set(many.shown) & set(first)
    for _ in range(5):
        many.press(Qt.Key.Key_Return, "\r")
    assert many.shown, "the last page stays"


def test_the_likely_of_a_class_the_surest_first(many: Many) -> None:
    seen = many.leads.predictions
    assert seen is not None
    many.go_to("owl: likely")
    assert many.shown
    assert all(item % 3 == 2 for item in many.shown), "the sample's model takes every third item for an owl"
    assert not set(many.shown) & set(many.auto)
    assert many.page.view.cells[0].note == "70%"
    item = many.shown[0]
    many.press(Qt.Key.Key_Return, "\r")
    assert many.project.label_of(item) == 2


def test_a_class_without_an_example_is_searched_for(many: Many) -> None:
    many.go_to("No label yet")
    first, second = many.shown[:2]
    assert not many.page._foot.confirm.isEnabled()
    many.press(Qt.Key.Key_Return, "\r")
    assert "of no class" in many.said
    many.press(Qt.Key.Key_Space, " ")
    many.press(Qt.Key.Key_Right)
    many.press(Qt.Key.Key_Space, " ")
    many.assign("ow")
    assert "2 labeled as owl" in many.said
    assert [many.project.label_of(item) for item in (first, second)] == [2, 2]
    purposes = many.project.store.query("SELECT purpose FROM label_events ORDER BY seq DESC LIMIT 2")
    assert purposes == [("search",), ("search",)]
    assert not {first, second} & many.project.queue.items(), "nobody is asked about them again"


def test_a_full_disk_changes_nothing_and_says_so(many: Many, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room(*_: object) -> None:
        raise StoreFull("The disk is full: make room.")

    page = list(many.shown)
    with monkeypatch.context() as disk:
        disk.setattr(many.project.store, "append", no_room)
        many.press(Qt.Key.Key_Return, "\r")
        assert "The disk is full" in many.said
        assert "Nothing was changed" in many.said
        assert (many.project.ledger.labels[page] == -1).all()
        assert many.shown == page
    many.press(Qt.Key.Key_Return, "\r")
    assert (many.project.ledger.labels[page] == DOG).all()


def test_remarks_and_flags_have_their_lists(many: Many) -> None:
    hand = sample.Hand(many.project)
    hand.now = 10**15
    skipped, none = hand.remark(Verb.SKIP), hand.remark(Verb.NONE)
    hand.show()
    flagged = many.project.desk.item
    hand.press(ev.Flag)
    many.grid_presenter.show()
    for name, item in (
        ("Skipped", skipped),
        ("Not any of the classes", none),
        ("Marked for review", flagged),
    ):
        many.go_to(name)
        assert many.shown == [item]


def test_it_begins_where_pages_are_offered(many: Many, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("studies.labeling.paging.page_offers.LEAST_SAVED_S", 1.0)
    known = many.leads.predictions
    assert known is not None
    owls = np.full(len(known.predicted), 2, np.int32)
    sure = np.full(len(owls), 0.97, np.float32)
    many.leads.predictions = replace(known, predicted=owls, confidence=sure)
    many.grid_presenter.show()
    many.wait()
    assert many.title == "owl"
    assert "likely" in many.page._place.text()
