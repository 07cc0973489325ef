"""Pages of images in the real window: real keys and clicks, and what the project's file says of them afterwards."""

from __future__ import annotations

import sqlite3
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from benchmarks.labeling.projects import Past, make_project, place_of
from studies.labeling.facts.records import Purpose
from studies.pages.marking import LOOKED_AFTER_NS
from tests.e2e.screen import Program, Screen

pytestmark = pytest.mark.e2e

LABELS, WAITING, CELLS = 20, 5, 24
FIRST = LABELS + WAITING
OF_CLASS = (
    60  # images that the program labeled as the first class: every other one; the rest are of the second
)
LOOK_S = LOOKED_AFTER_NS / 1e9 + 0.15
SETTLE_S = 0.25


class Pages:
    """An annotator at the grid, who knows each image by its colour."""

    def __init__(self, screen: Screen, program: Program, file: Path) -> None:
        self.screen, self.program = screen, program
        self._store = sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)

    def close(self) -> None:
        self._store.close()

    def page(self, number: int, of: int = 0) -> list[int]:
        """The items of a page as long as none is taken out of the list: the surest first, here the last."""
        items = [FIRST + of + 2 * place for place in range(OF_CLASS)]
        return items[number * CELLS : (number + 1) * CELLS][::-1]

    def see(self, items: list[int]) -> None:
        """Wait until all of them are on the screen."""
        eyes = self.screen.framebuffer
        self.program.until(
            lambda: all(eyes.middle_of(colour_of(item)) for item in items), f"the page from {items[0]}"
        )
        time.sleep(SETTLE_S)  # seen and timed; sooner no key counts

    def where(self, item: int) -> tuple[int, int]:
        found = self.screen.framebuffer.middle_of(colour_of(item))
        assert found is not None, f"{item} is not seen as it is"
        return found[:2]

    def is_tinted(self, item: int) -> bool:
        return self.screen.framebuffer.middle_of(colour_of(item)) is None

    def said(self, verb: str) -> set[int]:
        """The items of which the grid's answers say something."""
        rows = self._store.execute(
            "SELECT item FROM label_events WHERE purpose = 'grid' AND verb = ?", (verb,)
        ).fetchall()
        return {item for (item,) in rows}

    def wait_for(self, verb: str, items: set[int]) -> None:
        self.program.until(
            lambda: self.said(verb) == items, f"{verb} {sorted(items)}", last=lambda: self.said(verb)
        )

    def confirm(self) -> None:
        time.sleep(LOOK_S)
        self.screen.key("Return")


def colour_of(item: int) -> tuple[int, int, int]:
    return 30 + item % 12 * 17, 30 + item // 12 % 12 * 17, 200


@pytest.fixture
def pages(screen: Screen, tmp_path: Path) -> Iterator[Pages]:
    file = tmp_path / "pages.clarifier"
    past = Past(FIRST + 2 * OF_CLASS, LABELS, WAITING, Purpose.QUEUE)
    make_project(file, past)
    for item in range(past.images):
        place = tmp_path / "images" / place_of(item)
        place.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (400, 300), colour_of(item)).save(place, quality=95)
    screen.do("mousemove 1278 898")
    with Program(screen, tmp_path / "home", "label", file, "--annotator", "A1") as program:
        made = Pages(screen, program, file)
        try:
            program.until(lambda: screen.framebuffer.middle_of(colour_of(LABELS)), "the first image")
            time.sleep(SETTLE_S)
            screen.key("F5")
            for _ in range(8):  # in a hurry: all within the page's first second
                screen.key("Return")
                time.sleep(0.1)
            made.see(made.page(0))
            yield made
            assert program.close_window() == 0
            assert program.said == ""
        finally:
            made.close()


def test_marks_by_letter_cursor_range_and_to_the_end_until_the_list_is_done(pages: Pages) -> None:
    first = pages.page(0)
    assert pages.said("label") == set(), "Enter came too soon"
    pages.screen.key("d", "Right", "space", "shift+Right")
    pages.confirm()
    odd = {first[2], first[3], first[4]}
    pages.wait_for("reject", odd)
    pages.wait_for("label", set(first) - odd)

    second = pages.page(1)
    pages.see(second)
    pages.screen.key("v", "b", "b", "v", "shift+End")
    pages.confirm()
    odd |= set(second[20:])
    pages.wait_for("reject", odd)

    third = pages.page(2)
    pages.see(third)
    pages.confirm()
    pages.wait_for("label", {*first, *second, *third} - odd)
    time.sleep(SETTLE_S)
    assert all(pages.is_tinted(item) for item in third), "the list is done"
    pages.screen.key("Return")
    pages.see(pages.page(0, of=1))
    time.sleep(0.3)
    assert not pages.said("label") & set(pages.page(0, of=1)), (
        "that Enter went to the next list, and no further"
    )


def test_marks_by_click_range_and_drag_survive_another_size_of_the_window(pages: Pages) -> None:
    items, screen = pages.page(0), pages.screen
    places = {item: pages.where(item) for item in items}

    def point(index: int) -> str:
        return "mousemove {} {}".format(*places[items[index]])

    marked: set[int] = set()

    def see(*indices: int) -> None:
        marked.update(items[index] for index in indices)
        pages.program.until(lambda: all(pages.is_tinted(item) for item in marked), f"marks on {indices}")

    screen.do(point(1), "click 1")
    see(1)
    screen.do(point(4), "keydown shift", "click 1", "keyup shift")
    see(2, 3, 4)
    screen.do(point(12), "mousedown 1")
    for index in (13, 14):
        time.sleep(0.05)
        screen.do(point(index))
    screen.do("mouseup 1")
    see(12, 13, 14)
    screen.do(point(20), "click --repeat 2 --delay 40 1")
    see(20)
    assert not any(pages.is_tinted(item) for item in set(items) - marked)

    window = ask(screen, "search", "--onlyvisible", "--name", "CLARIFIER").split()[0]
    ask(screen, "windowsize", "--sync", window, "820", "600")
    pages.program.until(lambda: pages.where(items[0]) != places[items[0]], "the cells laid out anew")
    time.sleep(SETTLE_S)
    assert {item for item in items if pages.is_tinted(item)} == marked

    screen.do("mousemove {} {}".format(*pages.where(items[7])))
    time.sleep(0.1)
    screen.do("keydown z")
    found = screen.framebuffer.middle_of
    pages.program.until(lambda: (found(colour_of(items[7])) or (0, 0, 0))[2] > 60_000, "the enlarged image")
    time.sleep(1.0)
    assert (found(colour_of(items[7])) or (0, 0, 0))[2] > 60_000, "as long as Z is held"
    screen.do("keyup z")
    pages.program.until(lambda: found(colour_of(items[0])), "the page again")
    pages.confirm()
    pages.wait_for("reject", marked)
    pages.wait_for("label", set(items) - marked)


def ask(screen: Screen, *words: str) -> str:
    done = subprocess.run(
        ["xdotool", *words], env=screen.environment, capture_output=True, text=True, check=False
    )
    return done.stdout
