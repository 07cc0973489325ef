"""F1 shows the keys of the page that is open, and leaves it as it was, by real keys in the real window."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from studies.labeling.facts.settings import ProjectSettings
from tests.e2e.annotator import Annotator, make_folder
from tests.e2e.screen import Program, Screen
from ui.home_page import HOME_KEYS
from ui.kit.keys import WINDOW_KEYS, KeyTable
from ui.labeling.project.new_project_page import PROJECT_KEYS
from ui.results.results_actions import RESULTS_KEYS
from ui.study.setup_page import SETUP_KEYS

pytestmark = pytest.mark.e2e
SHEET_S = 1.0  # for the window manager to give the focus
MARKED = (
    "SELECT i.name, e.focus_lost FROM label_events AS e JOIN items AS i ON i.item = e.item ORDER BY e.seq"
)


def lines(*tables: KeyTable) -> list[str]:  # type: ignore[type-arg]
    """What a sheet of these tables says."""
    listed: list[str] = []
    for table in tables:
        listed.append(table.title)
        for key in table.keys:
            listed += [key.key_names, key.text]
    return listed


def test_f1_shows_the_keys_of_the_page_that_is_open(screen: Screen, tmp_path: Path) -> None:
    file = tmp_path / "sheet.json"

    def reads() -> list[object]:
        return list(json.loads(file.read_text())) if file.exists() else []

    with Program(screen, tmp_path / "home", file, module="tests.e2e.sheet_reader") as program:

        def until(condition: Callable[[], bool], what: str, key: str) -> None:
            screen.key(key)
            program.until(condition, what, last=reads)
            time.sleep(
                0.6
            )  # the window manager gives the focus, and a page takes no key before it can be read

        program.until(lambda: reads() == ["HomePage", []], "window", last=reads)
        time.sleep(0.6)
        for key, page, table in (
            (None, "HomePage", HOME_KEYS),
            ("r", "ResultsPage", RESULTS_KEYS),
            ("s", "SetupPage", SETUP_KEYS),
            ("l", "NewProjectPage", PROJECT_KEYS),
        ):
            if key is not None:
                until(lambda page=page: reads() == [page, []], page, key)  # type: ignore[misc]
            sheet = [page, lines(table, WINDOW_KEYS)]
            until(lambda sheet=sheet: reads() == sheet, f"sheet of {page}", "F1")  # type: ignore[misc]
            until(lambda page=page: reads() == [page, []], "page without its sheet", "F1")  # type: ignore[misc]
            if key is not None:
                until(lambda: reads() == ["HomePage", []], "home page", "Escape")
        assert program.close_window() == 0
        assert program.said == ""


def test_the_sheet_closes_to_the_same_image_whose_time_is_marked(screen: Screen, tmp_path: Path) -> None:
    folder = make_folder(tmp_path, 60, ProjectSettings(seed_labels=50))
    with Program(screen, tmp_path / "home", *folder.run()) as program:
        annotator = Annotator(screen, program, folder)
        try:
            first, _ = annotator.next_image(None)
            assert first is not None
            time.sleep(0.6)
            for _ in range(2):  # it opens and closes by the same key, as often as one likes
                screen.key("F1")
                program.until(lambda: annotator.look() is None, "sheet over the image")
                time.sleep(SHEET_S)
                screen.key("F1")
                program.until(lambda: annotator.look() == first, "same image, without a pause")
                time.sleep(SHEET_S)
            screen.key(folder.classes[first])
            second, _ = annotator.next_image(first)
            assert second is not None
            screen.key("F10")
            time.sleep(SHEET_S)
            screen.key(folder.classes[second])
            program.until(lambda: len(annotator.query(MARKED)) == 2, "answer")
            assert annotator.query(MARKED) == [(first, 1), (second, 0)]
        finally:
            annotator.close()
        assert program.close_window() == 0
