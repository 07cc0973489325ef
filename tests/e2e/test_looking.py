"""The key sheet over an image that is labeled, and the image alone, by real keys in the real window."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from studies.labeling.facts.settings import ProjectSettings
from tests.e2e.annotator import Annotator, make_folder
from tests.e2e.screen import Program, Screen

pytestmark = pytest.mark.e2e
SHEET_S = 1.0  # for the sheet to come or go, and the window manager to give the focus
MARKED = (
    "SELECT i.name, e.focus_lost FROM label_events AS e JOIN items AS i ON i.item = e.item ORDER BY e.seq"
)


def test_the_sheet_closes_to_the_same_image_whose_time_is_marked(screen: Screen, tmp_path: Path) -> None:
    folder = make_folder(tmp_path, 60, ProjectSettings(seed_labels=50))
    with Program(screen, tmp_path / "home", *folder.run()) as program:
        annotator = Annotator(screen, program, folder)
        try:
            first, _ = annotator.next_image(None)
            assert first is not None
            time.sleep(0.6)
            for _ in range(2):  # it opens and closes by the same key, as often as one likes
                for _ in ("open", "close"):
                    screen.key("F1")
                    time.sleep(SHEET_S)
            assert annotator.look() == first, "the same image, without a pause"
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
