"""What a certificate saves as folders grow: simulated projects on made sets of 1,000 to 15,000 images."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from benchmarks.finish.project import Kind, Others, Outcome, run_project
from benchmarks.finish.sets import made_set
from benchmarks.report import Line, Report, Size

_ITEMS = {Size.FULL: (1000, 3000, 6000, 15_000), Size.QUICK: (600,)}
_SPREADS = (1.0, 1.6)  # a linear layer is right on about 99 and 88 %
_SHARES = (0.01, 0.03)
_TIMES = {Size.FULL: 4, Size.QUICK: 1}
_CLASSES = 10
_SEED = 100


def measure(size: Size) -> Report:
    """Label folders to the end, hard images first."""
    lines = [
        line
        for items in _ITEMS[size]
        for spread in _SPREADS
        for share in _SHARES
        for line in _lines(items, spread, share, _TIMES[size])
    ]
    return Report(
        "certificate-size",
        f"simulated projects of {_CLASSES} even classes, hard images first, {_TIMES[size]} of each kind",
        size,
        tuple(lines),
        (
            "Over: minutes if the person labeled what the program did too, on pages if that is cheaper, over minutes.",
        ),
    )


def _lines(items: int, spread: float, share: float, times: int) -> Iterator[Line]:
    kind = Kind(share, Others.HARD, 0.0, 0.0)
    ended = [
        run_project(made_set("made", items, _CLASSES, spread, False, _SEED + time), kind, time)
        for time in range(times)
    ]
    name = f"{items:,} images, spread {spread}, {share:.0%}"
    yield Line(
        f"{name}: by program", 100 * _mean(ended, lambda one: one.by_program / one.items), "%", digits=0
    )
    yield Line(f"{name}: wrong", 100 * _mean(ended, lambda one: one.wrong / one.items), "%")
    yield Line(f"{name}: minutes", _mean(ended, lambda one: one.seconds) / 60, "", digits=1)
    all_s = _mean(ended, lambda one: one.all_by_person_s)
    yield Line(f"{name}: over", all_s / _mean(ended, lambda one: one.seconds), "")


def _mean(ended: list[Outcome], value: Callable[[Outcome], float]) -> float:
    return float(np.mean([value(one) for one in ended]))
