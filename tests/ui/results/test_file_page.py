"""What the pages of results do in the background: reading, drawing and writing, and which of them waits."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from functools import partial
from pathlib import Path

import pytest

from tests.ui.dialogs import Answers
from tests.ui.fake_runner import FakeRunner
from ui.kit.keys import Key, KeyTable
from ui.results.file_page import FilePage, Work


class Action(Enum):
    HOME = "home"


KEYS = KeyTable("Page", (Key(Action.HOME, ("Esc",), "Go home", "Home"),))


class Page(FilePage):
    """Notes which work it starts."""

    def __init__(self, runner: FakeRunner) -> None:
        super().__init__(KEYS, runner, Answers())
        self.started: list[Work] = []
        self.ends: list[object] = []
        self._show_file(Path("/studies/pilot.sqlite"))

    def start(self, work: Work) -> None:
        self.started.append(work)
        self._start(
            work,
            lambda port: None,
            self.ends.append,
            failed=self.ends.append,
            cancelled=partial(self.ends.append, "cancelled"),
            text="Working",
        )

    def _read(self) -> None:
        self.start(Work.READ)

    def _draw(self) -> None:
        self.start(Work.DRAW)

    def redraw(self) -> None:
        self._redraw()


@pytest.fixture
def runner(qapp: object) -> FakeRunner:
    return FakeRunner()


@pytest.fixture
def page(qtbot, runner: FakeRunner) -> Iterator[Page]:
    made = Page(runner)
    qtbot.addWidget(made)
    yield made
    made._line.drop()


def test_reading_interrupts_drawing_which_follows_it(page: Page, runner: FakeRunner) -> None:
    page.redraw()
    page.load()
    assert page.started == [Work.DRAW, Work.READ]
    runner.finish("read")
    assert page.started == [Work.DRAW, Work.READ, Work.DRAW]
    assert page.ends == ["read"], "what was interrupted is not heard of"


def test_writing_is_not_interrupted_and_what_it_interrupted_follows(page: Page, runner: FakeRunner) -> None:
    page.load()
    page.start(Work.WRITE)
    page.redraw()
    page.load()
    assert page.started == [Work.READ, Work.WRITE]
    runner.finish("written")
    assert page.started[2:] == [Work.READ]
    runner.finish("read")
    assert page.started[3:] == [Work.DRAW]
    runner.finish("drawn")
    assert page.ends == ["written", "read", "drawn"]
    assert runner.at_work is None


def test_a_figure_waits_for_the_one_before(page: Page, runner: FakeRunner) -> None:
    page.redraw()
    page.redraw()
    page.redraw()
    assert page.started == [Work.DRAW]
    runner.finish("drawn")
    assert page.started == [Work.DRAW, Work.DRAW]
    runner.finish("drawn")
    assert page.started == [Work.DRAW, Work.DRAW]


def test_drawing_never_takes_the_thread_from_another_page(page: Page, runner: FakeRunner) -> None:
    page.redraw()
    page.redraw()
    runner.start(lambda port: None)
    assert page.ends == ["cancelled"]
    assert page.started == [Work.DRAW]


def test_a_page_without_a_file_reads_none(page: Page) -> None:
    page._path = None
    page.load()
    assert page.started == []
