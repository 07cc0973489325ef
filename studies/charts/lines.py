"""Lines with their spread and their names beside them, as all figures of lines draw them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from studies.charts.palette import OkabeIto, surface

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_COLOURS = (
    OkabeIto.BLUE,
    OkabeIto.VERMILLION,
    OkabeIto.GREEN,
    OkabeIto.ORANGE,
    OkabeIto.PURPLE,
    OkabeIto.SKY_BLUE,
)
_DASHES: tuple[Any, ...] = ("solid", (0, (5, 2)), (0, (1, 1.5)), (0, (6, 2, 1, 2)))
_MARKERS = "osD^vPX"
_LINE_PT = 10.5  # between two names
_BAND = 0.16
_LEAST_SPAN = 1.5  # of an axis of ratios on either side of 1, and of the room beyond its lines
_RATIOS = tuple(sign * 10.0**power for power in range(-4, 5) for sign in (1, 1.5, 2, 3, 5, 7))


@dataclass(frozen=True)
class Look:
    """How a line is drawn, the same in every figure of an experiment."""

    colour: str
    dashes: Any
    marker: str


@dataclass(frozen=True)
class Line:
    """Points of a line, with their standard deviations where there are some.

    ``factor``: ``y`` are geometric means and ``sd`` geometric standard deviations, by which they are multiplied and
    divided. ``most``: no value can be more, or less than 0, so the band ends there.
    """

    name: str
    x: Sequence[float]
    y: Sequence[float]
    sd: Sequence[float | None]
    factor: bool = False
    most: float | None = None

    def band(self) -> tuple[list[float], list[float], list[float]]:
        """Where there is a spread: ``x``, and one standard deviation below and above ``y``."""
        spread = [(x, y, sd) for x, y, sd in zip(self.x, self.y, self.sd, strict=True) if sd is not None]
        low = [y / sd if self.factor else y - sd for _, y, sd in spread]
        high = [y * sd if self.factor else y + sd for _, y, sd in spread]
        if self.most is not None:
            low, high = [max(0.0, value) for value in low], [min(self.most, value) for value in high]
        return [x for x, _, _ in spread], low, high


def looks_of(names: Sequence[str]) -> Mapping[str, Look]:
    """A look for each name; six colours, then the same with other dashes."""
    return {
        name: Look(
            _COLOURS[i % len(_COLOURS)].value,
            _DASHES[i // len(_COLOURS) % len(_DASHES)],
            _MARKERS[i % len(_MARKERS)],
        )
        for i, name in enumerate(names)
    }


def frame_axes(axes: Axes, dark: bool, sides: Sequence[str] = ("left", "bottom")) -> None:
    """Leave lines at these ``sides`` alone, on the ground of the look."""
    greys = surface(dark)
    axes.set_facecolor(greys.base)
    for side, spine in axes.spines.items():
        spine.set_visible(side in sides)
        if side in sides:
            spine.set_color(greys.line)


def dress(axes: Axes, title: str, x: str, y: str, dark: bool) -> None:
    """Axes without a frame, light grid, units beside them."""
    greys = surface(dark)
    frame_axes(axes, dark)
    axes.tick_params(colors=greys.muted, labelsize=9)
    axes.grid(color=greys.grid, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.set_xlabel(x, color=greys.text, fontsize=9.5)
    axes.set_ylabel(y, color=greys.text, fontsize=9.5)
    axes.set_title(title, color=greys.text, fontsize=10.5, loc="left", parse_math=False)


def draw_line(axes: Axes, line: Line, look: Look, markers: bool = True) -> None:
    """A line with a band of one standard deviation on either side."""
    axes.plot(
        line.x,
        line.y,
        label=line.name,
        color=look.colour,
        linestyle=look.dashes,
        linewidth=1.7,
        marker=look.marker if markers else "",
        markersize=4,
        zorder=4,
    )
    xs, low, high = line.band()
    if len(xs) > 1:
        axes.fill_between(xs, low, high, color=look.colour, alpha=_BAND, linewidth=0, zorder=2)


def draw_thin(axes: Axes, x: Sequence[float], y: Sequence[float], look: Look) -> None:
    """A curve that others published."""
    axes.plot(x, y, color=look.colour, linestyle=look.dashes, linewidth=0.8, alpha=0.75, zorder=3)


def scale_ratios(axes: Axes, least: float, most: float) -> None:
    """A logarithmic axis for ratios of which the lines span ``least`` to ``most``, with plain numbers at round ones."""
    from matplotlib.ticker import FixedLocator, NullFormatter, NullLocator

    axes.set_yscale("log")
    low, high = min(least, 1 / _LEAST_SPAN), max(most, _LEAST_SPAN)
    now = axes.get_ylim()
    axes.set_ylim(max(now[0], low / _LEAST_SPAN), min(now[1], high * _LEAST_SPAN))
    axes.yaxis.set_major_locator(FixedLocator(_RATIOS))
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_minor_formatter(NullFormatter())


def name_lines(
    axes: Axes, lines: Sequence[Line], looks: Mapping[str, Look], high_pt: float, dark: bool
) -> None:
    """Write each line's name beside its end, none over another; the axes are ``high_pt`` high and have their limits."""
    # Of two that end as high, the one that ends further left is named above: its stroke passes over the other's end.
    last = sorted((line for line in lines if len(line.y)), key=lambda line: -line.x[-1])
    ends = [(line.y[-1], line) for line in last]
    if not ends:
        return
    axes.get_ylim()  # settles limits that follow the data
    shares = axes.transAxes.inverted().transform(axes.transData.transform([(0, y) for y, _ in ends]))[:, 1]
    places = _apart([float(share) for share in shares], _LINE_PT / high_pt, 0.0, 1.0)
    greys = surface(dark)
    for (y, line), place in zip(ends, places, strict=True):
        look = looks[line.name]
        axes.annotate(
            line.name,
            (line.x[-1], y),
            xytext=(1.02, place),
            textcoords=axes.transAxes,
            fontsize=8.5,
            color=greys.text,
            va="center",
            annotation_clip=False,
            parse_math=False,
            arrowprops={
                "arrowstyle": "-",
                "color": look.colour,
                "linewidth": 0.9,
                "shrinkA": 1,
                "shrinkB": 3,
                "relpos": (0.0, 0.5),  # to the name's beginning, not through other names
            },
        )


def _apart(wanted: Sequence[float], least: float, low: float, high: float) -> list[float]:
    """Places near those wanted, in the same order, at least so far from each other."""
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    places = [wanted[i] for i in order]
    for i in range(1, len(places)):
        places[i] = max(places[i], places[i - 1] + least)
    over = max(0.0, places[-1] - high)
    places = [place - over for place in places]
    for i in range(len(places) - 2, -1, -1):
        places[i] = min(places[i], places[i + 1] - least)
    under = max(0.0, low - places[0])
    found = [0.0] * len(places)
    for i, place in zip(order, places, strict=True):
        found[i] = place + under
    return found


def say(axes: Axes, text: str, dark: bool) -> None:
    """Words in the place of lines that are not defined."""
    write(axes, 0.5, 0.5, text, color=surface(dark).muted, ha="center", va="center", size=9)


def write(axes: Axes, x: float, y: float, text: str, across: bool = False, **style: Any) -> None:
    """Write plain text, in which ``$`` is no formula; ``across``: x in data, y in parts of the axes."""
    where = axes.get_xaxis_transform() if across else axes.transAxes
    axes.text(x, y, text, transform=where, parse_math=False, **style)
