"""Colours shared by the figures and the window, so that a chart looks the same in both."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class OkabeIto(str, Enum):
    """Colours of Okabe and Ito (2008), distinguishable with every kind of colour vision."""

    ORANGE = "#E69F00"
    SKY_BLUE = "#56B4E9"
    GREEN = "#009E73"
    BLUE = "#0072B2"
    VERMILLION = "#D55E00"
    PURPLE = "#CC79A7"


@dataclass(frozen=True)
class Surface:
    """The greys on which everything else is drawn, as ``#RRGGBB``."""

    window: str
    base: str  # behind tables, text fields and charts
    raised: str  # buttons, table headers, every second row
    text: str
    muted: str  # hints, units, axis labels
    line: str  # borders of controls
    grid: str  # hairlines that carry no meaning


LIGHT_SURFACE = Surface(
    window="#F5F5F3",
    base="#FFFFFF",
    raised="#ECECE9",
    text="#1A1C1E",
    muted="#565B61",
    line="#85898E",
    grid="#DEDEDA",
)
DARK_SURFACE = Surface(
    window="#1D1F22",
    base="#15171A",
    raised="#2A2D31",
    text="#ECEDEE",
    muted="#A8AEB5",
    line="#73797F",
    grid="#383C41",
)


def surface(dark: bool) -> Surface:
    """Return the greys of the dark or of the light look."""
    return DARK_SURFACE if dark else LIGHT_SURFACE
