"""From a key press to the next image's pixels in a labeling project, while the learner trains."""

from __future__ import annotations

from benchmarks import peers
from benchmarks.labeling import while_training
from benchmarks.report import Limit, Line, Report, Size
from benchmarks.spread import spread
from benchmarks.witness import tools
from benchmarks.witness.person import key_to_pixels_ms

_KEYS = {Size.FULL: 300, Size.QUICK: 10}
_MEDIAN_MS, _P99_MS = 8.0, 16.0
_DELAY_S = (0.25, 0.6)  # a fast person


def measure(size: Size) -> Report:
    """Answer at a fast person's pace beside training."""
    tools.require()
    keys = _KEYS[size]
    sat = while_training.sit("label-key-to-pixels", keys + 1, _DELAY_S, seed=1)
    found = spread(key_to_pixels_ms(sat.pressed))
    not_ready = sum(one.waited for one in sat.pressed[1:])
    median, p95, p99 = peers.KEY_TO_PIXELS_SMALL_MS
    lines = (
        Line("key to pixels, median", found.median, "ms", high=_MEDIAN_MS, peer=median),
        Line("key to pixels, 95 %", found.p95, "ms", peer=p95),
        Line(
            "key to pixels, 99 %",
            found.p99,
            "ms",
            high=_P99_MS,
            peer=p99,
            limit=Limit("a sync of the disk, 99 %", sat.sync_ms),
        ),
        Line("images not ready", not_ready, f"of {found.n}", digits=0),
        *sat.lines(),
    )
    low, high = _DELAY_S
    notes = (
        while_training.NOTE,
        f"Keys come {low:g} to {high:g} s after each image was seen; the answer is on disk before the next image. "
        "The disk's syncs were measured right before, with nothing else of ours running.",
        f"{peers.SOURCE} No peer trains meanwhile: theirs is the number without.",
    )
    return Report("label-key-to-pixels", f"{keys} keys, images of 640x480", size, lines, notes)
