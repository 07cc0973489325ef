"""The typeface of the window and of the figures, kept with the program: the same on every system."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

# Version 4.001, by rsms, OFL 1.1; Latin, Greek and Cyrillic, without hints and fancy features.
FAMILY = "Inter"
FONT_FILES: tuple[Path, ...] = tuple(
    Path(__file__).parent / "fonts" / f"Inter-{weight}.ttf" for weight in ("Regular", "SemiBold")
)
_OTHERS = "DejaVu Sans"  # comes with matplotlib: signs that the typeface lacks

# Fonts and settings are matplotlib's own for the whole process: two threads that draw at once end it.
_DRAWING = threading.RLock()

_P = ParamSpec("_P")
_R = TypeVar("_R")


def in_typeface(draws: Callable[_P, _R]) -> Callable[_P, _R]:
    """Have a function that makes or prints a figure do so in the program's typeface, one thread at a time."""

    @wraps(draws)
    def drawn(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        from matplotlib import rc_context

        with _DRAWING:
            add_to_matplotlib()
            with rc_context({"font.family": [FAMILY, _OTHERS]}):
                return draws(*args, **kwargs)

    return drawn


def add_to_matplotlib() -> None:
    """Let matplotlib find the typeface's files."""
    from matplotlib.font_manager import fontManager

    if not any(font.name == FAMILY and font.fname == str(FONT_FILES[0]) for font in fontManager.ttflist):
        for file in FONT_FILES:
            fontManager.addfont(file)
