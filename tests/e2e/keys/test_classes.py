"""The classes of a project changed by real keys and a real mouse."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from studies.labeling.facts.settings import ProjectSettings
from tests.e2e.annotator import Annotator, make_folder
from tests.e2e.screen import Program, Screen

pytestmark = pytest.mark.e2e


def test_a_class_is_clicked_and_named_anew_and_nothing_is_merged_unchosen(
    screen: Screen, tmp_path: Path
) -> None:
    folder, seen = make_folder(tmp_path, 20, ProjectSettings()), tmp_path / "seen.json"
    subprocess.run(["setxkbmap", "us"], env=screen.environment, check=True)
    with Program(
        screen, tmp_path / "home", seen, *folder.run(), module="tests.e2e.keys.page_reader"
    ) as program:
        annotator = Annotator(screen, program, folder)

        def look() -> dict[str, Any]:
            return dict(json.loads(seen.read_text())) if seen.exists() else {"page": "", "says": []}

        def until(what: str, condition: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
            program.until(lambda: condition(look()), what, last=look)
            return look()

        annotator.next_image(None)
        screen.key("ctrl+k")
        rows = until("the classes", lambda now: now["page"] == "ClassesPage")["rows"]
        time.sleep(0.5)  # seen; sooner no key counts
        screen.do("mousemove {} {}".format(*rows["4"]), "click 1")
        time.sleep(0.2)
        screen.key("F8")
        until(
            "what to choose", lambda now: any("Choose the class that 4 is merged" in s for s in now["says"])
        )
        screen.do("mousemove {} {}".format(*rows["6"]), "click 1")
        time.sleep(0.2)
        screen.key(*"six", "F2")
        assert list(until("the name", lambda now: "six" in now["rows"])["rows"]) == [*"012345", "six", *"789"]
        annotator.close()
        assert program.close_window() == 0
        assert program.said == ""
