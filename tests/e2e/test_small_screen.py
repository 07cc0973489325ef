"""The real window on the screens of usual laptops, under a window manager: no part of it lies outside."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.screen import Program, Screen

pytestmark = pytest.mark.e2e
WIDTH, HEIGHT = 1366, 768


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[Screen]:
    opened = Screen(tmp_path, f"{WIDTH}x{HEIGHT}")
    yield opened
    opened.close()


def ask(screen: Screen, *words: str) -> str:
    done = subprocess.run(["xdotool", *words], env=screen.environment, capture_output=True, text=True)
    return done.stdout


@pytest.mark.parametrize("scale", ["1", "2"])
def test_the_window_lies_on_the_screen(laptop: Screen, tmp_path: Path, scale: str) -> None:
    laptop.environment["QT_SCALE_FACTOR"] = scale
    with Program(laptop, tmp_path / "home") as program:
        find = ("search", "--onlyvisible", "--name", "CLARIFIER")
        program.until(lambda: ask(laptop, *find), "window")
        window = ask(laptop, *find).split()[0]
        program.until(lambda: int(place(laptop, window)[2]) > WIDTH // 2, "window of its size")
        left, top, width, height = place(laptop, window)
        assert left >= 0
        assert top >= 0
        assert left + width <= WIDTH
        assert top // 2 + height <= HEIGHT  # xdotool adds the frame of the window manager twice
        assert program.close_window() == 0


def place(screen: Screen, window: str) -> tuple[int, int, int, int]:
    """Left, top, width and height in px."""
    words = ask(screen, "getwindowgeometry", "--shell", window)
    found = dict(re.findall(r"(X|Y|WIDTH|HEIGHT)=(-?\d+)", words))
    return int(found["X"]), int(found["Y"]), int(found["WIDTH"]), int(found["HEIGHT"])
