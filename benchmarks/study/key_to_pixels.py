"""From a key press to the next image's pixels on screen."""

from __future__ import annotations

import random
import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks import peers
from benchmarks.places import scratch
from benchmarks.report import Line, Peer, Report, Size
from benchmarks.spread import spread
from benchmarks.witness import tools
from benchmarks.witness.person import answer, between, key_to_pixels_ms
from benchmarks.witness.pictures import Kind, make_study
from benchmarks.witness.program import Program
from benchmarks.witness.screen import Screen

_MEDIAN_MS, _P99_MS = 6.0, 12.0
_DELAY_S = (0.25, 0.6)  # a fast person
_WARM_UP = 5


@dataclass(frozen=True)
class Folder:
    """A folder of images, of which some are answered."""

    name: str
    kind: Kind
    images: int
    keys: int
    peers: tuple[Peer, Peer, Peer]


_FOLDERS = {
    Size.FULL: (
        Folder("640x480", Kind(640, 480), 1000, 500, peers.KEY_TO_PIXELS_SMALL_MS),
        Folder("4000x3000", Kind(4000, 3000), 1000, 500, peers.KEY_TO_PIXELS_LARGE_MS),
    ),
    Size.QUICK: (
        Folder("640x480", Kind(640, 480), 30, 10, peers.KEY_TO_PIXELS_SMALL_MS),
        Folder("4000x3000", Kind(4000, 3000), 30, 10, peers.KEY_TO_PIXELS_LARGE_MS),
    ),
}


@dataclass(frozen=True)
class Times:
    """Milliseconds from each key to the next image, and how many images were not decoded in time."""

    key_to_pixels: list[float]
    not_ready: int
    resident_mib: float


def measure(size: Size) -> Report:
    """Answer images of both sizes at a person's pace."""
    tools.require()
    lines: list[Line] = []
    for folder in _FOLDERS[size]:
        times = run(folder)
        found = spread(times.key_to_pixels)
        median, p95, p99 = folder.peers
        name = folder.name
        lines += [
            Line(f"{name}: key to pixels, median", found.median, "ms", high=_MEDIAN_MS, peer=median),
            Line(f"{name}: key to pixels, 95 %", found.p95, "ms", peer=p95),
            Line(f"{name}: key to pixels, 99 %", found.p99, "ms", high=_P99_MS, peer=p99),
            Line(f"{name}: images not ready", times.not_ready, f"of {found.n}", digits=0),
            Line(f"{name}: memory at the end", times.resident_mib, "MiB", digits=0),
        ]
    low, high = _DELAY_S
    notes = (
        f"Keys come {low:g} to {high:g} s after each image was seen; no fixation; the answer is on disk before the "
        "next image.",
        "Images are JPEG with a camera's noise: links to a few files, so that the disk plays no part.",
        peers.SOURCE,
    )
    count = _FOLDERS[size][0].images
    return Report("key-to-pixels", f"folders of {count:,} images", size, tuple(lines), notes)


def run(folder: Folder) -> Times:
    """Answer in one folder."""
    print(f"key-to-pixels: {folder.name}, {folder.keys} keys", file=sys.stderr, flush=True)
    with scratch() as place:
        make_study(place, folder.kind, folder.images, folder.images, fixation_ms=0)
        return _answer(place, folder.keys)


def _answer(place: Path, keys: int) -> Times:
    with Screen(place) as screen:
        program = Program(screen, place)
        eye, first = program.begin()
        pressed = answer(screen, eye, first, keys + _WARM_UP + 1, between(random.Random(1), *_DELAY_S))
        memory = program.resident_mib()
        program.stop()
    settled = pressed[_WARM_UP:]
    return Times(key_to_pixels_ms(settled), sum(one.waited for one in settled[1:]), memory)
