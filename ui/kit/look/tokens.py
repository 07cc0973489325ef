"""What the look is made of: distances, text sizes, corners, greys and three meanings; light, dark, high contrast."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from studies.charts.palette import Surface, surface

GRID = 8  # px; every margin and gap is a multiple
RADIUS = 6  # px; corners of buttons, fields and cards
SMALL_RADIUS = 4  # px; corners of keys, bars and marks


class FontRole(Enum):
    """The four text sizes, as shares of the body's."""

    SMALL = 0.9  # keys, captions, hints in charts
    BODY = 1.0
    TITLE = 1.5  # of a page
    LARGE = 2.0  # the one thing that is looked at: the suggestion, the number at the end


@dataclass(frozen=True)
class Meaning:
    """A colour that says something, as ``#RRGGBB``. Never the only sign: words or a shape say the same."""

    fill: str
    on_fill: str  # text on the fill
    ink: str  # text or line on any of the greys
    tint: str  # a ground for the usual text


@dataclass(frozen=True)
class Tokens:
    """The colours of one look."""

    greys: Surface
    edge: str  # borders of what its words tell already: buttons, cards, chips
    faint: str  # what cannot be used now
    accent: Meaning  # what to do next, what is suggested, where the focus is
    warning: Meaning  # amber
    done: Meaning  # green


_LIGHT = Tokens(
    greys=surface(False),
    edge="#CDCFCD",
    faint="#85898E",
    accent=Meaning(fill="#005F99", on_fill="#FFFFFF", ink="#005F99", tint="#DDEBF4"),
    warning=Meaning(fill="#F2B233", on_fill="#231700", ink="#7F4E00", tint="#FCEFD2"),
    done=Meaning(fill="#1C7A4A", on_fill="#FFFFFF", ink="#166B3F", tint="#DCF0E4"),
)
_DARK = Tokens(
    greys=surface(True),
    edge="#474C52",
    faint="#73797F",
    accent=Meaning(fill="#6ABDF0", on_fill="#0B1116", ink="#6ABDF0", tint="#1B3546"),
    warning=Meaning(fill="#F0B94A", on_fill="#1C1300", ink="#F0C469", tint="#3D311A"),
    done=Meaning(fill="#57C48F", on_fill="#06170E", ink="#66CF9C", tint="#1B3A2A"),
)
_LIGHT_STRONG = Tokens(
    greys=Surface(
        window="#FFFFFF",
        base="#FFFFFF",
        raised="#FFFFFF",
        text="#000000",
        muted="#2B2B2B",
        line="#000000",
        grid="#D0D0D0",
    ),
    edge="#000000",
    faint="#8A8A8A",
    accent=replace(_LIGHT.accent, fill="#00407A", ink="#00407A"),
    warning=replace(_LIGHT.warning, ink="#5C3800"),
    done=replace(_LIGHT.done, fill="#0B5230", ink="#0B5230"),
)
_DARK_STRONG = Tokens(
    greys=Surface(
        window="#000000",
        base="#000000",
        raised="#000000",
        text="#FFFFFF",
        muted="#E2E2E2",
        line="#FFFFFF",
        grid="#404040",
    ),
    edge="#FFFFFF",
    faint="#808080",
    accent=replace(_DARK.accent, fill="#8FD3FF", ink="#8FD3FF"),
    warning=replace(_DARK.warning, ink="#FFD77F"),
    done=replace(_DARK.done, ink="#7FE3B1"),
)


def tokens(dark: bool, strong: bool = False) -> Tokens:
    """The colours of the dark or of the light look; ``strong``: with high contrast."""
    if strong:
        return _DARK_STRONG if dark else _LIGHT_STRONG
    return _DARK if dark else _LIGHT
